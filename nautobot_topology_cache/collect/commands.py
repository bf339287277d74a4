"""What a platform file is made of: Platform, Command, Feed, and the sources of a column.

A Command is asked once per context and feeds tables; a Feed says, column by column, how a printed row becomes a record.
All of it is data: a wrong word is an import error, and `tests/unit` holds the columns against the parsers' headers.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, Protocol

import attrs

from nautobot_topology_cache.collect.errors import PlatformError
from nautobot_topology_cache.collect.records import RECORDS, columns
from nautobot_topology_cache.collect.results import Outcome, Rejected, Row

Spell = Callable[[str], str]
"""Interface name as printed anywhere -> as the device's interface table spells it; what is none stays as printed."""


@attrs.frozen
class Parsed:
    """What a parser made of an answer."""

    rows: Sequence[Row]
    unparsed: tuple[str, ...] = ()
    """Lines it did not understand."""
    doubtful: tuple[Rejected, ...] = ()
    """Rows that may mix two objects, because a line between their values was not understood."""
    proves_empty: bool = False
    """Whether no rows means that there are none: true of a document that was read completely, not of free text."""
    headed: bool = False
    """Whether the heading of a text is there: no rows then means the same, unless the answer was cut below it."""
    fills_down: bool = False
    """Whether values are carried from row to row, so that one lost line may spoil all rows after it."""


class Parser(Protocol):
    """Text to rows. Raises ParseError when it cannot read the answer at all."""

    @property
    def columns(self) -> frozenset[str]:
        """Every column a row may have."""

    def parse(self, answer: str) -> Parsed:
        """The rows of one complete, cleaned answer."""


@attrs.frozen
class Facts:
    """What earlier answers of the same device told: the VRFs, and in which one an interface is."""

    vrfs: tuple[str, ...] = ()
    vrf_of: Mapping[str, str] = attrs.field(factory=dict)
    doubt: str = ""
    """Why the list of VRFs is missing or not complete: what is looked up in it then keeps its stored value."""


@attrs.frozen
class Scope:
    """What a column's source may look at besides its row."""

    context: str
    spell: Spell
    facts: Facts


class Source(ABC):
    """Where a record's column takes its value from."""

    @property
    @abstractmethod
    def uses(self) -> tuple[str, ...]:
        """The printed columns it reads."""

    @abstractmethod
    def bind(self, scope: Scope) -> Callable[..., Any]:
        """From what is printed in the columns of `uses`, in order, to the value before the record's converter."""

    def value(self, row: Row, scope: Scope) -> Any:
        """The value for one row."""
        return self.bind(scope)(*map(row.get, self.uses))


@attrs.frozen
class Column(Source):
    """A printed column as it is."""

    name: str

    @property
    def uses(self) -> tuple[str, ...]:
        return (self.name,)

    def bind(self, scope: Scope) -> Callable[..., Any]:
        return lambda printed: printed


@attrs.frozen
class Const(Source):
    """The same value in every row."""

    constant: Any
    uses: tuple[str, ...] = ()

    def bind(self, scope: Scope) -> Callable[..., Any]:
        return lambda: self.constant


@attrs.frozen
class Context(Source):
    """The VRF that was asked about."""

    uses: tuple[str, ...] = ()

    def bind(self, scope: Scope) -> Callable[..., Any]:
        return lambda: scope.context


@attrs.frozen
class Port(Source):
    """An interface name, in the platform's spelling."""

    name: str

    @property
    def uses(self) -> tuple[str, ...]:
        return (self.name,)

    def bind(self, scope: Scope) -> Callable[..., Any]:
        def spelled(printed: Any) -> str:
            name = _word(printed)
            return scope.spell(name) if name else ""

        return spelled


@attrs.frozen
class VrfOf(Source):
    """The VRF in which an interface is, as the device's list of VRFs says."""

    name: str

    @property
    def uses(self) -> tuple[str, ...]:
        return (self.name,)

    def bind(self, scope: Scope) -> Callable[..., Any]:
        return lambda printed: scope.facts.vrf_of.get(scope.spell(_word(printed)), "")


@attrs.frozen
class Either(Source):
    """The first source's value, or the second's where the first says nothing."""

    first: Source
    second: Source

    @property
    def uses(self) -> tuple[str, ...]:
        return (*self.first.uses, *self.second.uses)

    def bind(self, scope: Scope) -> Callable[..., Any]:
        first, second, many = self.first.bind(scope), self.second.bind(scope), len(self.first.uses)
        return lambda *printed: first(*printed[:many]) or second(*printed[many:])


def looks_up_vrf(source: Source) -> bool:
    """Whether a value comes from the list of VRFs."""
    if isinstance(source, Either):
        return looks_up_vrf(source.first) or looks_up_vrf(source.second)
    return isinstance(source, VrfOf)


@attrs.frozen
class Word(Source):
    """A printed word translated by a table; others become `otherwise`, or stay as they are when that is None."""

    name: str
    meanings: Mapping[str, Any]
    otherwise: Any = None

    @property
    def uses(self) -> tuple[str, ...]:
        return (self.name,)

    def bind(self, scope: Scope) -> Callable[..., Any]:
        def meant(printed: Any) -> Any:
            word = _word(printed)
            return self.meanings.get(word.lower(), word if self.otherwise is None else self.otherwise)

        return meant


@attrs.frozen
class Made(Source):
    """A value computed from printed columns, given to `function` in order. It raises ValueError to reject the row."""

    function: Callable[..., Any]
    uses: tuple[str, ...]

    def bind(self, scope: Scope) -> Callable[..., Any]:
        return self.function


def _word(printed: Any) -> str:
    return str(printed or "").strip()


@attrs.frozen
class Skip:
    """Printed rows that are left out on purpose, counted as `filtered` under `reason`."""

    reason: str
    when: Callable[[Row], bool]


def _sources(given: Mapping[str, str | Source]) -> dict[str, Source]:
    return {name: Column(source) if isinstance(source, str) else source for name, source in given.items()}


@attrs.frozen
class Feed:
    """How the rows of one command become rows of one table."""

    table: str = attrs.field(validator=attrs.validators.in_(RECORDS))
    sources: Mapping[str, Source] = attrs.field(converter=_sources)
    """Record column -> where its value comes from; a bare string names a printed column."""
    each: tuple[str, ...] = ()
    """Printed columns that hold parallel lists: one record per element."""
    skip: tuple[Skip, ...] = ()
    reshape: Callable[[Row], Iterable[Row]] | None = None
    """For rows that no declaration can express; used before `each`."""
    makes: tuple[str, ...] = ()
    """Columns that `reshape` adds to the parser's."""
    whole: tuple[str, ...] = ()
    """Columns that say something in every row that was read to its end; a row that lacks one is rejected."""
    fills: bool = False
    """True when this command only adds columns to rows that another command decides on."""

    def __attrs_post_init__(self) -> None:
        unknown = {*self.sources, *self.whole} - set(columns(self.table))
        if unknown:
            raise PlatformError(f"The table {self.table} has no column {sorted(unknown)}.")
        missing = set(RECORDS[self.table].KEY) - set(self.sources) if self.fills else set()
        if missing:
            raise PlatformError(f"A feed that fills {self.table} must give its key; {sorted(missing)} is missing.")

    @property
    def looked_up(self) -> frozenset[str]:
        """The columns whose value is looked up in the list of VRFs."""
        return frozenset(name for name, source in self.sources.items() if looks_up_vrf(source))

    @property
    def filled(self) -> frozenset[str]:
        """The columns that a filling feed adds."""
        return frozenset(self.sources) - frozenset(RECORDS[self.table].KEY) if self.fills else frozenset()


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.MULTILINE | re.IGNORECASE)


@attrs.frozen
class Verdict:
    """A text that settles the outcome before any parsing: matched anywhere in the answer, at the start of a line."""

    pattern: re.Pattern[str] = attrs.field(converter=_pattern)
    outcome: Outcome
    reason: str = ""
    no_rows: bool = False
    """Whether it holds only if the answer has no rows: a heading, or a footer that counts to 0."""
    proven: bool = True
    """Whether it proves that there is nothing. A heading does not: the answer may have been cut below it."""


def unsupported(pattern: str) -> Verdict:
    """The command does not exist here."""
    return Verdict(pattern, "unsupported", "")


def nothing(pattern: str) -> Verdict:
    """The device says that there is nothing to show, in words or by a count."""
    return Verdict(pattern, "empty", "", no_rows=True)


def headed(pattern: str) -> Verdict:
    """A heading, below which there is nothing: neither rows nor lines that were not understood."""
    return Verdict(pattern, "empty", "", no_rows=True, proven=False)


def not_enabled(pattern: str) -> Verdict:
    """The protocol is switched off, which closes its rows."""
    return Verdict(pattern, "empty", "not_enabled")


def denied(pattern: str) -> Verdict:
    """The user may not run this command."""
    return Verdict(pattern, "failed", "denied")


@attrs.frozen
class Command:
    """One show command. With `{vrf}` in its text it is asked for each VRF of the device's list but the default one."""

    text: str
    parser: Parser
    feeds: tuple[Feed, ...] = ()
    lists_vrfs: Callable[[Row], tuple[str, Sequence[str]]] | None = None
    """Row -> (VRF name, its interfaces as printed): this command is the device's list of VRFs."""
    blank_is_empty: bool = False
    """True when the device prints nothing at all if there is nothing."""
    verdicts: tuple[Verdict, ...] = ()
    """Tried before the platform's."""
    needs: str = ""
    """A printed column that older releases lack: without it, the next alternative is asked and wins if `ok`."""
    truncation: Callable[[str], str | None] | None = None
    """Answer -> what is missing at its end, or None when it is complete."""
    unfinished: Callable[[str], str | None] | None = None
    """Answer -> why its end may be missing, where that is no proof: its rows are written, but none is closed."""
    timeout: float | None = None
    ttl: float | None = None
    """Seconds for which an answer serves, instead of the setting."""

    @property
    def per_vrf(self) -> bool:
        return "{vrf}" in self.text

    @property
    def tables(self) -> frozenset[str]:
        return frozenset(feed.table for feed in self.feeds)


@attrs.frozen
class Entry:
    """One command, or alternatives in order: the next is asked only when the one before is `unsupported`."""

    alternatives: tuple[Command, ...]

    @property
    def tables(self) -> frozenset[str]:
        return frozenset().union(*(command.tables for command in self.alternatives))

    @property
    def lists_vrfs(self) -> bool:
        return any(command.lists_vrfs is not None for command in self.alternatives)

    @property
    def per_vrf(self) -> bool:
        return any(command.per_vrf for command in self.alternatives)


def entry(*alternatives: Command) -> Entry:
    """An Entry of the given alternatives."""
    return Entry(alternatives)


@attrs.frozen(kw_only=True)
class Platform:
    """Everything the flow knows about a network driver."""

    driver: str
    netmiko: str = ""
    """netmiko's device type, used when Nautobot does not map the driver."""
    entries: tuple[Entry, ...]
    spell: Spell
    verdicts: tuple[Verdict, ...]
    enable: bool = False
    """Whether the commands need privileged mode."""
    setup: tuple[str, ...] = ()
    """Sent once after the login: paging off, wide lines. They change nothing but the session."""
    setup_failure: Literal["ignore", "fail"] = "ignore"
    timeouts: Mapping[str, float] = attrs.field(factory=dict)
    """Overrides of `connect_timeout`, `auth_timeout`, `banner_timeout`, `command_timeout`, `device_timeout`."""

    def tables(self) -> frozenset[str]:
        """The tables that some command of this platform can answer."""
        return frozenset().union(*(item.tables for item in self.entries))

    def longest_ttl(self, usual: float) -> float:
        """Seconds for which an answer serves at most; `usual` holds for commands without a time of their own."""
        lasting = (command.ttl for item in self.entries for command in item.alternatives if command.ttl is not None)
        return max((usual, *lasting))
