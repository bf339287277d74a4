"""The row about sessions: one login and ten commands over real SSH to a device of the lab."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import paramiko

from development import ROOT
from development.bench import rivals
from development.bench.measuring import TIMES, apart
from development.bench.report import Row, compared
from nautobot_topology_cache.collect.parse.clean import clean
from nautobot_topology_cache.collect.platforms import platforms
from nautobot_topology_cache.collect.results import Ask
from nautobot_topology_cache.collect.targets import Credentials, Target, Timeouts
from nautobot_topology_cache.collect.wire import Wire, WireOptions

DEVICE = "ost-core-01"
DRIVER = "cisco_xe"
COMMANDS = (
    "show vrf",
    "show interfaces",
    "show interfaces switchport",
    "show ip interface",
    "show ip arp",
    "show mac address-table",
    "show cdp neighbors detail",
    "show lldp neighbors detail",
    "show ip ospf neighbor detail",
    "show ip route",
)
LATENCY = 0.05
"""Seconds before each answer of the device: a round trip."""
PATIENCE = 60.0
RATIO = 4
TIMEOUTS = Timeouts(connect=10, auth=10, banner=10, command=30, device=120)
OPTIONS = WireOptions(host_key_policy="ignore", connect_retries=0, max_answer_bytes=1 << 24)


def rows(times: int = TIMES) -> Iterator[Row]:
    """All rows about sessions; call this before anything starts threads."""
    with tempfile.TemporaryDirectory() as state, _lab(Path(state)) as login:
        yield from _one_device(login, times)


def _one_device(login: dict[str, Any], times: int) -> Iterator[Row]:
    ours = apart(lambda: _ours(login), _told, times)
    rival = apart(lambda: rivals.session({"device_type": DRIVER, **login}, COMMANDS), _told, times)
    handshake = apart(lambda: _handshake(login), lambda reached: reached, times)
    differing = [
        command for command, mine, other in zip(COMMANDS, ours.outcome, rival.outcome, strict=True) if mine != other
    ]
    void = f"the answers differ: {', '.join(differing)}" if differing else ""
    more = {"void": void, "details": {"characters": sum(map(len, ours.outcome))}}
    name = "session: login and 10 commands"
    limit = handshake.median("cpu") * 1e3
    yield compared(name, 1, "cpu", ours, rival, unit=1e-3, called="CPU ms", target=RATIO, limit=limit, **more)
    yield compared(f"{name}, elapsed", 1, "wall", ours, rival, called="s", void=void)


def _ours(login: dict[str, Any]) -> list[str]:
    """The answers as the flow gets them; a failure is an error of the bench."""
    credentials = Credentials(username=login["username"], password=login["password"], secret=login["secret"])
    target = Target(
        device_id=DEVICE,
        name=DEVICE,
        host=login["host"],
        port=login["port"],
        driver=DRIVER,
        device_type=DRIVER,
        credentials=credentials,
        timeouts=TIMEOUTS,
    )
    wire = Wire(target, platforms()[DRIVER], OPTIONS)
    replies = [wire.answer(Ask(command)) for command in COMMANDS]
    wire.close()
    failed = [str(reply.failure) for reply in replies if reply.failure is not None]
    if failed:
        raise RuntimeError(f"the device did not answer: {failed[0]}")
    return [clean(reply.text, command) for reply, command in zip(replies, COMMANDS, strict=True)]


def _handshake(login: dict[str, Any]) -> bool:
    """What no client gets around: the key exchange and the login."""
    with paramiko.Transport((login["host"], login["port"])) as transport:
        transport.connect(username=login["username"], password=login["password"])
        return transport.is_authenticated()


def _told(answers: list[str]) -> list[str]:
    """The lines that say something: clients differ in the blank ones around an answer."""
    return ["\n".join(line.rstrip() for line in answer.splitlines() if line.strip()) for answer in answers]


@contextmanager
def _lab(state: Path) -> Iterator[dict[str, Any]]:
    """A lab whose DEVICE answers with LATENCY; how to log in to it."""
    command = [sys.executable, "-m", "development.lab", "serve", "--state", str(state)]
    with (state / "lab.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    try:
        inventory = _inventory(state, process)
        knobs = json.dumps({"latency": LATENCY}).encode()
        with urllib.request.urlopen(  # noqa: S310  # our own lab on loopback
            f"{inventory['simulator']}/devices/{DEVICE}/knobs", knobs, timeout=10
        ):
            device = next(one for one in inventory["devices"] if one["name"] == DEVICE)
        yield {name: device[name] for name in ("host", "port", "username", "password", "secret")}
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _inventory(state: Path, process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """lab.json, which appears when everything listens."""
    path, end = state / "lab.json", time.monotonic() + PATIENCE
    while not path.exists():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the lab did not start: {(state / 'lab.log').read_text()[-2000:]}")
        time.sleep(0.05)
    return json.loads(path.read_text())
