"""The drafts of one device to its slices: rows of several commands joined, twins told apart, everything counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from nautobot_topology_cache.collect.judge import Draft
from nautobot_topology_cache.collect.records import Record
from nautobot_topology_cache.collect.results import Counts, Rejected, SliceResult

Key = tuple[Any, ...]
NOTHING: Mapping[str, frozenset[str]] = {}
USELESS = ("failed", "unsupported")
"""Outcomes that replace nothing: what was filled in before stays."""


@attrs.define
class _Table:
    """One table of one device while it is put together."""

    owners: list[Draft] = attrs.field(factory=list)
    fillers: list[Draft] = attrs.field(factory=list)
    rows: dict[Key, Record] = attrs.field(factory=dict)
    """The current rows by key; over all slices, for a key is current once per device."""


def assemble(drafts: Iterable[Draft], unfilled: Mapping[str, frozenset[str]] = NOTHING) -> tuple[SliceResult, ...]:
    """Slices in the order of the drafts, a table's deciding commands before those that fill its columns.

    `unfilled`: by table, columns of filling commands that were not asked; like those of failed ones, they are kept.
    """
    tables: dict[str, _Table] = defaultdict(_Table)
    for draft in drafts:
        table = tables[draft.result.table]
        (table.fillers if draft.result.fills else table.owners).append(draft)
    return tuple(result for name, table in tables.items() for result in _finish(table, unfilled.get(name, frozenset())))


def _finish(table: _Table, unfilled: frozenset[str]) -> Iterable[SliceResult]:
    claimed = [(draft, *_claim(draft, table.rows)) for draft in table.owners]
    filled = [_fill(draft, table.rows) for draft in table.fillers]
    kept = unfilled.union(*(draft.result.fills for draft in table.fillers if draft.result.outcome in USELESS))
    doubt = _doubt(table)
    for draft, keys, duplicates, rejected in claimed:
        records = tuple(table.rows[key] for key in keys)
        result = _result(
            draft, len(records), duplicates, rejected, records=records, kept_columns=kept | draft.result.kept_columns
        )
        yield attrs.evolve(result, closes=False, reason=result.reason or doubt) if doubt else result
    yield from filled


def _doubt(table: _Table) -> str:
    """Why the deciding answers may lack rows, or `""`: other commands name rows that are not there."""
    named = {key for draft in table.fillers for key, _, _ in draft.fed.fills}
    lacking = sorted(str(key[0]) for key in named - table.rows.keys())
    return f"truncated: other commands name {len(lacking)} rows more, such as {lacking[0]}" if lacking else ""


def _claim(draft: Draft, rows: dict[Key, Record]) -> tuple[list[Key], int, list[Rejected]]:
    """Enter a draft's records; equal rows are one row, and of rows that share only the key the first one stands."""
    keys: list[Key] = []
    duplicates = 0
    rejected: list[Rejected] = []
    for record in draft.fed.records:
        key = record.key()
        standing = rows.setdefault(key, record)
        if standing is record:
            keys.append(key)
        elif standing == record:
            duplicates += 1
        else:
            rejected.append(Rejected(attrs.asdict(record), "another row has the same key"))
    return keys, duplicates, rejected


def _fill(draft: Draft, rows: dict[Key, Record]) -> SliceResult:
    """Add a draft's columns to the rows that it names."""
    stored = 0
    rejected: list[Rejected] = []
    for key, values, printed in draft.fed.fills:
        if key not in rows:
            rejected.append(Rejected(printed, "there is no row to which this could be added"))
            continue
        try:
            rows[key] = attrs.evolve(rows[key], **values)
        except ValueError as error:
            rejected.append(Rejected(printed, str(error)))
        else:
            stored += 1
    return _result(draft, stored, 0, rejected)


def _result(draft: Draft, stored: int, duplicates: int, rejected: list[Rejected], **more: Any) -> SliceResult:
    fed, result = draft.fed, draft.result
    refused = (*fed.rejected, *rejected)
    counts = Counts(
        parsed=fed.parsed,
        stored=stored,
        filtered=fed.filtered + duplicates,
        rejected=len(refused),
        unparsed=len(result.unparsed_lines),
    )
    return attrs.evolve(result, counts=counts, rejected=refused, **more)
