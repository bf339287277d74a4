"""Many devices at once: each in a thread of its own, as many as allowed, the results to whoever iterates.

Threads converse with devices and parse; they never see the ORM. Jobs are taken, results given and `on_tick` called in
the caller's thread.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

import attrs

from nautobot_topology_cache.collect.answer import NO_MEMORY
from nautobot_topology_cache.collect.commands import Platform
from nautobot_topology_cache.collect.flow import converse, device_flow
from nautobot_topology_cache.collect.results import CANCELLED, Ask, DeviceResult, Failure, Reply
from nautobot_topology_cache.collect.sessions import Session
from nautobot_topology_cache.collect.shrinking import ShrinkGuard
from nautobot_topology_cache.collect.targets import Target
from nautobot_topology_cache.collect.wire import Allowance

LOG = logging.getLogger(__name__)


@attrs.frozen
class DeviceJob:
    """One device to ask. `open_session` is called in a thread and must not contact the device before it is asked."""

    target: Target
    platform: Platform
    tables: frozenset[str]
    open_session: Callable[[Allowance], Session] = attrs.field(repr=False)
    guard: ShrinkGuard = attrs.field(factory=ShrinkGuard, repr=False)


@attrs.frozen
class Limits:
    """How many devices at a time, how many logins a second, and how much of an answer may stay not understood."""

    concurrency: int
    logins_per_second: float
    unparsed_share: float


@attrs.frozen
class Gathered:
    """How one job ended. `started_at` is None when it never began."""

    job: DeviceJob
    result: DeviceResult
    connections: int
    commands_sent: int
    host_key: str
    started_at: datetime | None
    ended_at: datetime
    cancelled: bool


class Admission(Protocol):
    """Says when a session may log in."""

    def admit(self, deadline: float, stopped: Callable[[], bool]) -> bool:
        """Return when it may, and no later than the deadline (`time.monotonic()`); False as soon as it is stopped."""


LOOK = 0.2
"""Seconds between two looks of whoever waits for a turn whether it is stopped."""


def never() -> bool:
    """Nobody cancels."""
    return False


@attrs.define
class Turnstile:
    """Lets so many logins a second through, evenly spaced, for all threads together."""

    per_second: float
    _next: float = 0.0
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False)

    def admit(self, deadline: float, stopped: Callable[[], bool] = never) -> bool:
        """Wait for the next turn, but not beyond the deadline: whoever has none left will not log in either."""
        with self._lock:
            turn = max(self._next, time.monotonic())
            if turn < deadline:
                self._next = turn + 1 / self.per_second
        while not stopped():
            wait = min(turn, deadline) - time.monotonic()
            if wait <= 0:
                return True
            time.sleep(min(wait, LOOK))
        return False


@attrs.define
class _Watched:
    """A session that tells what it is asked, and asks no more once the run is cancelled."""

    open: Callable[[], Session]
    cancelled: Callable[[], bool]
    tell: Callable[[str], None]
    session: Session | None = None
    stopped: bool = False

    @property
    def connections(self) -> int:
        return self.session.connections if self.session else 0

    @property
    def commands_sent(self) -> int:
        return self.session.commands_sent if self.session else 0

    @property
    def host_key(self) -> str:
        return self.session.host_key if self.session else ""

    def answer(self, ask: Ask) -> Reply:
        self.stopped = self.stopped or self.cancelled()
        if self.stopped:
            return Reply(failure=CANCELLED)
        self.tell(ask.command)
        self.session = self.session or self.open()
        reply = self.session.answer(ask)
        self.stopped = reply.failure is CANCELLED
        return reply

    def close(self) -> None:
        if self.session:
            self.session.close()


@attrs.define
class _Gathering:
    """What the threads of one gathering share."""

    limits: Limits
    asked_to_stop: Callable[[], bool]
    turnstile: Admission
    abandoned: threading.Event = attrs.field(factory=threading.Event)
    current: dict[str, str] = attrs.field(factory=dict)
    """Device id -> the command it is asked. Single assignments only, which need no lock."""

    def cancelled(self) -> bool:
        return self.abandoned.is_set() or self.asked_to_stop()

    def work(self, job: DeviceJob) -> Gathered:
        """One device from its login to its last answer."""
        if self.cancelled():
            return _never_started(job)
        started_at = datetime.now(UTC)
        session = self._session(job)
        try:
            with closing(session):
                flow = device_flow(job.platform, job.tables, self.limits.unparsed_share, job.guard)
                result = converse(flow, session)
        except Exception as error:  # noqa: BLE001  the one boundary: a bug costs its device, never the run
            result = _broken(job, error)
        self.current.pop(job.target.device_id, None)
        return Gathered(
            job=job,
            result=result,
            connections=session.connections,
            commands_sent=session.commands_sent,
            host_key=session.host_key,
            started_at=started_at,
            ended_at=datetime.now(UTC),
            cancelled=session.stopped,
        )

    def _session(self, job: DeviceJob) -> _Watched:
        deadline = time.monotonic() + job.target.timeouts.device
        allowance = Allowance(deadline, partial(self.turnstile.admit, deadline, self.cancelled))
        tell = partial(self.current.__setitem__, job.target.device_id)
        return _Watched(partial(job.open_session, allowance), self.cancelled, tell)


def gather(
    jobs: Iterable[DeviceJob],
    limits: Limits,
    *,
    cancelled: Callable[[], bool] = never,
    on_tick: Callable[[Mapping[str, str]], None] | None = None,
    tick: float = 1.0,
    turnstile: Admission | None = None,
) -> Iterator[Gathered]:
    """Every job's end, as they end. No more than twice `concurrency` jobs are taken ahead of what was given out.

    `cancelled` is asked in the threads, before each device and each command. `on_tick` gets the command that each
    device is being asked, about every `tick` seconds, while results are waited for and between them. `turnstile` is
    for gatherings that have their logins a second together; without one this gathering has them alone.
    """
    gathering = _Gathering(limits, cancelled, turnstile or Turnstile(limits.logins_per_second))
    waiting = iter(jobs)
    ended: queue.SimpleQueue[Future[Gathered]] = queue.SimpleQueue()
    pool = ThreadPoolExecutor(limits.concurrency, thread_name_prefix="device")
    clock = _Clock(tick, lambda: on_tick(dict(gathering.current)) if on_tick else None)
    taken = 0
    try:
        while True:
            while taken < 2 * limits.concurrency and (job := next(waiting, None)) is not None:
                pool.submit(gathering.work, job).add_done_callback(ended.put)
                taken += 1
            if not taken:
                return
            future = clock.next_of(ended)
            taken -= 1
            yield future.result()
    finally:
        gathering.abandoned.set()
        pool.shutdown(wait=True, cancel_futures=True)


@attrs.define
class _Clock:
    """Waits for the next result, and rings at even intervals."""

    seconds: float
    ring: Callable[[], None]
    _due: float = attrs.field(factory=time.monotonic)

    def next_of(self, ended: queue.SimpleQueue[Future[Gathered]]) -> Future[Gathered]:
        while True:
            if time.monotonic() >= self._due:
                self.ring()
                self._due = time.monotonic() + self.seconds
            try:
                return ended.get(timeout=max(self._due - time.monotonic(), 0.001))
            except queue.Empty:
                continue


def _never_started(job: DeviceJob) -> Gathered:
    nothing = DeviceResult(driver=job.platform.driver, failure=CANCELLED)
    return Gathered(job, nothing, 0, 0, "", None, datetime.now(UTC), True)


def _broken(job: DeviceJob, error: Exception) -> DeviceResult:
    """A bug as a failed device. The exception's text stays in the log: it may quote anything."""
    if isinstance(error, MemoryError):
        LOG.error("%s: %s", job.target.name, NO_MEMORY)
        return DeviceResult(driver=job.platform.driver, failure=Failure("too_large", NO_MEMORY))
    LOG.error("%s: a defect ended its discovery", job.target.name, exc_info=error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    detail = f"{type(error).__name__} in {Path(place.filename).name}:{place.lineno}, see the log"
    return DeviceResult(driver=job.platform.driver, failure=Failure("error", detail))
