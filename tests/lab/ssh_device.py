"""A device behind a real SSH server on loopback, with the manners and the troubles that a test gives it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import asyncssh
import attrs

USERNAME, PASSWORD, SECRET = "joe", "pass'w\\örd", "en&ble"
Answer = str | Callable[["Shell"], None]


class HangUpError(Exception):
    """The device ends the session, or answers no more."""


@attrs.define(kw_only=True)
class SshDevice:
    """Counters and everything that may be changed between two questions."""

    answers: dict[str, Answer] = attrs.field(factory=dict)
    name: str = "sw1"
    banner: str = ""
    user_mode: bool = False
    prompt_end: str = ""
    """What the prompt ends with; by default `#`, or `>` in user mode."""
    latency: float = 0.0
    fragment: int = 0
    """Bytes per packet; 0 sends everything at once."""
    pause: float = 0.002
    """Seconds between two fragments."""
    pages: int = 0
    """Lines per page, whatever the client says about it."""
    before_login: str = ""
    """`silent`: accepts and never shows an SSH banner; `reset`: hangs up at once."""
    key: asyncssh.SSHKey = attrs.field(factory=lambda: asyncssh.generate_private_key("ssh-ed25519"))
    client_key: str = ""
    key_exchanges: tuple[str, ...] = ()
    only_sha1: bool = False
    """Whether its RSA host key signs with SHA-1, as that of an old device."""
    sock: socket.socket = attrs.field(factory=lambda: socket.create_server(("127.0.0.1", 0)))
    connections: int = 0
    logins: int = 0
    passwords: list[str] = attrs.field(factory=list)
    commands: list[str] = attrs.field(factory=list)
    set_up: list[str] = attrs.field(factory=list)
    lets_through: bool = False
    """Whether it is a jump host, which opens TCP connections to others for its clients."""
    ways: list[tuple[str, int]] = attrs.field(factory=list)
    """Where its clients wanted to go."""

    @property
    def host_key(self) -> str:
        return " ".join(self.key.export_public_key().decode().split()[:2])

    @property
    def port(self) -> int:
        return self.sock.getsockname()[1]

    async def listen(self) -> None:
        """Take calls until cancelled."""
        loop = asyncio.get_running_loop()
        calls = set()
        with self.sock:
            while True:
                call, _ = await loop.sock_accept(self.sock)
                task = loop.create_task(self.take(call))
                calls.add(task)
                task.add_done_callback(calls.discard)

    async def take(self, call: socket.socket) -> None:
        """One TCP connection."""
        self.connections += 1
        if self.before_login == "silent":
            with call:
                await asyncio.get_running_loop().sock_recv(call, 4096)
                await asyncio.sleep(60)
        elif self.before_login == "reset":
            call.close()
        else:
            with contextlib.suppress(asyncssh.Error, OSError):
                connection = await asyncssh.run_server(call, options=self.options())
                await connection.wait_closed()

    def options(self) -> asyncssh.SSHServerConnectionOptions:
        made = asyncssh.SSHServerConnectionOptions(
            server_factory=lambda: _Door(self),
            process_factory=self.shell,
            server_host_keys=[self.key],
            kex_algs=self.key_exchanges,
            line_editor=False,
            encoding=None,
        )
        if self.only_sha1:
            made.server_host_keys = {b"ssh-rsa": made.server_host_keys[b"ssh-rsa"]}
        return made

    async def shell(self, process: asyncssh.SSHServerProcess) -> None:
        with contextlib.suppress(HangUpError, asyncssh.Error, ConnectionError):
            await Shell(self, process).run()
        process.close()


class _Door(asyncssh.SSHServer):
    def __init__(self, device: SshDevice) -> None:
        self.device = device

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self.device.passwords.append(password)
        # RouterOS takes wishes for the terminal behind the name.
        return (username.partition("+")[0], password) == (USERNAME, PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return bool(self.device.client_key)

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return key.export_public_key().decode().split()[:2] == self.device.client_key.split()[:2]

    def auth_completed(self) -> None:
        self.device.logins += 1

    def connection_requested(self, dest_host: str, dest_port: int, orig_host: str, orig_port: int) -> bool:
        self.device.ways.append((dest_host, dest_port))
        return self.device.lets_through


class Shell:
    """One terminal. A trouble is an answer that is a function: it gets the Shell and raises, writes or waits."""

    def __init__(self, device: SshDevice, process: asyncssh.SSHServerProcess) -> None:
        self.device, self.process, self.enabled = device, process, not device.user_mode

    @property
    def prompt(self) -> str:
        return self.device.name + (self.device.prompt_end or ("#" if self.enabled else ">"))

    async def write(self, text: str) -> None:
        data = text.encode()
        size = self.device.fragment or len(data) or 1
        for at in range(0, len(data), size):
            self.process.stdout.write(data[at : at + size])
            if self.device.fragment:
                await asyncio.sleep(self.device.pause)

    async def run(self) -> None:
        await asyncio.sleep(self.device.latency)
        await self.write(f"{self.device.banner}\r\n{self.prompt}")
        while line := await self.process.stdin.readline():
            await asyncio.sleep(self.device.latency)
            command = line.decode().strip()
            await self.write(f"{command}\r\n")
            await self.obey(command)
            await self.write(self.prompt)

    async def obey(self, command: str) -> None:
        if command.startswith("terminal"):
            self.device.set_up.append(command)
        elif command == "enable":
            await self.write("Password: ")
            self.enabled = (await self.process.stdin.readline()).decode().strip() == SECRET
            await self.write("\r\n" if self.enabled else "\r\n% Access denied\r\n\r\n")
        elif command:
            self.device.commands.append(command)
            answer = self.device.answers.get(command, "% Invalid input\n")
            await self.show(answer if isinstance(answer, str) else await answer(self))

    async def show(self, text: str) -> None:
        lines = text.replace("\n", "\r\n").splitlines(keepends=True)
        size = self.device.pages or len(lines) or 1
        for at in range(0, len(lines), size):
            await self.write("".join(lines[at : at + size]))
            if self.device.pages and at + size < len(lines):
                await self.write(" --More-- ")
                await self.process.stdin.read(1)
                await self.write("\b" * 9 + " " * 8 + "\b" * 9)


async def hang(shell: Shell) -> str:
    """Half an answer, then nothing for ever."""
    await shell.write("first line\r\n")
    await shell.process.stdin.read()
    raise HangUpError


async def drop(shell: Shell) -> str:
    """Half an answer, then the connection is gone."""
    await shell.write("first line\r\n")
    shell.process.get_extra_info("connection").abort()
    raise HangUpError


@contextlib.contextmanager
def serving(*devices: SshDevice) -> Iterator[None]:
    """The devices listen, each on a port of its own, in a loop of their own thread."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def end() -> None:
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    for device in devices:
        device.sock.setblocking(False)
        asyncio.run_coroutine_threadsafe(device.listen(), loop)
    try:
        yield
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
