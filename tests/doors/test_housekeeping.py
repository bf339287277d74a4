"""The schedule that the app brings along: disabled, until somebody makes it their own with Nautobot's button."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from django.urls import reverse
from django.utils import timezone
from nautobot.apps import nautobot_database_ready
from nautobot.extras.models import Job, JobResult, ScheduledJob

from nautobot_topology_cache import housekeeping
from nautobot_topology_cache.models import CachedInterface, DiscoveryRun
from tests.doors import crew

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "job_logs"])


@pytest.fixture(scope="module")
def migrated():
    """The models as migrations know them, which is what Nautobot gives when it has migrated."""
    return MigrationLoader(None).project_state().apps


@pytest.fixture
def database_ready(db, migrated):
    """What Nautobot says after each migration and `post_upgrade`."""
    config = apps.get_app_config("nautobot_topology_cache")
    return lambda: nautobot_database_ready.send(sender=config, app_config=config, apps=migrated)


@pytest.fixture
def schedule(database_ready):
    ScheduledJob.objects.all().delete()
    database_ready()
    return ScheduledJob.objects.get(name=housekeeping.NAME)


def test_it_is_there_after_an_installation_and_does_nothing(schedule):
    assert not schedule.enabled
    assert schedule not in ScheduledJob.objects.enabled(), "what beat reads"
    assert schedule.job_model.job_class_name == "PurgeCache"


def test_it_is_brought_up_to_date_until_it_has_an_owner(schedule, database_ready, user):
    ScheduledJob.objects.update(crontab="0 1 1 * *", job_model=None)
    database_ready()
    schedule.refresh_from_db()
    assert (schedule.crontab, schedule.job_model.job_class_name) == (housekeeping.WEEKLY, "PurgeCache")
    ScheduledJob.objects.update(crontab="0 1 1 * *", user=user)
    database_ready()
    assert ScheduledJob.objects.get().crontab == "0 1 1 * *"


def test_without_the_job_there_is_no_schedule(schedule, database_ready):
    ScheduledJob.objects.all().delete()
    Job.objects.filter(pk=schedule.job_model_id).update(installed=False)
    database_ready()
    assert not ScheduledJob.objects.exists()


def test_whoever_assumes_its_ownership_has_old_history_removed(
    schedule, network, devices, discover, client, user, monkeypatch, tmp_path
):
    """By Celery's own beat and worker, a Sunday after it was made."""
    device = devices[0]
    old = discover(devices=[device])
    young = discover(devices=[device], force_refresh=True)
    kept, closed = CachedInterface.objects.filter(device=device)[:2]
    long_ago = timezone.now() - timedelta(days=400)
    CachedInterface.objects.filter(pk=closed.pk).update(valid_to=long_ago)
    DiscoveryRun.objects.filter(pk=old.pk).update(created_at=long_ago)
    Job.objects.filter(pk=schedule.job_model_id).update(enabled=True)
    ScheduledJob.objects.update(start_time=timezone.now() - timedelta(days=8))

    client.force_login(user)
    assert "Assume Ownership" in client.get(schedule.get_absolute_url()).content.decode()
    client.post(reverse("extras:scheduledjob_assume_ownership", kwargs={"pk": schedule.pk}))
    schedule.refresh_from_db()
    assert (schedule.enabled, schedule.user) == (True, user)

    monkeypatch.setenv("TOPOLOGY_CACHE_TEST_CELERY", "yes")
    with crew.celery(tmp_path) as wait_until:
        wait_until(JobResult.objects.filter(scheduled_job=schedule, status="SUCCESS").exists)
    removed = JobResult.objects.get(scheduled_job=schedule).result
    assert (removed["interfaces"], removed["runs"]) == (1, 1)
    assert list(CachedInterface.versions.filter(pk__in=[kept.pk, closed.pk])) == [kept]
    assert DiscoveryRun.objects.get() == young
