"""A rebuild reads the stored answers anew: the same flow, the same rows, and no device."""

from datetime import timedelta

import attrs
import pytest
from django.urls import reverse
from django.utils import timezone
from nautobot.dcim.models import Device
from nautobot.extras.models import Job

from nautobot_topology_cache import discovery, purging
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.collect.results import Failure
from nautobot_topology_cache.models import CachedInterface, CachedSlice, CommandOutput
from nautobot_topology_cache.models.devices import pack
from nautobot_topology_cache.requests import BadRequest, rebuild_of
from tests.doors.conftest import DEVICE
from tests.doors.snapshot import everything, rows, slices, table_sizes

pytestmark = pytest.mark.django_db


@pytest.fixture
def rebuild(user):
    def rebuild(**given):
        run = discovery.create_run(rebuild_of(given, user), user)
        discovery.execute(run, user)
        run.refresh_from_db()
        return run

    return rebuild


def empty_layer_2(user):
    purging.purge(purging.Purge.from_names({"layers": ["tables"], "devices": "all"}, user), user)


def test_layer_2_is_filled_again_from_expired_outputs_without_a_connection(lab, discover, rebuild, user):
    (device,) = lab.devices(DEVICE)
    before = everything(device, discover(devices=[device]))
    CommandOutput.objects.update(collected_at=timezone.now() - timedelta(days=30))
    empty_layer_2(user)
    assert not any(rows(device).values())
    run = rebuild(devices=[device])
    item = run.items.get()
    assert (run.status, item.status, item.connections, item.commands_sent) == ("completed", "completed", 0, 0)
    assert item.cache_hits == len(item.commands) > 0
    assert lab.counted(DEVICE)["connections"] == 1
    stale = {name: [{**row, "stale": False} for row in found] for name, found in rows(device).items()}
    assert stale == before["rows"]
    assert slices(device) == before["slices"]


def test_neither_address_nor_secrets_are_needed(network, devices, discover, rebuild, user):
    discover(devices=devices)
    empty_layer_2(user)
    Device.objects.update(primary_ip4=None, secrets_group=None)
    run = rebuild(devices="all")
    assert {item.status for item in run.items.all()} == {"completed"}
    assert CachedInterface.objects.count() == 2 * len(devices)


def test_it_corrects_rows_in_place_and_makes_no_history(network, devices, discover, rebuild):
    """As after a better template: the answer is the same, what is read of it is not."""
    discover(devices=devices)
    row = CachedInterface.objects.get(device=devices[0], name="GigabitEthernet1")
    CachedInterface.versions.filter(pk=row.pk).update(mtu=1)
    CachedSlice.objects.filter(table="interfaces").update(digest="")
    sizes = table_sizes()
    rebuild(devices=[devices[0]])
    corrected = CachedInterface.objects.get(device=devices[0], name="GigabitEthernet1")
    assert (corrected.pk, corrected.valid_from, corrected.mtu) == (row.pk, row.valid_from, 1500)
    assert table_sizes() == sizes


def test_what_is_not_stored_stays_as_it_is(network, devices, discover, rebuild):
    device = devices[0]
    discover(devices=[device])
    before = (rows(device), states(device))
    CommandOutput.objects.filter(device=device, command__in=["modes", "vrfs", "routes"]).delete()
    assert rebuild(devices=[device]).status == "completed"
    assert (rows(device), states(device)) == before


def states(device):
    """The slices, but for the digest, which also covers the columns that a reading leaves as they are."""
    return [{**state, "digest": None} for state in slices(device)]


def test_a_device_without_stored_outputs_is_skipped(network, devices, rebuild):
    item = rebuild(devices=[devices[0]]).items.get()
    assert (item.status, item.error) == ("skipped", "No command output of this device is stored.")
    with pytest.raises(BadRequest, match="No command output is stored"):
        rebuild(devices="all")


def test_a_failed_attempt_stays_failed_though_the_last_good_answer_is_read_again(network, devices, discover, rebuild):
    device = devices[0]
    discover(devices=[device])
    network.scripts[device.name] = {"ports": Failure("timeout", "nothing came")}
    discover(devices=[device], force_refresh=True)
    failed = CachedSlice.objects.get(device=device, command="ports", table="interfaces")
    assert failed.outcome == "failed"
    rebuild(devices=[device])
    again = CachedSlice.objects.get(pk=failed.pk)
    assert (again.outcome, again.reason, again.attempted_at) == ("failed", failed.reason, failed.attempted_at)


def test_an_answer_that_could_not_be_read_is_read_once_it_can_be(network, devices, discover, rebuild):
    device = devices[0]
    network.scripts[device.name] = {"ports": "what nobody understands\n" * 3}
    discover(devices=[device])
    assert CachedSlice.objects.get(device=device, command="ports", table="interfaces").outcome == "failed"
    stored = CommandOutput.objects.filter(device=device, command="ports")
    assert stored.update(compressed=pack("name=Gi1 mtu=1500")) == 1
    rebuild(devices=[device])
    assert CachedSlice.objects.get(device=device, command="ports", table="interfaces").outcome == "ok"
    assert CachedInterface.objects.get(device=device).mtu == 1500


@pytest.mark.parametrize("wrong", [{"devices": ["nobody"]}, {"devices": "all", "force_refresh": True}, {}])
def test_what_cannot_be_rebuilt_is_refused(network, devices, discover, user, wrong):
    discover(devices=devices)
    with pytest.raises(BadRequest):
        rebuild_of(wrong, user)


def test_no_door_of_discovery_takes_where_answers_come_from(user, devices):
    with pytest.raises(BadRequest, match="answers"):
        discovery.Request.from_names({"devices": devices, "answers": "layer_1"}, user)
    request = attrs.evolve(discovery.Request.from_names({"devices": devices}, user), answers="files")
    run = discovery.create_run(request, user)
    discovery.execute(run, user)
    run.refresh_from_db()
    assert run.status == "failed"
    assert "topology_cache import" in run.error


@pytest.fixture
def job(db, monkeypatch):
    monkeypatch.setattr("nautobot_topology_cache.jobs._workers_on", lambda queue: 1)
    job = Job.objects.get(job_class_name="RebuildTables")
    job.enabled = True
    job.validated_save()
    return job


@pytest.mark.django_db(transaction=True, databases=["default", "job_logs"])
def test_rest_answers_a_run_with_no_connections(network, devices, discover, user, job, client):
    discover(devices=devices)
    before = {name: spec.model.versions.count() for name, spec in CATALOG.items()}
    empty_layer_2(user)
    client.force_login(user)
    url = reverse("plugins-api:nautobot_topology_cache-api:rebuild")
    answer = client.post(url, {"devices": "all"}, "application/json")
    assert answer.status_code == 202, answer.content
    run = client.get(answer.headers["Location"]).json()
    assert (run["status"], run["total_devices"]) == ("completed", 3)
    assert {one["connections"] for one in run["devices"]} == {0}
    assert {name: spec.model.versions.count() for name, spec in CATALOG.items()} == before
    assert client.post(url, {"devices": ["nobody"]}, "application/json").status_code == 400
    assert client.post(url, {"devices": "all", "colour": 1}, "application/json").status_code == 400
