"""The one use case, behind every door: ask devices, keep what they answer.

A door makes a `Request`, `create_run` turns it into a DiscoveryRun, `execute` carries it out. Whether an answer comes
over the wire or from layer 1 is decided by the session that a device's flow talks to; parsing, normalising and writing
are the same.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from threading import Event
from typing import Any

import attrs
from django.db import DatabaseError
from django.utils import timezone
from nautobot.dcim.models import Device

from nautobot_topology_cache import endings, leases, progress, queries, store
from nautobot_topology_cache.choices import RunStatusChoices, StatusChoices
from nautobot_topology_cache.collect.commands import Platform
from nautobot_topology_cache.collect.gather import DeviceJob, Gathered, Limits, gather
from nautobot_topology_cache.collect.normalize import text
from nautobot_topology_cache.collect.sessions import ReadThrough, Session, Stored
from nautobot_topology_cache.collect.shrinking import ShrinkGuard
from nautobot_topology_cache.collect.targets import Target, Timeouts
from nautobot_topology_cache.collect.wire import Allowance, Wire, WireOptions
from nautobot_topology_cache.configuration import Settings, command_ttl_minutes, settings
from nautobot_topology_cache.endings import cancel
from nautobot_topology_cache.models import DeviceCache, DiscoveryRun, DiscoveryRunItem
from nautobot_topology_cache.requests import BadRequest, Request

__all__ = ("BadRequest", "Request", "cancel", "create_run", "execute", "line", "summary")

Report = Callable[[DiscoveryRunItem], None]
LEASE_SECONDS = 60
"""How long a device stays taken after its run stopped renewing the lease."""
BEAT = 5.0
"""Seconds between two heartbeats, renewals of leases and notes of progress."""
ENDED_WITH = [
    *("status", "error", "current_task", "completed_at", "connections", "commands_sent", "cache_hits"),
    *("tables", "commands", "detail", "rows"),
]
"""Columns of an item that a device's end writes."""
ROWS_PER_SECOND = 2000
"""Rows that the database takes at least; while it does, nobody hears the heart beat."""
POLL = 0.5
"""Seconds between two looks at a device that another run holds."""


def create_run(request: Request, user: Any, job_result: Any = None) -> DiscoveryRun:
    """A pending run; nothing is contacted yet."""
    return DiscoveryRun.objects.create(requested_by=user, options=request.as_options(), job_result=job_result)


def execute(run: DiscoveryRun, user: Any, report: Report = lambda item: None) -> None:
    """Carry out a run in this process; `report` is called as each device ends.

    A run that cannot be carried out ends `failed` with the reason; only defects, and interruptions, are raised.
    """
    endings.end_left_behind()
    try:
        _Run(run, user, report).execute()
    except (BadRequest, queries.NotReachable) as problem:
        endings.break_off(run, RunStatusChoices.FAILED, str(problem))
    except Exception as defect:
        endings.break_off(run, RunStatusChoices.FAILED, text(f"{type(defect).__name__}: {defect}"))
        raise
    except BaseException as interruption:
        endings.break_off(run, RunStatusChoices.CANCELLED, f"interrupted by {type(interruption).__name__}.")
        raise


def line(item: DiscoveryRunItem) -> str:
    """A device's end in one line, for a log."""
    rows = sum(table.get("stored", 0) for table in item.tables.values())
    figures = f"{item.commands_sent} commands sent, {item.cache_hits} answered from the cache, {rows} rows"
    return f"{item.device_name}: {item.get_status_display().lower()}; {item.error or figures}"


def summary(run: DiscoveryRun) -> str:
    """A run's devices by status, in words."""
    counts = Counter(run.items.values_list("status", flat=True))
    shown = [f"{counts[status]} {label.lower()}" for status, label in StatusChoices.CHOICES if counts[status]]
    return f"{counts.total()} devices: {', '.join(shown) or 'none'}."


@attrs.define
class _Waiting:
    """A device that is still to be asked."""

    item: DiscoveryRunItem
    device: Device
    platform: Platform
    target: Target


class _Run:
    """One run while it is carried out, in the main thread: the only one here that talks to the database."""

    def __init__(self, run: DiscoveryRun, user: Any, report: Report) -> None:
        self.run = run
        self.user = user
        self.report = report
        self.request = Request.from_options(run.options)
        self.settings: Settings = settings()
        self.platforms = queries.supported_platforms()
        self.started_at = timezone.now()
        self.ttl = 60.0 * (
            command_ttl_minutes() if self.request.command_ttl_minutes is None else self.request.command_ttl_minutes
        )
        self.options = WireOptions(
            host_key_policy=self.settings.host_key_policy,
            connect_retries=self.settings.connect_retries,
            max_answer_bytes=self.settings.max_answer_mb * 1024 * 1024,
            ssh_config_file=self.settings.ssh_config_file,
        )
        self.in_flight: dict[str, _Waiting] = {}
        self.stop = Event()
        self.next_beat = 0.0

    def execute(self) -> None:
        """Begin and end the run, unless somebody else has done so already."""
        begun = DiscoveryRun.objects.filter(pk=self.run.pk, status=RunStatusChoices.PENDING).update(
            status=RunStatusChoices.IN_PROGRESS, started_at=self.started_at, heartbeat_at=self.started_at
        )
        if not begun:
            return
        waiting = self._prepare()
        if self.request.dry_run:
            self._list(waiting)
        else:
            self._discover(waiting)
        self._close()

    def _prepare(self) -> list[_Waiting]:
        """An item per device; one that cannot be reached as it stands in Nautobot is skipped, with its reason."""
        group = queries.permitted(self.user, self.request.secrets_group)
        devices = queries.discoverable(self.request.selected(self.user), self.user)
        if not devices:
            raise BadRequest({"devices": ["No device that you may view matches."]})
        items = [DiscoveryRunItem(run=self.run, device=one, device_name=one.name or str(one.pk)) for one in devices]
        DiscoveryRunItem.objects.bulk_create(items)
        contexts = queries.config_contexts(devices)
        caches = queries.device_caches(device.pk for device in devices)
        waiting = []
        for item, device in zip(items, devices, strict=True):
            self._live({})
            try:
                platform = queries.platform_of(device, self.platforms)
                port = queries.ssh_port(contexts.get(device.pk), self.settings.ssh_port)
                timeouts = self._timeouts().overridden(platform.timeouts)
                target = queries.target_of(device, platform, port, group, caches[device.pk].host_key, timeouts)
            except queries.NotReachable as problem:
                self._end(item, StatusChoices.SKIPPED, error=str(problem))
            else:
                waiting.append(_Waiting(item, device, platform, target))
        return waiting

    def _list(self, waiting: list[_Waiting]) -> None:
        """A dry run: what would be asked, without asking."""
        for one in waiting:
            one.item.commands = progress.commands_to_ask(one.platform, self.request.tables)
            self._end(one.item, StatusChoices.COMPLETED)

    def _discover(self, waiting: list[_Waiting]) -> None:
        """Ask every device once its lease can be had; whoever held it before us has fetched for us too."""
        patience = time.monotonic() + self._timeouts().device
        while waiting:
            busy: list[_Waiting] = []
            jobs = self._jobs(waiting, busy)
            ends = gather(jobs, self._limits(), cancelled=self.stop.is_set, on_tick=self._live, tick=BEAT)
            # Closed at once even if an error ends the loop: the threads are to stop asking then.
            with closing(ends):
                for gathered in ends:
                    self._finish(gathered)
            waiting = busy
            if waiting and time.monotonic() > patience:
                self._give_up(waiting)
                return
            if waiting:
                time.sleep(POLL)
                self._live({})

    def _give_up(self, waiting: list[_Waiting]) -> None:
        for one in waiting:
            self._end(one.item, StatusChoices.FAILED, error="deadline: another run holds the device.")

    def _jobs(self, waiting: list[_Waiting], busy: list[_Waiting]) -> Iterator[DeviceJob]:
        """Jobs for the devices that are free, each made when a session is free for it; the others go to `busy`."""
        for one in waiting:
            if self._cancelled():
                self._end(one.item, StatusChoices.CANCELLED)
            elif leases.take([one.device.pk], self.run.pk, LEASE_SECONDS):
                self.in_flight[one.target.device_id] = one
                one.item.status, one.item.started_at = StatusChoices.IN_PROGRESS, timezone.now()
                one.item.save(update_fields=["status", "started_at"])
                tables = frozenset(self.request.tables)
                yield DeviceJob(one.target, one.platform, tables, self._session(one), self._guard(one))
            elif self._exists(one):
                busy.append(one)

    def _guard(self, one: _Waiting) -> ShrinkGuard:
        """What is stored to compare with, unless this run is not to read it."""
        stored = queries.standing(one.device.pk) if self.request.cache_results else {}
        return ShrinkGuard(self.settings.shrink_guard, stored)

    def _session(self, one: _Waiting) -> Callable[[Allowance], Session]:
        """Layer 1 before the wire, unless this run is not to touch the cache; opened in a thread, without the ORM."""
        options = self.options
        if not self.request.cache_results:
            return lambda allowance: Wire(one.target, one.platform, options, allowance)
        stored = self._stored(one)
        return lambda allowance: ReadThrough(stored, Wire(one.target, one.platform, options, allowance))

    def _stored(self, one: _Waiting) -> Stored:
        """The answers that may serve: within their time to live, or fetched by somebody since this run began."""
        if self.request.force_refresh:
            return Stored(queries.stored_outputs(one.device.pk, self.started_at), None, timezone.now)
        oldest = min(self.started_at, timezone.now() - timedelta(seconds=self.ttl))
        return Stored(queries.stored_outputs(one.device.pk, oldest), self.ttl, timezone.now, since=self.started_at)

    def _timeouts(self) -> Timeouts:
        ours = self.settings
        return Timeouts(
            connect=ours.connect_timeout,
            auth=ours.auth_timeout,
            banner=ours.banner_timeout,
            command=ours.command_timeout,
            device=ours.device_timeout,
        )

    def _limits(self) -> Limits:
        concurrency = self.request.concurrency or self.settings.concurrency
        return Limits(
            concurrency=concurrency,
            logins_per_second=self.settings.logins_per_second,
            unparsed_share=self.settings.unparsed_share,
        )

    def _live(self, tasks: Mapping[str, str]) -> None:
        """Called at all times, beats no more often than needed."""
        if time.monotonic() >= self.next_beat:
            self._beat(tasks)
            self.next_beat = time.monotonic() + BEAT

    def _beat(self, tasks: Mapping[str, str]) -> None:
        """Say that this run lives, keep its leases, show what is asked, see whether to stop."""
        self._last(0.0)
        for device_id, task in tasks.items():
            one = self.in_flight.get(device_id)
            if one is not None and one.item.current_task != task:
                one.item.current_task = task[:255]
                one.item.save(update_fields=["current_task"])
        if self._cancelled():
            self.stop.set()

    def _finish(self, gathered: Gathered) -> None:
        """Keep what one device answered, layer 1 before layer 2, and end its item."""
        one = self.in_flight.pop(gathered.job.target.device_id)
        item, result = one.item, gathered.result
        item.connections, item.commands_sent = gathered.connections, gathered.commands_sent
        item.cache_hits = sum(command.source == "cache" for command in result.commands)
        if not self._exists(one):
            return
        try:
            written = self._keep(one, gathered)
        except (store.LeaseLost, DatabaseError) as refused:
            self._end(item, StatusChoices.FAILED, error=f"store: {store.first_line(refused)}")
            return
        finally:
            leases.give_back(one.device.pk, self.run.pk)
        item.tables = progress.tables_of(written)
        item.commands = progress.commands_of(result)
        item.detail = progress.details_of(part.result for part in written)
        status = StatusChoices.CANCELLED if gathered.cancelled else progress.status_of(result, written)
        self._end(item, status, error=str(result.failure or ""))

    def _exists(self, one: _Waiting) -> bool:
        """Whether the device is still in Nautobot; if not, its item ends."""
        if Device.objects.filter(pk=one.device.pk).exists():
            return True
        one.item.device = None
        self._end(one.item, StatusChoices.FAILED, error="The device was deleted during its discovery.")
        return False

    def _keep(self, one: _Waiting, gathered: Gathered) -> list[store.Written]:
        result, tables = gathered.result, frozenset(self.request.tables)
        if gathered.cancelled:
            # What was not asked any more stays as it is, neither closed nor stale.
            result, tables = progress.answered(result), frozenset()
        if not self.request.cache_results:
            one.item.rows = progress.rows_of(result)
            return [store.Written(part) for part in result.slices]
        if self.options.host_key_policy == "first_use" and gathered.host_key and not one.target.host_key:
            DeviceCache.objects.filter(device=one.device).update(host_key=gathered.host_key)
        writing = sum(len(part.records) for part in result.slices) / ROWS_PER_SECOND
        if writing > BEAT:
            self._last(writing, one)
        store.save_outputs(one.device.pk, result.commands)
        return store.save_rows(one.device.pk, result, tables, self.run.pk)

    def _end(self, item: DiscoveryRunItem, status: str, error: str = "") -> None:
        item.status, item.error, item.current_task, item.completed_at = status, error, "", timezone.now()
        # Never the device: it may have been deleted, and then the database has forgotten it already.
        item.save(update_fields=ENDED_WITH)
        self._note_heartbeat()
        self.report(item)

    def _last(self, seconds: float, *others: _Waiting) -> None:
        """Let the heartbeat and the leases of all devices in flight, and of others, last so much longer than usual."""
        self._note_heartbeat(seconds)
        held = [one.device.pk for one in (*self.in_flight.values(), *others)]
        leases.take(held, self.run.pk, LEASE_SECONDS + seconds)

    def _note_heartbeat(self, ahead: float = 0.0) -> None:
        beat = timezone.now() + timedelta(seconds=ahead)
        DiscoveryRun.objects.filter(pk=self.run.pk).update(heartbeat_at=beat)

    def _cancelled(self) -> bool:
        return DiscoveryRun.objects.filter(pk=self.run.pk, status=RunStatusChoices.CANCELLED).exists()

    def _close(self) -> None:
        """The run's own end: cancelled stays cancelled, anything else follows from its devices."""
        counts = Counter(self.run.items.values_list("status", flat=True))
        open_runs = DiscoveryRun.objects.filter(pk=self.run.pk)
        open_runs.exclude(status=RunStatusChoices.CANCELLED).update(status=progress.run_status(counts))
        open_runs.update(completed_at=timezone.now())
