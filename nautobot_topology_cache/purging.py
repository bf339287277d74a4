"""What a purge removes. It writes no row: what it leaves is as `store` wrote it, and DeviceCache is never removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

import attrs
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from nautobot_topology_cache import endings
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.configuration import settings
from nautobot_topology_cache.models import CachedSlice, CommandOutput, DeviceCache, DiscoveryRun, DiscoveryRunItem
from nautobot_topology_cache.requests import EVERY, BadRequest, named_devices, read_switch, read_whole

LAYERS = ("commands", "tables", "runs")
OPTIONS = ("layers", "devices", "older_than_days", "history_only")
PERMISSION = "nautobot_topology_cache.delete_devicecache"
LONGEST_AGE = 36500
"""Days."""
TOGETHER = 20
"""Devices per transaction: few enough to let runs in between, many enough to be quick."""
RUNS_TOGETHER = 500
BUSY = "busy_devices"
"""Name of the count of devices that were left alone because a run holds them."""


@attrs.frozen(kw_only=True)
class Purge:
    """A checked request to remove."""

    layers: tuple[str, ...]
    devices: tuple[str, ...] | None
    """None for every device that the user may purge."""
    older_than_days: int | None = None
    history_only: bool = False

    @classmethod
    def from_names(cls, given: Mapping[str, Any], user: Any) -> Self:
        """A purge from a door's raw options; raises BadRequest naming every option that is wrong."""
        errors = {
            name: [f"There is no such option; there are {', '.join(OPTIONS)}."] for name in given if name not in OPTIONS
        }
        values: dict[str, Any] = {}
        for name, read in (("layers", _layers), ("devices", _devices), ("older_than_days", _days)):
            try:
                values[name] = read(given.get(name), user)
            except BadRequest as problem:
                errors |= problem.errors
            except ValueError as problem:
                errors[name] = [str(problem)]
        try:
            values["history_only"] = read_switch(given.get("history_only") or False)
        except ValueError as problem:
            errors["history_only"] = [str(problem)]
        if values.get("history_only") and "commands" in values.get("layers", ()):
            errors["history_only"] = ["Layer 1 has no history: leave out `commands`."]
        if errors:
            raise BadRequest(errors)
        return cls(**values)


def _layers(given: Any, user: Any) -> tuple[str, ...]:
    named = tuple(given) if isinstance(given, list | tuple | set) else (given,) if given else ()
    unknown = [str(one) for one in named if one not in LAYERS]
    if unknown or not named:
        wrong = f"There is no layer {', '.join(unknown)}" if unknown else "Choose what to remove"
        raise ValueError(f"{wrong}; there are {', '.join(LAYERS)}.")
    return tuple(layer for layer in LAYERS if layer in named)


def _devices(given: Any, user: Any) -> tuple[str, ...] | None:
    if given in (EVERY, [EVERY]):
        return None
    if not given:
        raise ValueError(f"Name devices, or say “{EVERY}”.")
    return named_devices(given, user)


def _days(given: Any, user: Any) -> int | None:
    return None if given in (None, "") else read_whole(given, 0, LONGEST_AGE)


def purge(wanted: Purge, user: Any) -> dict[str, int]:
    """Remove what is wanted of the devices that `user` may purge; how much went, by name.

    A device that a run holds is left alone and counted: what the run is writing must not vanish under its hands.
    """
    ours = settings()
    now = timezone.now()
    days = wanted.older_than_days
    layers = set(wanted.layers)
    removed = Counter(dict.fromkeys(_names(layers), 0))
    if layers & {"commands", "tables"}:
        longest = ours.history_days if days is None and wanted.history_only else days
        before = None if longest is None else now - timedelta(days=longest)
        for devices in _portions(_purgeable(wanted, user), TOGETHER):
            removed.update(_purge_devices(devices, layers, before, wanted.history_only))
    if "runs" in layers:
        before = now - timedelta(days=ours.run_days if days is None else days)
        removed.update(_purge_runs(wanted, user, before))
    return dict(sorted(removed.items()))


def told(removed: Mapping[str, int]) -> str:
    """The counts in words."""
    gone = [f"{count} {name.replace('_', ' ')}" for name, count in removed.items() if count and name != BUSY]
    busy = removed.get(BUSY)
    left = f" {busy} devices were left alone because runs hold them: purge them again later." if busy else ""
    return f"Removed {', '.join(gone) or 'nothing'}.{left}"


def _names(layers: set[str]) -> Iterator[str]:
    """What is counted even if there was nothing."""
    if layers & {"commands", "tables"}:
        yield BUSY
    if "commands" in layers:
        yield "commands"
    if "tables" in layers:
        yield from (*CATALOG, "slices")
    if "runs" in layers:
        yield from ("runs", "run_items")


def _purgeable(wanted: Purge, user: Any) -> list[UUID]:
    """Only devices with a DeviceCache have rows: no run writes without one."""
    caches = DeviceCache.objects.restrict(user, "delete").order_by()
    if wanted.devices is not None:
        caches = caches.filter(device__in=wanted.devices)
    return list(caches.values_list("device", flat=True))


def _purge_devices(devices: list[UUID], layers: set[str], before: datetime | None, history_only: bool) -> Counter[str]:
    """One transaction, in which no run can begin to write these devices."""
    removed: Counter[str] = Counter()
    with transaction.atomic():
        free = _hold(devices)
        removed[BUSY] = len(devices) - len(free)
        if "commands" in layers:
            outputs = CommandOutput.objects.filter(device__in=free)
            removed["commands"] = _remove(outputs if before is None else outputs.filter(collected_at__lt=before))
        if "tables" in layers:
            removed.update(_purge_tables(free, before, history_only))
    return removed


def _hold(devices: list[UUID]) -> list[UUID]:
    """Lock the devices that no run holds to the end of the transaction; waits for nobody, so nothing can deadlock."""
    idle = Q(lease_holder__isnull=True) | Q(lease_expires_at__lt=Now())
    caches = DeviceCache.objects.filter(idle, device__in=devices).select_for_update(skip_locked=True)
    return list(caches.values_list("device", flat=True))


def _purge_tables(devices: list[UUID], before: datetime | None, history_only: bool) -> Counter[str]:
    """Slices with all their rows; with an age, those not heard of since then, and what was closed before."""
    slices = CachedSlice.objects.filter(device__in=devices).order_by()
    if before is not None:
        last = Coalesce("closed_at", "collected_at", "attempted_at")
        slices = slices.alias(last=last).filter(last__lt=before)
    if history_only:
        # What is not asked any more has closed rows alone, and is history itself.
        slices = slices.filter(closed_at__isnull=False)
    chosen = Q() if before is None else Q(slice__in=slices.values("pk")) | Q(valid_to__lt=before)
    removed: Counter[str] = Counter()
    for name, spec in CATALOG.items():
        removed[name] = _remove(spec.model.versions.filter(chosen, device__in=devices).order_by())
    removed["slices"] = _remove(slices)
    return removed


def _remove(rows: QuerySet) -> int:
    """One statement, without a signal per row; nothing but what is removed here too refers to these rows."""
    return rows._raw_delete(rows.db) or 0


def _purge_runs(wanted: Purge, user: Any, before: datetime) -> Counter[str]:
    """Ended runs with their items; of a run with other devices too, the items of these devices alone."""
    endings.end_left_behind()
    runs = DiscoveryRun.objects.filter(created_at__lt=before, completed_at__isnull=False).order_by()
    items = DiscoveryRunItem.objects.order_by()
    if wanted.devices is not None or not user.is_superuser:
        ours = Q(device__in=_purgeable(wanted, user))
        items = items.filter(ours if wanted.devices is not None else ours | Q(device__isnull=True))
    if wanted.devices is not None:
        runs = runs.filter(pk__in=items.values("run"))
    removed: Counter[str] = Counter()
    for some in _portions(list(runs.values_list("pk", flat=True)), RUNS_TOGETHER):
        with transaction.atomic():
            removed["run_items"] += _remove(items.filter(run__in=some))
            removed["runs"] += _remove(DiscoveryRun.objects.filter(pk__in=some, items__isnull=True).order_by())
    return removed


def _portions(ids: list[UUID], size: int) -> Iterator[list[UUID]]:
    return (ids[at : at + size] for at in range(0, len(ids), size))
