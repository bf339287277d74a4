"""Runs that are carried out beside a test, and the processes in which RQ workers ask devices for them."""

import os
import time
from threading import Thread

import psutil
from django.db import connections

from nautobot_topology_cache import discovery
from nautobot_topology_cache.models import DiscoveryRun

PATIENCE = 240.0


class Executed:
    """A run that is carried out in a thread, as by the process of a Job."""

    def __init__(self, user, job_result=None, **options):
        self.run = discovery.create_run(discovery.Request.from_names(options, user), user, job_result)
        self.user = user
        self.thread = Thread(target=self._execute, daemon=True)
        self.thread.start()

    def _execute(self):
        try:
            discovery.execute(self.run, self.user)
        finally:
            connections.close_all()

    def ended(self, patience: float = PATIENCE) -> DiscoveryRun:
        self.thread.join(patience)
        assert not self.thread.is_alive()
        self.run.refresh_from_db()
        return self.run


def horses(pool: psutil.Process) -> list[psutil.Process]:
    """The processes that ask devices now: children of the pool's workers, each the first of its group."""
    return [one for worker in pool.children() for one in worker.children() if os.getpgid(one.pid) == one.pid]


def until(true) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
