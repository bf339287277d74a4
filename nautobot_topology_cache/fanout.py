"""A run on RQ workers: one task per device, ids only in its payload, as many at a time as the run may open sessions.

The run's process hands out tasks and follows their progress in the database; no task waits for another. A task whose
worker died is handed out once more, then its device has failed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import attrs
import django_rq
from django.conf import settings as django_settings
from django.db import DatabaseError, connections
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.functions import Now
from django.template import engines
from nautobot.dcim.models import Device
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.command import send_stop_job_command
from rq.exceptions import InvalidJobOperation
from rq.job import Job, JobStatus
from rq.registry import StartedJobRegistry

from nautobot_topology_cache import endings, leases, queries
from nautobot_topology_cache.choices import StatusChoices
from nautobot_topology_cache.configuration import Settings, settings
from nautobot_topology_cache.models import DeviceCache, DiscoveryRun, DiscoveryRunItem
from nautobot_topology_cache.requests import Request
from nautobot_topology_cache.turnstiles import SharedTurnstile
from nautobot_topology_cache.visits import BEAT, BUSY, LEASE_SECONDS, POLL, Report, Visits, limits_of, longest_of

LOG = logging.getLogger(__name__)
QUEUE = "topology_cache"
HIGH = "topology_cache_high"
"""For runs of one device, so that somebody who looks at a device need not wait for those of large runs."""
START = f"`nautobot-server rqworker-pool {HIGH} {QUEUE} --serializer=rq.serializers.JSONSerializer`"
JSON = "rq.serializers.JSONSerializer"
TRIES = 2
"""How often a device is begun when its workers die."""
GRACE = 30.0
"""Seconds beyond `device_timeout` after which the process that asks a device is killed."""
WRITING_SECONDS = 3600
"""Seconds beyond `device_timeout` after which RQ ends a task that nobody follows any more."""
RESULT_SECONDS = 600
"""How long Redis keeps how a task ended."""
PATIENCE = 30.0
"""Seconds in which some worker listens, and starts some task; if none does, nobody listens in truth."""
HORSE_DIED = "Work-horse terminated unexpectedly"
"""What an RQ worker writes of a task whose process it has seen die."""
States = dict[str, JobStatus | None]
UNREAD = ("rows", "detail")
"""Columns of an item that nobody needs who only follows."""


class NobodyListens(Exception):
    """Runs are to be worked on by RQ workers, and there are none; the message says what to start."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"{problem} Start {START}, or set `fan_out` to `auto` or `threads`.")


@attrs.frozen
class Crowd:
    """RQ workers that listen. `needed` says that nobody else is to ask the devices, should they leave."""

    queue: Queue
    needed: bool


def choice() -> str:
    """Who is to ask the devices of runs: `auto`, `threads` or `rq`."""
    return settings().fan_out


def crowd(devices: int) -> Crowd | None:
    """The workers for a run of so many devices; None if its own process is to ask them. Raises NobodyListens."""
    chosen = choice()
    if chosen == "threads":
        return None
    try:
        found = queue_named(HIGH if devices == 1 else QUEUE)
        if Worker.count(queue=found):
            return Crowd(found, needed=chosen == "rq")
        problem = f"No RQ worker listens on the queue {found.name}."
    except (LookupError, RedisError) as error:
        problem = f"The RQ queues cannot be reached: {type(error).__name__}."
    if chosen == "rq":
        raise NobodyListens(problem)
    return None


def configured_queues() -> dict[str, dict[str, Any]]:
    """Those of the app's queues that RQ_QUEUES names, as they are configured."""
    every: dict[str, Any] = django_settings.RQ_QUEUES if hasattr(django_settings, "RQ_QUEUES") else {}
    return {name: every[name] for name in (QUEUE, HIGH) if name in every}


def queue_named(name: str) -> Queue:
    """Enqueues at once, whatever transaction is open; LookupError where RQ_QUEUES does not name it."""
    if name not in configured_queues():
        raise LookupError(name)
    return django_rq.get_queue(name, commit_mode="auto", serializer=JSON)


class WarmWorker(Worker):  # type: ignore[misc]  # rq's classes are untyped
    """An RQ worker that has read what every task needs, so that the process it forks for each task need not.

    Platforms, templates and Jinja take that process longer than all else it computes. Any other worker class does too.
    """

    def work(self, *args: Any, **options: Any) -> bool:
        for platform in queries.supported_platforms().values():
            for command in (command for entry in platform.entries for command in entry.alternatives):
                LOG.debug("%s: columns %s", command.text, command.parser.columns)
        engines.all()
        _rehearse()
        done: bool = super().work(*args, **options)
        return done


def _rehearse() -> None:
    """Ask the database what every task asks it, about a device that does not exist.

    The first connection of a process loads the libraries it takes, and Django works out much once per process. Raises
    DatabaseError where there is no database: such a worker could do no task, and a pool starts another in its place.
    """
    nothing = uuid4()
    try:
        visit(str(nothing), str(nothing))
        list(queries.complete(Device.objects.filter(pk=nothing)))
        endings.is_wanted(nothing)
        leases.give_back(nothing, nothing)
    finally:
        connections.close_all()


def visit(run_id: str, item_id: str) -> None:
    """The task of an RQ worker: ask one device of a run, by the same code as every other process."""
    try:
        item = _item(item_id)
        if item is not None and item.status == StatusChoices.PENDING:
            _visit(item)
        if item is None or not Request.from_options(item.run.options).expand_depth:
            # Whom a run goes on with that follows neighbors, the process that carries it has yet to find out.
            endings.close(UUID(run_id))
    finally:
        # The process ends without a goodbye to anybody.
        connections.close_all()


def _item(item_id: str) -> DiscoveryRunItem | None:
    """The item as it is now; None when a purge was quicker than the queue."""
    return DiscoveryRunItem.objects.select_related("run__requested_by").filter(pk=item_id).first()


def _visit(item: DiscoveryRunItem) -> None:
    run = item.run
    if not endings.is_wanted(run.pk):
        endings.stop_waiting(run.pk)
        return
    if run.requested_by is None:
        endings.end_item(item, StatusChoices.FAILED, "auth: the user who asked for this run does not exist any more.")
        return
    try:
        ours = settings()
        pace = limits_of(ours, Request.from_options(run.options)).logins_per_second
        turnstile = SharedTurnstile(run.pk, pace, queue_named(QUEUE).connection)
        Visits(run, run.requested_by, ours, _say_nothing, leads=False, turnstile=turnstile).ask_free([item])
    except DatabaseError:
        raise  # whoever follows has the device asked once more
    except Exception as defect:
        endings.end_item(item, StatusChoices.FAILED, f"error: {type(defect).__name__} in an RQ worker, see its log")
        raise
    if not endings.is_wanted(run.pk):
        endings.stop_waiting(run.pk)


def _say_nothing(item: DiscoveryRunItem) -> None:
    """Reports are made by the process that follows; here they go to the worker's log."""
    LOG.info("%s: %s", item.device_name, item.status)


@attrs.define
class _Handed:
    """A task that was handed out for a device."""

    id: str
    queue: Queue
    times: int = 1
    """How often a task for the device was handed out that ended without beginning it."""
    busy_since: float | None = None


class FanOut:
    """What the process of a run does while RQ workers ask its devices."""

    def __init__(self, run: DiscoveryRun, ours: Settings, workers: Crowd, report: Report) -> None:
        request = Request.from_options(run.options)
        self.run = run
        self.queue = workers.queue
        self.needed = workers.needed
        self.report = report
        self.concurrency = limits_of(ours, request).concurrency
        self.longest = longest_of(ours, request)
        self.handed: dict[UUID, _Handed] = {}
        self.reported: set[UUID] = set()
        self.next_beat = 0.0
        self.last_sign = self.last_worker = time.monotonic()
        self.sequence = 0

    def follow(self) -> list[DiscoveryRunItem]:
        """Until every device has ended; answers those that this process has to ask since nobody else does."""
        while True:
            if time.monotonic() >= self.next_beat:
                endings.beat(self.run.pk)
                self.next_beat = time.monotonic() + BEAT
            # Redis first: whoever has ended there by now has written so in the database before.
            states = self._states()
            waiting = self._report_ends()
            if not waiting or not self._wanted(waiting):
                return []
            pending = [item for item in waiting if item.status == StatusChoices.PENDING]
            if len(pending) < len(waiting):
                self.last_sign = time.monotonic()
            if pending and self._deserted(states):
                return self._taken_back(pending)
            self._tend(waiting, pending, states)
            time.sleep(POLL)

    def _states(self) -> States | None:
        """How the tasks that were handed out stand, by their ids; None while Redis does not answer."""
        ids = [one.id for one in self.handed.values()]
        try:
            jobs = Job.fetch_many(ids, connection=self.queue.connection, serializer=JSON) if ids else []
        except RedisError as lost:
            LOG.warning("the RQ queues do not answer: %s", type(lost).__name__)
            return None
        return {one: job and job.get_status(refresh=False) for one, job in zip(ids, jobs, strict=True)}

    def _tend(
        self, waiting: Collection[DiscoveryRunItem], pending: Iterable[DiscoveryRunItem], states: States | None
    ) -> None:
        """Hand out tasks, new ones and some anew; what Redis does not take now is handed out later."""
        if states is None:
            return
        try:
            self._revive(waiting, states)
            self._hand_out(pending)
        except RedisError as lost:
            LOG.warning("the RQ queues do not answer: %s", type(lost).__name__)

    def _report_ends(self) -> list[DiscoveryRunItem]:
        """Tell of the devices that have ended since; answers those that have not."""
        items = DiscoveryRunItem.objects.filter(run=self.run.pk)
        open_items = list(items.filter(status__in=StatusChoices.OPEN).annotate(late=self._late()).defer(*UNREAD))
        ended = set(items.filter(status__in=StatusChoices.ENDED).values_list("pk", flat=True)) - self.reported
        for item in items.filter(pk__in=ended).select_related("device").defer(*UNREAD):
            self.handed.pop(item.pk, None)
            self.report(item)
            self.last_sign = time.monotonic()
        self.reported |= ended
        return open_items

    def _late(self) -> ExpressionWrapper:
        """Items whose time is long over, and whose process has not said that it writes: by the database's clock."""
        later = Now() + timedelta(seconds=LEASE_SECONDS)
        writing = DeviceCache.objects.filter(device=OuterRef("device"), lease_expires_at__gt=later)
        over = Q(started_at__lt=Now() - timedelta(seconds=self.longest + GRACE)) & ~Exists(writing)
        return ExpressionWrapper(over, output_field=BooleanField())

    def _wanted(self, waiting: Iterable[DiscoveryRunItem]) -> bool:
        """False once the run is not wanted any more and nobody asks a device."""
        if endings.is_wanted(self.run.pk):
            return True
        endings.stop_waiting(self.run.pk)
        return any(item.status == StatusChoices.IN_PROGRESS for item in waiting)

    def _revive(self, waiting: Collection[DiscoveryRunItem], states: States) -> None:
        """Have devices asked again whose task is gone: its worker died, or another run held the device."""
        free = leases.free({item.device_id for item in waiting if item.device_id and item.pk in self.handed})
        for item in waiting:
            handed = self.handed.get(item.pk)
            if handed is None:
                continue
            state = states.get(handed.id)
            gone = state not in (JobStatus.QUEUED, JobStatus.STARTED)
            if item.status == StatusChoices.IN_PROGRESS:
                self._bury(item, handed, dead=gone or item.device_id in free)
            elif state == JobStatus.FINISHED:
                self._wait_for(item, handed, free=item.device_id in free or item.device_id is None)
            elif gone:
                self._try_again(item, handed)

    def _bury(self, item: DiscoveryRunItem, handed: _Handed, *, dead: bool) -> None:
        """Give up a device's asker that is dead, or make it so when its time is long over."""
        if item.late:
            _kill(handed)
            spent = f"deadline: the device has had its {self.longest:g} s (`device_timeout`), its process was killed"
            endings.end_item(item, StatusChoices.FAILED, spent)
        elif dead and item.attempts >= TRIES:
            _let_go(item, handed)
            endings.end_item(item, StatusChoices.FAILED, "killed: the RQ worker that asked it died, twice")
        elif dead and endings.begin_anew(item, "its RQ worker died, it is asked again"):
            _let_go(item, handed)
            self._enqueue(item, handed.times)

    def _wait_for(self, item: DiscoveryRunItem, handed: _Handed, *, free: bool) -> None:
        """The device was busy when its task came: another one once it is free, for as long as a device may take."""
        self.last_sign = time.monotonic()
        handed.busy_since = handed.busy_since or self.last_sign
        # A lease that a dead worker left behind is none that somebody renews.
        patience = self.longest + (LEASE_SECONDS + BEAT if item.attempts else 0.0)
        if free:
            self._enqueue(item, handed.times, handed.busy_since)
        elif self.last_sign - handed.busy_since > patience:
            endings.end_item(item, StatusChoices.FAILED, BUSY)

    def _try_again(self, item: DiscoveryRunItem, handed: _Handed) -> None:
        """A task that is lost or could not even begin its device."""
        if handed.times >= TRIES:
            endings.end_item(item, StatusChoices.FAILED, "error: its RQ task could not run, see the workers' log")
        else:
            self._enqueue(item, handed.times + 1)

    def _hand_out(self, pending: Iterable[DiscoveryRunItem]) -> None:
        """As many tasks as the run may have sessions."""
        taken = sum(one.busy_since is None for one in self.handed.values())
        for item in pending:
            if taken >= self.concurrency:
                return
            if item.pk not in self.handed:
                self._enqueue(item)
                taken += 1

    def _enqueue(self, item: DiscoveryRunItem, times: int = 1, busy_since: float | None = None) -> None:
        self.sequence += 1
        name = f"{item.pk}-{self.sequence}"
        self.queue.enqueue_call(
            visit,
            args=(str(self.run.pk), str(item.pk)),
            job_id=name,
            description=f"Discovery of a device, {item.pk}",
            timeout=int(self.longest + WRITING_SECONDS),
            result_ttl=RESULT_SECONDS,
            failure_ttl=RESULT_SECONDS,
        )
        self.handed[item.pk] = _Handed(name, self.queue, times, busy_since)

    def _deserted(self, states: States | None) -> bool:
        """Whether tasks have waited for long and no worker took any, of this run or of another."""
        now = time.monotonic()
        if states is not None:
            if any(StartedJobRegistry(queue=queue_named(name)).count for name in (QUEUE, HIGH)):
                self.last_sign = now
            if Worker.count(queue=self.queue):
                self.last_worker = now
        return now - min(self.last_sign, self.last_worker) > PATIENCE

    def _taken_back(self, pending: list[DiscoveryRunItem]) -> list[DiscoveryRunItem]:
        """The devices that nobody has begun; their tasks find nothing to do, should a worker come back."""
        if self.needed:
            raise NobodyListens(f"No RQ worker listens on the queue {self.queue.name} any more.")
        LOG.warning("no RQ worker listens on %s any more: the run asks its devices itself", self.queue.name)
        return pending


def _kill(handed: _Handed) -> None:
    """End the process that works on a task; it may have ended by itself meanwhile."""
    try:
        send_stop_job_command(handed.queue.connection, handed.id, serializer=JSON)
    except InvalidJobOperation as over:
        LOG.info("%s", over)


def _let_go(item: DiscoveryRunItem, handed: _Handed) -> None:
    """End the lease of a process that its own worker saw die; of one that fell silent it ends by itself."""
    (job,) = Job.fetch_many([handed.id], connection=handed.queue.connection, serializer=JSON)
    result = job and job.latest_result()
    if result and HORSE_DIED in (result.exc_string or "") and item.device_id and item.lease:
        leases.give_back(item.device_id, item.lease)
