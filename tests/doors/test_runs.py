"""Runs that meet: one session per device at a time, and an end to those that are not wanted any more."""

import time
from collections import Counter
from types import SimpleNamespace
from uuid import uuid4

import pytest

from nautobot_topology_cache import discovery, leases, queries, visits
from nautobot_topology_cache.choices import StatusChoices
from tests.doors.conftest import DEVICE
from tests.doors.played import configured
from tests.doors.snapshot import table_sizes

pytestmark = pytest.mark.django_db


@pytest.fixture
def taken(lab):
    """A device that another run holds, and that run's id."""
    (device,) = lab.devices(DEVICE)
    queries.device_caches([device.pk])
    holder = uuid4()
    assert leases.take(device.pk, holder, 60)
    return device, holder


def test_a_run_that_waited_takes_what_the_other_fetched(lab, taken, discover, monkeypatch):
    device, holder = taken

    def meanwhile(seconds):
        monkeypatch.setattr(visits, "time", time)
        leases.give_back(device.pk, holder)
        discover(devices=[device])

    monkeypatch.setattr(visits, "time", SimpleNamespace(monotonic=time.monotonic, sleep=meanwhile))
    run = discover(devices=[device], force_refresh=True)
    item = run.items.get()
    assert (item.status, item.connections, item.cache_hits) == ("completed", 0, len(item.commands))
    assert lab.counted(DEVICE)["connections"] == 1


def test_a_run_that_waited_in_vain_says_so_and_leaves_the_device_alone(lab, taken, discover):
    device, _holder = taken
    with configured(device_timeout=1):
        item = discover(devices=[device]).items.get()
    assert (item.status, item.error) == ("failed", "deadline: another run holds the device.")
    assert lab.counted(DEVICE)["connections"] == 0
    assert not any(table_sizes().values())


def test_a_busy_device_is_asked_once_it_is_free_however_long_the_others_take(lab, taken, discover):
    """They take longer together than it is waited for one."""
    device, holder = taken
    others = lab.devices("ost-core-02", "ost-dist-01", "ost-dist-02")
    leases.take(device.pk, holder, 2)
    for one in others:
        lab.turn(one.name, latency=0.1)
    with configured(device_timeout=5):
        run = discover(devices=[device, *others], concurrency=1)
    assert (run.completed_at - run.started_at).total_seconds() > 5
    assert set(run.items.values_list("status", flat=True)) == {"completed"}


def test_a_cancelled_run_begins_no_further_device(lab, user):
    devices = lab.devices("ost-core-01", "ost-core-02", "ost-dist-01", "ost-dist-02")
    wanted = {"devices": devices, "tables": ["arp_entries"], "concurrency": 1}
    run = discovery.create_run(discovery.Request.from_names(wanted, user), user)
    discovery.execute(run, user, report=lambda item: discovery.cancel(run))
    run.refresh_from_db()
    ended = Counter(run.items.values_list("status", flat=True))
    assert run.status == "cancelled"
    assert run.completed_at is not None
    assert ended.total() == len(devices)
    assert set(ended) == {StatusChoices.COMPLETED, StatusChoices.CANCELLED}
    contacted = sum(lab.counted(device.name)["connections"] for device in devices)
    assert contacted == ended[StatusChoices.COMPLETED]


def test_a_run_that_was_cancelled_before_it_began_contacts_nobody(lab, user):
    (device,) = lab.devices(DEVICE)
    run = discovery.create_run(discovery.Request.from_names({"devices": [device]}, user), user)
    discovery.cancel(run)
    discovery.execute(run, user)
    run.refresh_from_db()
    assert run.status == "cancelled"
    assert lab.counted(DEVICE)["connections"] == 0
