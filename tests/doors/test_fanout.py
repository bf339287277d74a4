"""Runs on RQ workers: processes of their own, over SSH, into the same rows; and what becomes of a run when they die."""

import time
from collections import Counter
from threading import Thread

import psutil
import pytest
from django.db import connections

from nautobot_topology_cache import discovery, endings, fanout
from nautobot_topology_cache.models import CachedInterface, DeviceCache, DiscoveryRun, DiscoveryRunItem
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
    """The processes that ask devices now: children of the pool's workers."""
    return [horse for worker in pool.children() for horse in worker.children()]


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
