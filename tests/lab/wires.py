"""Wires to a test's own SSH device, with timeouts short enough for a test."""

from __future__ import annotations

from nautobot_topology_cache.collect.commands import Platform
from nautobot_topology_cache.collect.targets import Credentials, Target, Timeouts
from nautobot_topology_cache.collect.wire import Allowance, Wire, WireOptions
from tests.lab.ssh_device import PASSWORD, SECRET, USERNAME, SshDevice

IOS = Platform(
    driver="cisco_ios",
    entries=(),
    spell=str,
    verdicts=(),
    enable=True,
    setup=("terminal width 511", "terminal length 0"),
)
PATIENT = Timeouts(connect=5, auth=5, banner=5, command=5, device=60)


def target(device: SshDevice, **changes: object) -> Target:
    given = {
        "device_id": device.name,
        "name": device.name,
        "host": "127.0.0.1",
        "port": device.port,
        "driver": "cisco_ios",
        "device_type": "cisco_ios",
        "credentials": Credentials(username=USERNAME, password=PASSWORD, secret=SECRET),
        "timeouts": PATIENT,
    }
    return Target(**given | changes)


def options(**changes: object) -> WireOptions:
    return WireOptions(**{"host_key_policy": "first_use", "connect_retries": 1, "max_answer_bytes": 1 << 24} | changes)


def wire(device: SshDevice, platform: Platform = IOS, allowance: Allowance | None = None, **changes: object) -> Wire:
    settings = {name: changes.pop(name) for name in tuple(changes) if name in WireOptions.__annotations__}
    return Wire(target(device, **changes), platform, options(**settings), allowance or Allowance())
