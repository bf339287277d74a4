"""The rows about the store: records of one device to committed rows, in a real PostgreSQL. Needs Nautobot set up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import attrs

from development.bench import filling, held, house, rivals
from development.bench.answers import SAME, Churn, arp, macs, routes
from development.bench.measuring import TIMES, Figures, Series, series
from development.bench.report import Row, compared, growth, smaller
from nautobot_topology_cache import leases, queries, store
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.changes import values_of
from nautobot_topology_cache.collect.results import DeviceResult
from nautobot_topology_cache.models import CachedSlice
from nautobot_topology_cache.models.keys import row_key

FULL = 17_500
"""Rows of one device: 10,000 routes, 5,000 MAC addresses, 2,500 ARP entries."""
CHURN = Churn(100)
PHASES = ("first write", "unchanged rediscovery", "1 % churn")
RATIOS = dict(zip(PHASES, (40, 300, 100), strict=True))
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TABLES = ("routes", "mac_addresses", "arp_entries")
LEASE = uuid4()


def rows(full: bool, times: int = TIMES) -> Iterator[Row]:
    """All rows about the store."""
    count = FULL if full else FULL // 10
    yield from written(count, count // 10, times)


def written(count: int, sample: int, times: int) -> Iterator[Row]:
    """Three phases with `count` rows; the first rival gets `sample` of them, and its figures are multiplied."""
    ours = _phases(_Ours("bench-ours"), count, times)
    updating = _phases(_Rival("bench-update", rivals.update_rows), sample, times)
    replacing = _phases(_Rival("bench-replace", rivals.replace_rows), count, times)
    for phase in PHASES:
        mine, one, other = ours[phase], updating[phase], replacing[phase]
        void = _void(count, sample, mine, one, other)
        scale = count / sample
        yield compared(
            f"store: {phase}",
            count,
            "wall",
            mine,
            one,
            scale=scale,
            called="s",
            target=RATIOS[phase],
            void=void,
            details={**_costs("our", mine, 1), **_costs("the rival's", one, scale), "its sample": sample},
        )
        name = f"store: {phase}, beside delete and insert"
        yield compared(name, count, "wall", mine, other, called="s", void=void, details=_costs("the rival's", other, 1))
    again = ours[PHASES[1]].median("wal")
    yield Row(name=f"store: {PHASES[1]}, WAL", n=count, unit="bytes", ours=again, target=0, bar="most")
    yield _growth(count, ours[PHASES[0]], times)


def _costs(whose: str, measured: Series, scale: float) -> dict[str, float]:
    return {
        f"{whose} CPU s": measured.median("cpu") * scale,
        f"{whose} statements": round(measured.median("statements") * scale),
        f"{whose} WAL bytes": round(measured.median("wal") * scale),
    }


def _growth(count: int, largest: Series, times: int) -> Row:
    """How the time of a first write grows up to this size."""
    first = {size: _phases(_Ours("bench-small"), size, times)[PHASES[0]] for size in smaller(count, FULL)}
    costs = {size: cost.median("wall") for size, cost in first.items()}
    return growth(f"store: {PHASES[0]}", {**costs, count: largest.median("wall")})


def _result(count: int, churn: Churn, at: datetime) -> DeviceResult:
    """What a device with so many rows has told."""
    portions = (routes(count * 4 // 7, churn), macs(count * 2 // 7, churn), arp(count // 7, churn))
    return house.device_result(portions, at)


def expected(result: DeviceResult) -> held.Content:
    """What the tables must hold after this result."""
    return {
        one.table: tuple(sorted(map(values_of(CATALOG[one.table]), one.records), key=repr)) for one in result.slices
    }


@attrs.define
class _Ours:
    """The app's own store: outcomes, counts, digests and history."""

    name: str
    device: Any = None

    def begin(self) -> None:
        self.device = self.device or filling.device(self.name)
        held.clear(self.device, TABLES)
        queries.device_caches([self.device.pk])
        leases.take(self.device.pk, LEASE, 3600)

    def action(self, result: DeviceResult) -> Callable[[], Any]:
        return lambda: store.save_rows(self.device.pk, result, frozenset(TABLES), LEASE)


@attrs.define
class _Rival:
    """A rival; its rows point to slices that are made beforehand, for the tables are the same."""

    name: str
    write: Callable[[Any, held.Told], None]
    device: Any = None

    def begin(self) -> None:
        self.device = self.device or filling.device(self.name)
        held.clear(self.device, TABLES)

    def action(self, result: DeviceResult) -> Callable[[], Any]:
        told: held.Told = []
        for one in result.slices:
            spec = CATALOG[one.table]
            known, _ = CachedSlice.objects.get_or_create(
                device=self.device, table=one.table, command=one.command, outcome=one.outcome, attempted_at=NOON
            )
            for record in one.records:
                key = row_key(record.key())
                values = {name: getattr(record, name) for name in spec.columns}
                told.append(
                    (spec.model, {"open_key": key}, {"row_key": key, "slice": known, "valid_from": NOON, **values})
                )
        return lambda: self.write(self.device, told)


def _phases(side: Any, count: int, times: int) -> Mapping[str, Series]:
    """Phase -> what it cost this side, from an empty table on; the outcome says whether all rows are right."""
    results = [_result(count, churn, NOON + timedelta(hours=n)) for n, churn in enumerate((SAME, SAME, CHURN))]
    told: dict[str, list[tuple[Figures, Any]]] = {phase: [] for phase in PHASES}
    for _ in range(times):
        side.begin()
        for phase, result in zip(PHASES, results, strict=True):
            figures = held.counted(side.action(result))[0]
            right = held.content(side.device, TABLES) == expected(result)
            told[phase].append((figures, (right, sum(len(one.records) for one in result.slices))))
    return {phase: series(repetitions) for phase, repetitions in told.items()}


def _void(count: int, sample: int, ours: Series, updating: Series, replacing: Series) -> str:
    """Who does not hold what was told."""
    sides = {"ours": (ours, count), "update_or_create": (updating, sample), "delete and insert": (replacing, count)}
    wrong = [name for name, (one, size) in sides.items() if not one.outcome[0] or one.outcome[1] < size * 0.98]
    return f"the rows are not those that were told: {', '.join(wrong)}" if wrong else ""
