"""Logins a second of a run whose devices are asked by many processes: Redis lets one through at a time."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from uuid import UUID

import attrs
from redis import Redis
from redis.exceptions import RedisError

from nautobot_topology_cache.collect.gather import LOOK, never

LOG = logging.getLogger(__name__)


@attrs.frozen
class SharedTurnstile:
    """Like `Turnstile`, for all processes that have the same run, by the clock of Redis.

    Whoever logs in leaves a key that goes away when the next one may. Without Redis nobody waits: the task that asks
    has come from there, and is not to fail because it went away since.
    """

    run: UUID
    per_second: float
    redis: Redis

    def admit(self, deadline: float, stopped: Callable[[], bool] = never) -> bool:
        """Wait for the next turn, but not beyond the deadline (`time.monotonic()`)."""
        try:
            while not stopped():
                wait = min(self._wait(), deadline - time.monotonic())
                if wait <= 0:
                    return True
                time.sleep(min(wait, LOOK))
        except RedisError as lost:
            LOG.warning("logins are not spaced, Redis does not answer: %s", type(lost).__name__)
            return True
        return False

    def _wait(self) -> float:
        """Seconds until there may be a turn; 0 if this one is ours."""
        key = f"topology_cache:login:{self.run}"
        apart = max(round(1000 / self.per_second), 1)
        if self.redis.set(key, 1, nx=True, px=apart):
            return 0.0
        return max(self.redis.pttl(key), 1) / 1000
