"""Runs whose Job ends without them: Nautobot writes that down on the JobResult, whoever killed or cancelled the Job."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from nautobot.extras.choices import JobCancelTypeChoices, JobResultStatusChoices
from nautobot.extras.models import JobResult

from nautobot_topology_cache import endings
from nautobot_topology_cache.models import DiscoveryRun


def register() -> None:
    """Look at every JobResult that is saved. A Job that ends in peace has closed its run before."""
    post_save.connect(_end_run, sender=JobResult, dispatch_uid=f"{__name__}.end_run")


def _end_run(instance: JobResult, **_: Any) -> None:
    if instance.status not in JobResultStatusChoices.READY_STATES:
        return
    # Nautobot abandons a Job whose worker it cannot ask: that one may live, and stops its run by itself.
    killed = instance.cancel_type != JobCancelTypeChoices.TYPE_ABANDONED
    for run in DiscoveryRun.objects.filter(job_result=instance.pk, completed_at__isnull=True):
        endings.end_with_job(run, killed=killed)
