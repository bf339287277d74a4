"""The wire and the gathering against the whole simulated network: every answer read, every count agreeing."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from nautobot_topology_cache.collect.gather import DeviceJob, Limits, gather
from nautobot_topology_cache.collect.platforms import platforms
from nautobot_topology_cache.collect.records import RECORDS
from nautobot_topology_cache.collect.results import Ask
from nautobot_topology_cache.collect.targets import Credentials, Target, Timeouts
from nautobot_topology_cache.collect.wire import Wire
from tests.lab.wires import PATIENT, options

TIMEOUTS = attrs.evolve(PATIENT, command=20, device=120)


@attrs.frozen
class Simulator:
    url: str
    devices: dict[str, dict[str, Any]]

    def call(self, path: str, **values: object) -> dict[str, Any]:
        data = json.dumps(values).encode() if values or path == "reset" else None
        with urllib.request.urlopen(f"{self.url}/{path}", data, timeout=10) as answer:  # noqa: S310  our own server
            return json.load(answer)

    def turn(self, name: str, **knobs: object) -> None:
        self.call(f"devices/{name}/knobs", **knobs)

    def counters(self, name: str) -> dict[str, int]:
        return self.call("counters")["devices"][name]

    def target(self, name: str, timeouts: Timeouts = TIMEOUTS) -> Target:
        device = self.devices[name]
        given = Credentials(username=device["username"], password=device["password"], secret=device["secret"])
        return Target(
            device_id=name,
            name=name,
            host=device["host"],
            port=device["port"],
            driver=device["platform"],
            device_type=device["platform"],
            credentials=given,
            timeouts=timeouts,
        )

    def wire(self, name: str, timeouts: Timeouts = TIMEOUTS) -> Wire:
        return Wire(self.target(name, timeouts), platforms()[self.devices[name]["platform"]], options())

    def first(self, platform: str) -> str:
        """The name of a device of this platform that lets us in."""
        answering = (name for name, device in self.devices.items() if device["answers"] == "yes")
        return next(name for name in answering if self.devices[name]["platform"] == platform)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    state = tmp_path_factory.mktemp("lab")
    inventory: Path = state / "lab.json"
    command = [sys.executable, "-m", "development.lab", "serve", "--state", str(state)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as lab:
        end = time.monotonic() + 60
        while not inventory.exists() and lab.poll() is None and time.monotonic() < end:
            time.sleep(0.1)
        facts = json.loads(inventory.read_text())
        yield Simulator(facts["simulator"], {device["name"]: device for device in facts["devices"]})
        lab.terminate()


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    running.call("reset")
    return running


def test_every_device_is_asked_once_and_the_counts_agree(simulator: Simulator) -> None:
    jobs = [
        DeviceJob(
            simulator.target(name),
            platforms()[device["platform"]],
            frozenset(RECORDS),
            lambda allowance, name=name, driver=device["platform"]: Wire(
                simulator.target(name), platforms()[driver], options(), allowance
            ),
        )
        for name, device in simulator.devices.items()
    ]
    limits = Limits(concurrency=6, logins_per_second=50, unparsed_share=0.05)
    gathered = {one.job.target.name: one for one in gather(jobs, limits)}
    counted = simulator.call("counters")["devices"]
    for name, one in gathered.items():
        assert (one.connections, one.commands_sent) == (counted[name]["connections"], counted[name]["commands"]), name
        expected = {"yes": "None", "auth": "auth", "silent": "unreachable"}[simulator.devices[name]["answers"]]
        assert str(one.result.failure).partition(":")[0] == expected
        wire_failures = ("timeout", "disconnected", "truncated", "error")
        assert not [result for result in one.result.commands if result.reason.startswith(wire_failures)]


@pytest.mark.parametrize("platform", ["cisco_ios", "cisco_xe", "cisco_nxos", "arista_eos"])
@pytest.mark.parametrize("prepared_by", ["platform", "netmiko"])
def test_paging_is_off_and_answers_are_whole(simulator: Simulator, platform: str, prepared_by: str) -> None:
    name = simulator.first(platform)
    simulator.turn(name, answers={"show long": "".join(f"line {i}\n" for i in range(500))}, latency=0.02)
    session = simulator.wire(name)
    if prepared_by == "netmiko":
        session.platform = attrs.evolve(session.platform, setup=())
    replies = [session.answer(Ask("show long")) for _ in range(3)]
    session.close()
    for reply in replies:
        assert reply.failure is None
        assert reply.text.split() == [word for i in range(500) for word in ("line", str(i))]
    assert simulator.counters(name)["connections"] == 1


@pytest.mark.parametrize(
    ("knobs", "words", "connections"),
    [
        ({"drop": "mid_output", "drop_command": "show b", "drop_times": 1}, ["", "disconnected", ""], 2),
        ({"drop": "mid_output", "drop_command": "show b"}, ["", "disconnected", ""], 2),
        ({"hang": "show b", "hang_times": 1}, ["", "timeout", ""], 2),
        ({"hang": "command"}, ["timeout", "timeout", "disconnected"], 2),
        ({"hang": "login"}, ["timeout", "timeout", "timeout"], 1),
        ({"hang": "banner"}, ["unreachable", "unreachable", "unreachable"], 2),
        ({"refuse": True}, ["unreachable", "unreachable", "unreachable"], 1),
        ({"auth_failure": True}, ["auth", "auth", "auth"], 1),
    ],
    ids=repr,
)
def test_troubles(simulator: Simulator, knobs: dict[str, Any], words: list[str], connections: int) -> None:
    name = simulator.first("cisco_xe")
    simulator.turn(name, answers=dict.fromkeys(("show a", "show b", "show c"), "first\nsecond\nthird\n"), **knobs)
    session = simulator.wire(name, Timeouts(connect=0.5, auth=0.5, banner=0.5, command=0.5, device=30))
    replies = [session.answer(Ask(command)) for command in ("show a", "show b", "show c")]
    session.close()
    assert [reply.failure.word if reply.failure else "" for reply in replies] == words
    counted = simulator.counters(name)
    assert session.connections == counted["connections"] == connections
    assert session.commands_sent == counted["commands"]
