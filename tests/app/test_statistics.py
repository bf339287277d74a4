"""Statistics count what is stored, for each user what they may view, the same by every door."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from nautobot.dcim.models import Device
from nautobot.users.models import ObjectPermission

from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.models import CommandOutput, DeviceCache, DiscoveryRun
from nautobot_topology_cache.statistics import LARGEST, LAST_RUNS, statistics
from tests.app import factories, walk
from tests.inventory import make_device, make_location

pytestmark = pytest.mark.django_db
URL = f"{walk.REST}statistics/"
OLD = timedelta(hours=3)


@pytest.fixture
def root():
    return get_user_model().objects.create_superuser("root")


def somebody(*models, **constraints):
    """Who may view these models, and devices that fit the constraints."""
    user = get_user_model().objects.create_user("somebody")
    for kind, narrowed in ((Device, constraints or None), *((model, None) for model in models)):
        permission = ObjectPermission.objects.create(name=kind.__name__, actions=["view"], constraints=narrowed)
        permission.object_types.add(ContentType.objects.get_for_model(kind))
        permission.users.add(user)
    return user


@pytest.mark.parametrize("table", CATALOG)
def test_rows_are_current_ones(root, table):
    device = make_device("a")
    for n in (1, 2, 3):
        factories.make_row(table, device, n)
    factories.make_row(table, device, 4, valid_to=timezone.now())
    assert {name: one.rows for name, one in statistics(root).tables.items() if one.rows} == {table: 3}


def test_slices_by_outcome_and_how_they_stand(root):
    device, now = make_device("a"), timezone.now()
    for context, given in {
        "fresh": {},
        "nothing": {"outcome": "empty", "stored": 0},
        "old": {"collected_at": now - OLD},
        "broken": {"outcome": "failed", "reason": "timeout"},
        "never known": {"outcome": "unsupported", "stored": 0, "collected_at": None},
        "known once": {"outcome": "unsupported", "stored": 2},
        "not asked any more": {"closed_at": now},
    }.items():
        factories.make_slice(device, "routes", context=context, **given)
    factories.make_slice(device, "neighbors", outcome="failed", collected_at=None, stored=0)
    found = statistics(root)
    routes = found.tables["routes"]
    assert routes.slices == {"ok": 2, "empty": 1, "unsupported": 2, "failed": 1}
    assert (routes.valid, routes.stale, routes.failed) == (2, 3, 1)
    assert (found.slices.valid, found.slices.stale, found.slices.failed) == (2, 4, 2)
    assert routes.oldest_collected_at == now - OLD
    assert now <= routes.newest_collected_at <= timezone.now()
    assert found.tables["neighbors"].oldest_collected_at is None
    assert found.tables["interfaces"].slices == {"ok": 0, "empty": 0, "unsupported": 0, "failed": 0}


def test_command_outputs_that_serve_and_those_that_do_not(root):
    device, now = make_device("a"), timezone.now()
    outputs = [
        factories.make_output(device, 1),
        factories.make_output(device, 2, collected_at=now - OLD),
        factories.make_output(device, 3, outcome="failed", reason="denied: no"),
    ]
    found = statistics(root).command_outputs
    assert (found.total, found.valid, found.expired) == (3, 1, 2)
    assert found.bytes == sum(len(bytes(output.compressed)) for output in outputs)


def test_devices_with_a_cache_and_without(root):
    factories.make_cache(make_device("polled"))
    factories.make_cache(make_device("spared"), polling_enabled=False)
    for name in ("b", "c", "d"):
        make_device(name)
    found = statistics(root).devices
    assert (found.total, found.cached, found.not_cached) == (5, 2, 3)
    assert (found.polling_enabled, found.polling_disabled) == (1, 1)


def test_runs_by_the_status_that_is_shown(root):
    device, now = make_device("a"), timezone.now()
    factories.make_run(device)
    factories.make_run(device, status="failed")
    factories.make_run(status="in_progress", completed_at=None)
    factories.make_run(status="in_progress", completed_at=None, heartbeat_at=now - timedelta(seconds=61))
    found = statistics(root).runs
    assert {status: count for status, count in found.by_status.items() if count} == {
        "completed": 1,
        "failed": 2,
        "in_progress": 1,
    }
    assert [run.status for run in found.last] == ["failed", "in_progress", "failed", "completed"]
    assert [run.failed_devices for run in found.last] == [0, 0, 1, 0]


def test_the_last_runs_only(root):
    runs = [factories.make_run() for _ in range(LAST_RUNS + 2)]
    assert [run.id for run in statistics(root).runs.last] == [run.pk for run in reversed(runs)][:LAST_RUNS]


def test_the_hit_rate_is_of_the_last_day(root):
    device = make_device("a")
    assert statistics(root).runs.hit_rate is None
    factories.make_item(factories.make_run(), device, commands_sent=1, cache_hits=3)
    past = factories.make_run()
    factories.make_item(past, device, commands_sent=100, cache_hits=0)
    DiscoveryRun.objects.filter(pk=past.pk).update(created_at=timezone.now() - timedelta(hours=25))
    assert statistics(root).runs.hit_rate == 0.75


def test_the_largest_devices_first(root):
    for n in range(LARGEST + 2):
        device = make_device(f"d{n:02}")
        factories.make_slice(device, "routes", stored=n)
        factories.make_slice(device, "neighbors", stored=n)
    found = statistics(root).largest_devices
    assert [(one.device_name, one.rows) for one in found[:2]] == [("d11", 22), ("d10", 20)]
    assert len(found) == LARGEST


def fill(device, base):
    for table in CATALOG:
        factories.make_row(table, device, base)
    factories.make_output(device, base)
    factories.make_cache(device)


def test_a_limited_user_counts_their_devices_alone():
    seen, hidden = (make_device(name, location=make_location(name)) for name in ("seen", "hidden"))
    for base, device in ((1, seen), (1000, hidden), (2000, make_device("other", location=hidden.location))):
        fill(device, base)
    run = factories.make_run(seen)
    factories.make_item(run, hidden, status="failed", commands_sent=1000)
    tables = [spec.model for spec in CATALOG.values()]
    user = somebody(*tables, CommandOutput, DeviceCache, DiscoveryRun, location=str(seen.location_id))
    found = statistics(user)
    assert {name: (one.rows, sum(one.slices.values())) for name, one in found.tables.items()} == dict.fromkeys(
        CATALOG, (1, 1)
    )
    assert (found.devices.total, found.devices.cached, found.command_outputs.total) == (1, 1, 1)
    assert [one.device_name for one in found.largest_devices] == ["seen"]
    assert [(one.total_devices, one.failed_devices) for one in found.runs.last] == [(1, 0)]
    assert found.runs.hit_rate == 0


def test_what_a_user_may_not_view_is_not_counted():
    fill(make_device("a"), 1)
    factories.make_run()
    found = statistics(somebody(DeviceCache, CATALOG["neighbors"].model))
    assert {name: one.rows for name, one in found.tables.items()} == {"neighbors": 1}
    assert [one.rows for one in found.largest_devices] == [1]
    assert found.command_outputs is None
    assert found.runs is None


def test_constraints_on_rows_hold():
    device = make_device("a")
    factories.make_row("routes", device, 1, vrf="BLUE")
    factories.make_row("routes", device, 2, vrf="RED")
    user = somebody(DeviceCache, CATALOG["routes"].model)
    ObjectPermission.objects.filter(name="CachedRoute").update(constraints={"vrf": "BLUE"})
    assert statistics(user).tables["routes"].rows == 1


def test_rest_the_page_and_the_command_line_say_the_same(root, client, capsys):
    device = make_device("a-device")
    fill(device, 1)
    factories.make_run(device)
    client.force_login(root)
    answer = client.get(URL)
    assert answer.status_code == 200
    told = answer.json()
    assert set(told) == {"tables", "slices", "devices", "command_outputs", "runs", "largest_devices"}
    assert told["tables"]["routes"]["rows"] == 1
    call_command("topology_cache", "statistics", "--json")
    said = json.loads(capsys.readouterr().out)
    assert said["slices"] == told["slices"]
    assert said["largest_devices"] == told["largest_devices"]
    assert said["runs"]["last"][0]["id"] == told["runs"]["last"][0]["id"]
    page = client.get(reverse(f"plugins:{walk.APP}:statistics"))
    assert page.status_code == 200
    assert page.context["obj"].as_dict()["slices"] == told["slices"]
    content = page.content.decode()
    for spec in CATALOG.values():
        assert reverse(f"plugins:{walk.APP}:{spec.model._meta.model_name}_list") in content
    assert device.get_absolute_url() in content
    assert f"{reverse(f'plugins:{walk.APP}:devicecache_list')}?polling_enabled=False" in content


def test_the_command_line_tells_it_in_words(root, capsys):
    device = make_device("a-device")
    fill(device, 1)
    factories.make_run(device)
    call_command("topology_cache", "statistics")
    told = capsys.readouterr().out
    assert "devices: 1, 1 cached, 0 with polling disabled" in told
    assert "command outputs: 1 in " in told
    assert "runs: 1 completed" in told
    assert "8 rows of a-device" in told


def test_statistics_need_the_permission_to_view_device_caches(client):
    user = somebody()
    client.force_login(user)
    assert client.get(URL).status_code == 403
    assert client.get(reverse(f"plugins:{walk.APP}:statistics")).status_code == 403
    with pytest.raises(CommandError, match="view device caches"):
        call_command("topology_cache", "statistics", "--username", user.username)


def test_the_page_is_in_the_menu(root, client):
    client.force_login(root)
    assert f'href="{reverse(f"plugins:{walk.APP}:statistics")}"' in client.get(reverse("home")).content.decode()


def test_the_number_of_queries_does_not_grow(root):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            statistics(root)
        return len(queries)

    fill(make_device("first"), 1)
    few = count()
    for n in range(5):
        device = make_device(f"more-{n}")
        fill(device, 100 * n + 100)
        factories.make_run(device)
    assert count() == few


def test_the_root_of_rest_leads_there(root, client):
    client.force_login(root)
    listed = client.get(walk.REST).json()
    assert listed["statistics"].endswith(URL)
    assert listed.keys() >= {"purge", "rebuild", "topology", "discovery-runs"}
