"""Every device an SSH server of its own on a port of its own, all in one event loop."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import socket
import struct
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import asyncssh
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from development.lab.knobs import Board
from development.lab.terminal import Gone, Host, Terminal

KEY_EXCHANGES = {
    "unknown": ["curve448-sha512"],
    "sha1": ["diffie-hellman-group14-sha1"],
}
BANNER = "This device is a simulation. Nothing you type here reaches a network.\r\n"


class Door(asyncssh.SSHServer):
    """Connection and login of one device."""

    def __init__(self, host: Host, board: Board) -> None:
        self.host, self.board = host, board

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Keep the connection for the banner."""
        self.conn = conn

    def begin_auth(self, username: str) -> bool:
        """Greet and ask for a password, if anybody is let in at all."""
        if self.board.knobs[self.host.name].lock_out:
            raise asyncssh.PermissionDenied("Too many authentication failures")
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


@lru_cache(maxsize=1)
def rsa_key() -> asyncssh.SSHKey:
    """The host key of all devices that are too old for another kind: making one takes a moment."""
    return asyncssh.generate_private_key("ssh-rsa", key_size=2048)


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

    def options(self) -> asyncssh.SSHServerConnectionOptions:
        """How this device's SSH server behaves, as its knobs stand now."""
        knobs = self.board.knobs[self.host.name]
        old = knobs.algorithms == "sha1"
        name = f"{self.host.name}, replaced" if knobs.new_host_key else self.host.name
        made = asyncssh.SSHServerConnectionOptions(
            server_factory=lambda: Door(self.host, self.board),
            process_factory=self.shell,
            server_host_keys=[rsa_key() if old else host_key(self.seed, name)],
            kex_algs=KEY_EXCHANGES.get(knobs.algorithms, ()),
            line_editor=False,
            encoding="utf-8",
            # A knob's answer may hold lone surrogates: bytes that are no UTF-8.
            errors="surrogateescape",
            server_version="Lab",
            login_timeout=60,
        )
        if old:
            made.server_host_keys = {b"ssh-rsa": made.server_host_keys[b"ssh-rsa"]}
        return made

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
                connection = await asyncssh.run_server(call, options=self.options())
                await connection.wait_closed()

    async def shell(self, process: asyncssh.SSHServerProcess) -> None:
        """One session on the device."""
        with suppress(Gone, asyncssh.Error, ConnectionError):
            await Terminal(self.host, self.board, process).run()
        process.exit(0)
