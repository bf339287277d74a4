"""Ends of runs that do not come to their own: cancelled, broken off by an error, left behind by a process that died."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from nautobot.extras.choices import JobResultStatusChoices

from nautobot_topology_cache import leases
from nautobot_topology_cache.choices import RunStatusChoices, StatusChoices
from nautobot_topology_cache.models import DiscoveryRun, DiscoveryRunItem
from nautobot_topology_cache.models.runs import HEARTBEAT


def cancel(run: DiscoveryRun) -> None:
    """Ask a run to stop: no device is started any more, one in flight ends its current command.

    A run on which nobody works, not yet or not any more, ends here and now.
    """
    idle = DiscoveryRun.objects.filter(Q(status=RunStatusChoices.PENDING) | _silent(), pk=run.pk)
    if idle.update(status=RunStatusChoices.CANCELLED, completed_at=timezone.now()):
        _end_items(run.pk, StatusChoices.CANCELLED, "")
    else:
        working = DiscoveryRun.objects.filter(pk=run.pk, status=RunStatusChoices.IN_PROGRESS)
        working.update(status=RunStatusChoices.CANCELLED)


def break_off(run: DiscoveryRun, status: str, error: str) -> None:
    """End a run with all its devices, and let go of those it holds."""
    leases.give_back_all(run.pk)
    _end_items(run.pk, status, f"The run ended: {error}")
    DiscoveryRun.objects.filter(pk=run.pk).update(status=status, error=error, completed_at=timezone.now())


def end_left_behind() -> None:
    """Write down that runs have failed whose process died, or whose Job ended before it came to them."""
    never_begun = Q(status=RunStatusChoices.PENDING, job_result__status__in=JobResultStatusChoices.READY_STATES)
    for run in DiscoveryRun.objects.filter(_silent() | never_begun):
        break_off(run, RunStatusChoices.FAILED, "it was left behind by the process that worked on it.")


def _silent() -> Q:
    return Q(status=RunStatusChoices.IN_PROGRESS, heartbeat_at__lt=timezone.now() - HEARTBEAT)


def _end_items(run_id: UUID, status: str, error: str) -> None:
    items = DiscoveryRunItem.objects.filter(run=run_id).exclude(status__in=StatusChoices.ENDED)
    items.update(status=status, error=error, current_task="", completed_at=timezone.now())
