"""Many devices at once, over real SSH."""

from __future__ import annotations

import asyncio
import time

import attrs

from nautobot_topology_cache.collect.commands import Command, Const, Feed, Parsed, entry
from nautobot_topology_cache.collect.gather import DeviceJob, Limits, gather
from nautobot_topology_cache.collect.wire import Wire
from tests.lab.ssh_device import Shell, SshDevice, serving
from tests.lab.wires import IOS, PATIENT, options, target

LIMITS = Limits(concurrency=4, logins_per_second=1000, unparsed_share=0.05)
COMMANDS = ("show one", "show two", "show three")


class Lines:
    """One row per line."""

    columns = frozenset({"name"})

    def parse(self, answer: str) -> Parsed:
        return Parsed([{"name": line} for line in answer.split()])


FEED = Feed("interfaces", {"name": "name", "enabled": Const(True)})
PLATFORM = attrs.evolve(IOS, entries=tuple(entry(Command(text, Lines(), (FEED,))) for text in COMMANDS))


def wired(device: SshDevice, **changes: object) -> DeviceJob:
    to = target(device, **changes)
    return DeviceJob(
        to, PLATFORM, frozenset({"interfaces"}), lambda allowance: Wire(to, PLATFORM, options(), allowance)
    )


def test_many_devices_over_ssh() -> None:
    devices = [SshDevice(name=f"d{i}", answers=dict.fromkeys(COMMANDS, f"eth{i}\n")) for i in range(12)]
    with serving(*devices):
        gathered = {one.job.target.name: one for one in gather(map(wired, devices), LIMITS)}
    for i, device in enumerate(devices):
        one = gathered[device.name]
        assert [record.name for part in one.result.slices for record in part.records] == [f"eth{i}"]
        assert (one.connections, one.commands_sent) == (device.connections, len(device.commands)) == (1, 3)
        assert one.host_key == device.host_key


def test_logins_are_limited_for_all_devices_together() -> None:
    devices = [SshDevice(name=f"d{i}", answers=dict.fromkeys(COMMANDS, "eth1\n")) for i in range(5)]
    with serving(*devices):
        began = time.monotonic()
        list(gather(map(wired, devices), attrs.evolve(LIMITS, logins_per_second=10)))
    assert time.monotonic() - began >= 0.4


def test_device_deadline_counts_from_its_start() -> None:
    async def slow(shell: Shell) -> str:
        await asyncio.sleep(0.6)
        return "eth1\n"

    device = SshDevice(answers=dict.fromkeys(COMMANDS, slow))
    with serving(device):
        [one] = gather([wired(device, timeouts=attrs.evolve(PATIENT, device=1))], LIMITS)
    assert [command.reason.partition(":")[0] for command in one.result.commands] == ["", "deadline", "deadline"]
    assert (one.ended_at - one.started_at).total_seconds() < 1.5
