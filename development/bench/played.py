"""The lab beside the bench: simulated devices over real SSH, each answer a round trip late."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from development import ROOT

LATENCY = 0.05
"""Seconds before each answer of a device: a round trip."""
PATIENCE = 120.0
LOGIN = ("host", "port", "username", "password", "secret")


@contextmanager
def lab(state: Path, size: int = 14) -> Iterator[dict[str, Any]]:
    """A lab of so many devices, as its lab.json describes it."""
    command = [sys.executable, "-m", "development.lab", "serve", "--state", str(state), "--size", str(size)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NAUTOBOT_")}
    with (state / "lab.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        inventory = _inventory(state, process)
        for device in inventory["devices"]:
            turn(inventory, device["name"], latency=LATENCY)
        yield inventory
    finally:
        process.terminate()
        process.wait(PATIENCE)


def login(device: dict[str, Any], inventory: dict[str, Any]) -> dict[str, Any]:
    """How to log in to a device, in netmiko's words."""
    return {name: device.get(name) or inventory.get(name) for name in LOGIN}


def turn(inventory: dict[str, Any], name: str, **knobs: Any) -> None:
    """Make a device of the lab behave otherwise."""
    url = f"{inventory['simulator']}/devices/{name}/knobs"
    with urllib.request.urlopen(url, json.dumps(knobs).encode(), timeout=10):  # noqa: S310
        return


def _inventory(state: Path, process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """lab.json, which appears when everything listens."""
    path, end = state / "lab.json", time.monotonic() + PATIENCE
    while not path.exists():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the lab did not start: {(state / 'lab.log').read_text()[-2000:]}")
        time.sleep(0.05)
    return json.loads(path.read_text())
