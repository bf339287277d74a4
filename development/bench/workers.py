"""RQ workers beside the bench, started as the documentation says."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
import psutil
from rq import Queue, Worker

from development.environment import NAUTOBOT_SERVER
from development.processes import kill_family
from nautobot_topology_cache import fanout

PATIENCE = 180.0


@attrs.frozen
class Pool:
    """Workers that listen."""

    process: psutil.Process
    queue: Queue

    def cpu(self) -> float:
        """Seconds of CPU of all workers and of the processes that they have forked and seen end."""
        return sum(sum(worker.cpu_times()[:4]) for worker in self.process.children())

    def tasks(self) -> int:
        """How many tasks have ended well."""
        return sum(worker.successful_job_count for worker in Worker.all(queue=self.queue))


@contextmanager
def pool(log: Path, workers: int) -> Iterator[Pool]:
    """So many RQ workers for the app's queues, until the end of the block."""
    arguments = [fanout.HIGH, fanout.QUEUE, f"--num-workers={workers}", f"--serializer={fanout.JSON}"]
    queue = fanout.queue_named(fanout.QUEUE)
    with log.open("wb") as output:
        process = psutil.Popen([NAUTOBOT_SERVER, "rqworker-pool", *arguments], stdout=output, stderr=subprocess.STDOUT)
    try:
        end = time.monotonic() + PATIENCE
        while Worker.count(queue=queue) < workers:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the RQ workers did not come: {log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.1)
        yield Pool(process, queue)
    finally:
        kill_family(process)
