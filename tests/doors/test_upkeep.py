"""What keeps tables fresh and small, from its outer handles: Jobs and REST."""

from datetime import timedelta

import pytest
from constance.test import override_config
from django.urls import reverse
from django.utils import timezone
from nautobot.apps.testing import run_job_for_testing
from nautobot.extras.models import Job

from nautobot_topology_cache.models import CachedInterface, CachedSlice, CommandOutput, DeviceCache, DiscoveryRun

JOBS = pytest.mark.django_db(transaction=True, databases=["default", "job_logs"])
pytestmark = pytest.mark.django_db
API = "plugins-api:nautobot_topology_cache-api"


@pytest.fixture
def run_job(user):
    """Run one of the app's Jobs by its class's name; its JobResult."""

    def run_job(name, **options):
        job = Job.objects.get(module_name="nautobot_topology_cache.jobs", job_class_name=name)
        return run_job_for_testing(job, username=user.username, job_kwargs=options)

    return run_job


@pytest.fixture
def api(client, user):
    client.force_login(user)
    return client


def aged(device):
    CachedSlice.objects.filter(device=device).update(collected_at=timezone.now() - timedelta(days=2))


@JOBS
def test_a_refresh_asks_the_stale_devices_that_are_polled_and_no_others(network, devices, discover, run_job):
    discover(devices=devices)
    stale, unpolled, _fresh = devices
    aged(stale)
    aged(unpolled)
    DeviceCache.objects.filter(device=unpolled).update(polling_enabled=False)
    result = run_job("RefreshStale")
    assert result.status == "SUCCESS", result.traceback
    run = DiscoveryRun.objects.get(job_result=result)
    assert [(item.device, item.status) for item in run.items.all()] == [(stale, "completed")]
    assert run.items.get().connections == 1
    assert not DeviceCache.objects.get(device=unpolled).polling_enabled
    assert run_job("RefreshStale").result == {}, "nothing that is polled is stale any more"


@JOBS
def test_whoever_asks_for_an_unpolled_device_gets_it(network, devices, discover):
    device = devices[0]
    discover(devices=[device])
    DeviceCache.objects.filter(device=device).update(polling_enabled=False)
    run = discover(devices=[device], force_refresh=True)
    assert (run.items.get().status, run.items.get().connections) == ("completed", 1)
    assert not DeviceCache.objects.get(device=device).polling_enabled


@JOBS
def test_the_job_and_rest_purge_alike(network, devices, discover, run_job, api):
    discover(devices=devices)
    one, other, _ = devices
    result = run_job("PurgeCache", layers=["tables", "commands"], devices=[str(one.pk)])
    assert result.status == "SUCCESS", result.traceback
    answer = api.post(
        reverse(f"{API}:purge"), {"layers": ["tables", "commands"], "devices": [other.name]}, "application/json"
    )
    assert answer.status_code == 200
    for removed in (result.result, answer.json()):
        assert removed["interfaces"] > 0 < removed["commands"]
    for device in (one, other):
        assert not CachedInterface.versions.filter(device=device).exists()
        assert not CommandOutput.objects.filter(device=device).exists()
    assert CachedInterface.objects.filter(device=devices[2]).exists()


@JOBS
def test_a_purge_job_without_devices_removes_nothing(network, devices, discover, run_job):
    discover(devices=devices)
    before = CommandOutput.objects.count()
    assert run_job("PurgeCache", layers=["commands"]).status == "FAILURE"
    assert CommandOutput.objects.count() == before > 0
    assert run_job("PurgeCache", layers=["commands"], all_devices=True).result["commands"] == before


def test_polling_is_switched_over_rest_and_nothing_else_is(network, devices, discover, api):
    discover(devices=devices[:1])
    cache = DeviceCache.objects.get(device=devices[0])
    url = reverse(f"{API}:devicecache-detail", kwargs={"pk": cache.pk})
    answer = api.patch(url, {"polling_enabled": False}, "application/json")
    assert (answer.status_code, answer.json()["polling_enabled"]) == (200, False)
    assert api.patch(url, {"polling_enabled": "perhaps"}, "application/json").status_code == 400
    after = DeviceCache.objects.get(pk=cache.pk)
    assert (after.polling_enabled, after.host_key, after.driver) == (False, cache.host_key, cache.driver)


def test_a_forgotten_host_key_is_learned_anew(network, devices, discover, api):
    device = devices[0]
    discover(devices=[device])
    cache = DeviceCache.objects.get(device=device)
    known = cache.host_key
    assert known
    answer = api.post(reverse(f"{API}:devicecache-forget-host-key", kwargs={"pk": cache.pk}))
    cache.refresh_from_db()
    assert (answer.status_code, cache.host_key) == (200, "")
    discover(devices=[device], force_refresh=True)
    cache.refresh_from_db()
    assert cache.host_key == known


def test_the_time_to_live_is_changed_without_a_restart(network, devices, discover):
    device = devices[0]
    discover(devices=[device])
    CommandOutput.objects.update(collected_at=timezone.now() - timedelta(minutes=45))
    assert discover(devices=[device]).items.get().connections == 1, "older than half an hour"
    CommandOutput.objects.update(collected_at=timezone.now() - timedelta(minutes=45))
    with override_config(nautobot_topology_cache__command_ttl_minutes=60):
        assert discover(devices=[device]).items.get().connections == 0
