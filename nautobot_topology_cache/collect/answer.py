"""Where one answer begins and ends in the stream of a terminal. Pure: bytes and silences in, the answer out.

It begins after the echo of its command, so that a stale prompt or a log message from before is never taken for it. It
ends where the prompt stands alone on the last line and nothing follows. What else a device may do is settled after a
silence, by an empty command whose only effect is another prompt.
"""

from __future__ import annotations

import re
import time

import attrs

from nautobot_topology_cache.collect.errors import SessionError
from nautobot_topology_cache.collect.results import Failure

SETTLE = (0.005, 0.25)
"""Least and most seconds for which nothing may follow a prompt; in between, three times the answer's longest pause.

The time until the answer begins is none: it is the way to the device and back, and how long the device thinks.
"""
TAIL = 512
"""Bytes from the end in which a prompt is looked for."""

ANSI = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[@-Z\\-_])")
PROMPT = re.compile(rb"\S.{0,126}[>#$%]|[>#$%]")
_PAGER = rb"[ \t]*(?:-{2,4} ?\(?more[^\r\n-]{0,16}-{2,4}|<-+ ?more ?-+>)[ \t]*"
_PAGER_AT_END = re.compile(_PAGER + rb"\Z", re.IGNORECASE)
_PAGER_ERASED = re.compile(_PAGER + rb"(?:\x08+ *\x08*|\r *\r(?!\n))*", re.IGNORECASE)
_LOG = re.compile(rb".{0,160}%[A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+)*-\d-[A-Z0-9_]+ ?:")


def last_line(printed: bytes | bytearray) -> bytes:
    """The last line as a person would see it."""
    tail = ANSI.sub(b"", bytes(printed[-TAIL:])).rstrip(b" \x00\x07")
    return tail[max(tail.rfind(b"\n"), tail.rfind(b"\r")) + 1 :]


def shown(line: bytes) -> str:
    """The end of a line, for a message."""
    return line[-60:].decode("utf-8", "replace")


NO_MEMORY = "the process has no memory left: lower `max_answer_mb`, or give it more"


@attrs.define
class _Doubt:
    """How the answer may have ended without a proper prompt: at `end`, in front of `prompt`."""

    end: int
    prompt: bytes
    asked_at: int
    """Size of the buffer when the empty command was sent."""


@attrs.define
class Answer:
    """One answer while it arrives. `echoes`: whether the device repeats what it is sent; None when not yet known."""

    command: bytes
    prompt: bytes
    echoes: bool | None
    limit: int
    _buffer: bytearray = attrs.field(factory=bytearray)
    _start: int | None = None
    _pages: int = 0
    """Where the last answered pager ended."""
    _came_at: float = 0.0
    _longest_pause: float = 0.0
    _doubt: _Doubt | None = None

    def add(self, chunk: bytes) -> None:
        now = time.monotonic()
        if self._came_at and self._has_text():
            self._longest_pause = max(self._longest_pause, now - self._came_at)
        self._came_at = now
        try:
            self._buffer += chunk
        except MemoryError:
            self._buffer = bytearray()
            raise SessionError(Failure("too_large", f"{NO_MEMORY} for it")) from None
        if len(self._buffer) > self.limit:
            raise SessionError(Failure("too_large", f"more than {self.limit} bytes: `max_answer_mb` is the limit"))

    def _has_text(self) -> bool:
        """Whether more has come than the echo of the command."""
        length = len(self.command)
        return len(self._buffer) > length + TAIL or len(self._buffer.strip()) > length

    def ends(self) -> bool:
        """Whether the last line is the prompt, and belongs to this command."""
        last = last_line(self._buffer)
        if last == self.prompt:
            return self._begun() or self.echoes is False
        return self._doubt is not None and last == self._doubt.prompt and self._confirmed(self._doubt)

    def settle(self) -> float:
        """Seconds of silence that make a prompt the end: a line in the middle may look like one."""
        return min(max(SETTLE[0], 3 * self._longest_pause), SETTLE[1])

    def waits_for_page(self) -> bool:
        """Whether a pager waits for a key; true once per page."""
        tail = bytes(self._buffer[max(self._pages, len(self._buffer) - TAIL) :])
        if not _PAGER_AT_END.search(ANSI.sub(b"", tail)):
            return False
        self._pages = len(self._buffer)
        return True

    def doubts(self) -> bool:
        """After a silence: whether an empty command would tell if this is the end. True at most once."""
        last = last_line(self._buffer)
        if last == self.prompt and self.echoes is None:
            self.echoes = False
        if self._doubt is not None or last == self.prompt:
            return False
        size = len(self._buffer)
        at = bytes(self._buffer).rfind(last)
        if last.endswith(self.prompt):
            self._doubt = _Doubt(at + len(last) - len(self.prompt), self.prompt, size)
        elif PROMPT.fullmatch(last):
            self._doubt = _Doubt(at, last, size)
        elif len(_without_log(bytes(self._buffer), self.prompt)) < size:
            self._doubt = _Doubt(size, self.prompt, size)
        return self._doubt is not None

    def last(self) -> str:
        """The last line that is not blank, for a message."""
        return shown(last_line(self._buffer.rstrip()))

    def body(self) -> bytes:
        """The answer without echo, pagers and prompt, once it has ended."""
        self.echoes = self._begun()
        printed = bytes(self._buffer)
        if self._doubt is not None and self._confirmed(self._doubt):
            self.prompt = self._doubt.prompt
            printed = printed[: self._doubt.end]
        else:
            printed = printed[: printed.rfind(self.prompt)]
        printed = ANSI.sub(b"", printed[self._start or 0 :])
        if self._pages:
            printed = _PAGER_ERASED.sub(b"", printed)
        printed = _without_log(printed, self.prompt)
        self._insist_on_whole_lines(printed)
        return printed

    def _insist_on_whole_lines(self, printed: bytes) -> None:
        """Text that is cut off is followed by the prompt in the same line; a JSON document proves its end itself."""
        if printed and not printed.endswith((b"\n", b"\r")) and not printed.rstrip().endswith((b"}", b"]")):
            raise SessionError(Failure("truncated", f"the prompt follows within a line: {shown(last_line(printed))!r}"))

    def _begun(self) -> bool:
        """Whether the echo has come; it may be wrapped."""
        if self._start is None:
            at = self._buffer.find(self.command)
            end = self._buffer.find(b"\n", at + len(self.command)) if at >= 0 else -1
            if end >= 0 and not self._buffer[at + len(self.command) : end].strip(b" \r\x00\x07"):
                self._start = end + 1
            elif at < 0 and (wrapped := _wrapped(self.command).search(self._buffer)):
                self._start = wrapped.end()
        return self._start is not None

    def _confirmed(self, doubt: _Doubt) -> bool:
        """Whether the empty command brought nothing but the prompt."""
        return ANSI.sub(b"", bytes(self._buffer[doubt.asked_at :])).split() == doubt.prompt.split()


def _wrapped(command: bytes) -> re.Pattern[bytes]:
    """The echo of a long command on a narrow terminal: broken anywhere by spaces, line ends, backspaces."""
    letters = (re.escape(bytes([letter])) for letter in command if letter != ord(" "))
    return re.compile(rb"(?:[ \r\n\x08]|\x1b\[[0-9;]*[A-Za-z])*".join(letters) + rb"[ \x08\x00]*\r*\n")


def _without_log(printed: bytes, prompt: bytes) -> bytes:
    """What stands above a prompt that is followed by nothing but log messages, or by another prompt."""
    while (at := printed.rfind(b"\n" + prompt)) >= 0:
        after = [line for line in re.split(rb"[\r\n]+", printed[at + 1 + len(prompt) :]) if line.strip()]
        if not all(_LOG.match(line) for line in after):
            break
        printed = printed[: at + 1]
    return printed
