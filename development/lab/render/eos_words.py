"""EOS's words: short names, states, speeds, VRFs."""

from __future__ import annotations

from development.lab.model import LAG, LOOPBACK, SVI, VXLAN, Device, Interface

DEFAULT = "default"
BGP_INACTIVE = "% BGP inactive"
HARDWARE = {LAG: "Port-Channel", LOOPBACK: "Loopback", SVI: "Vlan", VXLAN: "Vxlan"}
SHORT = (
    ("Ethernet", "Et"),
    ("Port-Channel", "Po"),
    ("Loopback", "Lo"),
    ("Vlan", "Vl"),
    ("Vxlan", "Vx"),
    ("Management", "Ma"),
)


def short(name: str) -> str:
    """Et1, Po1, Vx1."""
    for long, abbreviation in SHORT:
        if name.startswith(long):
            return abbreviation + name.removeprefix(long)
    return name


def vrf_name(vrf: str) -> str:
    """The default VRF has a name."""
    return vrf or DEFAULT


def chosen(device: Device, vrf: str | None) -> list[str]:
    """The VRFs a command asks for; without `vrf` it is the default one, unknown ones give none."""
    names = [DEFAULT, *sorted(device.vrfs)]
    return names if vrf == "all" else [name for name in names if name == (vrf or DEFAULT)]


def states(port: Interface) -> tuple[str, str, str]:
    """Link, line protocol, and the word in brackets."""
    if not port.enabled:
        return "administratively down", "down", "disabled"
    return ("up", "up", "connected") if port.up else ("down", "down", "notconnect")


def bridged(device: Device) -> list[Interface]:
    """Switchports: members of a LAG are not listed."""
    return [i for i in device.interfaces.values() if i.mode and not i.lag]
