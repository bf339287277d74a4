"""Processes that work on a run are killed: that of its Job, the Celery worker, RQ workers, and what these fork."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from kombu import pools
from nautobot.core.celery import app
from nautobot.core.settings_funcs import parse_redis_connection
from nautobot.extras.jobs_cancel import CeleryStrategy
from nautobot.extras.models import Job, JobResult
from rest_framework.test import APIClient

from development.faults import RIGHT
from development.processes import kill_family
from nautobot_topology_cache import jobs
from nautobot_topology_cache.models import DeviceCache, DiscoveryRun
from nautobot_topology_cache.requests import Request
from tests.doors import crew
from tests.doors.executed import Executed, horses
from tests.doors.played import configured
from tests.faults.scene import SLOW, Scene, a_minute_passes, item, leases_run_out, start_again, until
from tests.nautobot_env import test_processes

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "job_logs"])
OF_A_JOB = ("extras_job", "extras_jobresult", "extras_joblogentry", "extras_jobqueue")
"""What Nautobot writes down about a Job."""

BROKER = 50
"""A Redis database of its own."""


def asking(scene: Scene, run: DiscoveryRun, attempt: int = 1) -> bool:
    """Whether the victim is in the middle of its answers."""
    return scene.lab.counted(scene.victim.name)["commands"] >= 2 and item(run, scene.victim).attempts == attempt


def shown(scene: Scene, run: DiscoveryRun) -> str:
    """The run's status as somebody sees it who looks."""
    client = APIClient()
    client.force_authenticate(scene.user)
    return client.get(f"/api/plugins/topology-cache/discovery-runs/{run.pk}/").json()["status"]


@pytest.fixture
def slow(scene) -> Scene:
    """The victim takes its time."""
    scene.lab.reset()
    scene.lab.turn(scene.victim.name, latency=2 * SLOW)
    return scene


@pytest.fixture
def broker(monkeypatch, settings) -> Iterator[None]:
    """A Celery broker between this process and those that a test starts."""
    monkeypatch.setenv("TOPOLOGY_CACHE_TEST_CELERY", "yes")
    monkeypatch.setenv("CELERY_BROKER_URL", parse_redis_connection(redis_database=BROKER))
    settings.CELERY_TASK_ALWAYS_EAGER = False
    _forget_connections()
    yield
    _forget_connections()


def _forget_connections() -> None:
    pools.reset()
    app._pool = app.amqp._producer_pool = None


@pytest.fixture
def celery(broker, slow, tmp_path) -> Iterator[psutil.Process]:
    log = tmp_path / "celery.log"
    worker = ["celery", "worker", "--concurrency=1", "--without-gossip", "--without-mingle", "--loglevel=INFO"]
    with crew.nautobot_server(worker, log) as process:
        crew.until(lambda: " ready." in log.read_text(errors="replace"), {log: process})
        yield process
    slow.logs.append(log)


@contextmanager
def started_as_a_job(scene: Scene) -> Iterator[DiscoveryRun]:
    """The run of a Job that a Celery worker has begun."""
    Job.objects.filter(job_class_name="DiscoverTopology").update(enabled=True)
    scene.gone = OF_A_JOB
    run = jobs.enqueue(Request.from_names({"devices": scene.devices, "force_refresh": True}, scene.user), scene.user)
    until(lambda: run.items.exists() and asking(scene, run))
    yield run


def test_a_job_is_cancelled(celery, slow, observe):
    with started_as_a_job(slow) as run:
        result = JobResult.objects.get(pk=run.job_result_id)
        assert CeleryStrategy().cancel(result, slow.user)["canceled"]
        until(lambda: DiscoveryRun.objects.get(pk=run.pk).completed_at is not None)
    ended = item(run, slow.victim)
    observe("job_cancelled_sigkill", f"{ended.status}: {ended.error}", slow.rows())
    assert shown(slow, run) == "cancelled"
    assert not DeviceCache.objects.filter(lease_holder__isnull=False).exists()
    slow.lab.reset()
    assert slow.discover().status == "completed"


def test_a_celery_worker_is_killed(celery, slow, observe):
    with started_as_a_job(slow) as run:
        kill_family(celery)
    assert shown(slow, run) == "in_progress"
    a_minute_passes()
    assert shown(slow, run) == "failed"
    rows = slow.rows()
    slow.lab.reset()
    healed = slow.discover()
    ended = item(run, slow.victim)
    observe("celery_worker_killed", f"{ended.status}: {ended.error}", rows)
    assert (healed.status, shown(slow, run)) == ("completed", "failed")


def test_the_only_process_of_a_run_is_killed(slow, observe, tmp_path):
    log = tmp_path / "discover.log"
    command = ["topology_cache", "discover", "--force-refresh", *(device.name for device in slow.devices)]
    known = set(DiscoveryRun.objects.values_list("pk", flat=True))
    with crew.nautobot_server(command, log) as process:
        begun = DiscoveryRun.objects.exclude(pk__in=known)
        crew.until(lambda: any(asking(slow, run) for run in begun.all() if run.items.exists()), {log: process})
        process.kill()
    slow.logs.append(log)
    run = begun.get()
    a_minute_passes()
    assert shown(slow, run) == "failed"
    rows = slow.rows()
    slow.lab.reset()
    healed = slow.discover()
    ended = item(run, slow.victim)
    observe("run_left_behind", f"{ended.status}: {ended.error}", rows)
    assert (healed.status, shown(slow, run)) == ("completed", "failed")


@pytest.fixture(scope="module")
def rq_log(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("rq") / "rq.log"


@pytest.fixture(scope="module")
def pool(django_db_setup, rq_log) -> Iterator[psutil.Process]:
    with crew.crew(rq_log) as pool:
        yield pool


@pytest.fixture
def workers(pool, rq_log, slow) -> Iterator[psutil.Process]:
    slow.logs.append(rq_log)
    with configured(fan_out="auto"):
        yield pool


def killed(scene: Scene, times: int, kill) -> DiscoveryRun:
    """A run of the victim, of which whoever asks it is killed so many times."""
    scene.lab.turn(scene.victim.name, reset=True, latency=2 * SLOW)
    executed = Executed(scene.user, devices=[scene.victim], force_refresh=True)
    for attempt in range(1, times + 1):
        asked = scene.lab.counted(scene.victim.name)["commands"]
        until(lambda attempt=attempt: executed.run.items.filter(attempts=attempt, status="in_progress").exists())
        until(lambda asked=asked: scene.lab.counted(scene.victim.name)["commands"] >= asked + 2)
        kill()
    scene.lab.turn(scene.victim.name, reset=True)
    return executed.ended()


def twice(scene: Scene, kill) -> str:
    """How a device ends whose asker is killed once, and how one whose second asker is killed as well."""
    once, again = (item(killed(scene, times, kill), scene.victim) for times in (1, 2))
    asked = {1: "once", 2: "twice"}.get(once.attempts, f"{once.attempts} times")
    return f"{once.status}, asked {asked}; killed again: {again.status}: {again.error.partition(':')[0]}"


def test_a_horse_is_killed(slow, workers, observe):
    def kill():
        for horse in horses(workers):
            horse.kill()

    observe("rq_horse_killed", twice(slow, kill), slow.rows())


def test_a_worker_is_killed(slow, workers, observe):
    def kill():
        (horse,) = horses(workers)
        worker = horse.parent()
        for process in (worker, horse):
            process.kill()
        until(lambda: len(workers.children()) == 2 and worker not in workers.children())
        leases_run_out()

    observe("rq_worker_killed", twice(slow, kill), slow.rows())


def test_redis_restarts_while_rq_workers_ask(slow, workers):
    """It forgets queues, tasks and workers; the device in flight goes on, the others are asked all the same."""
    executed = Executed(slow.user, devices=slow.devices, force_refresh=True, concurrency=1)
    until(lambda: asking(slow, executed.run) or executed.run.items.filter(status="completed").exists())
    processes = test_processes()
    processes.stop(["valkey"])
    start_again(processes)
    slow.lab.reset()
    run = executed.ended()
    assert (run.status, slow.rows()) == ("completed", RIGHT)
