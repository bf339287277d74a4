"""Every device an SSH server of its own on a port of its own, all in one event loop."""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path

import asyncssh
import attrs
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from development.lab.knobs import Board
from development.lab.manners import PLATFORMS, acknowledgement, invalid, is_setup, page_length

PAGE = 24
BANNER = "This device is a simulation. Nothing you type here reaches a network.\r\n"


@attrs.frozen(kw_only=True)
class Host:
    """What the server needs of a device. `ask` answers a show command, None for one it does not know."""

    name: str
    platform: str
    username: str
    password: str
    secret: str
    ask: Callable[[str], str | None]
    user_mode: bool = False
    rejects: bool = False
    silent: bool = False


class Gone(Exception):
    """The session is over."""


class Terminal:
    """One shell on one device."""

    def __init__(self, host: Host, board: Board, process: asyncssh.SSHServerProcess) -> None:
        self.host, self.board, self.process = host, board, process
        self.manners = PLATFORMS[host.platform]
        self.enabled = not host.user_mode
        self.length = PAGE
        self.pending = ""

    @property
    def prompt(self) -> str:
        """The prompt of this moment."""
        return self.manners.prompt.format(
            name=self.host.name, sign="#" if self.enabled else ">", user=self.host.username
        )

    def write(self, text: str) -> None:
        """Send text, lines ended the terminal's way."""
        self.process.stdout.write(text.replace("\r\n", "\n").replace("\n", "\r\n"))

    async def key(self) -> str:
        """The next character typed."""
        if not self.pending:
            self.pending = await self.process.stdin.read(4096)
            if not self.pending:
                raise Gone
        key, self.pending = self.pending[0], self.pending[1:]
        return key

    async def line(self, *, echo: bool = True) -> str:
        """The next line typed, echoed as it comes."""
        typed = ""
        while True:
            key = await self.key()
            if key in "\r\n":
                if key == "\r" and self.pending[:1] == "\n":
                    self.pending = self.pending[1:]
                self.write("\n")
                return typed
            if key in "\b\x7f":
                if typed and echo:
                    self.process.stdout.write("\b \b")
                typed = typed[:-1]
            elif key >= " ":
                typed += key
                if echo:
                    self.process.stdout.write(key)

    async def run(self) -> None:
        """Prompt, read, answer, until somebody leaves."""
        knobs = self.board.knobs[self.host.name]
        await asyncio.sleep(knobs.latency)
        if knobs.hang == "login":
            await self.hang()
        self.write(self.prompt)
        while True:
            command = " ".join((await self.line()).split())
            if command:
                await self.obey(command)
            self.write(self.prompt)

    async def hang(self) -> None:
        """Say nothing any more, but keep the connection."""
        self.board.strike(self.host.name, "hang")
        while await self.process.stdin.read(4096):
            pass
        raise Gone

    async def obey(self, command: str) -> None:
        """Carry out one command."""
        if re.fullmatch(self.manners.leave, command):
            self.board.count(self.host.name, "setup_commands")
            raise Gone
        if is_setup(self.host.platform, command) or command in ("enable", "disable"):
            self.board.count(self.host.name, "setup_commands")
            await self.prepare(command)
            return
        self.board.count(self.host.name, "commands")
        knobs = self.board.knobs[self.host.name]
        await asyncio.sleep(knobs.latency)
        if knobs.hang in ("command", command):
            await self.hang()
        text = self.answer(command)
        striking = knobs.drop and knobs.drop_command in ("", command)
        if striking and knobs.drop == "mid_output":
            self.write(text[: max(1, len(text) // 2)])
            await self.drop()
        await self.show(knobs.cut(command, text))
        if striking:
            self.write(self.prompt)
            await self.drop()

    async def drop(self) -> None:
        """Lose the connection once what was written is out."""
        self.board.strike(self.host.name, "drop")
        await self.process.stdout.drain()
        # drain() only hands the data to the socket; without a moment's wait the reset overtakes it.
        await asyncio.sleep(0.1)
        self.process.get_extra_info("connection").abort()
        raise Gone

    def answer(self, command: str) -> str:
        """The text for a show command."""
        replaced = self.board.knobs[self.host.name].answers.get(command)
        if replaced is not None:
            return replaced
        allowed = self.enabled or re.fullmatch(self.manners.unprivileged, command)
        text = self.host.ask(command) if allowed else None
        return invalid(self.host.platform, self.prompt, command) if text is None else text

    async def prepare(self, command: str) -> None:
        """Terminal settings and privilege."""
        length = page_length(command)
        if length is not None:
            self.length = length
        said = acknowledgement(self.host.platform, command)
        if said:
            self.write(f"{said}\n")
        if not self.manners.has_enable and command in ("enable", "disable"):
            self.write(invalid(self.host.platform, self.prompt, command) + "\n")
        elif command == "disable":
            self.enabled = False
        elif command == "enable" and not self.enabled:
            self.write("Password: ")
            self.enabled = await self.line(echo=False) == self.host.secret
            if not self.enabled:
                self.write("% Access denied\n\n")

    async def show(self, text: str) -> None:
        """Print an answer, a page at a time unless pages are off."""
        if not text:
            return
        found = text.split("\n")
        if not self.length:
            self.write("\n".join(found) + "\n")
            return
        room = self.length - 1
        while found:
            self.write("\n".join(found[:room]) + "\n")
            found = found[room:]
            if found:
                room = await self.more()
                if not room:
                    return

    async def more(self) -> int:
        """How many lines may follow: a page, one, or none."""
        self.write(self.manners.more)
        key = await self.key()
        width = len(self.manners.more)
        self.process.stdout.write("\b" * width + " " * width + "\b" * width)
        return {" ": self.length - 1, "\r": 1, "\n": 1}.get(key, 0)


class Door(asyncssh.SSHServer):
    """Connection and login of one device."""

    def __init__(self, host: Host, board: Board) -> None:
        self.host, self.board = host, board

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Keep the connection for the banner."""
        self.conn = conn

    def begin_auth(self, username: str) -> bool:
        """Greet and ask for a password."""
        self.conn.send_auth_banner(BANNER)
        return True

    def password_auth_supported(self) -> bool:
        """Passwords are taken."""
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """Compare, unless this device rejects everybody."""
        rejects = self.host.rejects or self.board.knobs[self.host.name].auth_failure
        right = secrets.compare_digest(
            f"{username}\n{password}".encode(), f"{self.host.username}\n{self.host.password}".encode()
        )
        return right and not rejects

    def auth_completed(self) -> None:
        """Count the login."""
        self.board.count(self.host.name, "logins")


def host_key(seed: bytes, name: str) -> asyncssh.SSHKey:
    """The device's own key, the same at every start with the same seed."""
    private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed + name.encode()).digest())
    return asyncssh.import_private_key(private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))


def key_seed(path: Path) -> bytes:
    """The secret that all host keys are derived from, made once and kept."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
    return path.read_bytes()


def reserve(address: str, port: int) -> socket.socket:
    """A bound socket: on the port that is wished for if it is free, else on any."""
    for wished in (port, 0):
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((address, wished))
        except OSError:
            sock.close()
            if not wished:
                raise
        else:
            return sock
    raise AssertionError("the last attempt binds or raises")


class Listener:
    """Accepts connections for one device; its SSH side is made at the first call, so idle devices cost nothing."""

    def __init__(self, host: Host, board: Board, sock: socket.socket, seed: bytes) -> None:
        self.host, self.board, self.sock, self.seed = host, board, sock, seed
        self.calls: set[asyncio.Task[None]] = set()

    @cached_property
    def options(self) -> asyncssh.SSHServerConnectionOptions:
        """How this device's SSH server behaves."""
        return asyncssh.SSHServerConnectionOptions(
            server_factory=lambda: Door(self.host, self.board),
            process_factory=self.shell,
            server_host_keys=[host_key(self.seed, self.host.name)],
            line_editor=False,
            encoding="utf-8",
            errors="replace",
            server_version="Lab",
            login_timeout=60,
        )

    async def run(self) -> None:
        """Take calls until cancelled; a silent device keeps its port and does not listen on it."""
        with self.sock:
            if self.host.silent:
                await asyncio.Event().wait()
            self.sock.setblocking(False)
            self.sock.listen(128)
            loop = asyncio.get_running_loop()
            while True:
                call, _address = await loop.sock_accept(self.sock)
                task = loop.create_task(self.take(call))
                self.calls.add(task)
                task.add_done_callback(self.calls.discard)

    async def take(self, call: socket.socket) -> None:
        """One connection: refused, left hanging before the banner, or served."""
        self.board.count(self.host.name, "connections")
        knobs = self.board.knobs[self.host.name]
        if knobs.refuse:
            call.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            call.close()
        elif knobs.hang == "banner":
            self.board.strike(self.host.name, "hang")
            while await asyncio.get_running_loop().sock_recv(call, 4096):
                pass
            call.close()
        else:
            with suppress(asyncssh.Error, OSError):
                connection = await asyncssh.run_server(call, options=self.options)
                await connection.wait_closed()

    async def shell(self, process: asyncssh.SSHServerProcess) -> None:
        """One session on the device."""
        with suppress(Gone, asyncssh.Error, ConnectionError):
            await Terminal(self.host, self.board, process).run()
        process.exit(0)
