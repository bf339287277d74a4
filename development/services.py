"""Nautobot's own processes: web server, Celery worker, scheduler, and the pool of RQ workers."""

import time
import urllib.request
from collections.abc import Mapping

from development import ROOT
from development.environment import NAUTOBOT_SERVER
from development.processes import LaunchError, Processes

NAMES = ("web", "celery", "beat", "rq")
QUEUES = ("topology_cache_high", "topology_cache")
PATIENCE = 90
"""Seconds until a process that is still starting counts as failed: a slow machine needs them."""


def start_services(processes: Processes, environment: Mapping[str, str], port: int) -> list[str]:
    """Start those that do not run; answers their names."""
    missing = [name for name in NAMES if not processes.pid(name)]
    for name in missing:
        processes.start(name, [NAUTOBOT_SERVER, *_arguments(name, port, environment)], environment, ROOT)
    return missing


def wait_for_services(processes: Processes, url: str) -> None:
    """Until the web server answers and the workers have said that they are ready."""
    processes.wait_until("web", lambda: _answers(f"{url}/health/"), PATIENCE)
    for name, word in (("celery", " ready."), ("beat", "beat: Starting"), ("rq", "Listening on")):
        log = processes.log(name)
        processes.wait_until(name, lambda log=log, word=word: word in log.read_text(errors="replace"), PATIENCE)


def confirm_services(processes: Processes) -> None:
    """Some die only after they said that they were ready."""
    if dead := [name for name in NAMES if not processes.pid(name)]:
        raise LaunchError(f"ended unasked: {', '.join(f'{name}, its log is {processes.log(name)}' for name in dead)}")


def stop_services(processes: Processes) -> list[str]:
    return processes.stop(NAMES)


def _arguments(name: str, port: int, environment: Mapping[str, str]) -> list[str]:
    """Of `nautobot-server`; concurrency is small since a laptop runs all of this at once."""
    root = environment["NAUTOBOT_ROOT"]
    web = ["start", f"--http-socket=127.0.0.1:{port}", "--master", "--processes=2", "--threads=4", "--enable-threads"]
    web += ["--die-on-term", "--buffer-size=32768", "--disable-logging", "--single-interpreter"]
    web += ["--static-expires=/* 3600"]
    return {
        "web": web,
        "celery": ["celery", "worker", "--loglevel=INFO", "--concurrency=2", "--without-gossip", "--without-mingle"],
        "beat": ["celery", "beat", "--loglevel=INFO", f"--pidfile={root}/beat.pid"],
        "rq": ["rqworker-pool", *QUEUES, "--num-workers=2", "--serializer=rq.serializers.JSONSerializer"],
    }[name]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
            return answer.status == 200
    except OSError:
        time.sleep(0.2)
        return False
