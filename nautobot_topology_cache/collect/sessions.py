"""Where answers come from: the wire, layer 1, or files. All of them answer an Ask with a Reply, and none raises."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

import attrs

from nautobot_topology_cache.collect.results import ABSENT, Ask, Failure, Reply

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Session(Protocol):
    """One device, able to answer."""

    @property
    def connections(self) -> int:
        """How many TCP connections the device accepted from us so far."""

    @property
    def commands_sent(self) -> int:
        """How many show commands the device was asked so far."""

    @property
    def host_key(self) -> str:
        """The SSH host key the device showed, `""` when it was not contacted."""

    def answer(self, ask: Ask) -> Reply:
        """The complete answer, or the failure that came instead."""

    def close(self) -> None:
        """Let go of the device; safe to call twice."""


@attrs.frozen
class StoredOutput:
    """A complete answer that layer 1 holds."""

    text: str
    collected_at: datetime
    duration: float = 0.0


@attrs.define
class Stored:
    """Layer 1 as a session. `clock` and the times in `outputs` are time-zone aware."""

    outputs: Mapping[tuple[str, str], Callable[[], StoredOutput]]
    """(command, context) -> loads the stored answer, so that only what is asked is unpacked."""
    ttl: float | None
    """Seconds for which an answer serves; None for ever, as a rebuild wants it."""
    clock: Callable[[], datetime]
    since: datetime | None = None
    """Answers given from then on serve at any age: somebody else has just asked for us."""
    connections: int = 0
    commands_sent: int = 0
    host_key: str = ""

    def answer(self, ask: Ask) -> Reply:
        load = self.outputs.get((ask.command, ask.context))
        if load is None:
            return Reply(failure=ABSENT)
        output = load()
        limit = self.ttl if self.ttl is None or ask.ttl is None else ask.ttl
        if self.since is not None and output.collected_at >= self.since:
            limit = None
        if limit is not None and self.clock() - output.collected_at >= timedelta(seconds=limit):
            return Reply(failure=Failure("blank", "the stored answer is too old"))
        return Reply(output.text, output.collected_at, "cache", output.duration)

    def close(self) -> None:
        """Nothing is held."""


@attrs.define
class ReadThrough:
    """Layer 1 first, the device for what it lacks; without a miss the device is never contacted."""

    stored: Session
    live: Session

    @property
    def connections(self) -> int:
        return self.live.connections

    @property
    def commands_sent(self) -> int:
        return self.live.commands_sent

    @property
    def host_key(self) -> str:
        return self.live.host_key

    def answer(self, ask: Ask) -> Reply:
        reply = self.stored.answer(ask)
        return self.live.answer(ask) if reply.failure is not None else reply

    def close(self) -> None:
        self.live.close()


@attrs.define
class Replay:
    """A folder of show outputs, one file a command; `|`, `/` and the like are percent-encoded in file names."""

    folder: Path
    collected_at: datetime | None = None
    """When the answers were given; None takes each file's own time, though none later than this moment."""
    connections: int = 0
    commands_sent: int = 0
    host_key: str = ""

    def answer(self, ask: Ask) -> Reply:
        path = self.folder / file_of(ask.command)
        if not path.is_file():
            return Reply(failure=ABSENT)
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        return Reply(text, self.collected_at or _time_of(path), "device")

    def close(self) -> None:
        """Nothing is held."""


def file_of(command: str) -> str:
    """The name of the file that holds the answer to a command."""
    return f"{quote(command, safe=' ')}.txt"


def _time_of(path: Path) -> datetime:
    """A file's time to the microsecond; one from the future would outrank every answer that is still to come."""
    changed = EPOCH + timedelta(microseconds=path.stat().st_mtime_ns // 1000)
    return min(changed, datetime.now(UTC))
