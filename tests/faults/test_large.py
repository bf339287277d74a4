"""A large run on RQ workers, one of which is killed in its midst: nothing is lost, and nothing is left unsaid.

`invoke faults --size 1000` asks a thousand devices; without a size the run is a small one, and the minute until the
dead worker's lease runs out is none.
"""

import os
import time
from collections.abc import Iterator
from threading import Event, Thread

import attrs
import psutil
import pytest

from development.fault_report import LARGE
from nautobot_topology_cache import fanout
from nautobot_topology_cache.models import DeviceCache, DiscoveryRun
from tests.doors import crew
from tests.doors.executed import Executed, horses, until
from tests.doors.played import Lab, configured, playing
from tests.faults.scene import leases_run_out, untrue_tables

pytestmark = pytest.mark.django_db(transaction=True)
SIZE = int(os.environ.get(LARGE) or 24)
WAITING = min(100, SIZE // 2)
"""Devices in flight or in the queue when the worker is killed, at least."""
WORKERS = 4
MEGABYTE = 1024 * 1024


@pytest.fixture
def network(tmp_path) -> Iterator[Lab]:
    with playing(tmp_path, f"--size={SIZE}") as lab:
        yield lab


@pytest.fixture
def workers(db, tmp_path) -> Iterator[psutil.Process]:
    limits = {"concurrency": min(2 * WAITING, 200), "logins_per_second": 100}
    with configured(fan_out="rq", **limits), crew.crew(tmp_path / "rq.log", WORKERS) as pool:
        yield pool


@attrs.define
class Memory:
    """The largest proportional set size, in megabytes, of the pool with all that it forks, seen once a second."""

    pool: psutil.Process
    most: float = 0.0
    over: Event = attrs.field(factory=Event)

    def watch(self) -> None:
        while not self.over.wait(1.0):
            self.most = max(self.most, sum(map(_megabytes, [self.pool, *self.pool.children(recursive=True)])))


def _megabytes(process: psutil.Process) -> float:
    try:
        return process.memory_full_info().pss / MEGABYTE
    except psutil.NoSuchProcess:
        return 0.0


def waiting(run: DiscoveryRun) -> int:
    """Devices that are asked, or whose task is in the queue."""
    return run.items.filter(status="in_progress").count() + fanout.queue_named(fanout.QUEUE).count


def kill_one(pool: psutil.Process) -> list[str]:
    """A worker with the process that asks a device for it; answers the item of that device, if it has begun one."""
    horse = horses(pool)[0]
    worker = horse.parent()
    tasks = [known.get_current_job_id() for known in crew.listening() if known.pid == worker.pid]
    for process in (worker, horse):
        process.kill()
    return [task.rpartition("-")[0] for task in tasks if task]


def unsaid(lab: Lab, run: DiscoveryRun) -> dict[str, list[str]]:
    """Devices whose rows are not true in tables of which the run does not say why."""
    truth = lab.truth()["devices"]
    found = {}
    for item in run.items.select_related("device"):
        said = [name for name, table in item.tables.items() if table["outcome"] == "failed" and table["reason"]]
        if not (item.status == "failed" and item.error):
            found[item.device_name] = untrue_tables(truth[item.device_name]["tables"], item.device, *said)
    return {name: tables for name, tables in found.items() if tables}


def test_a_worker_is_killed_in_the_midst_of_a_large_run(network, workers, user, record_property):
    devices = network.devices()
    memory = Memory(workers)
    Thread(target=memory.watch, daemon=True).start()
    began = time.monotonic()
    executed = Executed(user, devices=devices)
    completed = executed.run.items.filter(status="completed")
    until(lambda: completed.count() >= WORKERS and waiting(executed.run) >= WAITING and horses(workers))
    in_need = waiting(executed.run)
    asked = kill_one(workers)
    if LARGE not in os.environ:
        leases_run_out(device__in=executed.run.items.filter(pk__in=asked).values("device"))
    run = executed.ended(patience=3600)
    seconds = time.monotonic() - began
    memory.over.set()
    anew = run.items.filter(attempts=2)
    ended = {status: run.items.filter(status=status).count() for status in ("completed", "failed")}
    record_property(
        "figures",
        f"{len(devices)} devices on {WORKERS} RQ workers, one of them killed while {in_need} devices were in flight or "
        f"queued: {seconds:.0f} s, {60 * len(devices) / seconds:.0f} devices a minute, {memory.most:.0f} MB; "
        f"{ended['completed']} completed, {ended['failed']} failed, {anew.count()} asked again",
    )
    assert in_need >= WAITING
    assert unsaid(network, run) == {}
    assert sum(ended.values()) == len(devices)
    silent = {entry["name"] for entry in network.inventory["devices"] if entry["answers"] != "yes"}
    assert set(run.items.filter(status="failed").values_list("device_name", flat=True)) == silent
    # None if the worker was killed just before it began its device: then only its task is handed out anew.
    assert set(anew.values_list("status", flat=True)) <= {"completed"}
    assert not DeviceCache.objects.filter(lease_holder__isnull=False).exists()
