"""RQ workers as a process of their own, which work in this test's database."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from rq import Worker

from development.environment import NAUTOBOT_SERVER
from nautobot_topology_cache import fanout
from tests.nautobot_env import process_environment

PATIENCE = 60.0


@contextmanager
def crew(log: Path, workers: int = 2) -> Iterator[psutil.Process]:
    """A pool of RQ workers that listens, ended with all its processes at the end of the block."""
    command = [NAUTOBOT_SERVER, "rqworker-pool", fanout.HIGH, fanout.QUEUE, f"--num-workers={workers}"]
    fanout._queue(fanout.QUEUE).connection.flushdb()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, f"--serializer={fanout.JSON}"],
            env=process_environment(),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        until(lambda: len(listening()) == workers, process, log)
        yield psutil.Process(process.pid)
    finally:
        end(psutil.Process(process.pid))
        process.wait(PATIENCE)


def listening() -> list[Worker]:
    return Worker.all(queue=fanout._queue(fanout.QUEUE))


def until(true, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for something that a process is about to do."""
    end = time.monotonic() + PATIENCE
    while not true():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"it did not come: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)


def end(process: psutil.Process) -> None:
    """Kill a process with all its children, who would look for work for ever."""
    family = [*process.children(recursive=True), process]
    for one in family:
        one.kill()
    psutil.wait_procs(family, PATIENCE)


def tasks_done(run) -> int:
    """How many RQ tasks of a run ended well, as Redis knows."""
    return sum(
        job is not None and job.args[0] == str(run.pk)
        for name in (fanout.QUEUE, fanout.HIGH)
        for queue in [fanout._queue(name)]
        for job in map(queue.fetch_job, queue.finished_job_registry.get_job_ids())
    )
