"""CPU, wall and peak memory of an action, each repetition in a fork of its own where that can be."""

from __future__ import annotations

import gc
import os
import pickle
import resource
import statistics
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

import attrs
import psutil

TIMES = 5
"""Repetitions of which the median is taken."""
CORES = len(psutil.Process().cpu_affinity()) if hasattr(psutil.Process, "cpu_affinity") else 1
"""Repetitions that can have a core each."""
MAXRSS = 1 if sys.platform == "darwin" else 1024
"""Bytes in a unit of `ru_maxrss`."""


@attrs.frozen
class Figures:
    """One repetition: seconds of this process's CPU, seconds of wall, bytes by which its memory grew at the most."""

    cpu: float
    wall: float
    peak: int = 0
    statements: int = 0
    """SQL statements sent."""
    wal: int = 0
    """Bytes that PostgreSQL wrote ahead."""


@attrs.frozen
class Series:
    """All repetitions of one action, and what they all came to."""

    figures: tuple[Figures, ...]
    outcome: Any

    def median(self, what: str) -> float:
        return statistics.median(getattr(one, what) for one in self.figures)

    def spread(self, what: str) -> tuple[float, float]:
        """The least and the largest."""
        values = [getattr(one, what) for one in self.figures]
        return min(values), max(values)


class UnstableError(Exception):
    """Two repetitions of the same action came to different results."""


def apart(
    action: Callable[[], Any],
    summary: Callable[[Any], Any],
    times: int = TIMES,
    *,
    settled: bool = False,
    at_once: int = 1,
) -> Series:
    """Repeat an action, each time in a fork of this process, which must be single-threaded and warm.

    `summary` is called in the fork, unmeasured, and makes of the result what is worth sending home. `settled`: do it
    twice in each fork, and take the time of the second, as in a process that has been at work for a while. The first
    also pays for the pages that a fork copies and gets; how much memory they are is told by the first. `at_once`: so
    many repetitions side by side, where each has a core of its own or waits for others most of the time.
    """
    told = []
    while len(told) < times:
        forks = [_fork(action, summary, settled) for _ in range(min(at_once, times - len(told)))]
        told += [fork.told() for fork in forks]
    return series(told)


def timed(action: Callable[[], Any]) -> tuple[Figures, Any]:
    """One repetition in this process, with its result.

    What is young is collected before. What is old is Nautobot's, 0.35 seconds to look through: more than most actions.
    """
    gc.collect(1)
    wall, cpu = time.perf_counter(), time.process_time()
    result = action()
    return Figures(time.process_time() - cpu, time.perf_counter() - wall), result


def series(told: list[tuple[Figures, Any]]) -> Series:
    """Repetitions as one; they must agree in what they came to."""
    outcomes = [outcome for _, outcome in told]
    if any(outcome != outcomes[0] for outcome in outcomes):
        raise UnstableError(f"repetitions differ: {outcomes}")
    return Series(tuple(figures for figures, _ in told), outcomes[0])


@attrs.frozen
class _Fork:
    """A repetition under way."""

    pid: int
    reading: int

    def told(self) -> tuple[Figures, Any]:
        """Wait for it: what it cost, and what it came to."""
        with os.fdopen(self.reading, "rb") as answer:
            told = answer.read()
        _, status = os.waitpid(self.pid, 0)
        if status:
            code = os.waitstatus_to_exitcode(status)
            raise RuntimeError(f"a repetition failed: {code}; its traceback is above")
        figures, outcome = pickle.loads(told)  # noqa: S301  # our own fork wrote it
        return figures, outcome


def _fork(action: Callable[[], Any], summary: Callable[[Any], Any], settled: bool) -> _Fork:
    sys.stdout.flush()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _repeat(action, summary, settled, writing)
    os.close(writing)
    return _Fork(child, reading)


def _repeat(action: Callable[[], Any], summary: Callable[[Any], Any], settled: bool, writing: int) -> None:
    """In the fork: act, measure, send, end. Nothing of the parent's is run at the end."""
    code = 1
    try:
        gc.collect()
        gc.freeze()
        before = psutil.Process().memory_info().rss
        figures, result = timed(action)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS - before
        if settled:
            result = None
            figures, result = timed(action)
        with os.fdopen(writing, "wb") as answer:
            pickle.dump((attrs.evolve(figures, peak=max(peak, 0)), summary(result)), answer)
        code = 0
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(code)
