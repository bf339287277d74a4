"""Runs in trouble: whatever happens to one device or to whoever works, every device ends, and nothing stays taken."""

import logging
from datetime import timedelta
from threading import Barrier, Event, Thread
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from nautobot.dcim.models import Device, VirtualChassis
from nautobot.extras.models import ConfigContext, JobResult, SecretsGroup
from nautobot.users.models import ObjectPermission, User

from nautobot_topology_cache import discovery, leases, queries, store, visits
from nautobot_topology_cache.collect.results import Failure
from nautobot_topology_cache.models import (
    CachedInterface,
    CachedRoute,
    CachedSlice,
    CommandOutput,
    DeviceCache,
    DiscoveryRun,
    DiscoveryRunItem,
)
from tests.doors.played import configured
from tests.doors.scripted import PASSWORD
from tests.inventory import make_location

pytestmark = pytest.mark.django_db
COMMITTED = pytest.mark.django_db(transaction=True)
"""For what PostgreSQL checks only when a transaction ends."""
PATIENCE = 10


@pytest.fixture
def device(devices):
    return devices[0]


def begun(user, **options) -> DiscoveryRun:
    return discovery.create_run(discovery.Request.from_names(options, user), user)


def statuses(run) -> dict[str, str]:
    return dict(run.items.values_list("device_name", "status"))


def leased() -> int:
    return DeviceCache.objects.filter(lease_holder__isnull=False).count()


def test_a_driver_that_nautobot_does_not_map_is_taken_from_its_platform_file(device, discover):
    run = discover(devices=[device])
    assert statuses(run) == {"wordy-1": "completed"}
    assert CachedInterface.objects.get(name="GigabitEthernet1").mode == "trunk"


@COMMITTED
@pytest.mark.parametrize("cached", [True, False], ids=["stored", "not stored"])
def test_a_device_that_is_deleted_in_flight_costs_nobody_else(network, devices, user, cached):
    deleted = Event()
    network.scripts["wordy-2"] = {"ports": lambda: "name=Gi1" if deleted.wait(PATIENCE) else "never"}

    def report(item):
        if item.device_name == "wordy-1":
            devices[1].delete()
            deleted.set()

    run = begun(user, devices=devices, concurrency=2, cache_results=cached)
    discovery.execute(run, user, report)
    run.refresh_from_db()
    assert run.status == "completed_with_errors"
    assert statuses(run) == {"wordy-1": "completed", "wordy-2": "failed", "wordy-3": "completed"}
    assert "was deleted" in run.items.get(device_name="wordy-2").error


@COMMITTED
def test_a_device_that_is_deleted_while_it_is_waited_for_ends(network, devices, user, monkeypatch):
    queries.device_caches([devices[0].pk])
    leases.take(devices[0].pk, uuid4(), 60)
    monkeypatch.setattr(visits.time, "sleep", lambda seconds: Device.objects.filter(name="wordy-1").delete())
    run = begun(user, devices=devices)
    discovery.execute(run, user)
    assert statuses(run) == {"wordy-1": "failed", "wordy-2": "completed", "wordy-3": "completed"}
    assert "was deleted" in run.items.get(device_name="wordy-1").error


def test_a_device_whose_answers_the_database_refuses_costs_nobody_else(devices, discover, monkeypatch):
    save = store.save_outputs

    def refusing(device_id, commands, lease):
        if device_id == devices[1].pk:
            raise DataError("invalid input syntax")
        save(device_id, commands, lease)

    monkeypatch.setattr(store, "save_outputs", refusing)
    run = discover(devices=devices)
    assert statuses(run) == {"wordy-1": "completed", "wordy-2": "failed", "wordy-3": "completed"}
    assert run.items.get(device_name="wordy-2").error == "store: invalid input syntax"
    assert leased() == 0


@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError("a defect"), "failed"), (KeyboardInterrupt(), "cancelled")], ids=["bug", "^C"]
)
def test_an_error_while_threads_work_ends_the_run_all_its_devices_and_their_sessions(
    network, devices, user, monkeypatch, error, status
):
    working = Event()

    def until_told(said):
        working.set()
        return said

    network.scripts["wordy-3"] = {"ports": lambda: until_told("name=Gi1")}

    def report(item):
        working.wait(PATIENCE)
        raise error

    run = begun(user, devices=devices, concurrency=3)
    with pytest.raises(type(error)):
        discovery.execute(run, user, report)
    run.refresh_from_db()
    assert run.status == status
    assert run.completed_at is not None
    assert (run.error == "RuntimeError: a defect") == (status == "failed")
    ended = statuses(run)
    assert sorted(ended.values()) == sorted(["completed", status, status])
    assert {item.error != "" for item in run.items.exclude(status="completed")} == {True}
    assert leased() == 0
    assert all(session.closed.is_set() for opened in network.sessions.values() for session in opened)


def test_a_run_that_has_ended_or_is_another_s_is_not_touched_again(device, user, discover):
    run = discover(devices=[device])
    ended = run.completed_at
    discovery.execute(run, user)
    run.refresh_from_db()
    assert (run.status, run.completed_at) == ("completed", ended)
    other = begun(user, devices=[device])
    DiscoveryRun.objects.filter(pk=other.pk).update(status="in_progress", heartbeat_at=timezone.now())
    discovery.execute(other, user)
    other.refresh_from_db()
    assert (other.status, other.completed_at) == ("in_progress", None)


def test_a_run_without_a_device_fails_and_says_so(device, user):
    make_location("Empty")
    run = begun(user, devices=[device])
    device.delete()
    discovery.execute(run, user)
    run.refresh_from_db()
    assert (run.status, run.error) == ("failed", "devices: No device that you may view matches.")
    with pytest.raises(CommandError, match="No device that you may view matches"):
        call_command("topology_cache", "discover", "--location", "Empty")


def left_behind(user, *devices, silent=61) -> DiscoveryRun:
    run = begun(user, devices=devices)
    before = timezone.now() - timedelta(seconds=silent)
    DiscoveryRun.objects.filter(pk=run.pk).update(status="in_progress", started_at=before, heartbeat_at=before)
    for device, status in zip(devices, ("completed", "in_progress", "pending"), strict=True):
        DiscoveryRunItem.objects.create(run=run, device=device, device_name=device.name, status=status)
    return run


def test_the_next_run_ends_those_that_were_left_behind(devices, user, discover):
    behind, alive = left_behind(user, *devices), left_behind(user, *devices, silent=5)
    discover(devices=devices[:1])
    behind.refresh_from_db()
    assert (behind.status, behind.completed_at is not None) == ("failed", True)
    assert "left behind" in behind.error
    assert statuses(behind) == {"wordy-1": "completed", "wordy-2": "failed", "wordy-3": "failed"}
    alive.refresh_from_db()
    assert alive.status == "in_progress"
    assert statuses(alive)["wordy-2"] == "in_progress"


@pytest.mark.parametrize(("job", "run"), [("REVOKED", "failed"), ("FAILURE", "failed"), ("PENDING", "pending")])
def test_a_run_whose_job_ended_before_it_came_to_it_is_left_behind(device, user, discover, job, run):
    result = JobResult.objects.create(name="Discover topology", user=user, status=job)
    forgotten = discovery.create_run(discovery.Request.from_names({"devices": [device]}, user), user, result)
    discover(devices=[device])
    forgotten.refresh_from_db()
    assert forgotten.status == run


def test_a_cancelled_run_on_which_nobody_works_ends_at_once(devices, user):
    for run in (left_behind(user, *devices), begun(user, devices=devices)):
        discovery.cancel(run)
        run.refresh_from_db()
        assert (run.status, run.completed_at is not None) == ("cancelled", True)
        assert set(statuses(run).values()) <= {"completed", "cancelled"}
    alive = left_behind(user, *devices, silent=5)
    discovery.cancel(alive)
    assert statuses(alive)["wordy-2"] == "in_progress"


def test_a_cancelled_run_leaves_what_it_did_not_ask_as_it_was(network, devices, user, discover, monkeypatch):
    discover(devices=devices)
    before = list(CachedSlice.objects.order_by("pk").values("pk", "outcome", "reason"))
    cancelled = Event()
    network.scripts["wordy-1"] = {"modes": lambda: "name=Gi1 mode=access" if cancelled.wait(PATIENCE) else ""}
    run = begun(user, devices=devices, concurrency=1, force_refresh=True)
    live = visits.Visits._live

    def cancelling(self, tasks):
        if "modes" in tasks.values():
            discovery.cancel(run)
            live(self, tasks)
            cancelled.set()

    monkeypatch.setattr(visits.Visits, "_live", cancelling)
    monkeypatch.setattr(visits, "LOOK", 0.1)
    discovery.execute(run, user)
    assert set(statuses(run).values()) == {"cancelled"}
    assert list(CachedSlice.objects.order_by("pk").values("pk", "outcome", "reason")) == before
    assert not any(row.stale for row in CachedRoute.objects.all())
    assert CachedInterface.objects.filter(device=devices[0], mode="access").count() == 1


def test_a_run_that_waits_for_a_busy_device_keeps_its_heart_beating(device, user, monkeypatch):
    queries.device_caches([device.pk])
    leases.take(device.pk, uuid4(), 60)
    monkeypatch.setattr(visits, "BEAT", 0.1)
    beats = []
    beat = visits.Visits._beat
    monkeypatch.setattr(visits.Visits, "_beat", lambda self, tasks: beats.append(tasks) or beat(self, tasks))
    run = begun(user, devices=[device])
    with configured(device_timeout=1):
        discovery.execute(run, user)
    run.refresh_from_db()
    assert run.items.get().status == "failed"
    assert len(beats) >= 3
    assert run.heartbeat_at - run.started_at > timedelta(seconds=1)


def test_a_run_that_writes_for_long_says_so_before(network, device, user, monkeypatch):
    monkeypatch.setattr(visits, "ROWS_PER_SECOND", 0.01)
    run = begun(user, devices=[device])
    save, seen = store.save_rows, []

    def saving(*given, **named):
        run.refresh_from_db()
        seen.append((run.heartbeat_at, DeviceCache.objects.get(device=device).lease_expires_at))
        return save(*given, **named)

    monkeypatch.setattr(store, "save_rows", saving)
    discovery.execute(run, user)
    ((beat, lease),) = seen
    assert beat > timezone.now() + timedelta(seconds=300)
    assert lease > beat


@COMMITTED
def test_two_runs_at_once_fetch_a_device_once(network, devices, user, monkeypatch):
    """Each in a thread with a database connection of its own, as in two processes."""
    both, prepare = Barrier(2, timeout=PATIENCE), visits.Visits._prepare
    monkeypatch.setattr(visits.Visits, "_prepare", lambda *given: both.wait() >= 0 and prepare(*given))
    runs = [begun(user, devices=devices, command_ttl_minutes=0) for _ in range(2)]

    def work(run):
        try:
            discovery.execute(run, user)
        finally:
            connections.close_all()

    threads = [Thread(target=work, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for run in runs:
        run.refresh_from_db()
        assert run.status == "completed"
    for device in devices:
        both = DiscoveryRunItem.objects.filter(device=device)
        assert sorted(both.values_list("connections", flat=True)) == [0, 1]
        assert network.connections(device.name) == 1
    assert CachedInterface.versions.count() == 2 * len(devices)


@pytest.mark.parametrize(
    ("context", "reason"),
    [
        ({"topology_cache": "22"}, "is no mapping"),
        ({"topology_cache": ["ssh_port"]}, "is no mapping"),
        ({"topology_cache": {"ssh_port": "twenty-two"}}, "is no port"),
        ({"topology_cache": {"ssh_port": 70000}}, "is no port"),
        ({"topology_cache": {"ssh_port": True}}, "is no port"),
        ({"topology_cache": {"ssh_legacy": "perhaps"}}, "neither true nor false"),
    ],
)
def test_a_config_context_that_makes_no_sense_skips_its_device(devices, discover, context, reason):
    Device.objects.filter(pk=devices[0].pk).update(local_config_context_data=context)
    run = discover(devices=devices)
    assert statuses(run) == {"wordy-1": "skipped", "wordy-2": "completed", "wordy-3": "completed"}
    assert reason in run.items.get(device_name="wordy-1").error


@pytest.mark.parametrize("context", [{}, {"topology_cache": None}, {"topology_cache": {"ssh_port": "2022"}}])
def test_a_config_context_that_makes_sense(device, discover, context):
    Device.objects.filter(pk=device.pk).update(local_config_context_data=context)
    assert statuses(discover(devices=[device])) == {"wordy-1": "completed"}


@pytest.mark.parametrize(("active", "first"), [(True, "skipped"), (False, "completed")])
def test_an_active_config_context_says_something_of_the_devices_that_do_not_say_it_themselves(
    devices, discover, active, first
):
    ConfigContext.objects.create(name="all", is_active=active, data={"topology_cache": {"ssh_port": "twenty-two"}})
    own = {"topology_cache": {"ssh_port": 2022}}
    Device.objects.filter(pk=devices[1].pk).update(local_config_context_data=own)
    assert statuses(discover(devices=devices[:2])) == {"wordy-1": first, "wordy-2": "completed"}


def test_members_of_a_virtual_chassis_are_their_master(network, devices, discover):
    chassis = VirtualChassis.objects.create(name="stack", master=devices[0])
    Device.objects.filter(pk__in=[one.pk for one in devices]).update(virtual_chassis=chassis)
    run = discover(devices=devices[1:])
    assert statuses(run) == {"wordy-1": "completed"}
    assert {name: network.connections(name) for name in network.sessions} == {"wordy-1": 1}
    assert set(CachedInterface.objects.values_list("device", flat=True)) == {devices[0].pk}


def test_a_member_whose_master_the_user_may_not_view_is_skipped(devices, discover):
    chassis = VirtualChassis.objects.create(name="stack", master=devices[0])
    Device.objects.filter(pk__in=[devices[0].pk, devices[1].pk]).update(virtual_chassis=chassis)
    limited = User.objects.create(username="limited")
    allowed = ObjectPermission.objects.create(
        name="some", actions=["view"], constraints={"name__in": ["wordy-2", "wordy-3"]}
    )
    allowed.object_types.add(*_types(Device))
    allowed.users.add(limited)
    run = discover(by=limited, devices=devices[1:])
    assert statuses(run) == {"wordy-2": "skipped", "wordy-3": "completed"}
    assert "virtual chassis" in run.items.get(device_name="wordy-2").error


def _types(*models):
    from django.contrib.contenttypes.models import ContentType

    return [ContentType.objects.get_for_model(model) for model in models]


def test_a_secrets_group_that_the_user_may_not_use_ends_the_run(devices, user):
    group = SecretsGroup.objects.get(name="Words")
    run = begun(user, devices=devices, secrets_group=group)
    limited = User.objects.create(username="limited")
    allowed = ObjectPermission.objects.create(name="devices", actions=["view"])
    allowed.object_types.add(*_types(Device))
    allowed.users.add(limited)
    discovery.execute(run, limited)
    run.refresh_from_db()
    assert run.status == "failed"
    assert "no secrets group" in run.error
    assert not run.items.exclude(status="failed").exists()


def test_the_second_device_costs_few_queries_whatever_it_is_asked(devices, user, discover):
    def made(*chosen) -> int:
        run = begun(user, devices=chosen, command_ttl_minutes=0)
        with CaptureQueriesContext(connection) as queries_made:
            discovery.execute(run, user)
        assert set(statuses(run).values()) == {"completed"}
        return len(queries_made)

    made(*devices)
    one = made(devices[0])
    assert made(*devices) - one <= 2 * 21


@pytest.mark.parametrize("wrong", [-5, 10**9])
def test_a_time_to_live_out_of_range_is_brought_back_into_it(device, discover, wrong):
    from constance import config
    from constance.test import override_config

    assert config.nautobot_topology_cache__command_ttl_minutes == 30
    with override_config(nautobot_topology_cache__command_ttl_minutes=wrong):
        assert statuses(discover(devices=[device])) == {"wordy-1": "completed"}


@pytest.mark.parametrize(("minutes", "taken"), [("-1", False), ("0", True), ("10080", True), ("10081", False)])
def test_nautobots_configuration_page_takes_minutes_in_range_alone(minutes, taken):
    from constance.forms import ConstanceForm

    name = "nautobot_topology_cache__command_ttl_minutes"
    form = ConstanceForm(data={name: minutes}, initial={})
    assert (name not in form.errors) == taken


@pytest.mark.parametrize(("policy", "learned"), [("first_use", True), ("ignore", False)])
def test_a_host_key_is_learned_only_where_it_is_trusted_at_first_use(network, device, discover, policy, learned):
    with configured(host_key_policy=policy):
        discover(devices=[device])
    assert bool(DeviceCache.objects.get(device=device).host_key) == learned
    DeviceCache.objects.update(host_key="ssh-ed25519 known")
    with configured(host_key_policy=policy):
        discover(devices=[device], force_refresh=True)
    assert DeviceCache.objects.get(device=device).host_key == "ssh-ed25519 known"


def test_odd_bytes_reach_no_column_that_cannot_hold_them(network, device, discover):
    odd = "\udce9\x00\ud800"
    network.scripts["wordy-1"] = {
        "ports": f"name=Gi1 mtu=1500 to=caf{odd}\nname=Gi2 mtu={odd}",
        "routes": f"? {odd}",
        "vrfs": f"name=R{odd}D ports=Gi2",
        "heard detail": Failure("timeout", odd),
    }
    run = discover(devices=[device])
    assert statuses(run) == {"wordy-1": "completed_with_errors"}
    assert CachedInterface.objects.get().description.startswith("caf\ufffd")
    assert CommandOutput.objects.filter(command="ports").exists()


def test_a_dry_run_shows_its_commands_like_any_other(device, discover):
    dry = discover(devices=[device], dry_run=True).items.get()
    wet = discover(devices=[device]).items.get()
    assert set(dry.commands[0]) == set(wet.commands[0])


def test_a_device_without_a_name(devices, discover):
    Device.objects.filter(pk=devices[0].pk).update(name=None)
    run = discover(location=[devices[0].location])
    assert statuses(run) == {str(devices[0].pk): "completed", "wordy-2": "completed", "wordy-3": "completed"}


def test_the_password_is_in_no_log_row_or_repr(network, devices, user, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    network.scripts["wordy-1"] = {"ports": lambda: 1 / 0}
    seen = []
    keep = visits.Visits._keep
    monkeypatch.setattr(visits.Visits, "_keep", lambda *given: seen.append(repr(given)) or keep(*given))
    run = begun(user, devices=devices)
    discovery.execute(run, user)
    run.refresh_from_db()
    assert statuses(run)["wordy-1"] == "failed"
    everything = [caplog.text, *seen, run.options, run.error, *run.items.values()]
    everything += CommandOutput.objects.values()
    assert len(seen) == 3
    assert PASSWORD not in str(everything)
