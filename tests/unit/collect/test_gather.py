"""Many devices: how many at once, how fast, in which thread, and what ends them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import attrs
import pytest

from nautobot_topology_cache.collect.commands import Command, Const, Feed, Parsed, Platform, entry
from nautobot_topology_cache.collect.gather import DeviceJob, Gathered, Limits, Turnstile, gather
from nautobot_topology_cache.collect.results import CANCELLED, Ask, Failure, Reply
from nautobot_topology_cache.collect.sessions import Session
from nautobot_topology_cache.collect.targets import Credentials, Target, Timeouts
from nautobot_topology_cache.collect.wire import Allowance

LIMITS = Limits(concurrency=4, logins_per_second=1000, unparsed_share=0.05)
COMMANDS = ("show one", "show two", "show three")


class Lines:
    """One row per line; a line `bug` is one."""

    columns = frozenset({"name"})

    def parse(self, answer: str) -> Parsed:
        if "bug" in answer:
            raise KeyError("secret text of a device")
        return Parsed([{"name": line} for line in answer.split()])


def platform() -> Platform:
    feed = Feed("interfaces", {"name": "name", "enabled": Const(True)})
    entries = tuple(entry(Command(text, Lines(), (feed,))) for text in COMMANDS)
    return Platform(driver="cisco_ios", entries=entries, spell=str, verdicts=())


@attrs.define
class Scripted:
    """A session that runs `on_ask` for each question."""

    on_ask: Callable[[Ask], str]
    connections: int = 0
    commands_sent: int = 0
    host_key: str = ""
    closed: int = 0

    def answer(self, ask: Ask) -> Reply:
        self.connections = 1
        self.commands_sent += 1
        return Reply(self.on_ask(ask), datetime.now(UTC))

    def close(self) -> None:
        self.closed += 1


def job(name: str, open_session: Callable[[Allowance], Session]) -> DeviceJob:
    to = Target(
        device_id=name,
        name=name,
        host="192.0.2.1",
        port=22,
        driver="cisco_ios",
        device_type="cisco_ios",
        credentials=Credentials(username="joe"),
        timeouts=Timeouts(connect=1, auth=1, banner=1, command=1, device=60),
    )
    return DeviceJob(to, platform(), frozenset({"interfaces"}), open_session)


def scripted(name: str, on_ask: Callable[[Ask], str] = lambda ask: "eth1\n") -> DeviceJob:
    return job(name, lambda allowance: Scripted(on_ask))


def names(gathered: list[Gathered]) -> list[str]:
    return sorted(one.job.target.name for one in gathered)


def test_every_job_ends_once() -> None:
    gathered = list(gather((scripted(f"d{i}") for i in range(25)), LIMITS))
    assert names(gathered) == sorted(f"d{i}" for i in range(25))
    one = gathered[0]
    assert (one.connections, one.commands_sent, one.cancelled, one.result.failure) == (1, 3, False, None)
    assert [command.outcome for command in one.result.commands] == ["ok"] * 3
    assert one.started_at <= one.ended_at


def test_no_jobs() -> None:
    assert list(gather((), LIMITS)) == []


def test_no_more_devices_at_once_than_allowed() -> None:
    running, most, lock = set(), [0], threading.Lock()

    def on_ask(ask: Ask) -> str:
        with lock:
            running.add(threading.get_ident())
            most[0] = max(most[0], len(running))
        time.sleep(0.005)
        with lock:
            running.discard(threading.get_ident())
        return "eth1\n"

    list(gather((scripted(f"d{i}", on_ask) for i in range(20)), LIMITS))
    assert most[0] == LIMITS.concurrency


def test_jobs_are_taken_lazily_and_in_the_callers_thread() -> None:
    taken = []

    def jobs() -> Iterator[DeviceJob]:
        for i in range(40):
            taken.append(threading.get_ident())
            yield scripted(f"d{i}")

    for given, _ in enumerate(gather(jobs(), LIMITS), start=1):
        assert len(taken) <= given - 1 + 2 * LIMITS.concurrency
    assert set(taken) == {threading.get_ident()}
    assert len(taken) == 40


def test_devices_are_asked_in_other_threads() -> None:
    threads = set()

    def on_ask(ask: Ask) -> str:
        threads.add(threading.get_ident())
        return "eth1\n"

    list(gather([scripted("d1", on_ask)], LIMITS))
    assert threading.get_ident() not in threads


def test_ticks_come_in_the_callers_thread_and_name_the_current_commands() -> None:
    ticks, may_go = [], threading.Event()

    def on_ask(ask: Ask) -> str:
        if ask.command == "show two":
            may_go.wait(5)
        return "eth1\n"

    def on_tick(current: dict[str, str]) -> None:
        ticks.append((threading.get_ident(), dict(current)))
        if current.get("d1") == "show two":
            may_go.set()

    [_] = gather([scripted("d1", on_ask)], LIMITS, on_tick=on_tick, tick=0.01)
    assert may_go.is_set()
    assert {thread for thread, _ in ticks} == {threading.get_ident()}


def test_ticks_go_on_while_results_stream_in() -> None:
    ticks = []
    slow = (scripted(f"d{i}", lambda ask: time.sleep(0.005) or "eth1\n") for i in range(40))
    list(gather(slow, LIMITS, on_tick=lambda current: ticks.append(1), tick=0.02))
    assert len(ticks) >= 4


def test_a_bug_fails_its_device_only(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    broken = scripted("d2", lambda ask: "bug\n")
    gathered = {one.job.target.name: one for one in gather([scripted("d1"), broken, scripted("d3")], LIMITS)}
    assert gathered["d1"].result.failure is None
    assert gathered["d3"].result.failure is None
    failure = gathered["d2"].result.failure
    assert failure.word == "error"
    assert failure.detail.startswith("KeyError in test_gather.py:")
    assert "secret text" not in str(failure)
    assert "d2: a defect ended its discovery" in caplog.text
    assert "Traceback" in caplog.text
    assert gathered["d2"].commands_sent == 1


def test_a_session_that_cannot_be_made_fails_its_device_only() -> None:
    def refuse(allowance: Allowance) -> Session:
        raise RuntimeError("no session")

    gathered = {one.job.target.name: one for one in gather([job("d1", refuse), scripted("d2")], LIMITS)}
    assert gathered["d1"].result.failure.word == "error"
    assert gathered["d2"].result.failure is None


def test_sessions_are_closed_whatever_happens() -> None:
    sessions = [Scripted(lambda ask: "eth1\n"), Scripted(lambda ask: "bug\n")]
    list(gather([job(f"d{i}", lambda allowance, s=s: s) for i, s in enumerate(sessions)], LIMITS))
    assert [session.closed for session in sessions] == [1, 1]


def test_cancelling_stops_before_the_next_command_and_the_next_device() -> None:
    stop = threading.Event()

    def on_ask(ask: Ask) -> str:
        if ask.command == "show two":
            stop.set()
        return "eth1\n"

    one_at_a_time = attrs.evolve(LIMITS, concurrency=1)
    first, second = gather([scripted("d1", on_ask), scripted("d2", on_ask)], one_at_a_time, cancelled=stop.is_set)
    assert first.cancelled
    assert first.commands_sent == 2
    assert [command.outcome for command in first.result.commands] == ["ok", "ok", "failed"]
    assert first.result.commands[2].reason == "cancelled: the run was cancelled"
    assert (second.cancelled, second.started_at, second.commands_sent, second.connections) == (True, None, 0, 0)
    assert second.result.failure == Failure("cancelled", "the run was cancelled")


def test_a_consumer_that_leaves_stops_the_threads() -> None:
    asked = []
    results = gather((scripted(f"d{i}", lambda ask: asked.append(ask) or "eth1\n") for i in range(1000)), LIMITS)
    next(results)
    results.close()
    before = len(asked)
    assert before < 1000
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("device")]


def test_an_error_of_the_consumers_tick_ends_the_gathering() -> None:
    def on_tick(current: object) -> None:
        raise LookupError("the run is gone")

    with pytest.raises(LookupError):
        list(gather([scripted("d1")], LIMITS, on_tick=on_tick))
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("device")]


def test_turnstile_spaces_logins_evenly() -> None:
    turnstile, passed = Turnstile(100), []
    threads = [
        threading.Thread(target=lambda: passed.append(turnstile.admit(time.monotonic() + 9) and time.monotonic()))
        for _ in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(passed) - min(passed) >= 0.085


@attrs.define
class LoggingIn(Scripted):
    """A session that waits for its turn before it answers, and is the last to get one."""

    allowance: Allowance = attrs.Factory(Allowance)
    stop: threading.Event = attrs.Factory(threading.Event)

    def answer(self, ask: Ask) -> Reply:
        if not self.allowance.admit():
            return Reply(failure=CANCELLED)
        self.stop.set()
        return Scripted.answer(self, ask)


def test_a_cancel_reaches_whoever_waits_for_a_turn() -> None:
    stop = threading.Event()

    def open_session(allowance: Allowance) -> Session:
        return LoggingIn(lambda ask: "eth1\n", allowance=allowance, stop=stop)

    limits = attrs.evolve(LIMITS, concurrency=8, logins_per_second=0.1)
    ends = list(gather([job(f"d{n}", open_session) for n in range(8)], limits, cancelled=stop.is_set))
    assert sum(one.connections for one in ends) == 1
    assert all(one.cancelled for one in ends)


def test_turnstile_does_not_hold_anyone_beyond_the_deadline() -> None:
    turnstile = Turnstile(0.1)
    turnstile.admit(time.monotonic() + 9)
    began = time.monotonic()
    turnstile.admit(began + 0.05)
    assert time.monotonic() - began < 0.5
