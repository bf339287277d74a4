"""Runs on RQ workers: processes of their own, over SSH, into the same rows; and what becomes of a run when they die."""

import os
import time
from collections import Counter
from threading import Thread

import psutil
import pytest
from django.db import connections

from nautobot_topology_cache import discovery, fanout
from nautobot_topology_cache.models import CachedInterface, DeviceCache, DiscoveryRun
from tests.doors import crew
from tests.doors.conftest import DEVICE
from tests.doors.played import configured

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 90.0
SEVERAL = ("ost-core-01", "ost-core-02", "ost-dist-01", "ost-dist-02")


@pytest.fixture
def workers(db, tmp_path):
    with configured(fan_out="auto"), crew.crew(tmp_path / "rq.log") as pool:
        yield pool


def until(true) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


class Executed:
    """A run that is carried out in a thread, as by the process of a Job."""

    def __init__(self, user, **options):
        self.run = discovery.create_run(discovery.Request.from_names(options, user), user)
        self.user = user
        self.thread = Thread(target=self._execute)
        self.thread.start()

    def _execute(self):
        try:
            discovery.execute(self.run, self.user)
        finally:
            connections.close_all()

    def ended(self) -> DiscoveryRun:
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()
        self.run.refresh_from_db()
        return self.run


def horses(pool: psutil.Process) -> list[psutil.Process]:
    """The processes that ask devices now: children of the pool's workers, each the first of its group."""
    return [one for worker in pool.children() for one in worker.children() if os.getpgid(one.pid) == one.pid]


def in_flight(run) -> int:
    return run.items.filter(status="in_progress").exclude(current_task="").count()


def test_every_device_is_asked_once_by_a_worker(lab, workers, discover):
    devices = lab.devices(*SEVERAL)
    run = discover(devices=devices)
    assert Counter(run.items.values_list("status", flat=True)) == {"completed": len(devices)}
    assert run.status == "completed"
    assert crew.tasks_done(run) == len(devices)
    assert {lab.counted(name)["logins"] for name in SEVERAL} == {1}
    assert set(run.items.values_list("attempts", flat=True)) == {1}
    assert not DeviceCache.objects.filter(lease_holder__isnull=False).exists()


def test_a_run_of_one_device_goes_ahead_of_large_ones(lab, workers, discover):
    (device,) = lab.devices(DEVICE)
    run = discover(devices=[device])
    assert run.status == "completed"
    assert fanout._queue(fanout.HIGH).finished_job_registry.count == 1


def test_a_device_whose_horse_is_killed_is_asked_once_more(lab, workers, user):
    lab.turn(DEVICE, latency=0.5)
    executed = Executed(user, devices=lab.devices(DEVICE))
    until(lambda: in_flight(executed.run))
    (horse,) = horses(workers)
    horse.kill()
    lab.turn(DEVICE, latency=0)
    run = executed.ended()
    item = run.items.get()
    assert (item.status, item.attempts) == ("completed", 2)
    assert CachedInterface.objects.filter(device=item.device).exists()


def test_a_device_whose_horse_is_killed_twice_has_failed_and_says_so(lab, workers, user):
    lab.turn(DEVICE, latency=0.5)
    executed = Executed(user, devices=lab.devices(DEVICE))
    for attempt in (1, 2):
        until(lambda attempt=attempt: in_flight(executed.run) and executed.run.items.get().attempts == attempt)
        for horse in horses(workers):
            horse.kill()
    run = executed.ended()
    item = run.items.get()
    assert (run.status, item.status) == ("failed", "failed")
    assert item.error == "killed: the RQ worker that asked it died, twice"
    assert not CachedInterface.objects.exists()
