"""Printed rows to records, by a Feed; every row ends as a record, as filtered, or as rejected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
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
    for row in rows:
        for shaped in feed.reshape(row) if feed.reshape else (row,):
            if not feed.each:
                yield shaped
                continue
            lists = [_as_list(shaped.get(name)) for name in feed.each]
            for number in range(max(map(len, lists))):
                values = {
                    name: column[number] if number < len(column) else ""
                    for name, column in zip(feed.each, lists, strict=True)
                }
                yield {**shaped, **values}


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
    for row in rows:
        try:
            shaped += tuple(expand(feed, (row,)))
        except UNFIT as error:
            fed.rejected.append(Rejected(row, _said(error)))
    return shaped


def _kept(feed: Feed, rows: list[Row], fed: Fed) -> list[Row]:
    """Without the rows that are left out on purpose."""
    kept = rows
    for skip in feed.skip:
        when = skip.when
        kept = [row for row in kept if not when(row)]
    fed.filtered += len(rows) - len(kept)
    return kept


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
