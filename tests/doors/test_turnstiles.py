"""Logins a second of several processes, spaced by a real Redis."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from redis import Redis

from nautobot_topology_cache import fanout
from nautobot_topology_cache.turnstiles import SharedTurnstile


@pytest.fixture
def redis() -> Redis:
    return fanout.queue_named(fanout.QUEUE).connection


def test_one_at_a_time_whoever_asks(redis):
    run = uuid4()
    # A turnstile each, as in processes that share nothing but Redis.
    turnstiles = [SharedTurnstile(run, 20, redis) for _ in range(6)]

    def passes(turnstile):
        turnstile.admit(time.monotonic() + 9)
        return time.monotonic()

    with ThreadPoolExecutor(len(turnstiles)) as threads:
        passed = sorted(threads.map(passes, turnstiles))
    assert passed[-1] - passed[0] >= 5 * 0.05 - 0.02


def test_whoever_waits_leaves_when_the_run_is_cancelled(redis):
    began = time.monotonic()
    turnstile = SharedTurnstile(uuid4(), 0.1, redis)
    assert turnstile.admit(began + 60, lambda: False)
    assert not turnstile.admit(began + 60, lambda: time.monotonic() - began > 0.5)
    assert time.monotonic() - began < 5


def test_another_run_has_turns_of_its_own(redis):
    began = time.monotonic()
    for _ in range(3):
        SharedTurnstile(uuid4(), 0.1, redis).admit(began + 9)
    assert time.monotonic() - began < 5


def test_nobody_is_held_beyond_the_deadline_or_by_a_redis_that_is_away(redis):
    began = time.monotonic()
    turnstile = SharedTurnstile(uuid4(), 0.1, redis)
    turnstile.admit(began + 9)
    turnstile.admit(began + 0.1)
    SharedTurnstile(uuid4(), 0.1, Redis(port=1)).admit(began + 9)
    assert time.monotonic() - began < 5
