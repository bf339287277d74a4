"""`invoke demo`: a running Nautobot with this app and a lab to discover, from nothing or from where it stopped."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import attrs

from development import ROOT, STATE, TEST_STATE
from development.database import copy_template, drop_ours, ensure_template, exists, template_name
from development.discovery import Nautobot, counters, discover
from development.documentation import build_documentation
from development.environment import NAUTOBOT_SERVER, nautobot_environment
from development.processes import LaunchError, Processes, free_port, locked, write_private
from development.servers import Servers, ensure_servers, stop_servers
from development.services import NAMES, confirm_services, start_services, stop_services, wait_for_services
from development.stages import stage
from development.summary import print_access, print_run

PORT = 8080
"""Where the demo answers if nobody else does."""
PROCESSES = Processes(STATE)
LAB = STATE / "lab"
DEMO = STATE / "demo.json"
ORIGIN = STATE / "template"
"""Names the template that the demo's database was copied from or migrated to."""


@attrs.frozen
class Access:
    """How to use the demo; kept over restarts."""

    url: str
    username: str = "admin"
    password: str = attrs.field(factory=lambda: secrets.token_urlsafe(12))
    token: str = attrs.field(factory=lambda: secrets.token_hex(20))


def demo(*, with_lab: bool = True, fresh: bool = False) -> None:
    """Start what does not run, fill what is empty, run the Job, print what came of it."""
    with locked(STATE), ThreadPoolExecutor() as pool:
        if fresh:
            _end("Stopping Nautobot and the lab")
        documentation = pool.submit(build_documentation, PROCESSES.log("documentation"))
        with stage("PostgreSQL and Valkey", PROCESSES.log("postgres")):
            servers = ensure_servers(PROCESSES)
            _part_from_other_servers(servers)
        lab = _ensure_lab() if with_lab else None
        environment = nautobot_environment(STATE, servers)
        outdated = _ensure_database(servers, environment, fresh=fresh)
        with stage("Documentation", PROCESSES.log("documentation")):
            documentation.result()
        access = _access()
        answer = _start_nautobot(environment, access, lab, migrate=outdated)
        _write_demo(access, lab)
        if lab:
            _run_job(access, answer, lab["simulator"])
        confirm_services(PROCESSES)
        print_access(access.url, access.username, access.password, PROCESSES.logs)


def stop() -> None:
    """End what `demo` and the tests started, and wait for it."""
    _end("Stopping Nautobot and the lab")
    with stage("Stopping PostgreSQL and Valkey") as report:
        ended = stop_servers(PROCESSES) + stop_servers(Processes(TEST_STATE))
        report.note(", ".join(ended) or "nothing ran")


def nautobot_server(arguments: Sequence[str]) -> int:
    """`nautobot-server ARGUMENTS` in the demo's environment; answers its exit code."""
    with locked(STATE):
        environment = nautobot_environment(STATE, ensure_servers(PROCESSES))
    return subprocess.run([NAUTOBOT_SERVER, *arguments], env=environment, cwd=ROOT, check=False).returncode


def _end(name: str) -> None:
    with stage(name) as report:
        report.note(", ".join(stop_services(PROCESSES) + PROCESSES.stop(["lab"])) or "nothing ran")


def _ensure_lab() -> dict[str, Any]:
    description = LAB / "lab.json"
    with stage("Lab", PROCESSES.log("lab")) as report:
        if not PROCESSES.pid("lab"):
            description.unlink(missing_ok=True)
            command = [sys.executable, "-m", "development.lab", "serve", "--seed=1", "--size=14", f"--state={LAB}"]
            PROCESSES.start("lab", command, os.environ, ROOT)
            PROCESSES.wait_until("lab", description.exists, 60)
        lab = json.loads(description.read_text())
        report.note(f"{len(lab['devices'])} devices")
    return lab


def _ensure_database(servers: Servers, environment: dict[str, str], *, fresh: bool) -> bool:
    """Copy the template if there is no database; answers whether an older one has to be migrated."""
    name = environment["NAUTOBOT_DB_NAME"]
    with stage("Database", PROCESSES.log("template")) as report:
        template = ensure_template(servers.database, environment, PROCESSES.log("template"))
        if fresh:
            drop_ours(servers.database, name)
        if not exists(servers.database, name):
            copy_template(servers.database, template, name)
            ORIGIN.write_text(template)
        outdated = not ORIGIN.exists() or ORIGIN.read_text() != template
        if outdated:
            report.note("will be migrated")
            stop_services(PROCESSES)
    return outdated


def _part_from_other_servers(servers: Servers) -> None:
    """Processes whose servers moved or were restarted hold dead connections: they are not reused."""
    known = STATE / "servers.json"
    told = json.dumps([attrs.asdict(servers), PROCESSES.pid("postgres"), PROCESSES.pid("valkey")])
    if not known.exists() or known.read_text() != told:
        stop_services(PROCESSES)
        write_private(known, told)


def _start_nautobot(environment: dict[str, str], access: Access, lab: dict[str, Any] | None, *, migrate: bool) -> Any:
    """Processes start while the database is filled: each needs seconds of its own. Only a migration goes first."""
    port = int(access.url.rsplit(":", 1)[1])
    if not migrate:
        start_services(PROCESSES, environment, port)
    with stage("Migration and inventory" if migrate else "Inventory", PROCESSES.log("prepare")):
        answer = _prepare(environment, access, with_lab=lab is not None)
        ORIGIN.write_text(template_name())
    with stage("Nautobot: web, Celery, beat, RQ", PROCESSES.logs):
        start_services(PROCESSES, environment, port)
        wait_for_services(PROCESSES, access.url)
    return answer


def _prepare(environment: dict[str, str], access: Access, *, with_lab: bool) -> Any:
    # What is secret travels by a variable: a command line is everyone's to read.
    wishes = {"lab": str(LAB / "lab.json") if with_lab else None, **attrs.asdict(access)}
    answer = STATE / "prepared.json"
    command = [sys.executable, "-m", "development.prepare", str(answer)]
    with PROCESSES.log("prepare").open("wb") as output:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**environment, "DEMO": json.dumps(wishes)},
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise LaunchError(PROCESSES.log("prepare").read_text(errors="replace").strip().rsplit("\n", 1)[-1])
    return json.loads(answer.read_text())


def _access() -> Access:
    """Name, password and token of before, or new ones; the port of before, if the web server still has it."""
    kept = STATE / "access.json"
    access = Access(**json.loads(kept.read_text())) if kept.exists() else Access(url=f"http://127.0.0.1:{PORT}")
    if not PROCESSES.pid("web"):
        port = free_port(int(access.url.rsplit(":", 1)[1]))
        access = attrs.evolve(access, url=f"http://127.0.0.1:{port}")
    write_private(kept, json.dumps(attrs.asdict(access)))
    return access


def _write_demo(access: Access, lab: dict[str, Any] | None) -> None:
    """Tell other programs how to reach the demo."""
    running = {
        "logs": str(PROCESSES.logs),
        "pids": {name: PROCESSES.pid(name) for name in NAMES},
        "simulator": lab["simulator"] if lab else None,
    }
    write_private(DEMO, json.dumps(attrs.asdict(access) | running, indent=2))


def _run_job(access: Access, answer: dict[str, Any], simulator: str) -> None:
    before = counters(simulator)
    with stage("Discovery", PROCESSES.log("celery")) as report:
        run = discover(Nautobot(access.url, access.token), answer["job"], answer["devices"])
        report.note(run["status"])
        if run["status"] == "failed":
            raise LaunchError(f"no device was discovered; the run is {run['url']}")
    print_run(run, before, counters(simulator))
