"""NX-OS's words: short names, VRF names, speeds, reasons."""

from __future__ import annotations

from development.lab.model import LAG, LOOPBACK, MGMT, SVI, VXLAN, Device, Interface

DEFAULT = "default"
HARDWARE = {LAG: "Port-Channel", LOOPBACK: "Loopback", VXLAN: "NVE", SVI: "EtherSVI", MGMT: "Ethernet"}
SHORT = (("Ethernet", "Eth"), ("port-channel", "Po"), ("loopback", "Lo"))
PROCESS = "UNDERLAY"


def short(name: str) -> str:
    """Eth1/1, Po1, Lo0; other names are not shortened."""
    for long, abbreviation in SHORT:
        if name.startswith(long):
            return abbreviation + name.removeprefix(long)
    return name


def vrf_name(vrf: str) -> str:
    """The default VRF has a name."""
    return vrf or DEFAULT


def vrf_ids(device: Device) -> dict[str, int]:
    """VRF name -> its number; management is always 2."""
    rest = [name for name in device.vrfs if name != "management"]
    return {DEFAULT: 1, "management": 2} | {name: 3 + index for index, name in enumerate(rest)}


def chosen(device: Device, vrf: str | None) -> list[str]:
    """The VRFs a command asks for, by printed name; without `vrf` it is the default one, unknown ones give none."""
    names = sorted(vrf_ids(device), key=lambda name: vrf_ids(device)[name])
    return names if vrf == "all" else [name for name in names if name == (vrf or DEFAULT)]


def speed(kbit: int) -> str:
    """1000 Mb/s, 25 Gb/s."""
    return f"{kbit // 1_000_000} Gb/s" if kbit > 1_000_000 else f"{kbit // 1000} Mb/s"


def hardware(interface: Interface) -> str:
    """The kind of port."""
    return HARDWARE.get(interface.kind, "100/1000/10000/25000 Ethernet")


def reason(interface: Interface) -> str:
    """Why a port is down."""
    return "Link not connected" if interface.enabled else "Administratively down"


def port_mode(interface: Interface, device: Device) -> str:
    """routed, access or trunk; a member shows its bundle's mode."""
    effective = device.interfaces[interface.lag] if interface.lag else interface
    return effective.mode or "routed"


def link_vlan(interface: Interface, device: Device) -> str:
    """The access or native VLAN."""
    effective = device.interfaces[interface.lag] if interface.lag else interface
    if not effective.mode:
        return "--"
    return str(effective.access_vlan if effective.mode == "access" else effective.native_vlan)


def client(device: Device, protocol: str) -> str:
    """The source of a route with its instance."""
    names = {"ospf": f"ospf-{PROCESS}", "bgp": f"bgp-{device.asn}", "connected": "direct"}
    return names.get(protocol, protocol)
