"""A few devices of the lab that were discovered without trouble, and what a run with trouble makes of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import attrs
import pytest
from django.db import connections
from django.db.models import F
from nautobot.dcim.models import Device

from development.lab.compare import compare
from development.servers import ensure_servers
from nautobot_topology_cache import discovery
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.models import DeviceCache, DiscoveryRun, DiscoveryRunItem
from tests.doors.played import Lab
from tests.doors.snapshot import contract_rows
from tests.faults.photograph import STATE, Photograph, changed_tables, differences, photograph

VICTIM = "ost-core-01"
OTHERS = ("ost-core-02", "ost-dist-01")
PATIENCE = 60.0
SLOW = 0.15
"""Seconds by which the victim answers late, so that there is time for something to happen to it."""
MINUTE = timedelta(seconds=61)
DEVICE_CACHE = "nautobot_topology_cache_devicecache"


def untrue(lab: Lab, device: Device, *but: str) -> list[str]:
    """Tables in which the device's rows are not those of the lab's truth."""
    return untrue_tables(lab.truth()["devices"][device.name]["tables"], device, *but)


def untrue_tables(true: dict[str, Any], device: Device, *but: str) -> list[str]:
    """The same with the truth about the device at hand, by table."""
    found = contract_rows(device)
    return [
        name for name in CATALOG if name not in but and compare(true.get(name, {"rows": []})["rows"], found[name], name)
    ]


def stale_tables(device: Device) -> set[str]:
    return {
        name
        for name, spec in CATALOG.items()
        if any(row.stale for row in spec.model.objects.filter(device=device).select_related("slice"))
    }


@attrs.define
class Scene:
    """`before` was taken when all devices had been discovered."""

    lab: Lab
    user: Any
    victim: Device
    others: list[Device]
    before: Photograph = attrs.field(factory=dict)
    gone: tuple[str, ...] = ()
    """Tables of Nautobot that the fault itself changes."""
    logs: list[Path] = attrs.field(factory=list)
    """What other processes have written meanwhile."""

    @property
    def devices(self) -> list[Device]:
        return [self.victim, *self.others]

    def begin(self, **options: Any) -> DiscoveryRun:
        wanted = {"devices": self.devices, "force_refresh": True, **options}
        return discovery.create_run(discovery.Request.from_names(wanted, self.user), self.user)

    def discover(self, **options: Any) -> DiscoveryRun:
        run = self.begin(**options)
        discovery.execute(run, self.user)
        run.refresh_from_db()
        return run

    def picture(self) -> None:
        self.before = photograph()

    def changed(self, device: Device) -> set[str]:
        return changed_tables(self.before, photograph(), device.pk)

    def disturbed(self, *allowed: str) -> set[tuple[str, str]]:
        """What else in the database has changed: nothing but the victim's, and what the run notes of its attempts."""
        ours = {str(device.pk) for device in self.devices}
        return {
            (table, owner)
            for table, owner in differences(self.before, photograph())
            if table not in allowed and owner != str(self.victim.pk) and not (owner in ours and table in STATE)
        }

    def rows(self, device: Device | None = None, *but: str) -> str:
        """What is true of a device's rows, the victim's if none is named."""
        from development import faults

        device = device or self.victim
        wrong, changed, stale = untrue(self.lab, device, *but), self.changed(device), stale_tables(device)
        if wrong or changed:
            return f"untrue {wrong}, changed {sorted(changed)}, stale {sorted(stale)}"
        return faults.KEPT if stale else faults.RIGHT

    def others_are_right(self) -> bool:
        from development import faults

        return {self.rows(device) for device in self.others} == {faults.RIGHT}


def item(run: DiscoveryRun, device: Device) -> DiscoveryRunItem:
    return run.items.get(device_name=device.name)


def start_again(processes: Any) -> None:
    """The servers of the tests, which the environment names as if somebody had given them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("NAUTOBOT_DB_HOST", "NAUTOBOT_REDIS_HOST"):
            patch.delenv(name, raising=False)
        ensure_servers(processes)


def a_minute_passes() -> None:
    """In which no process has said that it works on a run, or on a device."""
    DiscoveryRun.objects.filter(heartbeat_at__isnull=False).update(heartbeat_at=F("heartbeat_at") - MINUTE)
    leases_run_out()


def leases_run_out(**of: Any) -> None:
    """They are timed by the database's clock, as heartbeats are; `of` picks the DeviceCaches, else it is all."""
    held = DeviceCache.objects.filter(lease_holder__isnull=False, **of)
    held.update(lease_expires_at=F("lease_expires_at") - MINUTE)


@contextmanager
def meanwhile(lab: Lab, name: str, act: Callable[[], None], after: int = 4) -> Iterator[None]:
    """`act` happens in a thread with a database connection of its own, once the device was asked some commands."""
    lab.reset()
    lab.turn(name, latency=SLOW)
    trouble: list[BaseException] = []

    def work() -> None:
        try:
            until(lambda: lab.counted(name)["commands"] >= after)
            act()
        except BaseException as error:  # noqa: BLE001  told to the test below
            trouble.append(error)
        finally:
            connections.close_all()

    thread = Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        thread.join(PATIENCE)
        lab.reset()
    assert not trouble, trouble


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)
