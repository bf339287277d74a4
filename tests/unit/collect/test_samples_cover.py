"""No command without a sample of what it prints."""

import pytest

from nautobot_topology_cache.collect.commands import Command
from nautobot_topology_cache.collect.platforms import platforms
from tests.unit.collect.samples import commands, folder

EVERY_COMMAND = [
    pytest.param(driver, command, id=f"{driver}: {command.text}")
    for driver, platform in platforms().items()
    for command in commands(platform)
]


@pytest.mark.parametrize(("driver", "command"), EVERY_COMMAND)
def test_every_command_has_a_sample(driver: str, command: Command) -> None:
    """A command that several drivers share, as IOS and IOS-XE do, needs one in one of them."""
    sharing = [name for name, platform in platforms().items() if any(command is other for other in commands(platform))]
    assert driver in sharing
    assert any(list(folder(name, command.text).glob("*.txt")) for name in sharing)
