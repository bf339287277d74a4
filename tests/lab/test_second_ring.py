"""Platforms of the second ring over SSH: prompt, login and set-up by their netmiko class and platform file."""

from __future__ import annotations

import time
from contextlib import closing

import pytest

from nautobot_topology_cache.collect.flow import converse, device_flow
from nautobot_topology_cache.collect.platforms import platforms
from nautobot_topology_cache.collect.records import RECORDS
from tests.lab.ssh_device import SshDevice, serving
from tests.lab.wires import wire
from tests.unit.collect.samples import Sample, samples

PROMPTS = {
    "aruba_aoscx": ("ash", "# "),
    "cisco_asa": ("asa/pri/act", "# "),
    "fortinet": ("FGT-1", " # "),
    "frr": ("joe@birch:~", "$ "),
    "hp_comware": ("<HPE-1", ">"),
    "huawei_vrp": ("<HUAWEI-1", ">"),
    "linux": ("joe@host:~", "$ "),
    "mikrotik_routeros": ("[joe@R1]", " > "),
    "paloalto_panos": ("joe@PA-1(active)", "> "),
    "vyos": ("joe@vyos:~", "$ "),
}
SECONDS = 60


def printed(driver: str) -> dict[str, Sample]:
    """Command -> a sample of an answer with rows; VyOS prints what FRR and Linux do."""
    drivers = (driver, "frr", "linux") if driver in ("vyos", "frr") else (driver,)
    found = [one for one in samples() if one.driver in drivers and one.expected["outcome"] == "ok"]
    return {one.command: one for one in found if "{vrf}" not in one.command}


@pytest.mark.parametrize("driver", PROMPTS)
def test_a_device_is_logged_in_to_and_asked(driver: str) -> None:
    name, end = PROMPTS[driver]
    told = printed(driver)
    texts = {command: f"{one.path.read_text().rstrip()}\n" for command, one in told.items()}
    platform = platforms()[driver]
    device = SshDevice(name=name, prompt_end=end, answers=texts, banner="Welcome.\r\nBe good.")
    with serving(device), closing(wire(device, platform, driver=driver, device_type=platform.netmiko)) as session:
        began = time.monotonic()
        result = converse(device_flow(platform, RECORDS, 0.05), session)
    assert result.failure is None
    assert time.monotonic() - began < SECONDS
    assert device.logins == 1
    outcomes = {one.command: one.outcome for one in result.commands if one.command in told}
    assert outcomes == dict.fromkeys(outcomes, "ok")
    assert {command.table for command in result.slices if command.outcome == "ok"} == platform.tables()
