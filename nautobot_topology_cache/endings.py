"""How runs and devices end: with the last device, by a cancel, or because whoever worked on them died."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from uuid import UUID

from django.db.models import Case, Q, Value, When
from django.db.models.functions import Now
from django.utils import timezone
from nautobot.extras.choices import JobResultStatusChoices

from nautobot_topology_cache import leases, progress, tally
from nautobot_topology_cache.choices import RunStatusChoices, StatusChoices
from nautobot_topology_cache.models import DiscoveryRun, DiscoveryRunItem
from nautobot_topology_cache.models.runs import HEARTBEAT

ENDED_WITH = [
    *("status", "error", "current_task", "completed_at", "connections", "commands_sent", "cache_hits"),
    *("tables", "commands", "detail", "rows"),
]
"""Columns of an item that a device's end writes."""
ITS_JOB = "its Job was killed or cancelled."
ORPHANED = f"The run ended: {ITS_JOB}"


def end_item(item: DiscoveryRunItem, status: str, error: str = "") -> bool:
    """Write a device's end, unless somebody else has ended it, or has begun it anew, since the item was read."""
    item.status, item.error, item.current_task, item.completed_at = status, error, "", timezone.now()
    ours = DiscoveryRunItem.objects.filter(pk=item.pk, attempts=item.attempts)
    # Never the device: it may have been deleted, and then the database has forgotten it already.
    values = {name: getattr(item, name) for name in ENDED_WITH}
    return bool(ours.exclude(status__in=StatusChoices.ENDED).update(**values))


def begin_anew(item: DiscoveryRunItem, why: str) -> bool:
    """Let another process begin a device whose asker died; False if that one lived and has ended it."""
    begun = DiscoveryRunItem.objects.filter(pk=item.pk, status=StatusChoices.IN_PROGRESS, attempts=item.attempts)
    return bool(begun.update(status=StatusChoices.PENDING, current_task=why))


def close(run_id: UUID) -> bool:
    """End a run whose devices have all ended: whoever ends the last one calls this, and one caller only is told True.

    Cancelled stays cancelled, anything else follows from the devices.
    """
    counts = Counter(DiscoveryRunItem.objects.filter(run=run_id).values_list("status", flat=True))
    if any(counts[status] for status in StatusChoices.OPEN):
        return False
    cancelled = When(status=RunStatusChoices.CANCELLED, then=Value(RunStatusChoices.CANCELLED))
    status = Case(cancelled, default=Value(progress.run_status(counts)))
    open_run = DiscoveryRun.objects.filter(pk=run_id, completed_at__isnull=True)
    closed = bool(open_run.update(status=status, completed_at=timezone.now()))
    if closed:
        tally.take_stock(run_id)
    return closed


def cancel(run: DiscoveryRun) -> None:
    """Ask a run to stop: no device is started any more, one in flight ends its current command.

    A run on which nobody works, not yet or not any more, ends here and now.
    """
    idle = DiscoveryRun.objects.filter(Q(status=RunStatusChoices.PENDING) | _silent(), pk=run.pk)
    if idle.update(status=RunStatusChoices.CANCELLED, completed_at=timezone.now()):
        _end_items(run.pk, StatusChoices.CANCELLED, "")
        tally.take_stock(run.pk)
    else:
        working = DiscoveryRun.objects.filter(pk=run.pk, status=RunStatusChoices.IN_PROGRESS)
        working.update(status=RunStatusChoices.CANCELLED)
        stop_waiting(run.pk)


def stop_waiting(run_id: UUID) -> None:
    """Begin no further device of a run that is cancelled, or whose Job lives no more, which cancels it.

    Devices in flight are left to those who ask them.
    """
    orphaned = DiscoveryRun.objects.filter(_silent() | _of_ended_job(), pk=run_id, status=RunStatusChoices.IN_PROGRESS)
    orphaned.update(status=RunStatusChoices.CANCELLED, error=ORPHANED)
    waiting = DiscoveryRunItem.objects.filter(run=run_id, status=StatusChoices.PENDING)
    waiting.filter(run__status=RunStatusChoices.CANCELLED).update(
        status=StatusChoices.CANCELLED, current_task="", completed_at=timezone.now()
    )


def end_with_job(run: DiscoveryRun, *, killed: bool) -> None:
    """Cancel a run whose Job has ended before it.

    If the Job's process was killed, nobody else ends the devices that it asked itself. Those that RQ workers ask are
    left to them, and the last of them closes the run.
    """
    if run.status == RunStatusChoices.PENDING:
        break_off(run, RunStatusChoices.CANCELLED, ITS_JOB)
        return
    stop_waiting(run.pk)
    if killed:
        asked = DiscoveryRunItem.objects.filter(run=run.pk, lease=run.pk, status=StatusChoices.IN_PROGRESS)
        asked.update(status=StatusChoices.CANCELLED, error=ORPHANED, current_task="", completed_at=timezone.now())
        leases.give_back_all(run.pk)
        close(run.pk)


def break_off(run: DiscoveryRun, status: str, error: str) -> None:
    """End a run with all its devices, whoever asks them; one that has ended already stays as it ended."""
    _end_items(run.pk, status, f"The run ended: {error}")
    going = DiscoveryRun.objects.filter(pk=run.pk, completed_at__isnull=True)
    if going.update(status=status, error=error, completed_at=timezone.now()):
        tally.take_stock(run.pk)


def end_left_behind() -> None:
    """Write down that runs have failed whose process died, or which nobody will begin.

    A run that was cancelled, and whose last devices nobody ended, stays cancelled.
    """
    no_job = Q(job_result__isnull=True, created_at__lt=Now() - HEARTBEAT)
    never_begun = Q(status=RunStatusChoices.PENDING) & (no_job | _of_ended_job())
    for run in DiscoveryRun.objects.filter(_silent() | never_begun):
        status = RunStatusChoices.CANCELLED if run.status == RunStatusChoices.CANCELLED else RunStatusChoices.FAILED
        break_off(run, status, "it was left behind by the process that worked on it.")


def beat(run_id: UUID, ahead: float = 0.0) -> None:
    """Say that a run lives, and will be heard of no later than in so many seconds and a minute."""
    DiscoveryRun.objects.filter(pk=run_id).update(heartbeat_at=Now() + timedelta(seconds=ahead))


def is_wanted(run_id: UUID) -> bool:
    """Whether further devices and commands of a run shall be asked: nobody cancelled it, and its Job lives."""
    working = DiscoveryRun.objects.filter(pk=run_id, status=RunStatusChoices.IN_PROGRESS)
    return working.exclude(_silent() | _of_ended_job()).exists()


def _of_ended_job() -> Q:
    return Q(job_result__isnull=False, job_result__status__in=JobResultStatusChoices.READY_STATES)


def _silent() -> Q:
    """Runs of which nothing was heard for too long, among them cancelled ones whose last devices never ended."""
    status = Q(status=RunStatusChoices.IN_PROGRESS) | Q(status=RunStatusChoices.CANCELLED, completed_at__isnull=True)
    return status & Q(heartbeat_at__lt=Now() - HEARTBEAT)


def _end_items(run_id: UUID, status: str, error: str) -> None:
    items = DiscoveryRunItem.objects.filter(run=run_id).exclude(status__in=StatusChoices.ENDED)
    items.update(status=status, error=error, current_task="", completed_at=timezone.now())
