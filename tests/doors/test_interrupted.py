"""How a run's end reaches whoever started it: the Job's result and log, and the exit of a process told to stop."""

import signal
import subprocess
import time

import pytest
from nautobot.apps.testing import run_job_for_testing
from nautobot.core.celery import app, setup_nautobot_job_logging
from nautobot.extras.models import Job, SecretsGroup

from development.environment import NAUTOBOT_SERVER
from nautobot_topology_cache.collect.results import Failure
from nautobot_topology_cache.models import CommandOutput, DeviceCache, DiscoveryRun, DiscoveryRunItem
from tests.doors.conftest import DEVICE
from tests.doors.scripted import PASSWORD
from tests.nautobot_env import process_environment

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "job_logs"])
PATIENCE = 180


@pytest.fixture
def run_job(user):
    setup_nautobot_job_logging(None, None, app.conf)

    def run_job(**options):
        job = Job.objects.get(job_class_name="DiscoverTopology")
        return run_job_for_testing(job, username=user.username, job_kwargs=options)

    return run_job


def messages(result) -> list[str]:
    return list(result.job_log_entries.order_by("created").values_list("log_level", "message"))


def test_a_run_without_success_is_a_job_without_success(network, devices, run_job):
    lost = dict.fromkeys(("vrfs", "ports", "modes", "routes", "heard detail"), Failure("unreachable", "no answer"))
    network.scripts = {device.name: lost for device in devices}
    result = run_job(devices=[str(device.pk) for device in devices])
    run = DiscoveryRun.objects.get()
    assert (result.status, result.result) == ("FAILURE", {"run_id": str(run.pk), "status": "failed"})
    assert len([level for level, _ in messages(result) if level == "error"]) == 3
    assert ("failure", "Failed: 3 devices: 3 failed. ") in messages(result)


def test_a_request_that_cannot_be_carried_out_is_told_without_a_traceback(network, devices, run_job):
    result = run_job(devices=[str(devices[0].pk)], tables=["routes"], expand_depth=1)
    assert (result.status, result.result, result.traceback) == ("FAILURE", {}, None)
    (told,) = [message for level, message in messages(result) if level == "failure"]
    assert told.startswith("expand_depth: ")
    assert not DiscoveryRun.objects.exists()


def test_whoever_may_not_start_a_run_is_told_so_without_a_traceback(network, devices, user, run_job):
    user.is_superuser = False
    user.save()
    result = run_job(devices=[str(devices[0].pk)])
    assert (result.status, result.traceback) == ("FAILURE", None)
    assert ("failure", "Starting a run needs the permission to add discovery runs.") in messages(result)


def test_some_failed_devices_are_no_failure_of_the_job_and_its_log_is_short(network, devices, run_job):
    network.scripts["wordy-2"] = {"routes": "? what"}
    group = SecretsGroup.objects.get()
    result = run_job(devices=[str(device.pk) for device in devices], secrets_group=str(group.pk))
    run = DiscoveryRun.objects.get()
    assert (result.status, result.result) == ("SUCCESS", {"run_id": str(run.pk), "status": "completed_with_errors"})
    assert len(messages(result)) <= 2 + len(devices) + 1
    assert "Completed with errors: 3 devices: 2 completed, 1 completed with errors." in messages(result)[-2][1]
    assert run.options["secrets_group"] == str(group.pk)
    everything = [result.task_kwargs, result.celery_kwargs, result.result, messages(result), run.options]
    everything += [*CommandOutput.objects.values(), *DiscoveryRunItem.objects.values()]
    assert PASSWORD not in str(everything)


def test_a_job_that_finds_no_device_says_so(devices, run_job):
    platform = devices[0].platform
    for device in devices:
        device.delete()
    result = run_job(platform=[str(platform.pk)])
    run = DiscoveryRun.objects.get()
    assert (result.status, result.result) == ("FAILURE", {"run_id": str(run.pk), "status": "failed"})
    assert "No device that you may view matches." in str(messages(result))


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM], ids=["^C", "terminate"])
def test_a_process_that_is_told_to_stop_cancels_its_run(lab, user, told):
    lab.devices(DEVICE)
    lab.turn(DEVICE, latency=1.0)
    process = subprocess.Popen(
        [NAUTOBOT_SERVER, "topology_cache", "discover", DEVICE],
        env=process_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        end = time.monotonic() + PATIENCE
        while not DiscoveryRunItem.objects.filter(status="in_progress").exclude(current_task="").exists():
            assert time.monotonic() < end
            assert process.poll() is None
            time.sleep(0.1)
        process.send_signal(told)
        said, _ = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert process.returncode not in (0, -told), said
    assert b"Traceback" not in said
    run = DiscoveryRun.objects.get()
    assert (run.status, run.items.get().status) == ("cancelled", "cancelled"), said
    assert "interrupted" in run.items.get().error
    assert not DeviceCache.objects.filter(lease_holder__isnull=False).exists()
