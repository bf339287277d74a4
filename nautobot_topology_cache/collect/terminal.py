"""A command line behind a channel: one command in, one answer out, exactly one prompt read. Waits by blocking only."""

from __future__ import annotations

import re
import time
from typing import Protocol

import attrs

from nautobot_topology_cache.collect.answer import ANSI, PROMPT, Answer, last_line, shown
from nautobot_topology_cache.collect.errors import SessionError
from nautobot_topology_cache.collect.results import Failure

RETURN = b"\n"
QUIET = 2.0
"""Seconds of silence after which an unfinished answer is looked at more closely."""
SETTLE = 0.01
"""Seconds of silence that make a line a candidate for the prompt; an empty command then shows whether it is one."""
_PASSWORD = re.compile(rb".*(?:password|secret)\s*:", re.IGNORECASE)
_QUESTION = re.compile(rb".*[:?]")
"""What an empty line must not answer: it would be taken for a password or a yes."""


class Channel(Protocol):
    """What is used of paramiko's Channel."""

    closed: bool

    def sendall(self, data: bytes, /) -> None: ...

    def recv(self, size: int, /) -> bytes: ...

    def settimeout(self, seconds: float, /) -> None: ...


@attrs.define
class Terminal:
    """`limit`: bytes of the largest answer. Every `until` is a `time.monotonic()`. All methods raise SessionError."""

    channel: Channel
    limit: int
    prompt: bytes = b""
    prologue: bytes = b""
    """What the device prints above every prompt, such as the role of a Junos member."""
    echoes: bool | None = None
    answering: bool = False
    """Whether anything has come since the last command was sent."""

    @property
    def gone(self) -> bool:
        """Whether the device has hung up, as far as it is known by now."""
        return self.channel.closed

    def learn_prompt(self, until: float) -> None:
        """Find the line that an empty command brings back, whatever banner came first."""
        self._settle_on(last_line(self._read_prompt(until)), until)

    def _settle_on(self, candidate: bytes, until: float) -> None:
        while True:
            self._send(b"")
            printed = self._read_prompt(until)
            if last_line(printed) == candidate:
                break
            if time.monotonic() >= until:
                raise SessionError(Failure("timeout", f"the prompt is never the same twice: {shown(candidate)!r}"))
            candidate = last_line(printed)
        self.prompt = candidate
        self.prologue = ANSI.sub(b"", printed).strip().removesuffix(candidate).strip()

    def enable(self, secret: str, until: float) -> None:
        """Enter privileged mode; `secret` is sent only where a password is asked for, and only once."""
        self._send(b"enable")
        answer = self._read_prompt(until, password_too=True, after=b"enable")
        if _PASSWORD.fullmatch(last_line(answer)):
            if not secret:
                raise SessionError(Failure("auth", "enable asks for a password: the secrets group has no `secret`"))
            self._send(secret.encode())
            answer = self._read_prompt(until, password_too=True, untold=secret.encode())
        prompt = last_line(answer)
        if not prompt.endswith(b"#"):
            raise SessionError(Failure("auth", "enable was refused: look at `secret` in the device's secrets group"))
        self._settle_on(prompt, until)

    def ask(self, command: str, until: float) -> bytes:
        """The answer to one command, without its echo and the prompt."""
        answer = Answer(command.encode(), self.prompt, self.echoes, self.limit)
        self.answering = False
        self._send(answer.command)
        while True:
            ended = answer.ends()
            chunk = self._receive(min(time.monotonic() + (answer.settle() if ended else QUIET), until), ended)
            if chunk:
                self.answering = True
                answer.add(chunk)
                if answer.waits_for_page():
                    self._send(b" ", end=b"")
            elif ended:
                break
            elif time.monotonic() >= until:
                raise SessionError(Failure("timeout", f"the answer did not end, its last line is {answer.last()!r}"))
            elif answer.doubts():
                self._send(b"")
        body = answer.body()
        self.prompt, self.echoes = answer.prompt, answer.echoes
        return self._without_prologue(body)

    def _without_prologue(self, body: bytes) -> bytes:
        stripped = body.rstrip()
        return stripped.removesuffix(self.prologue) if self.prologue and stripped.endswith(self.prologue) else body

    def _read_prompt(self, until: float, password_too: bool = False, after: bytes = b"", untold: bytes = b"") -> bytes:
        """All that comes until the last line looks like a prompt - or asks for a password - and nothing follows.

        `untold` is a secret that the device may echo; no message quotes it.
        """
        printed = b""
        while True:
            last = last_line(printed)
            here = PROMPT.fullmatch(last) or (password_too and _PASSWORD.fullmatch(last))
            ended = bool(here) and after in printed
            chunk = self._receive(min(time.monotonic() + (SETTLE if ended else QUIET), until))
            printed += chunk
            if ended and not chunk:
                return printed
            if not chunk and time.monotonic() >= until:
                told = shown(last.replace(untold, b"***") if untold else last)
                raise SessionError(Failure("timeout", f"no prompt came, the last line is {told!r}"))
            if not chunk and not password_too and not _QUESTION.fullmatch(last):
                self._send(b"")

    def _send(self, line: bytes, end: bytes = RETURN) -> None:
        try:
            self.channel.sendall(line + end)
        except (OSError, EOFError) as error:
            raise SessionError(Failure("disconnected", "the session was gone when the command was sent")) from error

    def _receive(self, until: float, ended: bool = False) -> bytes:
        """What has come, or `b""` for silence: nothing in time, or the end of the session after an `ended` answer."""
        self.channel.settimeout(max(until - time.monotonic(), 0.001))
        try:
            chunk = self.channel.recv(1 << 18)
        except TimeoutError:
            return b""
        if not chunk and not ended:
            raise SessionError(Failure("disconnected", "the device closed the session in the middle of the answer"))
        return chunk
