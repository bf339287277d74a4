"""What the rivals do over SSH, in processes of their own: each has a clock of CPU seconds, and they wait side by side.

A session of a rival is seconds of waiting for a device; repetitions one after the other would take most of the bench.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

import attrs

from development.bench import rivals

AT_ONCE = 5
"""Devices that are asked at the same time: they take half of two cores, and nobody's seconds are the longer for it."""
SESSIONS = {"one login": rivals.session, "a login per command": rivals.sessions}


@attrs.frozen
class Fetch:
    """What is asked of one device, in netmiko's words, and what it prints like."""

    login: dict[str, Any]
    driver: str
    commands: Sequence[str]


@attrs.frozen
class Fetchers:
    """Processes that have had a session already."""

    pool: ProcessPoolExecutor
    fetches: Sequence[Fetch]

    def seconds(self, session: str, times: int) -> list[float]:
        """CPU seconds of repetitions, each of which asks all of the devices once, at the same time."""
        return [one.result() for one in [self.pool.submit(_fetch, session, self.fetches) for _ in range(times)]]


@contextmanager
def fetchers(fetches: Sequence[Fetch]) -> Iterator[Fetchers]:
    """As many processes as ask AT_ONCE devices if each asks all of these, until the end of the block.

    They are started anew: a fork of a process with threads and connections would not do.
    """
    one = attrs.evolve(fetches[0], commands=fetches[0].commands[:1])
    with ProcessPoolExecutor(max(AT_ONCE // len(fetches), 1), get_context("spawn"), _ask, ("one login", one)) as pool:
        yield Fetchers(pool, fetches)


def _fetch(session: str, fetches: Sequence[Fetch]) -> float:
    """Ask all devices, a thread each, and parse what they say: the CPU seconds of this process."""
    began = time.process_time()
    with ThreadPoolExecutor(len(fetches)) as threads:
        list(threads.map(lambda one: _ask(session, one), fetches))
    return time.process_time() - began


def _ask(session: str, one: Fetch) -> None:
    answers = SESSIONS[session]({"device_type": one.driver, **one.login}, one.commands)
    for command, text in zip(one.commands, answers, strict=True):
        rivals.parse_if_it_can(one.driver, command, text)
