"""REST keeps what clients depend on: names, forms, statuses; and no GET writes."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats
from nautobot.dcim.models import Device
from nautobot.extras.models import DynamicGroup, Job, JobResult
from nautobot.users.models import ObjectPermission
from rest_framework.test import APIClient

from nautobot_topology_cache import jobs
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.models import CachedRow, CachedSlice, DiscoveryRun
from tests.app import factories, walk
from tests.inventory import make_device, make_location

pytestmark = pytest.mark.django_db
RUNS = f"{walk.REST}discovery-runs/"
ROW = {"id", "device", "source", "valid_from", "valid_to", "collected_at", "stale", "stale_reason"}
RUN = {
    *("id", "status", "requested_by", "total_devices", "completed_devices", "failed_devices", "skipped_devices"),
    *("cancelled_devices", "progress_percentage", "started_at", "completed_at", "job_result", "devices"),
}
ITEM = {
    *("device_id", "device_name", "status", "progress_percentage", "current_task", "error", "connections"),
    *("commands_sent", "cache_hits", "started_at", "completed_at", "tables", "commands", "detail"),
}


@pytest.fixture
def api() -> APIClient:
    return api_of(get_user_model().objects.create_superuser("root"))


def api_of(user) -> APIClient:
    api = APIClient()
    api.force_authenticate(user)
    return api


def somebody(*verbs: str, model: type = DiscoveryRun, constraints: dict | None = None) -> APIClient:
    """Somebody who may do this with runs, and view devices."""
    user = get_user_model().objects.create_user("somebody")
    for kind, actions, limits in ((model, list(verbs), constraints), (Device, ["view"], None)):
        permission = ObjectPermission.objects.create(name=kind.__name__, actions=actions, constraints=limits)
        permission.object_types.add(ContentType.objects.get_for_model(kind))
        permission.users.add(user)
    return api_of(user)


def of(table: str) -> str:
    return f"{walk.REST}{CATALOG[table].path}/"


@pytest.mark.parametrize("table", CATALOG)
def test_a_row_has_the_names_of_the_contract(api, table):
    factories.make_row(table, make_device("a"))
    (row,) = api.get(of(table)).data["results"]
    assert ROW | set(CATALOG[table].columns) <= set(row)
    assert row["stale"] is False
    assert row["stale_reason"] == ""


@pytest.mark.parametrize("table", CATALOG)
def test_lists_are_current_rows_and_history_adds_closed_ones(api, table):
    device = make_device("a")
    current = factories.make_row(table, device, 1)
    closed = factories.make_row(table, device, 2, valid_to=timezone.now())
    assert ids(api.get(of(table))) == {str(current.pk)}
    assert ids(api.get(of(table), {"history": "true"})) == {str(current.pk), str(closed.pk)}
    assert api.get(f"{of(table)}{closed.pk}/").data["valid_to"] is not None


@pytest.mark.parametrize("table", CATALOG)
def test_stale_rows_are_those_that_say_so(api, table):
    now = timezone.now()
    states = ({}, {"outcome": "failed"}, {"outcome": "unsupported"}, {"collected_at": now - timedelta(days=1)})
    for number, state in enumerate(states):
        row = factories.make_row(table, make_device(f"device {number}"))
        CachedSlice.objects.filter(pk=row.slice_id).update(rows=1, **state)
    missed, closed = make_device("missed"), make_device("closed")
    factories.make_row(table, missed, missing_since=now)
    factories.make_row(table, closed, valid_to=now)
    every = api.get(of(table), {"history": "true"}).data["results"]
    stale = {str(row["id"]) for row in every if row["stale"]}
    assert len(every) == 6
    assert len(stale) == 4
    assert ids(api.get(of(table), {"stale": "true"})) == stale
    assert ids(api.get(of(table), {"stale": "false", "history": "true"})) == {str(one["id"]) for one in every} - stale


def test_devices_with_stale_tables_are_those_that_say_so(api):
    fresh, stale = make_device("fresh"), make_device("stale")
    for device in (fresh, stale):
        factories.make_cache(device)
        factories.make_row("routes", device)
    CachedSlice.objects.filter(device=stale).update(outcome="failed")
    told = api.get(f"{walk.REST}device-caches/").data["results"]
    assert {str(one["device"]["id"]): one["tables"]["routes"]["stale"] for one in told} == {
        str(fresh.pk): False,
        str(stale.pk): True,
    }
    for wanted, device in (("true", stale), ("false", fresh)):
        (one,) = api.get(f"{walk.REST}device-caches/", {"stale": wanted}).data["results"]
        assert str(one["device"]["id"]) == str(device.pk)


def ids(answer) -> set[str]:
    return {str(row["id"]) for row in answer.data["results"]}


def test_a_name_that_two_devices_bear_matches_both(api):
    twins = [make_device("twin", location=make_location(place)) for place in ("here", "there")]
    rows = {str(factories.make_row("interfaces", device).pk) for device in twins}
    factories.make_row("interfaces", make_device("other"))
    assert ids(api.get(of("interfaces"), {"device": "twin"})) == rows
    assert len(ids(api.get(of("interfaces"), {"device": str(twins[0].pk)}))) == 1
    assert api.get(of("interfaces"), {"device": "nobody"}).status_code == 400


def test_a_location_means_all_below_it(api):
    above = make_location("above")
    above.location_type.nestable = True
    above.location_type.save()
    below = make_location("below")
    below.parent = above
    below.save()
    row = factories.make_row("interfaces", make_device("a", location=below))
    factories.make_row("interfaces", make_device("b", location=make_location("elsewhere")))
    assert ids(api.get(of("interfaces"), {"location": "above"})) == {str(row.pk)}


@pytest.mark.parametrize("notation", ["0200.0000.0007", "02-00-00-00-00-07", "020000000007", "02:00:00:00:00:07"])
def test_a_mac_in_any_notation(api, notation):
    row = factories.make_row("mac_addresses", make_device("a"), 7)
    factories.make_row("mac_addresses", make_device("b"), 8)
    assert ids(api.get(of("mac_addresses"), {"mac_address": notation})) == {str(row.pk)}
    assert ids(api.get(of("mac_addresses"), {"mac_address__n": notation})) != {str(row.pk)}


def test_a_part_of_a_mac_is_matched_as_text(api):
    factories.make_row("mac_addresses", make_device("a"), 7)
    assert len(ids(api.get(of("mac_addresses"), {"mac_address__isw": "02:00"}))) == 1


def test_prefixes_that_contain_an_address(api):
    device = make_device("a")
    for prefix in ("0.0.0.0/0", "10.0.0.0/8", "10.9.8.0/24", "10.9.9.0/24", "2001:db8::/32"):
        factories.make_row("routes", device, prefix=prefix)
    found = api.get(of("routes"), {"contains": "10.9.8.7"}).data["results"]
    assert {row["prefix"] for row in found} == {"0.0.0.0/0", "10.0.0.0/8", "10.9.8.0/24"}
    found = api.get(of("routes"), {"contains": "2001:DB8:0::1"}).data["results"]
    assert [row["prefix"] for row in found] == ["2001:db8::/32"]


def test_the_default_vrf_can_be_asked_for(api):
    device = make_device("a")
    row = factories.make_row("routes", device, 1, vrf="")
    factories.make_row("routes", device, 2, vrf="BLUE")
    assert ids(api.get(of("routes"), {"vrf": "default"})) == {str(row.pk)}


def test_stale_rows_say_why(api):
    device = make_device("a")
    old = timezone.now() - timedelta(hours=3)
    factories.make_row("routes", device, slice=factories.make_slice(device, "routes", collected_at=old))
    failed = factories.make_slice(device, "neighbors", outcome="failed", reason="timeout: too slow")
    factories.make_row("neighbors", device, slice=failed)
    for table, why in (("routes", "60 minutes"), ("neighbors", "timeout: too slow")):
        (row,) = api.get(of(table)).data["results"]
        assert row["stale"] is True
        assert why in row["stale_reason"]


def test_large_columns_of_outputs_come_when_asked_for(api):
    output = factories.make_output(make_device("a"), raw="one\ntwo")
    url = f"{walk.REST}command-outputs/"
    (listed,) = api.get(url).data["results"]
    assert not {"raw", "parsed"} & set(listed)
    (included,) = api.get(url, {"include": "raw"}).data["results"]
    assert included["raw"] == "one\ntwo"
    assert "parsed" not in included
    shown = api.get(f"{url}{output.pk}/").data
    assert (shown["raw"], shown["parsed"]) == ("one\ntwo", output.parsed)
    assert timezone.datetime.fromisoformat(str(shown["expires_at"])) - output.collected_at == timedelta(minutes=30)


def test_a_table_fed_by_several_commands_fails_if_one_failed(api):
    device = make_device("a")
    factories.make_cache(device)
    factories.make_slice(device, "routes", stored=5, filtered=1)
    factories.make_slice(device, "routes", context="BLUE", outcome="failed", reason="timeout", stored=2)
    factories.make_slice(device, "arp_entries", outcome="unsupported", stored=0)
    factories.make_slice(device, "arp_entries", context="BLUE", outcome="empty", stored=0)
    (cache,) = api.get(f"{walk.REST}device-caches/").data["results"]
    routes = cache["tables"]["routes"]
    assert (routes["outcome"], routes["reason"], routes["rows"], routes["filtered"]) == ("failed", "timeout", 7, 1)
    assert routes["stale"] is True
    assert cache["tables"]["arp_entries"]["outcome"] == "empty"
    assert set(cache["tables"]) == {"routes", "arp_entries"}


def test_a_run_has_the_names_of_the_contract(api):
    run = factories.make_run(make_device("a"), make_device("b"))
    listed = api.get(RUNS).data["results"][0]
    assert RUN - {"devices"} <= set(listed)
    assert "devices" not in listed
    included = api.get(RUNS, {"include": "devices"}).data["results"][0]
    assert [set(item) for item in included["devices"]] == [ITEM - {"detail"}] * 2
    shown = api.get(f"{RUNS}{run.pk}/").data
    assert set(shown) >= RUN
    assert [set(item) for item in shown["devices"]] == [ITEM, ITEM]
    assert (shown["total_devices"], shown["completed_devices"], shown["progress_percentage"]) == (2, 2, 100)


def test_both_kinds_of_completed_count_as_completed(api):
    run = factories.make_run(status="in_progress")
    statuses = ("completed", "completed_with_errors", "failed", "skipped", "cancelled", "pending", "in_progress")
    for status in statuses:
        factories.make_item(run, make_device(status), status=status)
    shown = api.get(f"{RUNS}{run.pk}/").data
    counts = [shown[f"{kind}_devices"] for kind in ("total", "completed", "failed", "skipped", "cancelled")]
    assert counts == [7, 2, 1, 1, 1]
    assert shown["progress_percentage"] == 71


def test_a_run_left_behind_is_shown_as_failed(api):
    silent = timezone.now() - timedelta(seconds=61)
    left = factories.make_run(status="in_progress", heartbeat_at=silent, completed_at=None)
    waiting = factories.make_run(status="pending", heartbeat_at=None, started_at=None, completed_at=None)
    assert api.get(f"{RUNS}{left.pk}/").data["status"] == "failed"
    assert api.get(f"{RUNS}{waiting.pk}/").data["status"] == "pending"
    assert DiscoveryRun.objects.get(pk=left.pk).status == "in_progress"
    for status, shown in (("failed", left), ("pending", waiting)):
        assert [one["id"] for one in api.get(RUNS, {"status": status}).data["results"]] == [str(shown.pk)]
    assert api.get(RUNS, {"status": "in_progress"}).data["results"] == []
    assert len(api.get(RUNS, {"status": ["failed", "pending"]}).data["results"]) == 2


def test_results_are_the_current_rows(api):
    device = make_device("a")
    factories.make_row("routes", device)
    run = factories.make_run(device, options={"tables": ["routes"]})
    result = api.get(f"{RUNS}{run.pk}/result/").data
    (route,) = result["devices_data"][str(device.pk)]["routes"]
    assert ROW | set(CATALOG["routes"].columns) <= set(route)
    assert set(result["devices_data"][str(device.pk)]) == {"routes"}


def test_results_of_an_uncached_run_are_its_own(api):
    device = make_device("a")
    factories.make_row("routes", device)
    run = factories.make_run(options={"tables": ["routes"]})
    factories.make_item(run, device, rows={"routes": []}, error="timeout: gone")
    result = api.get(f"{RUNS}{run.pk}/result/").data
    assert result == {"devices_data": {str(device.pk): {"routes": []}}, "errors": {str(device.pk): "timeout: gone"}}


def test_a_deleted_device_has_no_results(api):
    gone, left = make_device("gone"), make_device("left")
    run = factories.make_run(gone, left, options={"tables": ["routes"]})
    run.items.update(error="timeout: slow")
    gone.delete()
    result = api.get(f"{RUNS}{run.pk}/result/").data
    assert [set(part) for part in result.values()] == [{str(left.pk)}, {str(left.pk)}]


@pytest.fixture
def worker(monkeypatch):
    """Somebody who would run the Job; what becomes of it is another test's matter."""
    Job.objects.filter(job_class_name="DiscoverTopology").update(enabled=True)
    monkeypatch.setattr(jobs, "_workers_on", lambda queue: 1)
    monkeypatch.setattr(JobResult, "enqueue_job", lambda *args, **kwargs: None)


def test_a_run_is_accepted_with_where_to_watch_it(worker):
    device = make_device("a")
    api = somebody("add", "view")
    answer = api.post(RUNS, {"devices": [device.name], "tables": ["routes"]}, format="json")
    assert answer.status_code == 202, answer.data
    assert type(answer.headers["Location"]) is str
    watched = api.get(answer.headers["Location"])
    assert watched.data == answer.data
    assert watched.data["status"] == "pending"


def test_what_is_unknown_is_named(worker, api):
    make_device("twin", location=make_location("here"))
    make_device("twin", location=make_location("there"))
    wrong = {"devices": ["twin", "nobody"], "tables": ["roads"], "colour": "red", "concurrency": "many"}
    answer = api.post(RUNS, wrong, format="json")
    assert answer.status_code == 400
    assert set(answer.data) == {"devices", "tables", "colour", "concurrency"}
    assert "more than one" in answer.data["devices"][0]
    assert api.post(RUNS, {}, format="json").status_code == 400
    assert not DiscoveryRun.objects.exists()


@pytest.mark.parametrize("body", ["[]", '"a"', "3", "null", "{"])
def test_what_is_no_object_is_a_bad_request(worker, api, body):
    assert api.post(RUNS, body, content_type="application/json").status_code == 400


def test_nobody_to_run_it_is_said(api):
    Job.objects.filter(job_class_name="DiscoverTopology").update(enabled=True)
    answer = api.post(RUNS, {"devices": [make_device("a").name]}, format="json")
    assert answer.status_code == 503
    assert "celery worker" in str(answer.data["detail"])
    assert not DiscoveryRun.objects.exists()


def test_starting_needs_add_and_cancelling_needs_change(worker):
    run = factories.make_run(status="in_progress")
    api = somebody("view")
    assert api.post(RUNS, {"devices": [make_device("a").name]}, format="json").status_code == 403
    assert api.post(f"{RUNS}{run.pk}/cancel/").status_code == 403


def test_constraints_on_the_permission_to_add_hold(worker):
    device = make_device("a")
    api = somebody("add", constraints={"options__dry_run": True})
    assert api.post(RUNS, {"devices": [device.name]}, format="json").status_code == 403
    assert not DiscoveryRun.objects.exists()
    assert not JobResult.objects.exists()
    assert api.post(RUNS, {"devices": [device.name], "dry_run": True}, format="json").status_code == 202


def test_cancelling(worker):
    run = factories.make_run(status="in_progress", completed_at=None)
    assert somebody("change").post(f"{RUNS}{run.pk}/cancel/").data["status"] == "cancelled"


def test_the_openapi_schema_has_no_warnings():
    reset_generator_stats()
    assert len(walk.schema()["paths"]) >= 2 * len(CATALOG)
    assert list(GENERATOR_STATS._warn_cache) + list(GENERATOR_STATS._error_cache) == []


NEEDS_A_NAME = ("topology-resolve-neighbor",)
"""Routes that answer 400 to whoever asks about nobody."""


def test_no_get_writes_a_row(client):
    client.force_login(get_user_model().objects.create_superuser("root"))
    device = make_device("a")
    for table in CATALOG:
        factories.make_row(table, device)
    factories.make_output(device)
    factories.make_cache(device)
    factories.make_run(device)
    for name, pattern in walk.routes():
        model = walk.model_of(pattern)
        about = {"pk": device.pk if "device_" in name else model.objects.first().pk} if "pk" in str(pattern) else {}
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(
                reverse(name, kwargs=about), {"neighbor_name": "a"} if name.endswith(NEEDS_A_NAME) else {}
            )
        assert answer.status_code in (200, 302, 405), name
        ours = [one["sql"] for one in queries if "nautobot_topology_cache" in one["sql"]]
        assert not [sql for sql in ours if not sql.startswith(("SELECT", "DECLARE", "FETCH", "CLOSE"))], name


@pytest.mark.parametrize("word", ["interfaces/nonsense/", "discovery-runs/nonsense/result/", "command-outputs/----/"])
def test_what_is_no_id_is_not_found(api, word):
    assert api.get(walk.REST + word).status_code == 404


def test_no_get_counts_the_members_of_a_dynamic_group(client):
    """Nautobot's own way to know them to the minute writes them down."""
    client.force_login(get_user_model().objects.create_superuser("root"))
    devices = ContentType.objects.get_for_model(Device)
    DynamicGroup.objects.create(name="group", content_type=devices, filter={"name": ["a"]})
    make_device("a")
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"{walk.REST}topology/", {"dynamic_group": "group"}).status_code == 200
    assert not [one["sql"] for one in queries if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_rows_are_read_only(api):
    device = make_device("a")
    for table, spec in CATALOG.items():
        row: CachedRow = factories.make_row(table, device)
        for method in (api.post, api.put, api.patch, api.delete):
            assert method(of(table), {}, format="json").status_code == 405
            assert method(f"{of(table)}{row.pk}/", {}, format="json").status_code == 405
        assert spec.model.objects.filter(pk=row.pk).exists()
