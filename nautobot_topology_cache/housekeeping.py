"""A schedule that keeps the database small: there after installation, disabled, and owned by nobody.

Nautobot shows a disabled schedule but lets nobody enable it, with one exception: one that cannot run for want of an
owner is enabled by its button *Assume Ownership*, for whoever may run the Job. So this one waits in that state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps.registry import Apps
from django.utils import timezone
from nautobot.apps import NautobotAppConfig, nautobot_database_ready
from nautobot.extras.choices import JobExecutionType, ScheduledJobStateChoices

if TYPE_CHECKING:
    from django.db.models import Manager
    from nautobot.extras.models import ScheduledJob

NAME = "Topology Cache housekeeping"
WEEKLY = "30 3 * * 0"
"""Minute, hour, day of month, month, day of week: Sundays at half past three."""
DESCRIPTION = (
    "Removes closed rows and ended runs that are older than the settings history_days and run_days. Disabled until "
    "somebody assumes its ownership, who needs the permission to delete device caches; the Job must be enabled. If a "
    "Sunday has passed since, the first purge comes at once."
)
WHAT = {"layers": ["tables", "runs"], "all_devices": True, "history_only": True}


def register(app_config: NautobotAppConfig) -> None:
    """Offer the schedule whenever Nautobot's database was brought up to date, as Nautobot does with statuses."""
    nautobot_database_ready.connect(offer, sender=app_config, dispatch_uid=f"{__name__}.offer")


def offer(apps: Apps, **_: Any) -> None:
    """Make the schedule if there is none of its name, or bring it up to date; one with an owner stays as it is."""
    schedules: Manager[ScheduledJob] = apps.get_model("extras", "ScheduledJob").objects
    found = apps.get_model("extras", "Job").objects.filter(
        module_name="nautobot_topology_cache.jobs", job_class_name="PurgeCache", installed=True
    )
    for job in found.select_related("default_job_queue"):
        offered = _values(job)
        if not schedules.filter(name=NAME, user__isnull=True, enabled=False).update(**offered):
            schedules.get_or_create(name=NAME, defaults=offered)


def _values(job: Any) -> dict[str, Any]:
    """The schedule's columns besides its name."""
    queue = job.default_job_queue
    return {
        "description": DESCRIPTION,
        "task": f"{job.module_name}.{job.job_class_name}",
        "job_model": job,
        "job_queue": queue,
        "kwargs": WHAT,
        "celery_kwargs": {
            "queue": queue.name,
            "nautobot_job_queue_type": queue.queue_type,
            "nautobot_job_profile": False,
            "nautobot_job_ignore_singleton_lock": False,
            "nautobot_job_console_log": False,
            "soft_time_limit": job.soft_time_limit,
            "time_limit": job.time_limit,
        },
        "interval": JobExecutionType.TYPE_CUSTOM,
        "crontab": WEEKLY,
        "start_time": timezone.now(),
        "enabled": False,
        "state": ScheduledJobStateChoices.ERRORED,
    }
