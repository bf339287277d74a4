"""Printed rows to records, by a Feed; every row ends as a record, as filtered, or as rejected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, zip_longest
from typing import Any

import attrs

from nautobot_topology_cache.collect.commands import Feed, Scope
from nautobot_topology_cache.collect.parse.making import UNFIT, Maker
from nautobot_topology_cache.collect.records import RECORDS, Record
from nautobot_topology_cache.collect.results import Rejected, Row

BATCH = 8192
"""Rows whose columns are in memory at a time."""


@attrs.define
class Fed:
    """What a Feed made of the rows."""

    records: list[Record] = attrs.field(factory=list)
    fills: list[tuple[tuple[Any, ...], Mapping[str, Any], Row]] = attrs.field(factory=list)
    """For a filling feed: the key of the row to fill, the values, the printed row."""
    filtered: int = 0
    rejected: list[Rejected] = attrs.field(factory=list)

    @property
    def parsed(self) -> int:
        return len(self.records) + len(self.fills) + self.filtered + len(self.rejected)


def expand(feed: Feed, rows: Iterable[Row]) -> Iterator[Row]:
    """One row per record to be made: reshaped, and one per element of the parallel lists."""
    return chain.from_iterable(map(_shape(feed), rows))


def _shape(feed: Feed) -> Callable[[Row], Iterable[Row]]:
    """From one printed row to those of which records are made."""
    reshape, each = feed.reshape, feed.each
    if reshape is None:
        return lambda row: _elements(row, each) if each else (row,)
    return (lambda row: chain.from_iterable(_elements(one, each) for one in reshape(row))) if each else reshape


def _elements(row: Row, each: tuple[str, ...]) -> Iterator[Row]:
    """One row per element of the parallel lists; the shorter ones are filled up with nothing."""
    lists = [_as_list(row.get(name)) for name in each]
    for values in zip_longest(*lists, fillvalue=""):
        yield {**row, **dict(zip(each, values, strict=True))}


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def apply(feed: Feed, rows: Sequence[Row], scope: Scope) -> Fed:
    """Every row through the feed; a value that fits no column rejects its row, with the reason."""
    fed = Fed()
    maker = None if feed.fills else Maker(feed, scope)
    printed = iter(rows)
    while batch := list(islice(printed, BATCH)):
        left = _kept(feed, _shaped(feed, batch, fed), fed)
        if maker is not None:
            records, left = maker.make(left)
            fed.records += records
        for row in left:
            _add(feed, row, scope, fed)
    return fed


def _shaped(feed: Feed, rows: list[Row], fed: Fed) -> list[Row]:
    """The rows as the feed wants them; one that cannot be reshaped is rejected."""
    if not (feed.reshape or feed.each):
        return rows
    shaped: list[Row] = []
    shape = _shape(feed)
    for row in rows:
        try:
            shaped += tuple(shape(row))
        except UNFIT as error:
            fed.rejected.append(Rejected(row, _said(error)))
    return shaped


def _kept(feed: Feed, rows: list[Row], fed: Fed) -> list[Row]:
    """Without the rows that are left out on purpose; a row of which that cannot be told is rejected."""
    kept = rows
    for skip in feed.skip:
        when = skip.when
        try:
            passing = [row for row in kept if not when(row)]
            fed.filtered += len(kept) - len(passing)
        except UNFIT:
            passing = [row for row in kept if _passes(when, row, fed)]
        kept = passing
    return kept


def _passes(when: Callable[[Row], bool], row: Row, fed: Fed) -> bool:
    """Whether the row stays; it is counted if not."""
    try:
        left_out = bool(when(row))
    except UNFIT as error:
        fed.rejected.append(Rejected(row, _said(error)))
        return False
    fed.filtered += left_out
    return not left_out


def _add(feed: Feed, row: Row, scope: Scope, fed: Fed) -> None:
    """One row as a record, as what fills one, or as rejected."""
    record = RECORDS[feed.table]
    try:
        values = {name: source.value(row, scope) for name, source in feed.sources.items()}
        lacking = [name for name in feed.whole if values.get(name) in (None, "")]
        if lacking:
            raise ValueError(f"{lacking[0]} is missing: the answer may end inside this row")
        if feed.fills:
            key = tuple(values.pop(name) for name in record.KEY)
            fed.fills.append((key, values, row))
        else:
            fed.records.append(record(**values))
    except UNFIT as error:
        fed.rejected.append(Rejected(row, _said(error)))


def _said(error: Exception) -> str:
    """A ValueError says which value; the others make sense with their name only."""
    return str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
