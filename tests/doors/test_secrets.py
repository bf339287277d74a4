"""Credentials are found nowhere but in Nautobot's Secrets, whoever asks the device and however that ends."""

import json
import time
from base64 import b64encode
from contextlib import ExitStack
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone
from nautobot.apps.events import EventBroker, deregister_event_broker, register_event_broker
from nautobot.extras.models import Job, ScheduledJob

from nautobot_topology_cache.models import CommandOutput, DiscoveryRun
from tests.doors import crew
from tests.doors.places import places, release
from tests.doors.played import configured
from tests.faults.listening import CANARY as HEARD
from tests.faults.listening import listening

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "job_logs"])
TROUBLES = {
    "ost-core-01": {},
    "ost-core-02": {"auth_failure": True},
    "ost-dist-01": {"refuse_enable": True},
    "ost-dist-02": {"drop": "mid_output"},
}
"""Device -> knobs: one that answers, and three whose errors are told."""
WORKER = ["celery", "worker", "--concurrency=1", "--without-gossip", "--without-mingle", "--loglevel=DEBUG"]
PATIENCE = 240.0


class Broker(EventBroker):
    """Keeps what is published in this process."""

    def __init__(self):
        super().__init__()
        self.told = []

    def publish(self, *, topic, payload):
        self.told.append((topic, payload))


@pytest.fixture
def broker():
    broker = Broker()
    register_event_broker(broker)
    yield broker
    deregister_event_broker(broker)


@pytest.fixture
def devices(lab):
    found = lab.devices(*TROUBLES)
    for name, knobs in TROUBLES.items():
        lab.turn(name, **knobs)
    return found


def planted(lab) -> set[str]:
    """The lab's password and enable secret, and what they look like in other clothes."""
    secrets = [lab.inventory[kind] for kind in ("password", "secret")]
    assert all(len(secret) >= 8 for secret in secrets), "too short to be looked for"
    return {form for one in secrets for form in (one, quote(one), repr(one)[1:-1], b64encode(one.encode()).decode())}


def scheduled(devices, user, folder, monkeypatch) -> dict:
    """One run by Celery's beat and worker, whose devices RQ workers ask, each a process with its log."""
    monkeypatch.setenv("TOPOLOGY_CACHE_TEST_SETTINGS", json.dumps({"fan_out": "rq"}))
    monkeypatch.setenv("TOPOLOGY_CACHE_TEST_CELERY", "yes")
    monkeypatch.setenv("TOPOLOGY_CACHE_TEST_LOG", "DEBUG")
    job = Job.objects.get(job_class_name="DiscoverTopology")
    job.enabled = True
    job.validated_save()
    chosen = {"devices": [str(device.pk) for device in devices], "secrets_group": str(devices[0].secrets_group_id)}
    when = {"start_time": timezone.now() - timedelta(minutes=2), "interval": "custom", "crontab": "* * * * *"}
    ScheduledJob.create_schedule(job, user, name="minutely", job_kwargs=chosen, **when)
    logs = {name: folder / f"{name}.log" for name in ("rq", "celery", "beat")}
    with ExitStack() as stack:
        stack.enter_context(crew.crew(logs["rq"]))
        stack.enter_context(crew.nautobot_server(WORKER, logs["celery"]))
        stack.enter_context(crew.nautobot_server(["celery", "beat", f"--pidfile={folder / 'pid'}"], logs["beat"]))
        end = time.monotonic() + PATIENCE
        while not DiscoveryRun.objects.filter(completed_at__isnull=False, job_result__date_done__isnull=False).exists():
            assert time.monotonic() < end, logs["celery"].read_text()[-3000:]
            time.sleep(0.2)
        ScheduledJob.objects.update(enabled=False)
    return logs


def test_no_secret_is_found_where_a_canary_is(lab, devices, discover, user, client, broker, tmp_path, monkeypatch):
    client.force_login(user)
    logs = scheduled(devices, user, tmp_path, monkeypatch)
    with listening() as heard, configured(fan_out="threads"):
        here = discover(devices=devices, force_refresh=True)
    run = DiscoveryRun.objects.exclude(pk=here.pk).earliest("created_at")
    for one in (run, here):
        ended = {item.device_name: (item.status, item.error.partition(":")[0]) for item in one.items.all()}
        assert ended["ost-core-01"] == ("completed", "")
        assert ended["ost-core-02"] == ("failed", "auth")
        assert ended["ost-dist-01"][0] != "completed"
    assert CommandOutput.objects.exists()
    read = places(client, heard.getvalue(), broker.told, logs)
    found = {place: [one for one in planted(lab) if one in text] for place, text in read.items()}
    assert found == {place: [] for place in read}
    expected = {"log here": {HEARD}, **release(devices[0], run, run.job_result, logs)}
    read = places(client, heard.getvalue(), broker.told, logs)
    missing = {place: [canary for canary in expected[place] if canary not in text] for place, text in read.items()}
    assert missing == {place: [] for place in read}
