"""Records from printed rows, a column at a time: tables repeat most of what they print, and converters cost most.

Each distinct printed value is converted once. The records' slots are then filled by one generated loop per record
class, as attrs writes an `__init__`; what a converter or validator refuses leaves its row to the plain way, which is
`record(**values)` and knows what to say about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import compress, repeat
from operator import itemgetter
from typing import Any

import attrs

from nautobot_topology_cache.collect.commands import Column, Feed, Scope, Source
from nautobot_topology_cache.collect.records import RECORDS, Record
from nautobot_topology_cache.collect.results import Row

UNFIT = (ValueError, TypeError, LookupError, AttributeError)
"""What sources and converters raise when they meet a value of a kind that they were not written for."""
Fill = Callable[..., list[Record]]
"""The columns of a record class in their order -> its records."""

_REFUSED: Any = object()
"""Stands where a value should, if it is UNFIT."""
_TEXT = frozenset({str, type(None)})
"""Only these are told apart by equality: 1, 1.0 and True are one key of a dictionary, and yet three values."""
_MOST_KEPT = 65536
"""Distinct values that a column remembers."""


class _Values(dict[Any, Any]):
    """What was printed in a column's sources -> the value to store, worked out when it is first asked for."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        super().__init__()
        self._work = work
        self.refused = False
        """Whether any value was."""

    def work(self, printed: Any) -> Any:
        try:
            return self._work(printed)
        except UNFIT:
            self.refused = True
            return _REFUSED

    def __missing__(self, printed: Any) -> Any:
        value = self[printed] = self.work(printed)
        return value


@attrs.frozen
class _Column:
    """One column of the records: which printed columns it needs, and what is made of them."""

    uses: tuple[str, ...]
    values: _Values

    def of(self, rows: Sequence[Row]) -> Iterable[Any]:
        """Its value in each of the rows."""
        values = self.values
        if not self.uses:
            return repeat(values[()], len(rows))
        told = [_printed(name, rows) for name in self.uses]
        printed = told[0] if len(told) == 1 else list(zip(*told, strict=True))
        if not all(_TEXT.issuperset(map(type, column)) for column in told):
            return [values.work(one) for one in printed]
        if len(values) > _MOST_KEPT:
            values.clear()
        return list(map(values.__getitem__, printed))


def _printed(name: str, rows: Sequence[Row]) -> list[Any]:
    """A printed column; parsers leave out what they did not find."""
    try:
        return list(map(itemgetter(name), rows))
    except KeyError:
        return [row.get(name) for row in rows]


class Maker:
    """Makes the records of one feed in one scope, as `record(**values)` would, without its cost per row."""

    def __init__(self, feed: Feed, scope: Scope) -> None:
        record = RECORDS[feed.table]
        given = frozenset(feed.sources)
        self._fill = _filling(feed.table, given)
        self._columns = [
            _column(field, feed.sources.get(field.name), scope, field.name in feed.whole)
            for field in attrs.fields(record)
            if not _is_derived(field, given)
        ]

    def make(self, rows: Sequence[Row]) -> tuple[list[Record], list[Row]]:
        """The records of the rows, and the rows of which none could be made, each in the order of the rows."""
        columns = [column.of(rows) for column in self._columns]
        if not any(column.values.refused for column in self._columns):
            return self._fill(*columns), []
        columns = [list(column) for column in columns]
        whole = [all(value is not _REFUSED for value in values) for values in zip(*columns, strict=True)]
        unfit = [row for row, fits in zip(rows, whole, strict=True) if not fits]
        return self._fill(*(compress(column, whole) for column in columns)), unfit


def _column(field: attrs.Attribute[Any], source: Source | None, scope: Scope, whole: bool) -> _Column:
    """From what is printed in a column's sources to what is stored in it."""
    bound: Callable[..., Any] = source.bind(scope) if source is not None else lambda: field.default
    uses = source.uses if source is not None else ()
    convert: Any = field.converter
    validate = field.validator
    single = len(uses) == 1
    if isinstance(source, Column) and convert is not None and validate is None and not whole:
        return _Column(uses, _Values(convert))

    def work(printed: Any) -> Any:
        value = bound(printed) if single else bound(*printed)
        if value is attrs.NOTHING or (whole and value in (None, "")):
            raise ValueError(f"{field.name} is missing")
        if convert is not None:
            value = convert(value)
        if validate is not None:
            validate(None, field, value)
        return value

    return _Column(uses, _Values(work))


def _is_derived(field: attrs.Attribute[Any], given: frozenset[str]) -> bool:
    """Whether the record works the column out from others."""
    return field.name not in given and isinstance(field.default, attrs.Factory)  # type: ignore[arg-type]  # a class


@cache
def _filling(table: str, given: frozenset[str]) -> Fill:
    """The generated loop that fills the slots of a table's record class; columns not `given` may be derived.

    def fill(ip_address, mac_address):
        made = []
        for v_ip_address, v_mac_address, in zip(ip_address, mac_address):
            one = new(Blank)
            one.ip_address = v_ip_address
            one.mac_address = v_mac_address
            one.ip_version = derive_ip_version(one)
            one.__class__ = Record
            made.append(one)
        return made
    """
    record = RECORDS[table]
    names: list[str] = []
    steps = ["one = new(Blank)"]
    known: dict[str, Any] = {"new": object.__new__, "Blank": _blank(record), "Record": record}
    for field in attrs.fields(record):
        if _is_derived(field, given):
            known[f"derive_{field.name}"] = field.default.factory
            steps.append(f"one.{field.name} = derive_{field.name}(one)")
        else:
            names.append(field.name)
            steps.append(f"one.{field.name} = v_{field.name}")
    code = (
        f"def fill({', '.join(names)}):",
        "    made = []",
        f"    for {', '.join(f'v_{name}' for name in names)}, in zip({', '.join(names)}):",
        *(f"        {step}" for step in (*steps, "one.__class__ = Record", "made.append(one)")),
        "    return made",
    )
    exec(compile("\n".join(code), f"<filling {table}>", "exec"), known)  # noqa: S102 - generated from our own class
    fill: Fill = known["fill"]
    return fill


def _blank(record: type[Record]) -> type:
    """The same slots without the ban on setting them, which is most of what making a frozen object costs."""
    free = {"__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    return type(
        record.__name__, record.__bases__, {"__slots__": [field.name for field in attrs.fields(record)], **free}
    )
