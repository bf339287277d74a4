"""What has to be written so that a table shows the records of one slice: a comparison, without a database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from hashlib import blake2b
from operator import attrgetter
from typing import Any, NamedTuple

import attrs

from nautobot_topology_cache.catalog import TableSpec
from nautobot_topology_cache.collect.records import Record
from nautobot_topology_cache.models.keys import row_key

Values = tuple[Any, ...]


class Current(NamedTuple):
    """A row that holds now, as the database has it; UUIDs as their digits, for UUID objects cost more than the rest."""

    key: str
    id: str
    slice_id: str
    missing_since: datetime | None
    values: Values


@attrs.define
class Changes:
    """The difference between a slice's records and the current rows."""

    added: list[tuple[str, Values]] = attrs.field(factory=list)
    """(row key, values) of rows that were not there."""
    changed: list[tuple[Current, Values]] = attrs.field(factory=list)
    found_again: list[Current] = attrs.field(factory=list)
    """Unchanged rows that were missing, or belonged to another slice."""
    absent: list[Current] = attrs.field(factory=list)
    """Rows of this slice that its answer does not have."""
    unchanged: int = 0

    @property
    def writes(self) -> bool:
        return bool(self.added or self.changed or self.found_again or self.absent)

    def taken_from(self, slice_id: str) -> set[str]:
        """The other slices to which rows belonged that this one shows now."""
        rows = [*(row for row, _ in self.changed), *self.found_again]
        return {row.slice_id for row in rows} - {slice_id}


def values_of(spec: TableSpec) -> Any:
    """A function from a record to its column values, in the order of `spec.columns`."""
    return attrgetter(*spec.columns)


def _keys_of(spec: TableSpec) -> Callable[[Record], tuple[Any, ...]]:
    """`Record.key`, looked up once for all records."""
    if len(spec.key) == 1:
        return spec.record.key
    return attrgetter(*spec.key)


def digest(spec: TableSpec, records: Iterable[Record], kept_columns: frozenset[str]) -> str:
    """BLAKE2b-128 of the records, of their columns and of those that are kept: equal digests mean equal rows."""
    columns = values_of(spec)
    content = blake2b(repr((spec.columns, sorted(kept_columns))).encode(), digest_size=16)
    for record in records:
        content.update(repr(columns(record)).encode("utf-8", "surrogatepass"))
    return content.hexdigest()


def compare(
    spec: TableSpec,
    slice_id: str,
    records: Iterable[Record],
    current: Mapping[str, Current],
    kept_columns: frozenset[str],
) -> Changes:
    """What to write; `current` are all current rows of the device in this table, by row key.

    A column in `kept_columns` keeps its stored value, because the command that fills it has no good answer.
    """
    changes = Changes()
    columns, key_of = values_of(spec), _keys_of(spec)
    kept = [at for at, name in enumerate(spec.columns) if name in kept_columns]
    seen: set[str] = set()
    for record in records:
        key = row_key(key_of(record))
        seen.add(key)
        values: Values = columns(record)
        row = current.get(key)
        if row is None:
            changes.added.append((key, values))
            continue
        if kept:
            values = tuple(row.values[at] if at in kept else value for at, value in enumerate(values))
        if values != row.values:
            changes.changed.append((row, values))
            continue
        changes.unchanged += 1
        if row.missing_since is not None or row.slice_id != slice_id:
            changes.found_again.append(row)
    changes.absent.extend(row for key, row in current.items() if row.slice_id == slice_id and key not in seen)
    return changes
