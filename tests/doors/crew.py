"""RQ workers as a process of their own, which work in this test's database."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from rq import Worker

from development.environment import NAUTOBOT_SERVER
from development.processes import kill_family
from nautobot_topology_cache import fanout
from tests.nautobot_env import process_environment

PATIENCE = 180.0


@contextmanager
def crew(log: Path, workers: int = 2, *, fresh: bool = True) -> Iterator[psutil.Process]:
    """A pool of RQ workers that listens; `fresh` on queues that know of no worker and no task."""
    pool = ["rqworker-pool", fanout.HIGH, fanout.QUEUE, f"--num-workers={workers}", f"--serializer={fanout.JSON}"]
    if fresh:
        fanout.queue_named(fanout.QUEUE).connection.flushdb()
    with nautobot_server(pool, log) as process:
        until(lambda: len(listening()) == workers, {log: process})
        yield process


@contextmanager
def nautobot_server(arguments: list[str], log: Path) -> Iterator[psutil.Process]:
    """`nautobot-server ARGUMENTS` in this test's database, killed with all its processes at the end of the block."""
    with log.open("wb") as output:
        process = psutil.Popen(
            [NAUTOBOT_SERVER, *arguments], env=process_environment(), stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield process
    finally:
        kill_family(process)


@contextmanager
def celery(folder: Path) -> Iterator[Callable[[Callable[[], bool]], None]]:
    """Celery's own beat and one worker, each a process; answers what waits for something that they are to do."""
    worker = ["celery", "worker", "--concurrency=1", "--without-gossip", "--without-mingle", "--loglevel=INFO"]
    beat = ["celery", "beat", f"--pidfile={folder / 'beat.pid'}"]
    log, beat_log = folder / "worker.log", folder / "beat.log"
    with nautobot_server(worker, log) as working, nautobot_server(beat, beat_log) as beating:
        yield lambda true: until(true, {log: working, beat_log: beating})


def listening() -> list[Worker]:
    return Worker.all(queue=fanout.queue_named(fanout.QUEUE))


def until(true: Callable[[], bool], processes: dict[Path, psutil.Process]) -> None:
    """Wait for something that processes are about to do; what they have logged is told if it does not come."""
    end = time.monotonic() + PATIENCE
    while not true():
        gone = [one for one in processes.values() if not one.is_running() or one.status() == psutil.STATUS_ZOMBIE]
        if gone or time.monotonic() > end:
            said = "\n".join(f"{log.name}: {log.read_text(errors='replace')[-2000:]}" for log in processes)
            raise RuntimeError(f"it did not come: {said}")
        time.sleep(0.05)


def tasks_done(run) -> int:
    """How many RQ tasks of a run ended well, as Redis knows."""
    return sum(
        job is not None and job.args[0] == str(run.pk)
        for name in (fanout.QUEUE, fanout.HIGH)
        for queue in [fanout.queue_named(name)]
        for job in map(queue.fetch_job, queue.finished_job_registry.get_job_ids())
    )
