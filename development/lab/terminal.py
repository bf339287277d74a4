"""One shell on one device: echo, prompts, pages, privilege, and the troubles that strike in a session."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import asyncssh
import attrs

from development.lab.knobs import Board, Knobs
from development.lab.manners import PLATFORMS, acknowledgement, invalid, is_setup, page_length

PAGE = 24
PIECES = 20
"""In which a dripping answer comes."""


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


def coloured(line: str) -> str:
    """A line as a terminal with colours shows it."""
    return f"\x1b[32m{line}\x1b[0m\x1b[K"


def decorated(text: str, knobs: Knobs) -> str:
    """An answer with a log message and colours in it."""
    if knobs.syslog:
        text = f"\n{knobs.syslog}\n".join(text.split("\n", 1))
    return "\n".join(map(coloured, text.split("\n"))) if knobs.ansi else text


class Gone(Exception):
    """The session is over."""


class Terminal:
    """One shell on one device."""

    def __init__(self, host: Host, board: Board, process: asyncssh.SSHServerProcess) -> None:
        self.host, self.board, self.process = host, board, process
        self.manners = PLATFORMS[host.platform]
        self.name = host.name
        self.enabled = not (host.user_mode or board.knobs[host.name].refuse_enable)
        self.length = PAGE
        self.pending = ""

    @property
    def prompt(self) -> str:
        """The prompt of this moment."""
        sign = "#" if self.enabled else ">"
        return self.manners.prompt.format(name=self.name, sign=sign, user=self.host.username)

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
        """The next line typed; what has come at once is echoed at once."""
        typed = shown = ""
        while True:
            key = await self.key()
            if key in "\r\n":
                if key == "\r" and self.pending[:1] == "\n":
                    self.pending = self.pending[1:]
                self.write(f"{shown}\n")
                return typed
            if key in "\b\x7f":
                shown += "\b \b" if typed and echo else ""
                typed = typed[:-1]
            elif key >= " ":
                typed += key
                shown += key if echo else ""
            if not self.pending:
                self.process.stdout.write(shown)
                shown = ""

    async def run(self) -> None:
        """Prompt, read, answer, until somebody leaves."""
        knobs = self.board.knobs[self.host.name]
        await asyncio.sleep(knobs.latency)
        if knobs.drop == "login":
            await self.drop()
        if knobs.hang == "login":
            await self.hang()
        self.ask_for_more()
        while True:
            typed = await self.line()
            self.board.note(self.host.name, typed)
            command = " ".join(typed.split())
            if command:
                await self.obey(command)
            self.ask_for_more()

    def ask_for_more(self) -> None:
        """The prompt, with what the device puts around it."""
        knobs = self.board.knobs[self.host.name]
        self.write(coloured(self.prompt) if knobs.ansi else self.prompt)
        if knobs.syslog:
            self.write(f"\n{knobs.syslog}\n{self.prompt}")

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
        if knobs.endless == command:
            await self.talk_for_ever()
        await self.give(command, self.answer(command))

    async def give(self, command: str, text: str) -> None:
        """Print an answer as far as the knobs let it, and go on from there as they say."""
        knobs = self.board.knobs[self.host.name]
        striking = knobs.drop and knobs.drop_command in ("", command)
        if striking and knobs.drop == "mid_output":
            self.write(text[: max(1, len(text) // 2)])
            await self.drop()
        await self.print(command, decorated(text, knobs))
        if knobs.rename and knobs.rename_command in ("", command):
            self.name = knobs.rename
        if striking:
            self.write(self.prompt)
            await self.drop()

    async def print(self, command: str, text: str) -> None:
        """All of it, or a part, or slowly."""
        knobs = self.board.knobs[self.host.name]
        if knobs.truncate_within_line and knobs.truncate_command in ("", command):
            self.write(knobs.cut(command, text))
        elif knobs.drip and knobs.drip_command in ("", command):
            await self.drip(text, knobs.drip)
        else:
            await self.show(knobs.cut(command, text))

    async def drip(self, text: str, seconds: float) -> None:
        """An answer that takes its time."""
        size = len(text) // PIECES + 1
        for at in range(0, len(text), size):
            self.write(text[at : at + size])
            await asyncio.sleep(seconds / PIECES)
        self.write("\n")

    async def talk_for_ever(self) -> None:
        """One line that only the other side's hanging up ends."""
        while not self.process.stdin.at_eof():
            self.write("0123456789abcdef" * 1024)
            await self.process.stdout.drain()
            await asyncio.sleep(0)
        raise Gone

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
        knobs = self.board.knobs[self.host.name]
        if length is not None and not knobs.ignore_paging:
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
            self.enabled = await self.line(echo=False) == self.host.secret and not knobs.refuse_enable
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
