"""What reaches a device, as the device saw it: commands of the registry and set-up of the session, and no line more."""

import pytest

from nautobot_topology_cache.collect.platforms import platforms

pytestmark = pytest.mark.django_db
SESSION = {"", "enable", "exit", "logout"}
"""An empty line asks for the prompt."""


@pytest.fixture
def typed(lab):
    """(device, driver, lines) of a discovery of the whole lab."""
    lab.discovered()
    return [(one["name"], one["platform"], lab.typed(one["name"])) for one in lab.inventory["devices"]]


def vrfs(lab, name: str) -> set[str]:
    """The VRFs that the device has in truth."""
    rows = lab.truth()["devices"][name]["tables"].get("interfaces", {"rows": []})["rows"]
    return {row["vrf"] for row in rows if row["vrf"]}


def test_every_line_is_a_command_of_the_registry_or_set_up(lab, typed):
    strangers, asked = {}, set()
    for name, driver, lines in typed:
        platform = platforms()[driver]
        texts = [command.text for entry in platform.entries for command in entry.alternatives]
        commands = {
            text.format(vrf=vrf) for text in texts for vrf in ({""} | vrfs(lab, name)) if vrf or "{" not in text
        }
        allowed = commands | set(platform.setup) | SESSION
        strangers |= {(name, line): driver for line in lines if line not in allowed}
        asked |= {driver for line in lines if line in commands}
    assert strangers == {}
    assert asked == {driver for _, driver, _ in typed}


def test_the_device_keeps_every_line_it_gets(lab, typed):
    for name, _, lines in typed:
        counted = lab.counted(name)
        assert len([line for line in lines if line]) == counted["commands"] + counted["setup_commands"], name


@pytest.mark.parametrize("name", ["x;reload", "x|redirect", "x&reload"])
def test_a_vrf_of_a_hostile_name_is_not_asked_about(lab, discover, name):
    """A switch that answers with such a list of VRFs gets no line with the name in it, but one for each other VRF."""
    (device,) = lab.devices("ost-core-01")
    listed = "  Name                             Default RD            Protocols   Interfaces\n"
    each = "".join(f"  {vrf:<32} 65000:1               ipv4        Vl99\n" for vrf in (name, "HARMLESS"))
    lab.turn(device.name, answers={"show vrf": listed + each})
    discover(devices=[device])
    lines = lab.typed(device.name)
    assert "show ip route vrf HARMLESS" in lines
    assert not [line for line in lines if "reload" in line or "redirect" in line]
