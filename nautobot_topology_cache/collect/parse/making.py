"""Records from printed rows, each distinct printed value converted once: tables repeat most of what they print."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import attrs

from nautobot_topology_cache.collect.commands import Feed, Scope, Source
from nautobot_topology_cache.collect.records import RECORDS, Record
from nautobot_topology_cache.collect.results import Row

Key = Callable[[Row], Hashable]
Set = Callable[[Record, Any], None]


class _Seen(dict[Hashable, Any]):
    """What was printed -> the value to store, worked out when it is first asked for.

    Only text is kept: 1, 1.0 and True are equal as keys, and yet three values.
    """

    def __init__(self, work: Callable[[Any], Any]) -> None:
        super().__init__()
        self._work = work

    def __missing__(self, printed: Any) -> Any:
        value = self._work(printed)
        if all(part is None or isinstance(part, str) for part in (printed if type(printed) is tuple else (printed,))):
            self[printed] = value
        return value


class Maker:
    """Makes the records of one feed in one scope, as `record(**values)` would, without its cost per row.

    An error means that the row has to be made the plain way, which knows what to say about it.
    """

    def __init__(self, feed: Feed, scope: Scope) -> None:
        self._record = RECORDS[feed.table]
        self._columns: list[tuple[Set, str, Key | None, _Seen]] = []
        self._derived: list[tuple[Set, Callable[[Record], Any]]] = []
        for field in attrs.fields(self._record):
            put = getattr(self._record, field.name).__set__
            source = feed.sources.get(field.name)
            if source is None and isinstance(field.default, attrs.Factory):  # type: ignore[arg-type]  # it is a class
                self._derived.append((put, field.default.factory))
                continue
            name = source.uses[0] if source and len(source.uses) == 1 else ""
            key = _key(source.uses) if source and len(source.uses) > 1 else None
            self._columns.append((put, name, key, _Seen(_work(field, source, scope, field.name in feed.whole))))

    def make(self, row: Row) -> Record:
        """The record of one row. Raises what sources, converters and validators raise."""
        record = object.__new__(self._record)
        get = row.get
        for put, name, key, seen in self._columns:
            put(record, seen[get(name) if key is None else key(row)])
        for put, derive in self._derived:
            put(record, derive(record))
        return record


def _key(uses: tuple[str, ...]) -> Key:
    if len(uses) == 2:
        first, second = uses
        return lambda row: (row.get(first), row.get(second))
    return lambda row: tuple([row.get(name) for name in uses])


def _work(field: attrs.Attribute[Any], source: Source | None, scope: Scope, whole: bool) -> Callable[[Any], Any]:
    """From what is printed in a column's sources to what is stored in it."""
    convert: Any = field.converter

    def work(printed: Any) -> Any:
        value = field.default
        if source is not None:
            parts = printed if len(source.uses) > 1 else (printed,) * len(source.uses)
            value = source.value(dict(zip(source.uses, parts, strict=True)), scope)
        if value is attrs.NOTHING or (whole and value in (None, "")):
            raise ValueError(f"{field.name} is missing")
        if convert is not None:
            value = convert(value)
        if field.validator is not None:
            field.validator(None, field, value)
        return value

    return work
