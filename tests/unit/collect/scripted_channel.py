"""A channel that plays a device from a list, without time passing: silences end at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

SILENCE = b""
CLOSED = None


class ScriptedChannel:
    """Gives what `plays` holds, in order; `replies` add to it when their line is sent. Then there is only silence."""

    def __init__(
        self, plays: Iterable[bytes | None] = (), replies: dict[bytes, list[bytes | None]] | None = None
    ) -> None:
        self.plays: deque[bytes | None] = deque(plays)
        self.replies = replies or {}
        self.sent: list[bytes] = []
        self.closed = False

    def sendall(self, data: bytes) -> None:
        self.sent.append(data)
        self.plays.extend(self.replies.get(data, ()))

    def recv(self, size: int) -> bytes:
        if not self.plays:
            raise TimeoutError
        played = self.plays.popleft()
        if played == SILENCE:
            raise TimeoutError
        self.closed = played is CLOSED
        return played or b""

    def settimeout(self, seconds: float) -> None:
        """Nothing waits here."""
