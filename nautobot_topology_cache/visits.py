"""The devices of a run that one process asks: each from its lease to its rows, in threads.

A run in one process asks all its devices here; with RQ workers, each of their tasks asks one. It is the same code.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from threading import Event
from typing import Any
from uuid import uuid4

import attrs
from django.db import DatabaseError
from django.db.models.functions import Now
from django.utils import timezone
from nautobot.dcim.models import Device

from nautobot_topology_cache import endings, leases, outage, progress, queries, store
from nautobot_topology_cache.at_hand import AtHand, Layer1
from nautobot_topology_cache.choices import FROM_LAYER_1, StatusChoices
from nautobot_topology_cache.collect.commands import Platform
from nautobot_topology_cache.collect.gather import Admission, DeviceJob, Gathered, Limits, gather
from nautobot_topology_cache.collect.sessions import ReadThrough, Session, Stored
from nautobot_topology_cache.collect.shrinking import ShrinkGuard
from nautobot_topology_cache.collect.targets import Target, Timeouts
from nautobot_topology_cache.collect.wire import Allowance, Wire, WireOptions
from nautobot_topology_cache.configuration import Settings, command_ttl_minutes
from nautobot_topology_cache.models import DeviceCache, DiscoveryRun, DiscoveryRunItem
from nautobot_topology_cache.requests import Request

Report = Callable[[DiscoveryRunItem], None]
LEASE_SECONDS = 60
"""How long a device stays taken after whoever asks it stopped renewing the lease."""
BEAT = 5.0
"""Seconds between two heartbeats, renewals of leases and notes of progress."""
LOOK = 1.0
"""Seconds between two looks whether the run is still wanted."""
ROWS_PER_SECOND = 2000
"""Rows that the database takes at least; while it does, nobody hears the heart beat."""
POLL = 0.5
"""Seconds between two looks at a device that another run holds."""
BUSY = "deadline: another run holds the device."


@attrs.define
class _Visit:
    """A device that is to be asked."""

    item: DiscoveryRunItem
    device: Device
    platform: Platform
    target: Target
    busy_since: float | None = None
    """When another run was first seen to hold it (`time.monotonic()`)."""


class Visits:
    """What the main thread of the asking process does, the only one there that talks to the database.

    `leads` says whether this process carries the run, and beats its heart; an RQ worker only listens whether it beats.
    `turnstile` spaces the logins of all processes that ask devices of the run, where there are several.
    """

    def __init__(
        self,
        run: DiscoveryRun,
        user: Any,
        settings: Settings,
        report: Report,
        *,
        leads: bool,
        at_hand: AtHand | None = None,
        turnstile: Admission | None = None,
    ) -> None:
        self.run = run
        self.user = user
        self.report = report
        self.leads = leads
        self.turnstile = turnstile
        self.settings = settings
        self.request = Request.from_options(run.options)
        self.at_hand = Layer1() if self.request.answers == FROM_LAYER_1 else at_hand
        self.limits = limits_of(settings, self.request)
        self.ttl = 60.0 * (
            command_ttl_minutes() if self.request.command_ttl_minutes is None else self.request.command_ttl_minutes
        )
        self.options = WireOptions(
            host_key_policy=settings.host_key_policy,
            connect_retries=settings.connect_retries,
            max_answer_bytes=settings.max_answer_mb * 1024 * 1024,
            ssh_config_file=settings.ssh_config_file,
        )
        self.lease = run.pk if leads else uuid4()
        """The run's own process is one for as long as the run lasts. RQ workers are many: when one is taken for dead,
        another asks the device in its place."""
        self.in_flight: dict[str, _Visit] = {}
        self.stop = Event()
        self.next_beat = 0.0
        self.next_look = 0.0

    def list(self, items: Iterable[DiscoveryRunItem]) -> None:
        """A dry run: what would be asked, without asking."""
        for one in self._prepare(items):
            one.item.commands = progress.commands_to_ask(one.platform, self.request.tables)
            self._end(one.item, StatusChoices.COMPLETED)

    def ask_all(self, items: Iterable[DiscoveryRunItem]) -> None:
        """Ask every device once its lease can be had; whoever held it before us has fetched for us too."""
        waiting = self._prepare(items)
        while waiting:
            waiting = self._ask(waiting)
            if waiting:
                time.sleep(POLL)
                self._live({})

    def ask_free(self, items: Iterable[DiscoveryRunItem]) -> None:
        """Ask the devices whose lease can be had now; the others stay pending."""
        self._ask(self._prepare(items))

    def _prepare(self, items: Iterable[DiscoveryRunItem]) -> list[_Visit]:
        """Whom to ask, and with what; a device that cannot be reached as it stands in Nautobot is skipped."""
        listed = list(items)
        platforms = queries.supported_platforms()
        group = queries.permitted(self.user, self.request.secrets_group)
        found = queries.complete(Device.objects.filter(pk__in=[item.device_id for item in listed if item.device_id]))
        devices = {device.pk: device for device in found}
        contexts = queries.config_contexts(devices.values())
        caches = queries.device_caches(devices)
        answered = self.at_hand.among(devices) if self.at_hand else set()
        visits = []
        for item in listed:
            self._live({})
            device = devices.get(item.device_id)
            if device is None:
                self._end_deleted(item)
                continue
            try:
                platform = queries.platform_of(device, platforms)
                ssh = queries.ssh(contexts.get(device.pk), self.settings.ssh_port)
                timeouts = timeouts_of(self.settings, platform, self.request)
                if self.at_hand is None:
                    target = queries.target_of(device, platform, ssh, group, caches[device.pk].host_key, timeouts)
                elif device.pk in answered:
                    target = queries.target_at_hand(device, platform, timeouts)
                else:
                    raise queries.NotReachable(self.at_hand.lacking)
            except queries.NotReachable as problem:
                self._end(item, StatusChoices.SKIPPED, error=str(problem))
            else:
                visits.append(_Visit(item, device, platform, target))
        return visits

    def _ask(self, visits: list[_Visit]) -> list[_Visit]:
        """Ask those that are free; answers those that are not."""
        busy: list[_Visit] = []
        jobs = self._jobs(visits, busy)
        stop, turnstile = self.stop.is_set, self.turnstile
        ends = gather(jobs, self.limits, cancelled=stop, on_tick=self._live, tick=LOOK, turnstile=turnstile)
        # Closed at once even if an error ends the loop: the threads are to stop asking then.
        try:
            with closing(ends):
                for gathered in ends:
                    self._finish(gathered)
        finally:
            outage.wait_out()
            leases.give_back_all(self.lease)
        return busy

    def _jobs(self, visits: list[_Visit], busy: list[_Visit]) -> Iterator[DeviceJob]:
        """Jobs for the devices that are free, each made when a session is free for it.

        The others go to `busy`, and are looked at again meanwhile.
        """
        looked = time.monotonic()
        for one in visits:
            yield from self._job(one, busy)
            if busy and time.monotonic() - looked > POLL:
                looked = time.monotonic()
                yield from self._job(busy.pop(0), busy)

    def _job(self, one: _Visit, busy: list[_Visit]) -> Iterator[DeviceJob]:
        self._live({})
        if self.stop.is_set():
            self._end(one.item, StatusChoices.CANCELLED)
        elif not leases.take(one.device.pk, self.lease, LEASE_SECONDS):
            self._wait_for(one, busy)
        elif self._begin(one):
            self.in_flight[one.target.device_id] = one
            tables = frozenset(self.request.tables)
            yield DeviceJob(one.target, one.platform, tables, self._session(one), self._guard(one))
        else:
            leases.give_back(one.device.pk, self.lease)

    def _wait_for(self, one: _Visit, busy: list[_Visit]) -> None:
        """Another run holds the device: it may, for as long as a device may take."""
        now = time.monotonic()
        one.busy_since = one.busy_since or now
        if not self._exists(one):
            return
        if now - one.busy_since > one.target.timeouts.device:
            self._end(one.item, StatusChoices.FAILED, error=BUSY)
        else:
            busy.append(one)

    def _begin(self, one: _Visit) -> bool:
        """Whether the item is ours to ask: by now somebody else may have ended it, or begun."""
        item = one.item
        pending = DiscoveryRunItem.objects.filter(pk=item.pk, status=StatusChoices.PENDING, attempts=item.attempts)
        item.status, item.started_at, item.attempts = StatusChoices.IN_PROGRESS, timezone.now(), item.attempts + 1
        item.lease = self.lease
        begun = {name: getattr(item, name) for name in ("status", "attempts", "lease")}
        return bool(pending.update(started_at=Now(), **begun))

    def _guard(self, one: _Visit) -> ShrinkGuard:
        """What is stored to compare with, unless this run is not to read it."""
        stored = queries.standing(one.device.pk) if self.request.cache_results else {}
        return ShrinkGuard(self.settings.shrink_guard, stored)

    def _session(self, one: _Visit) -> Callable[[Allowance], Session]:
        """Layer 1 before the wire, unless this run is not to touch the cache; opened in a thread, without the ORM."""
        options = self.options
        if self.at_hand is not None:
            session = self.at_hand.session(one.device.pk)
            return lambda allowance: session
        if not self.request.cache_results:
            return lambda allowance: Wire(one.target, one.platform, options, allowance)
        stored = self._stored(one)
        return lambda allowance: ReadThrough(stored, Wire(one.target, one.platform, options, allowance))

    def _stored(self, one: _Visit) -> Stored:
        """The answers that may serve: within their time to live, or fetched by somebody since this run began."""
        since = self.run.started_at
        if self.request.force_refresh:
            return Stored(queries.stored_outputs(one.device.pk, since), None, timezone.now)
        oldest = min(since, timezone.now() - timedelta(seconds=one.platform.longest_ttl(self.ttl)))
        return Stored(queries.stored_outputs(one.device.pk, oldest), self.ttl, timezone.now, since=since)

    def _live(self, tasks: Mapping[str, str]) -> None:
        """Called at all times; beats, and looks whether to stop, no more often than needed."""
        now = time.monotonic()
        if now >= self.next_beat:
            self._beat(tasks)
            self.next_beat = now + BEAT
        if now >= self.next_look:
            if not endings.is_wanted(self.run.pk):
                self.stop.set()
            self.next_look = now + LOOK

    def _beat(self, tasks: Mapping[str, str]) -> None:
        """Say that this process lives, keep its leases, show what is asked."""
        self._last(0.0)
        for device_id, task in tasks.items():
            one = self.in_flight.get(device_id)
            if one is not None and one.item.current_task != task:
                one.item.current_task = task[:255]
                working = DiscoveryRunItem.objects.filter(pk=one.item.pk, attempts=one.item.attempts)
                working.filter(status=StatusChoices.IN_PROGRESS).update(current_task=one.item.current_task)

    def _last(self, seconds: float, *others: _Visit) -> None:
        """Let the heartbeat and the leases of all devices in flight, and of others, last so much longer than usual."""
        if self.leads:
            endings.beat(self.run.pk, seconds)
        held = [one.device.pk for one in (*self.in_flight.values(), *others)]
        leases.renew(held, self.lease, LEASE_SECONDS + seconds)

    def _finish(self, gathered: Gathered) -> None:
        """Keep what one device answered, layer 1 before layer 2, and end its item."""
        one = self.in_flight.pop(gathered.job.target.device_id)
        item, result = one.item, gathered.result
        item.connections, item.commands_sent = gathered.connections, gathered.commands_sent
        item.cache_hits = sum(command.source == "cache" for command in result.commands)
        if not self._exists(one):
            return
        try:
            # Its end before its lease: a device that nobody holds, and that has not ended, is taken for lost.
            self._end(item, *self._ending(one, gathered))
        finally:
            leases.give_back(one.device.pk, self.lease)

    def _ending(self, one: _Visit, gathered: Gathered) -> tuple[str, str]:
        """Keep what the device answered; (status, error) of its item."""
        item, result = one.item, gathered.result
        try:
            written = self._keep(one, gathered)
        except (store.LeaseLost, DatabaseError) as refused:
            return StatusChoices.FAILED, f"store: {store.first_line(refused)}"
        item.tables = progress.tables_of(written)
        item.commands = progress.commands_of(result)
        item.detail = progress.details_of(part.result for part in written)
        return progress.ending_of(result, written, cancelled=gathered.cancelled)

    def _exists(self, one: _Visit) -> bool:
        """Whether the device is still in Nautobot; if not, its item ends."""
        exists: bool = Device.objects.filter(pk=one.device.pk).exists()
        if not exists:
            self._end_deleted(one.item)
        return exists

    def _end_deleted(self, item: DiscoveryRunItem) -> None:
        item.device = None
        self._end(item, StatusChoices.FAILED, error="The device was deleted during its discovery.")

    def _keep(self, one: _Visit, gathered: Gathered) -> list[store.Written]:
        result, tables = gathered.result, frozenset(self.request.tables)
        if gathered.cancelled:
            # What was not asked any more stays as it is, neither closed nor stale.
            result, tables = progress.answered(result), frozenset()
        if self.at_hand is not None:
            # So does that to which no answer is at hand: nobody can say that the device has none.
            tables = frozenset()
        if not self.request.cache_results:
            one.item.rows = progress.rows_of(result)
            return [store.Written(part) for part in result.slices]
        if self.options.host_key_policy == "first_use" and gathered.host_key and not one.target.host_key:
            DeviceCache.objects.filter(device=one.device, host_key="").update(host_key=gathered.host_key)
        writing = sum(len(part.records) for part in result.slices) / ROWS_PER_SECOND
        if writing > BEAT:
            self._last(writing, one)
        store.save_outputs(one.device.pk, result.commands, self.lease)
        fetched = self.at_hand is None or self.at_hand.fetched
        return store.save_rows(one.device.pk, result, tables, self.lease, fetched=fetched)

    def _end(self, item: DiscoveryRunItem, status: str, error: str = "") -> None:
        ended = endings.end_item(item, status, error)
        if self.leads:
            endings.beat(self.run.pk)
        if ended:
            self.report(item)


def timeouts_of(settings: Settings, platform: Platform, request: Request) -> Timeouts:
    """The settings' timeouts with the platform's, and then the run's own, in their place."""
    ours = Timeouts(
        connect=settings.connect_timeout,
        auth=settings.auth_timeout,
        banner=settings.banner_timeout,
        command=settings.command_timeout,
        device=settings.device_timeout,
    )
    return ours.overridden(platform.timeouts).overridden(request.timeouts)


def longest_of(settings: Settings, request: Request) -> float:
    """Seconds that a device of the run may take at most, whatever its platform."""
    return max(timeouts_of(settings, one, request).device for one in queries.supported_platforms().values())


def limits_of(settings: Settings, request: Request) -> Limits:
    """How many devices and logins at a time the run may have, in threads or in RQ workers."""
    return Limits(
        concurrency=request.concurrency or settings.concurrency,
        logins_per_second=settings.logins_per_second,
        unparsed_share=settings.unparsed_share,
    )
