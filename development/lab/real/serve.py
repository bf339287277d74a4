"""The real routers as a lab: the same files as those of the played one, until told to stop."""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from development.lab.real import packages, truth
from development.lab.real.convergence import wait_until_converged
from development.lab.real.model import bare
from development.lab.real.routers import USERNAME, Running, possible, running
from development.lab.serve import private
from development.processes import LaunchError, locked

FOLDER = Path("/var/lib/topology-cache-real-lab")
"""The same for all, as two labs would use the same addresses: the second waits, and clears away after a killed one."""


def serve(state: Path) -> None:
    """Build, write lab.json when all routers have found each other, and take everything away at SIGINT or SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if os.geteuid() != 0:
        raise LaunchError("namespaces and cables are made by root alone")
    if installed := packages.install():
        print(f"installed: {' '.join(installed)}", flush=True)
    if not possible():
        raise LaunchError("the kernel makes no namespaces or cables here: is this a container without privileges?")
    state.mkdir(parents=True, exist_ok=True)
    inventory = state / "lab.json"
    inventory.unlink(missing_ok=True)
    with locked(FOLDER), ExitStack() as left:
        left.callback(shutil.rmtree, FOLDER / "routers", ignore_errors=True)
        with running(FOLDER / "routers") as routers:
            wait_until_converged(routers)
            tables = {one.router.name: {"tables": _tables(one)} for one in routers}
            private(state / "truth.json", [json.dumps({"links": truth.links(), "outside": [], "devices": tables})])
            private(inventory, [json.dumps(_described(state, routers), indent=1)])
            print(f"lab: {len(routers)} routers, inventory in {inventory}", flush=True)
            stop.wait()
            inventory.unlink(missing_ok=True)


def _tables(one: Running) -> dict[str, Any]:
    return {name: {"rows": rows} for name, rows in truth.tables(one.router).items()}


def _described(state: Path, routers: list[Running]) -> dict[str, Any]:
    """The inventory, as of the played lab."""
    login = {"username": USERNAME, "password": routers[0].password, "secret": ""}
    return {
        "simulator": None,
        **login,
        "truth": str(state / "truth.json"),
        "devices": [
            {
                "name": one.router.name,
                "host": bare(one.router.management),
                "port": 22,
                "platform": "frr",
                "site": one.router.site,
                "role": "router",
                "model": "FRR",
                "serial": "",
                "answers": "yes",
                **login,
                "in_nautobot": True,
            }
            for one in routers
        ],
    }
