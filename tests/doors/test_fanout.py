"""Runs on RQ workers: processes of their own, over SSH, into the same rows; and what becomes of a run when they die."""

import json
import time
import zlib
from collections import Counter
from datetime import timedelta

import attrs
import pytest
from django.utils import timezone
from nautobot.extras.models import JobResult

from development.processes import kill_family
from nautobot_topology_cache import discovery, fanout, queries
from nautobot_topology_cache.configuration import settings
from nautobot_topology_cache.models import CachedInterface, DeviceCache, DiscoveryRun
from nautobot_topology_cache.requests import Request
from nautobot_topology_cache.visits import longest_of
from tests.doors import crew
from tests.doors.conftest import DEVICE
from tests.doors.executed import Executed, horses, until
from tests.doors.played import configured

pytestmark = pytest.mark.django_db(transaction=True)
SEVERAL = ("ost-core-01", "ost-core-02", "ost-dist-01", "ost-dist-02")


@pytest.fixture
def workers(db, tmp_path):
    with configured(fan_out="auto"), crew.crew(tmp_path / "rq.log") as pool:
        yield pool


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


def test_neighbors_that_join_are_asked_by_workers_too(lab, workers, discover):
    spine, _leaf = lab.devices("gnt-spine-01", "gnt-leaf-01")
    run = discover(devices=[spine], tables=["interfaces", "neighbors"], expand_depth=2)
    assert dict(run.items.values_list("device_name", "status")) == {
        "gnt-spine-01": "completed",
        "gnt-leaf-01": "completed",
    }
    assert run.status == "completed"
    assert crew.tasks_done(run) == 2


def test_logins_are_spaced_over_all_workers(lab, user, monkeypatch, tmp_path):
    monkeypatch.setenv("TOPOLOGY_CACHE_TEST_SETTINGS", json.dumps({"logins_per_second": 0.5}))
    with configured(fan_out="rq"), crew.crew(tmp_path / "rq.log", workers=len(SEVERAL)):
        executed = Executed(user, devices=lab.devices(*SEVERAL))
        seen = []
        for logins in (1, len(SEVERAL)):
            until(lambda logins=logins: sum(lab.counted(name)["logins"] for name in SEVERAL) >= logins)
            seen.append(time.monotonic())
        assert executed.ended().status == "completed"
    # The first login is seen late by as much as it takes, and so is the last.
    assert seen[1] - seen[0] > (len(SEVERAL) - 1) / 0.5 - 1.5


def test_a_run_of_one_device_goes_ahead_of_large_ones(lab, workers, discover):
    (device,) = lab.devices(DEVICE)
    run = discover(devices=[device])
    assert run.status == "completed"
    assert fanout.queue_named(fanout.HIGH).finished_job_registry.count == 1


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


def test_a_cancelled_run_stops_its_workers_soon(lab, workers, user):
    for name in SEVERAL:
        lab.turn(name, latency=1.0)
    executed = Executed(user, devices=lab.devices(*SEVERAL))
    until(lambda: in_flight(executed.run) == 2)
    began = time.monotonic()
    discovery.cancel(executed.run)
    run = executed.ended()
    assert time.monotonic() - began < 20
    assert run.status == "cancelled"
    assert run.completed_at is not None
    assert set(run.items.values_list("status", flat=True)) == {"cancelled"}
    assert sum(lab.counted(name)["connections"] for name in SEVERAL) == 2


def test_a_cancelled_job_cancels_its_run(lab, workers, user):
    result = JobResult.objects.create(name="Discover topology", user=user, status="STARTED")
    lab.turn(DEVICE, latency=1.0)
    executed = Executed(user, job_result=result, devices=lab.devices(DEVICE))
    until(lambda: in_flight(executed.run))
    JobResult.objects.filter(pk=result.pk).update(status="REVOKED")
    run = executed.ended()
    assert (run.status, run.items.get().status) == ("cancelled", "cancelled")
    assert "its Job was killed or cancelled" in run.error


def test_a_task_whose_run_has_no_heartbeat_any_more_asks_nobody_and_closes_it(lab, user):
    devices = lab.devices(*SEVERAL)
    run = discovery.create_run(discovery.Request.from_names({"devices": devices}, user), user)
    assert discovery._begin(run)
    items = discovery._listed(run, discovery.Request.from_options(run.options), user)
    before = timezone.now() - timedelta(seconds=61)
    DiscoveryRun.objects.filter(pk=run.pk).update(heartbeat_at=before)
    fanout.visit(str(run.pk), str(items[0].pk))
    run.refresh_from_db()
    assert (run.status, run.completed_at is not None) == ("cancelled", True)
    assert set(run.items.values_list("status", flat=True)) == {"cancelled"}
    assert {lab.counted(name)["connections"] for name in SEVERAL} == {0}


def test_two_runs_on_two_workers_fetch_a_device_once_and_write_it_once(lab, workers, user):
    lab.turn(DEVICE, latency=0.2)
    devices = lab.devices(DEVICE)
    both = [Executed(user, devices=devices, force_refresh=True) for _ in range(2)]
    items = [one.ended().items.get() for one in both]
    assert [item.status for item in items] == ["completed", "completed"]
    assert sorted(item.connections for item in items) == [0, 1]
    assert lab.counted(DEVICE)["logins"] == 1
    assert CachedInterface.versions.count() == CachedInterface.objects.count() > 0


def test_a_run_whose_workers_are_all_killed_asks_the_rest_itself(lab, workers, user, monkeypatch):
    monkeypatch.setattr(fanout, "PATIENCE", 5.0)
    for name in SEVERAL:
        lab.turn(name, latency=0.3)
    executed = Executed(user, devices=lab.devices(*SEVERAL))
    until(lambda: in_flight(executed.run) == 2)
    kill_family(workers)
    for name in SEVERAL:
        lab.turn(name, latency=0)
    run = executed.ended()
    assert run.status == "completed"
    assert sorted(run.items.values_list("attempts", flat=True)) == [1, 1, 2, 2]


def test_a_run_that_needs_workers_outlives_a_restart_of_all_of_them(lab, workers, user, tmp_path):
    """They end as they are asked to, and no worker is registered for a while."""
    for name in SEVERAL:
        lab.turn(name, latency=0.2)
    with configured(fan_out="rq"):
        executed = Executed(user, devices=lab.devices(*SEVERAL))
        until(lambda: in_flight(executed.run) == 2)
        workers.terminate()
        workers.wait(60)
        assert not crew.listening()
        with crew.crew(tmp_path / "again.log", fresh=False):
            run = executed.ended()
    assert run.status == "completed"
    assert set(run.items.values_list("attempts", flat=True)) == {1}


def test_a_platform_may_give_its_devices_more_time_than_the_settings(monkeypatch):
    patient = attrs.evolve(queries.supported_platforms()["cisco_ios"], timeouts={"device_timeout": 900.0})
    request = Request()
    with configured(device_timeout=300):
        assert longest_of(settings(), request) == 300
        monkeypatch.setattr(queries, "supported_platforms", lambda: {"cisco_ios": patient})
        assert longest_of(settings(), request) == 900
        assert longest_of(settings(), attrs.evolve(request, device_timeout=60.0)) == 60


def test_a_device_may_have_no_more_than_its_time_and_keeps_what_it_answered(lab, workers, user):
    lab.turn(DEVICE, latency=0.5)
    began = time.monotonic()
    run = Executed(user, devices=lab.devices(DEVICE), device_timeout=6).ended()
    item = run.items.get()
    assert (item.status, item.error.partition(":")[0]) == ("failed", "deadline")
    assert CachedInterface.objects.filter(device=item.device).exists()
    assert time.monotonic() - began < 20
    until(lambda: not horses(workers))


def test_runs_that_need_workers_say_so_when_there_are_none(lab, user):
    fanout.queue_named(fanout.QUEUE).connection.flushdb()
    with configured(fan_out="rq"):
        run = Executed(user, devices=lab.devices(DEVICE)).ended()
    assert run.status == "failed"
    assert "nautobot-server rqworker-pool topology_cache_high topology_cache" in run.error
    assert lab.counted(DEVICE)["connections"] == 0


def test_payloads_hold_ids_and_nothing_else(lab, workers, user):
    run = Executed(user, devices=lab.devices(DEVICE)).ended()
    queue = fanout.queue_named(fanout.HIGH)
    (name,) = queue.finished_job_registry.get_job_ids()
    stored = queue.connection.hgetall(f"rq:job:{name}")
    assert set(map(str, (run.pk, run.items.get().pk))) == set(queue.fetch_job(name).args)
    everything = [zlib.decompress(stored[b"data"]), *(value for key, value in stored.items() if key != b"data")]
    secrets = [lab.inventory["password"], lab.inventory["secret"], DEVICE]
    assert not [secret for secret in secrets if secret.encode() in b"".join(everything)]
