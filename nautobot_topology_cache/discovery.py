"""The one use case, behind every door: ask devices, keep what they answer.

A door makes a `Request`, `create_run` turns it into a DiscoveryRun, `execute` carries it out. Whether an answer comes
over the wire or from layer 1 is decided by the session that a device's flow talks to; parsing, normalising and writing
are the same. So they are whether this process asks the devices or RQ workers do: see `visits` and `fanout`.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import InterfaceError, OperationalError
from django.db.models.functions import Now
from django.utils import timezone

from nautobot_topology_cache import endings, expansion, fanout, outage, queries
from nautobot_topology_cache.at_hand import AtHand
from nautobot_topology_cache.choices import FROM_FILES, RunStatusChoices, StatusChoices
from nautobot_topology_cache.collect.normalize import text
from nautobot_topology_cache.configuration import settings
from nautobot_topology_cache.endings import cancel
from nautobot_topology_cache.models import DiscoveryRun, DiscoveryRunItem
from nautobot_topology_cache.requests import BadRequest, Request
from nautobot_topology_cache.store import first_line
from nautobot_topology_cache.visits import Report, Visits

__all__ = ("BadRequest", "Request", "cancel", "create_run", "execute", "line", "summary")


def create_run(request: Request, user: Any, job_result: Any = None) -> DiscoveryRun:
    """A pending run; nothing is contacted yet."""
    return DiscoveryRun.objects.create(requested_by=user, options=request.as_options(), job_result=job_result)


def execute(run: DiscoveryRun, user: Any, report: Report = lambda item: None, at_hand: AtHand | None = None) -> None:
    """Carry out a run; `report` is called as each device ends, `at_hand` has the answers in the devices' place.

    A run that cannot be carried out ends `failed` with the reason; only defects, and interruptions, are raised.
    """
    endings.end_left_behind()
    try:
        if _begin(run):
            _ask(run, user, report, at_hand)
    except (BadRequest, queries.NotReachable, fanout.NobodyListens) as problem:
        endings.break_off(run, RunStatusChoices.FAILED, str(problem))
    except (OperationalError, InterfaceError) as lost:
        outage.wait_out()
        endings.break_off(run, RunStatusChoices.FAILED, f"the database went away: {first_line(lost)}")
    except Exception as defect:
        endings.break_off(run, RunStatusChoices.FAILED, text(f"{type(defect).__name__}: {defect}"))
        raise
    except BaseException as interruption:
        endings.break_off(run, RunStatusChoices.CANCELLED, f"interrupted by {type(interruption).__name__}.")
        raise


def line(item: DiscoveryRunItem) -> str:
    """A device's end in one line, for a log."""
    if item.run.options.get("dry_run") and not item.error:
        return f"{item.device_name}: dry run; {len(item.commands)} commands would be sent"
    rows = sum(table.get("stored", 0) for table in item.tables.values())
    figures = f"{item.commands_sent} commands sent, {item.cache_hits} answered from the cache, {rows} rows"
    return f"{item.device_name}: {item.get_status_display().lower()}; {item.error or figures}"


def summary(run: DiscoveryRun) -> str:
    """A run's devices by status, in words."""
    counts = Counter(run.items.values_list("status", flat=True))
    shown = [f"{counts[status]} {label.lower()}" for status, label in StatusChoices.CHOICES if counts[status]]
    return f"{counts.total()} devices: {', '.join(shown) or 'none'}."


def _begin(run: DiscoveryRun) -> bool:
    """Begin the run, unless somebody else has begun or ended it already."""
    run.started_at = timezone.now()
    pending = DiscoveryRun.objects.filter(pk=run.pk, status=RunStatusChoices.PENDING)
    begun = {"status": RunStatusChoices.IN_PROGRESS, "started_at": run.started_at, "heartbeat_at": Now()}
    return bool(pending.update(**begun))


def _ask(run: DiscoveryRun, user: Any, report: Report, at_hand: AtHand | None) -> None:
    """Ask the devices: RQ workers where any listen, else this process."""
    request, ours = Request.from_options(run.options), settings()
    if request.answers == FROM_FILES and at_hand is None:
        raise BadRequest({"answers": ["Files are read by `nautobot-server topology_cache import` alone."]})
    queries.permitted(user, request.secrets_group)
    items = _listed(run, request, user)
    visits = Visits(run, user, ours, report, leads=True, at_hand=at_hand)
    if request.dry_run:
        visits.list(items)
    else:
        # A run that follows neighbors is none of the small ones that go ahead, whatever it begins with.
        workers = fanout.crowd(len(items) + request.expand_depth) if at_hand is None else None
        fan_out = fanout.FanOut(run, ours, workers, report) if workers else None
        _ask_here_or_there(items, visits, fan_out)
        for _hop in range(request.expand_depth):
            if not endings.is_wanted(run.pk) or not (items := expansion.join(run, items, user)):
                break
            _ask_here_or_there(items, visits, fan_out)
    endings.close(run.pk)


def _ask_here_or_there(items: list[DiscoveryRunItem], visits: Visits, fan_out: fanout.FanOut | None) -> None:
    """In this process, or by RQ workers and what these leave over."""
    if fan_out is None:
        visits.ask_all(items)
    else:
        while left := fan_out.follow():
            visits.ask_all(left)


def _listed(run: DiscoveryRun, request: Request, user: Any) -> list[DiscoveryRunItem]:
    """An item per device that is to be asked."""
    request.count_members()
    devices = queries.discoverable(request.selected(user), user)
    if not devices:
        raise BadRequest({"devices": ["No device that you may view matches."]})
    items = [DiscoveryRunItem(run=run, device=one, device_name=one.name or str(one.pk)) for one in devices]
    return DiscoveryRunItem.objects.bulk_create(items)
