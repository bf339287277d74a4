"""A run in every state it can be in, as one serializer shows it; and what is told of its end."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from nautobot.apps.events import EventBroker, deregister_event_broker, register_event_broker
from nautobot.core.views import NautobotAppMetricsCollector
from nautobot.extras.models import JobResult
from nautobot.users.models import User
from prometheus_client import generate_latest
from prometheus_client.core import Metric

from nautobot_topology_cache import discovery, endings, metrics, tally
from nautobot_topology_cache.choices import RunStatusChoices
from nautobot_topology_cache.models import DiscoveryRun
from tests.app import factories
from tests.app.test_rest import RUNS
from tests.inventory import make_device

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(seconds=120)
PASSWORD = "a secret that some device quoted"


@pytest.fixture
def superuser():
    return User.objects.create(username="root", is_superuser=True)


@pytest.fixture
def shown(superuser, client):
    """A run as GET shows it."""
    client.force_login(superuser)
    return lambda run: client.get(f"{RUNS}{run.pk}/").json()


def queued():
    return factories.make_run(status="pending", started_at=None, completed_at=None, heartbeat_at=None)


def without_devices():
    return factories.make_run(status="failed", error="No device that you may view matches.")


def running():
    run = factories.make_run(status="in_progress", completed_at=None)
    factories.make_item(run, make_device("a"), status="completed")
    factories.make_item(run, make_device("b"), status="in_progress", current_task="show arp")
    factories.make_item(run, make_device("c"), status="pending")
    return run


def being_cancelled():
    run = factories.make_run(status="cancelled", completed_at=None)
    factories.make_item(run, make_device("a"), status="cancelled")
    factories.make_item(run, make_device("b"), status="in_progress")
    return run


def crashed():
    run = running()
    type(run).objects.filter(pk=run.pk).update(heartbeat_at=LONG_AGO)
    return run


def ended(status):
    return lambda: factories.make_run(make_device("a"), make_device("b"), status=status)


@pytest.mark.parametrize(
    ("made", "status", "percentage", "total"),
    [
        (queued, "pending", 0, 0),
        (without_devices, "failed", 100, 0),
        (running, "in_progress", 33, 3),
        (being_cancelled, "cancelled", 50, 2),
        (crashed, "failed", 33, 3),
        (ended("completed"), "completed", 100, 2),
        (ended("completed_with_errors"), "completed_with_errors", 100, 2),
        (ended("failed"), "failed", 100, 2),
        (ended("cancelled"), "cancelled", 100, 2),
    ],
    ids=["queued", "no devices", "running", "being cancelled", "crashed", *RunStatusChoices.ENDED[:3], "cancelled"],
)
def test_progress_is_told_in_every_state(shown, made, status, percentage, total):
    run = shown(made())
    assert (run["status"], run["progress_percentage"], run["total_devices"]) == (status, percentage, total)
    kinds = ("completed", "failed", "skipped", "cancelled")
    assert sum(run[f"{kind}_devices"] for kind in kinds) == round(total * percentage / 100)
    assert {item["progress_percentage"] for item in run["devices"]} <= {0, 100}


@pytest.mark.parametrize(
    ("completed", "job", "renewed"),
    [(None, "STARTED", True), (0, "STARTED", True), (0, "SUCCESS", False), (0, None, False), (300, "STARTED", False)],
    ids=["a device in flight", "a Job at work", "a Job that ended", "no Job", "a Job that nobody ended"],
)
def test_the_page_of_a_cancelled_run_renews_itself_until_nothing_more_comes(superuser, client, completed, job, renewed):
    at = None if completed is None else timezone.now() - timedelta(seconds=completed)
    result = job and JobResult.objects.create(name="Discover topology", user=superuser, status=job)
    run = factories.make_run(make_device("a"), status="cancelled", completed_at=at, job_result=result)
    client.force_login(superuser)
    page = client.get(run.get_absolute_url()).content.decode()
    assert ('<div id="run-progress" hx-get=' in page) == renewed


def test_a_run_is_closed_by_one_caller_only_and_not_before_its_last_device():
    run = factories.make_run(status="in_progress", completed_at=None)
    item = factories.make_item(run, make_device("a"), status="in_progress")
    assert not endings.close(run.pk)
    assert endings.end_item(item, "completed")
    assert [endings.close(run.pk), endings.close(run.pk)] == [True, False]
    run.refresh_from_db()
    assert run.status == "completed"


def test_a_run_that_nobody_will_begin_has_failed():
    forgotten, fresh = (factories.make_run(status="pending", completed_at=None) for _ in range(2))
    DiscoveryRun.objects.filter(pk=forgotten.pk).update(created_at=timezone.now() - timedelta(minutes=2))
    endings.end_left_behind()
    status = dict(DiscoveryRun.objects.values_list("pk", "status"))
    assert (status[forgotten.pk], status[fresh.pk]) == ("failed", "pending")


def test_a_device_that_was_begun_anew_is_not_ended_by_who_was_taken_for_dead():
    run = factories.make_run(status="in_progress", completed_at=None)
    item = factories.make_item(run, make_device("a"), status="in_progress", attempts=1)
    assert endings.begin_anew(item, "asked again")
    type(item).objects.filter(pk=item.pk).update(status="in_progress", attempts=2)
    assert not endings.end_item(item, "failed", "store: the lease is lost")
    item.refresh_from_db()
    assert (item.status, item.error) == ("in_progress", "")


class Listening(EventBroker):
    """Keeps what it is told."""

    def __init__(self):
        super().__init__()
        self.told = []

    def publish(self, *, topic, payload):
        self.told.append((topic, payload))


@pytest.fixture
def broker():
    broker = Listening()
    register_event_broker(broker)
    yield broker
    deregister_event_broker(broker)


def begun_and_failing(superuser):
    run = factories.make_run(status="in_progress", completed_at=None, requested_by=superuser)
    tables = {"routes": {"outcome": "ok", "reason": "", "added": 3, "changed": 1, "removed": 2, "unchanged": 4}}
    factories.make_item(run, make_device("a"), tables=tables, cache_hits=2)
    factories.make_item(run, make_device("b"), status="failed", error=PASSWORD, connections=0, commands_sent=0)
    return run


def test_one_event_sums_a_run_up_and_quotes_nobody(superuser, broker):
    run = begun_and_failing(superuser)
    assert endings.close(run.pk)
    endings.close(run.pk)
    ((topic, payload),) = [one for one in broker.told if one[0] == tally.TOPIC]
    told = json.loads(payload)
    assert topic == "nautobot_topology_cache.discovery_run.ended"
    assert (told["id"], told["status"], told["devices"]) == (
        str(run.pk),
        "completed_with_errors",
        {"completed": 1, "failed": 1},
    )
    assert told["rows"] == {"added": 3, "changed": 1, "removed": 2, "unchanged": 4}
    assert (told["connections"], told["commands_sent"], told["cache_hits"]) == (1, 3, 2)
    assert PASSWORD not in payload


@pytest.mark.parametrize("end", ["cancelled before it began", "broken off"])
def test_runs_that_come_to_no_end_of_their_own_are_told_of_too(superuser, broker, end):
    run = queued()
    if end == "broken off":
        endings.break_off(run, "failed", PASSWORD)
    else:
        discovery.cancel(run)
    assert [json.loads(payload)["status"] for _, payload in broker.told] == [end.split()[0].replace("broken", "failed")]
    assert PASSWORD not in str(broker.told)


def test_a_broker_that_does_not_answer_costs_the_event_and_not_the_run(superuser, broker, monkeypatch):
    monkeypatch.setattr(broker, "publish", lambda **given: (_ for _ in ()).throw(ConnectionError(PASSWORD)))
    run = begun_and_failing(superuser)
    assert endings.close(run.pk)
    run.refresh_from_db()
    assert run.status == "completed_with_errors"


def samples(*families: Metric) -> dict[tuple[str, ...], float]:
    return {
        (one.name.removeprefix("nautobot_topology_cache_"), *one.labels.values()): one.value
        for family in families
        for one in family.samples
    }


def test_metrics_tell_of_runs_devices_rows_and_ages(superuser):
    endings.close(begun_and_failing(superuser).pk)
    device = make_device("c")
    factories.make_slice(device, "routes", collected_at=LONG_AGO)
    told = samples(*(family for metric in metrics.metrics for family in metric()))
    assert told["runs", "completed_with_errors"] == 1
    assert told["runs", "pending"] == 0
    assert told["devices_24h", "failed"] == told["devices_24h", "completed"] == 1
    assert (told["rows_24h", "added"], told["cache_hits_24h",]) == (3, 2)
    assert told["run_seconds_24h", "last"] >= 0
    assert told["oldest_answer_seconds", "routes"] >= 120


def test_nautobot_serves_the_metrics_and_they_quote_nobody(superuser):
    endings.close(begun_and_failing(superuser).pk)
    page = generate_latest(NautobotAppMetricsCollector()).decode()
    assert 'nautobot_topology_cache_devices_24h{status="failed"} 1.0' in page
    assert PASSWORD not in page


def test_what_goes_wrong_after_the_end_of_a_run_does_not_change_how_it_ended():
    run = factories.make_run()
    endings.break_off(run, "failed", "an event broker is broken")
    run.refresh_from_db()
    assert (run.status, run.error) == ("completed", "")
