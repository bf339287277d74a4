"""The values that travel from a session to the store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import attrs

from nautobot_topology_cache.collect.normalize import text
from nautobot_topology_cache.collect.records import Record

Outcome = Literal["ok", "empty", "unsupported", "failed"]
Source = Literal["device", "cache"]
Row = Mapping[str, Any]
"""One row as a parser printed it: column name to text, or to a list of texts."""


@attrs.frozen
class Failure:
    """Why there is no usable answer: `word` says which kind, `detail` what to look at."""

    word: str
    detail: str = attrs.field(default="", converter=text)

    def __str__(self) -> str:
        return f"{self.word}: {self.detail}" if self.detail else self.word


CANCELLED = Failure("cancelled", "the run was cancelled")
ABSENT = Failure("absent", "no answer to this command is at hand")
"""From a session that has no device to ask: the command counts as not asked, and what it once said stays."""


@attrs.frozen
class Ask:
    """One command, ready to be sent. `context` is the VRF it asks about, `""` when it is about no one VRF."""

    command: str
    context: str = ""
    timeout: float | None = None
    """Seconds for the whole answer; None for the run's `command_timeout`."""
    ttl: float | None = None
    """Seconds for which a stored answer serves; None for the run's."""


@attrs.frozen
class Reply:
    """What came back for an Ask: a text that was read completely, or a failure, never both."""

    text: str = ""
    collected_at: datetime | None = None
    source: Source = "device"
    duration: float = 0.0
    failure: Failure | None = None


@attrs.frozen
class Rejected:
    """A printed row that does not fit its record."""

    row: Row
    reason: str


@attrs.frozen
class Counts:
    """parsed = stored + filtered + rejected; `unparsed` counts lines, not rows."""

    parsed: int = 0
    stored: int = 0
    filtered: int = 0
    rejected: int = 0
    unparsed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(mine + yours for mine, yours in zip(attrs.astuple(self), attrs.astuple(other), strict=True)))


@attrs.frozen
class CommandResult:
    """How one command ended; what layer 1 keeps."""

    command: str
    context: str
    outcome: Outcome
    reason: str = attrs.field(converter=text)
    """Reasons quote what devices print: they are made storable here."""
    source: Source
    duration: float
    collected_at: datetime | None
    raw: str | None
    """The complete answer, or None when there is none to keep."""
    parsed: tuple[Row, ...] | None = None


@attrs.frozen
class SliceResult:
    """Everything one command says about one table, judged and normalised."""

    table: str
    command: str
    context: str
    outcome: Outcome
    reason: str = attrs.field(default="", converter=text)
    collected_at: datetime | None = None
    records: tuple[Record, ...] = ()
    counts: Counts = Counts()
    fills: frozenset[str] = frozenset()
    """Columns this command adds to rows that another command decides on; empty for the deciding one."""
    kept_columns: frozenset[str] = frozenset()
    """Columns whose filling command failed: the stored values stay."""
    closes: bool = True
    """False when a row that is missing from the answer may still exist."""
    rejected: tuple[Rejected, ...] = ()
    unparsed_lines: tuple[str, ...] = ()


@attrs.frozen
class DeviceResult:
    """One device's answers. Nothing here touches a database."""

    driver: str
    slices: tuple[SliceResult, ...] = ()
    commands: tuple[CommandResult, ...] = ()
    unlisted: Mapping[str, str] = attrs.field(factory=dict)
    """Tables of which this run cannot say which slices exist, with the reason: their unasked slices are not closed."""
    unlisted_vrfs: str = ""
    """Why nobody can say which VRFs there are, on a device that listed them before: no slice of a VRF is closed."""
    failure: Failure | None = None
    """Why the device could not be talked to, or stopped answering."""
