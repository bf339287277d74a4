"""Runs the Job "Discover topology" as a client of the REST API would."""

import json
import time
import urllib.error
import urllib.request
from typing import Any

import attrs

from development.processes import LaunchError

API = "/api/plugins/topology-cache"


@attrs.frozen
class Nautobot:
    """A REST client in a few lines: the demo needs no more."""

    url: str
    token: str

    def get(self, path: str) -> Any:
        return self._ask(path)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self._ask(path, json.dumps(body).encode())

    def _ask(self, path: str, body: bytes | None = None) -> Any:
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}{path}", body, headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")[:500]
            raise LaunchError(f"{request.get_method()} {path} answered {error.code}: {text}") from error
        except OSError as error:
            raise LaunchError(f"{request.get_method()} {path} was not answered: {error}") from error


def discover(nautobot: Nautobot, job: str, devices: list[str], seconds: float = 300) -> dict[str, Any]:
    """Enqueue the Job for these devices and wait; answers the run as REST shows it."""
    # Nautobot reads a Job's data as a form: a switch that is not named is off, whatever its default.
    body = {"data": {"devices": devices, "cache_results": True}}
    started = nautobot.post(f"/api/extras/jobs/{job}/run/", body)
    result_path = f"/api/extras/job-results/{started['job_result']['id']}/"
    deadline = time.monotonic() + seconds
    result = nautobot.get(result_path)
    while result["status"]["value"] not in ("SUCCESS", "FAILURE", "REVOKED"):
        if time.monotonic() > deadline:
            raise LaunchError(f"the Job is still {result['status']['value']} after {seconds:.0f} s: {result['url']}")
        time.sleep(0.5)
        result = nautobot.get(result_path)
    answer = result["result"] or {}
    if "run_id" not in answer:
        raise LaunchError(f"the Job ended {result['status']['value']} without a run: {_reason(result)}")
    return nautobot.get(f"{API}/discovery-runs/{answer['run_id']}/")


def _reason(result: dict[str, Any]) -> str:
    """The exception at the end of its traceback; the whole is on the JobResult's page and in the worker's log."""
    told = (result["traceback"] or "").rpartition("\n  File ")[2].splitlines()[1:]
    return next((line for line in told if not line.startswith(" ")), f"its result is {result['result']}")


def counters(simulator: str) -> dict[str, Any]:
    """The lab's own count of connections and commands, since it was started."""
    with urllib.request.urlopen(f"{simulator}/counters", timeout=10) as answer:  # noqa: S310
        return json.load(answer)
