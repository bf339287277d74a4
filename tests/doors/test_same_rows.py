"""One device through every door, asked in threads and by RQ workers: the same rows in every table, the same outcomes,
the same counts."""

import html
import re
import subprocess
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from nautobot.core.celery import app, setup_nautobot_job_logging
from nautobot.extras.models import Job, JobResult, ScheduledJob
from nautobot.users.models import Token

from development.environment import NAUTOBOT_SERVER
from nautobot_topology_cache.models import DiscoveryRun
from tests.doors import crew
from tests.doors.conftest import DEVICE
from tests.doors.snapshot import everything, table_sizes
from tests.nautobot_env import process_environment

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "job_logs"])


@pytest.fixture
def device(db, expected, lab, executor):
    """In Nautobot, not discovered yet, with what a discovery is to leave behind known from another one."""
    (device,) = lab.devices(DEVICE)
    return device


@pytest.fixture
def job(db, monkeypatch):
    """The Job, enabled, and a worker that takes it at once in this process (see tests/nautobot_config.py)."""
    setup_nautobot_job_logging(None, None, app.conf)
    for module in ("nautobot.extras.api.views", "nautobot.extras.views"):
        monkeypatch.setattr(f"{module}.get_worker_count", lambda *args, **kwargs: 1)
    monkeypatch.setattr("nautobot_topology_cache.jobs._workers_on", lambda queue: 1)
    job = Job.objects.get(job_class_name="DiscoverTopology")
    job.enabled = True
    job.validated_save()
    return job


@pytest.fixture
def rest(client, user):
    """POSTs JSON with a token, as a script would."""
    token = Token.objects.create(user=user)

    def post(path, body):
        return client.post(path, body, "application/json", headers={"Authorization": f"Token {token.key}"})

    return post


@pytest.fixture(autouse=True)
def asked_by(executor):
    """Whoever was to ask the device has asked it, and nobody else."""
    yield
    run = DiscoveryRun.objects.get()
    assert crew.tasks_done(run) == (1 if executor == "rq" else 0)


def assert_same(device, expected):
    run = DiscoveryRun.objects.get()
    left = everything(device, run)
    for part, value in expected.items():
        assert left[part] == value, part
    return run


def assert_job_ended(run):
    result = JobResult.objects.get()
    assert result.status == "SUCCESS", result.traceback
    assert result.result == {"run_id": str(run.pk), "status": "completed"}
    assert run.job_result == result
    assert [log for log in result.job_log_entries.all() if DEVICE in log.message]


def test_the_job_by_http(device, expected, job, rest):
    answer = rest(f"/api/extras/jobs/{job.pk}/run/", {"data": {"devices": [str(device.pk)]}})
    assert answer.status_code == 201, answer.content
    assert_job_ended(assert_same(device, expected))


def test_the_job_by_http_stores_nothing_only_if_told_so(device, job, rest):
    body = {"data": {"devices": [str(device.pk)], "cache_results": False, "tables": ["interfaces"]}}
    assert rest(f"/api/extras/jobs/{job.pk}/run/", body).status_code == 201
    item = DiscoveryRun.objects.get().items.get()
    assert item.status == "completed"
    assert item.rows["interfaces"]
    assert not any(table_sizes().values())


def test_the_jobs_form(device, expected, job, client, user):
    client.force_login(user)
    form = {"devices": [str(device.pk)], "cache_results": "True", "_schedule_type": "immediately"}
    answer = client.post(reverse("extras:job_run", kwargs={"pk": job.pk}), form)
    assert answer.status_code == 302, answer.content
    assert_job_ended(assert_same(device, expected))


def test_the_runs_of_rest(device, expected, job, rest):
    answer = rest("/api/plugins/topology-cache/discovery-runs/", {"devices": [DEVICE]})
    assert answer.status_code == 202, answer.content
    run = assert_same(device, expected)
    assert answer.headers["Location"].endswith(f"/discovery-runs/{run.pk}/")
    assert_job_ended(run)


def test_the_button_of_the_device(device, expected, job, client, user):
    client.force_login(user)
    answer = client.post(reverse("plugins:nautobot_topology_cache:device_discover", kwargs={"pk": device.pk}))
    assert answer.status_code == 302, answer.content
    assert_job_ended(assert_same(device, expected))


def test_the_button_of_the_list(device, expected, job, client, user):
    """“Discover selected”, as the page's own form sends it: with the list's filters, for the device that is ticked."""
    client.force_login(user)
    shown = client.get(reverse("dcim:device_list"), {"name": DEVICE}).content.decode()
    button = re.search(r'form="object_list_form"[^>]* formaction="([^"]*topology-cache/[^"]+)"', shown)
    rows = client.get(reverse("dcim:device_list"), {"name": DEVICE}, headers={"HX-Request": "true"}).content.decode()
    assert re.search(f'name="pk"[^>]* value="{device.pk}"', rows)
    answer = client.post(html.unescape(button[1]), {"pk": [str(device.pk)]})
    assert answer.status_code == 302, answer.content
    run = assert_same(device, expected)
    assert answer.url == run.get_absolute_url()
    assert_job_ended(run)


def test_the_command_line(device, expected):
    command = [NAUTOBOT_SERVER, "topology_cache", "discover", DEVICE]
    done = subprocess.run(command, env=process_environment(), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert f"{DEVICE}: completed" in done.stdout
    assert "1/1" in done.stderr
    assert_same(device, expected)


def test_a_schedule(device, expected, job, lab, user, monkeypatch, tmp_path):
    """Run by Celery's own beat and worker, each a process."""
    ScheduledJob.create_schedule(
        job,
        user,
        name="nightly",
        start_time=timezone.now() - timedelta(minutes=2),
        interval="custom",
        crontab="* * * * *",
        job_kwargs={"devices": [str(device.pk)]},
    )
    monkeypatch.setenv("TOPOLOGY_CACHE_TEST_CELERY", "yes")
    with crew.celery(tmp_path) as wait_until:
        ended = DiscoveryRun.objects.filter(completed_at__isnull=False, job_result__status="SUCCESS")
        wait_until(ended.exists)
        ScheduledJob.objects.update(enabled=False)
    run = DiscoveryRun.objects.order_by("created_at").first()
    DiscoveryRun.objects.exclude(pk=run.pk).delete()
    assert run.options["force_refresh"] is True
    assert run.job_result.scheduled_job.name == "nightly"
    assert lab.counted(DEVICE)["logins"] >= 1
    assert_same(device, expected)
