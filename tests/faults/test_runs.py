"""Faults of the world around a run: what people change meanwhile, clocks, memory, disks, servers."""

import resource
import shutil
import signal
import subprocess
from datetime import datetime, timedelta

import psutil
import pytest
from django.db import connection, connections
from nautobot.dcim.models import Device, Platform

from development import faults
from nautobot_topology_cache.collect import wire
from nautobot_topology_cache.models import CachedARPEntry
from tests.doors.played import configured
from tests.faults import scene as scenes
from tests.faults.scene import item, meanwhile, start_again, untrue
from tests.faults.storm import MANY, many_entries
from tests.nautobot_env import test_processes
from tests.skips import NO_ROOT

pytestmark = pytest.mark.django_db(transaction=True)
ARP = "show ip arp"
GONE_WITH_A_DEVICE = (
    "dcim_device",
    "dcim_interface",
    "dcim_cablepath",
    "dcim_cabletocabletermination",
    "ipam_ipaddresstointerface",
    "extras_objectchange",
)
"""What Nautobot deletes with a Device, or writes down about it."""


def test_a_device_is_deleted(scene, observe):
    victim = scene.victim
    with meanwhile(scene.lab, victim.name, lambda: Device.objects.get(pk=victim.pk).delete()):
        run = scene.discover()
    ended = item(run, victim)
    left = {table for table, owner in scenes.photograph() if owner == str(victim.pk)}
    fault = "device_deleted_in_run"
    observe(fault, f"{ended.status}: {ended.error}", faults.BY_ID[fault].rows if not left else f"left in {left}")
    scene.gone = GONE_WITH_A_DEVICE


def test_a_device_is_renamed(scene, observe):
    victim = scene.victim
    with meanwhile(scene.lab, victim.name, lambda: Device.objects.filter(pk=victim.pk).update(name="renamed") and None):
        run = scene.discover()
    observe("device_renamed_in_run", item(run, victim).status, scene.rows())
    Device.objects.filter(pk=victim.pk).update(name=victim.name)


def test_a_device_gets_another_platform(scene, observe):
    victim = scene.victim
    other = (
        Platform.objects.get(network_driver="arista_eos")
        if Platform.objects.filter(network_driver="arista_eos")
        else Platform.objects.create(name="eos", network_driver="arista_eos")
    )
    scene.picture()
    with meanwhile(scene.lab, victim.name, lambda: Device.objects.filter(pk=victim.pk).update(platform=other) and None):
        run = scene.discover()
    observe("replatformed_in_run", item(run, victim).status, scene.rows())
    Device.objects.filter(pk=victim.pk).update(platform=victim.platform)


def test_two_runs_overlap(scene, observe):
    runs = []

    def second():
        runs.append(scene.discover(force_refresh=False))

    with meanwhile(scene.lab, scene.victim.name, second):
        runs.append(scene.discover())
    statuses = {run.status for run in runs}
    contacts = {device.name: sum(item(run, device).connections for run in runs) for device in scene.devices}
    ends = f"{'/'.join(sorted(statuses))}, connections to the device: {contacts[scene.victim.name]}"
    observe("runs_overlap", ends, scene.rows())


def test_the_clock_jumps(scene, observe, monkeypatch):
    jump = timedelta()

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + jump

    def back():
        nonlocal jump
        jump = -timedelta(hours=1)

    monkeypatch.setattr(wire, "datetime", Clock)
    with meanwhile(scene.lab, scene.victim.name, back):
        run = scene.discover(devices=[scene.victim])
    ended = item(run, scene.victim)
    words = {one["reason"].partition(":")[0] for one in ended.tables.values() if one["outcome"] == "failed"}
    seen = scene.rows()
    jump = timedelta()
    healed = scene.discover(devices=[scene.victim])
    observe("clock_jumps", f"{ended.status}: {', '.join(words)}", seen)
    assert (healed.status, scene.rows()) == ("completed", faults.RIGHT)


def test_the_memory_is_limited(scene, observe):
    scene.lab.turn(scene.victim.name, endless=ARP)
    used = psutil.Process().memory_info().vms
    limits = resource.getrlimit(resource.RLIMIT_AS)
    with configured(concurrency=2, max_answer_mb=4096, command_timeout=60):
        try:
            resource.setrlimit(resource.RLIMIT_AS, (used + 120 * 1024 * 1024, limits[1]))
            run = scene.discover()
        finally:
            resource.setrlimit(resource.RLIMIT_AS, limits)
    ended = item(run, scene.victim)
    reason = ended.tables.get("arp_entries", {}).get("reason", "").partition(":")[0] or ended.error
    observe("memory_limit", f"{ended.status}: arp_entries: {reason}", scene.rows())


@pytest.fixture
def small_disk(db, tmp_path):
    """A tablespace of a few megabytes for one table; answers the folder to fill."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(["/bin/mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)], check=False)
    if mounted.returncode:
        pytest.skip(NO_ROOT)
    try:
        space = place / "space"
        space.mkdir(mode=0o700)
        data = (test_processes().state / "postgres" / "data").stat()
        shutil.chown(space, data.st_uid, data.st_gid)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLESPACE small LOCATION '{space}'")
            cursor.execute(f"ALTER TABLE {CachedARPEntry._meta.db_table} SET TABLESPACE small")
            yield place
            cursor.execute(f"ALTER TABLE {CachedARPEntry._meta.db_table} SET TABLESPACE pg_default")
            cursor.execute("DROP TABLESPACE small")
    finally:
        subprocess.run(["/bin/umount", str(place)], check=True)


def fill(place) -> None:
    block = b"\0" * 4096
    with (place / "ballast").open("wb", buffering=0) as ballast:
        while True:
            try:
                ballast.write(block)
            except OSError:
                return


def test_the_disk_is_full(small_disk, scene, observe):
    scene.lab.turn(scene.victim.name, answers={ARP: "\n".join(many_entries(5000).split("\n"))})
    fill(small_disk)
    run = scene.discover()
    ended = item(run, scene.victim)
    told = [
        f"{name}: {one['reason'].partition(':')[0]}" for name, one in ended.tables.items() if one["outcome"] == "failed"
    ]
    seen = scene.rows()
    (small_disk / "ballast").unlink()
    scene.lab.reset()
    assert scene.discover().status == "completed"
    observe("disk_full", f"{ended.status}: {', '.join(told)}", seen)
    assert not untrue(scene.lab, scene.victim)


def test_a_hundred_thousand_rows(scene, observe):
    fault = "rows_100000"
    scene.lab.turn(scene.victim.name, answers={ARP: many_entries()})
    run = scene.discover()
    ended = item(run, scene.victim)
    figures = ended.tables["arp_entries"]
    stored = CachedARPEntry.objects.filter(device=scene.victim, slice__command=ARP).count()
    right = not untrue(scene.lab, scene.victim, "arp_entries") and scene.changed(scene.victim) == {"arp_entries"}
    as_stated = stored == MANY and figures["rejected"] == figures["unparsed"] == 0 and right
    observe(fault, ended.status, faults.BY_ID[fault].rows if as_stated else f"{stored} stored, {figures}")


def test_redis_restarts(scene, observe):
    processes = test_processes()

    def restart():
        processes.stop(["valkey"])
        start_again(processes)

    with configured(fan_out="auto"), meanwhile(scene.lab, scene.victim.name, restart):
        run = scene.discover()
    observe("redis_restarts", item(run, scene.victim).status, scene.rows())


def test_the_database_restarts(scene, observe):
    processes = test_processes()

    def restart():
        connections.close_all()
        processes.stop(["postgres"], signal.SIGINT)
        start_again(processes)

    with meanwhile(scene.lab, scene.victim.name, restart):
        run = scene.discover()
    ended = item(run, scene.victim)
    observe(
        "database_restarts",
        f"{ended.status}: {ended.error.partition(': ')[0]}: {ended.error.split(': ')[1]}",
        scene.rows().replace(faults.RIGHT, "its rows are kept"),
    )
    assert (run.status, run.completed_at is not None) == ("failed", True)
    healed = scene.discover()
    assert (healed.status, scene.rows()) == ("completed", faults.RIGHT)
