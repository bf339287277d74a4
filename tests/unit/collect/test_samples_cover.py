"""No command without a sample of what it prints."""

from __future__ import annotations

from nautobot_topology_cache.collect.platforms import platforms
from tests.unit.collect.samples import commands, folder


def test_every_command_has_a_sample() -> None:
    """A command that several drivers share, as IOS and IOS-XE do, needs one in one of them."""
    asked = [(driver, command) for driver, platform in platforms().items() for command in commands(platform)]
    sampled = [command for driver, command in asked if any(folder(driver, command.text).glob("*.txt"))]
    known = {id(command) for command in sampled}
    assert sampled
    assert [f"{driver}: {command.text}" for driver, command in asked if id(command) not in known] == []
