"""What each port hears in CDP and LLDP: the far device announces itself the way its platform does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from development.lab.model import MGMT, PHYSICAL, Device, Interface, Network, Station
from development.lab.rows import Heard

SHORT = {
    "TenGigabitEthernet": "Te",
    "TwentyFiveGigE": "Twe",
    "GigabitEthernet": "Gi",
    "Port-channel": "Po",
    "Loopback": "Lo",
    "Vlan": "Vl",
    "Null": "Nu",
}
LLDP_CAPABILITIES = {"Host Phone": "B,T", "Trans-Bridge": "B", "": "S"}


def short(name: str) -> str:
    """IOS's short form of an interface name."""
    match = re.match(r"([A-Za-z-]+)(.*)", name)
    return SHORT.get(match[1], match[1]) + match[2] if match else name


def cisco_mac(mac: str) -> str:
    """0200.1122.3344, as Cisco and Arista print it."""
    digits = mac.replace(":", "").lower()
    return f"{digits[:4]}.{digits[4:8]}.{digits[8:]}"


def neighbors(network: Network, device: Device) -> list[Heard]:
    """Everything the device hears, CDP before LLDP, in the order of its ports."""
    found: list[Heard] = []
    for protocol in ("cdp", "lldp"):
        if listens(device, protocol):
            for interface in device.interfaces.values():
                if interface.kind in (PHYSICAL, MGMT) and getattr(interface, protocol) and interface.up:
                    found += _on_port(network, device, interface, protocol)
    return found


def listens(device: Device, protocol: str) -> bool:
    """Whether the device runs the protocol at all."""
    return device.cdp and device.platform != "arista_eos" if protocol == "cdp" else device.lldp


def _on_port(network: Network, device: Device, interface: Interface, protocol: str) -> Iterator[Heard]:
    far = network.far(device.name, interface.name)
    if far and listens(far[0], protocol) and getattr(far[1], protocol):
        announce = _cdp if protocol == "cdp" else _lldp
        yield announce(interface, *far)
    plugged = network.by_port.get((device.name, interface.lag or interface.name), [])
    for station in plugged:
        if protocol in station.announces:
            yield _station(interface, station, protocol)


def management_address(device: Device) -> str | None:
    """The address a device announces: its loopback, else its management VLAN, else the management port."""
    for name in ("Loopback0", "loopback0", "Vlan99", "Management1", "mgmt0"):
        found = device.interfaces[name].v4() if name in device.interfaces else None
        if found:
            return found.ip
    return None


def _cdp(local: Interface, far: Device, port: Interface) -> Heard:
    nxos = far.platform == "cisco_nxos"
    switch = "Switch IGMP" if far.role in ("access", "management") else "Router Switch IGMP"
    return Heard(
        protocol="cdp",
        local_interface=local.name,
        name=f"{far.name}({far.serial})" if nxos else far.hostname_announced,
        hostname=far.name,
        port_id=port.name,
        address=management_address(far),
        platform=far.model if nxos else f"cisco {far.model}",
        capabilities="Router Switch IGMP Filtering Supports-STP-Dispute" if nxos else switch,
        description=software(far),
        native_vlan=port.native_vlan if port.mode == "trunk" else port.access_vlan if port.mode else None,
        interface=port.name,
    )


def _lldp(local: Interface, far: Device, port: Interface) -> Heard:
    ios = far.platform in ("cisco_ios", "cisco_xe")
    chassis = (port.mac or far.mac) if far.platform == "cisco_nxos" else far.mac
    default = "" if far.platform == "arista_eos" else port.name
    return Heard(
        protocol="lldp",
        local_interface=local.name,
        name=far.name if far.platform == "cisco_nxos" else far.hostname_announced,
        hostname=far.name,
        chassis_id=chassis,
        port_id=short(port.name) if ios else port.name,
        port_description=port.description or default,
        address=management_address(far),
        capabilities="B" if far.role in ("access", "management") else "B,R",
        description=software(far),
        interface=port.name,
    )


def _station(local: Interface, station: Station, protocol: str) -> Heard:
    phone = station.kind == "phone"
    first = next((a for a in station.addresses if ":" not in a), None)
    common = {
        "protocol": protocol,
        "local_interface": local.name,
        "name": station.name,
        "hostname": station.name,
        "address": first,
    }
    if protocol == "cdp":
        return Heard(
            port_id=station.port_id,
            platform=station.platform,
            capabilities=station.capabilities,
            description=f"{station.platform.split()[-1]} firmware 14.2",
            interface=station.interface,
            **common,
        )
    return Heard(
        chassis_id=first or station.mac if phone else station.mac,
        port_id=f"{station.mac.replace(':', '')}:P1" if phone else station.port_id,
        port_description="SW PORT" if phone else "eth0" if station.port_id == station.mac else station.port_id,
        capabilities=LLDP_CAPABILITIES.get(station.capabilities, "B"),
        description=f"{station.platform or 'Linux 6.1'}, installed by us",
        interface="" if phone else station.interface,
        **common,
    )


def software(device: Device) -> str:
    """The software line that a device sends of itself."""
    if device.platform == "arista_eos":
        return f"Arista Networks EOS version {device.version} running on an Arista Networks {device.model}"
    if device.platform == "cisco_nxos":
        return f"Cisco Nexus Operating System (NX-OS) Software, Version {device.version}"
    if device.platform == "cisco_ios":
        image = "C2960X Software (C2960X-UNIVERSALK9-M)"
    else:
        image = "Catalyst L3 Switch Software (CAT9K_IOSXE)"
    return f"Cisco IOS Software, {image}, Version {device.version}, RELEASE SOFTWARE (fc2)"
