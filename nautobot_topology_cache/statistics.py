"""How much is stored and how well it stands: one value for `statistics/`, its page and the command line.

The number of queries does not depend on how much is stored. Everything is of what the user may view.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import attrs
from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Length
from django.utils import timezone
from nautobot.dcim.models import Device

from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.choices import OutcomeChoices, RunStatusChoices
from nautobot_topology_cache.models import CachedSlice, CommandOutput, DeviceCache, DiscoveryRun, DiscoveryRunItem
from nautobot_topology_cache.models.runs import shown_status
from nautobot_topology_cache.queries import serving

PERMISSION = "nautobot_topology_cache.view_devicecache"
DAY = timedelta(hours=24)
LAST_RUNS = 5
LARGEST = 10


@attrs.frozen
class TableFigures:
    """One table, over all visible devices. A slice is what one command printed for it on one device."""

    rows: int
    slices: dict[str, int]
    """By outcome."""
    valid: int
    stale: int
    """Failed ones too; a command that a device never knew is neither valid nor stale."""
    failed: int
    oldest_collected_at: datetime | None
    newest_collected_at: datetime | None


@attrs.frozen
class SliceFigures:
    """The sums over all tables."""

    valid: int
    stale: int
    failed: int


@attrs.frozen
class DeviceFigures:
    """Visible devices; `cached` are those that a run has known, polled or not."""

    total: int
    cached: int
    not_cached: int
    polling_enabled: int
    polling_disabled: int


@attrs.frozen
class OutputFigures:
    """Layer 1. `valid` answers serve a run by themselves, `expired` ones only a rebuild or an export."""

    total: int
    bytes: int
    """As stored, which is compressed."""
    valid: int
    expired: int


@attrs.frozen
class RunFigures:
    """Runs by status, and of the last 24 hours the share of commands that stored answers served, 0 to 1."""

    by_status: dict[str, int]
    hit_rate: float | None
    last: list[RunLine]


@attrs.frozen
class RunLine:
    """One of the last runs; its counts are of visible devices."""

    id: UUID
    status: str
    created_at: datetime
    completed_at: datetime | None
    total_devices: int
    completed_devices: int
    failed_devices: int


@attrs.frozen
class LargeDevice:
    """A device, and how many rows it has in all tables that the user may view."""

    device_id: UUID
    device_name: str
    rows: int


@attrs.frozen
class Statistics:
    """All of it; None stands for what the user may not view, and such tables are absent."""

    tables: dict[str, TableFigures]
    slices: SliceFigures
    devices: DeviceFigures
    command_outputs: OutputFigures | None
    runs: RunFigures | None
    largest_devices: list[LargeDevice]

    def as_dict(self) -> dict[str, Any]:
        """As REST answers it."""
        return attrs.asdict(self)


def statistics(user: Any) -> Statistics:
    """What is stored at this moment, of what `user` may view."""
    names = [name for name, spec in CATALOG.items() if user.has_perm(spec.permission)]
    tables = _tables(names, user)
    return Statistics(
        tables=tables,
        slices=SliceFigures(*(sum(getattr(one, kind) for one in tables.values()) for kind in _KINDS)),
        devices=_devices(user),
        command_outputs=_outputs(user) if user.has_perm("nautobot_topology_cache.view_commandoutput") else None,
        runs=_runs(user) if user.has_perm("nautobot_topology_cache.view_discoveryrun") else None,
        largest_devices=_largest(names, user),
    )


_KINDS = tuple(attrs.fields_dict(SliceFigures))


def _slices(names: Iterable[str], user: Any) -> QuerySet:
    """The slices that are asked, of these tables."""
    return CachedSlice.objects.of_visible_devices(user).filter(closed_at=None, table__in=names).order_by()


def _tables(names: Iterable[str], user: Any) -> dict[str, TableFigures]:
    counted = _slices(names, user).values("table", "outcome")
    counted = counted.annotate(
        slices=Count("pk"),
        stale=Count("pk", filter=CachedSlice.are_stale()),
        oldest=Min("collected_at"),
        newest=Max("collected_at"),
    )
    by_table: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for one in counted:
        by_table[one["table"]].append(one)
    return {name: _table(name, parts, user) for name, parts in by_table.items()}


def _table(name: str, parts: list[dict[str, Any]], user: Any) -> TableFigures:
    """`parts` are the table's slices, counted by outcome."""
    by_outcome = Counter(dict.fromkeys(OutcomeChoices.values(), 0))
    by_outcome.update({part["outcome"]: part["slices"] for part in parts})
    return TableFigures(
        # Counted where they are: a permission may have constraints on rows, of which their slices know nothing.
        rows=CATALOG[name].model.objects.restrict(user, "view").count(),
        slices=dict(by_outcome),
        valid=sum(part["slices"] - part["stale"] for part in parts if part["outcome"] in OutcomeChoices.GOOD),
        stale=sum(part["stale"] for part in parts),
        failed=by_outcome[OutcomeChoices.FAILED],
        oldest_collected_at=min((part["oldest"] for part in parts if part["oldest"]), default=None),
        newest_collected_at=max((part["newest"] for part in parts if part["newest"]), default=None),
    )


def _devices(user: Any) -> DeviceFigures:
    total = Device.objects.restrict(user, "view").count()
    caches = DeviceCache.objects.restrict(user, "view").order_by()
    counts = caches.aggregate(cached=Count("pk"), disabled=Count("pk", filter=Q(polling_enabled=False)))
    cached, disabled = counts["cached"], counts["disabled"]
    return DeviceFigures(total, cached, total - cached, cached - disabled, disabled)


def _outputs(user: Any) -> OutputFigures:
    counts = CommandOutput.objects.restrict(user, "view").aggregate(
        total=Count("pk"), bytes=Sum(Length("compressed")), valid=Count("pk", filter=serving(timezone.now()))
    )
    return OutputFigures(counts["total"], counts["bytes"] or 0, counts["valid"], counts["total"] - counts["valid"])


def _runs(user: Any) -> RunFigures:
    runs = DiscoveryRun.objects.restrict(user, "view").order_by()
    by_status = dict.fromkeys(RunStatusChoices.values(), 0)
    by_status.update(runs.values_list(shown_status()).annotate(Count("pk")))
    return RunFigures(
        by_status, _hit_rate(runs, user), [_line(run) for run in runs.order_by("-created_at")[:LAST_RUNS]]
    )


def _hit_rate(runs: QuerySet, user: Any) -> float | None:
    """None when nothing was asked."""
    recent = runs.filter(created_at__gte=timezone.now() - DAY).values("pk")
    items = DiscoveryRunItem.objects.of_visible_devices(user).filter(run__in=recent).order_by()
    work = items.aggregate(hits=Sum("cache_hits", default=0), sent=Sum("commands_sent", default=0))
    answered: int = work["hits"] + work["sent"]
    return work["hits"] / answered if answered else None


def _line(run: DiscoveryRun) -> RunLine:
    shared = [name for name in attrs.fields_dict(RunLine) if name not in ("id", "status")]
    return RunLine(id=run.pk, status=run.shown_status, **{name: getattr(run, name) for name in shared})


def _largest(names: Iterable[str], user: Any) -> list[LargeDevice]:
    constrained = [CATALOG[name].model for name in names if CATALOG[name].model.objects.is_constrained(user)]
    others = [name for name in names if CATALOG[name].model not in constrained]
    sums: Counter[tuple[str, UUID]] = Counter()
    for rows, figure in (
        (_slices(others, user), Sum("rows")),
        *((model.objects.restrict(user, "view").order_by(), Count("pk")) for model in constrained),
    ):
        for pk, name, count in rows.values_list("device", "device__name").annotate(figure):
            sums[name or str(pk), pk] += count
    largest = sorted(sums.items(), key=lambda one: (-one[1], one[0]))[:LARGEST]
    return [LargeDevice(pk, name, count) for (name, pk), count in largest if count]
