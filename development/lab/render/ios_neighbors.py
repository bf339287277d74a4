"""IOS: ARP, IPv6 neighbors, MAC address table, CDP and LLDP."""

from __future__ import annotations

from collections.abc import Iterator

from development.lab.hearing import cisco_mac, short
from development.lab.render.text import lines, steady, upper
from development.lab.rows import Heard
from development.lab.state import State

CDP_OFF, LLDP_OFF = "% CDP is not enabled", "% LLDP is not enabled"
LLDP_LEGEND = (
    "Capability codes:",
    "    (R) Router, (B) Bridge, (T) Telephone, (C) DOCSIS Cable Device",
    "    (W) WLAN Access Point, (P) Repeater, (S) Station, (O) Other",
    "",
)


def arp(state: State, vrf: str | None) -> str:
    """One VRF's entries; own and configured addresses have no age, an unanswered one has no interface."""
    if vrf and vrf not in state.device.vrfs:
        return f"% VRF {vrf} does not exist"
    found = ["Protocol  Address          Age (min)  Hardware Addr   Type   Interface"]
    for entry in state.resolutions:
        if entry.version == 4 and entry.vrf == (vrf or ""):
            age = "-" if entry.kind in ("own", "static") else str(steady(entry.address, 240)) if entry.mac else "0"
            mac = cisco_mac(entry.mac) if entry.mac else "Incomplete"
            where = entry.interface if entry.mac else ""
            found.append(f"Internet  {entry.address:<16} {age:>8}   {mac:<14}  ARPA   {where}")
    return lines(found)


def ipv6_neighbors(state: State, vrf: str | None) -> str:
    """IPv6's neighbor table, with short interface names."""
    if vrf and vrf not in state.device.vrfs:
        return f"% VRF {vrf} does not exist"
    entries = [e for e in state.resolutions if e.version == 6 and e.vrf == (vrf or "")]
    if not entries:
        return ""
    found = ["IPv6 Address                              Age Link-layer Addr State Interface"]
    for entry in entries:
        age = steady(entry.address, 60)
        mac, word = (cisco_mac(entry.mac), "STALE" if age else "REACH") if entry.mac else ("-", "INCMP")
        found.append(f"{upper(entry.address):<41} {age:>3} {mac:<15} {word:<5} {short(entry.interface)}")
    return lines(found)


def mac_table(state: State) -> str | None:
    """VLAN, MAC, type and short port name; a router has no such table."""
    if state.device.role == "border":
        return None
    found = [
        "          Mac Address Table",
        "-------------------------------------------",
        "",
        "Vlan    Mac Address       Type        Ports",
        "----    -----------       --------    -----",
    ]
    for entry in state.macs:
        vlan = "All" if entry.vlan is None else str(entry.vlan)
        found.append(f"{vlan:>4}    {cisco_mac(entry.mac)}    {entry.kind.upper():<11} {short(entry.interface)}")
    found.append(f"Total Mac Addresses for this criterion: {len(state.macs)}")
    return lines(found)


def cdp_detail(state: State) -> str:
    """A block for each neighbor."""
    if not state.device.cdp:
        return CDP_OFF
    heard = [n for n in state.neighbors if n.protocol == "cdp"]
    return lines(*(_cdp_block(neighbor) for neighbor in heard), "", f"Total cdp entries displayed : {len(heard)}")


def _cdp_block(neighbor: Heard) -> Iterator[str]:
    yield "-------------------------"
    yield f"Device ID: {neighbor.name}"
    yield "Entry address(es): "
    if neighbor.address:
        yield f"  IP address: {neighbor.address}"
    yield f"Platform: {neighbor.platform},  Capabilities: {neighbor.capabilities} "
    yield f"Interface: {neighbor.local_interface},  Port ID (outgoing port): {neighbor.port_id}"
    yield f"Holdtime : {120 + steady(neighbor.name + neighbor.local_interface, 60)} sec"
    yield ""
    yield "Version :"
    yield neighbor.description
    yield "Built in the lab, all lines our own"
    yield ""
    yield "advertisement version: 2"
    if neighbor.native_vlan:
        yield "VTP Management Domain: ''"
        yield f"Native VLAN: {neighbor.native_vlan}"
    yield "Duplex: full"
    yield "Management address(es): "
    if neighbor.address:
        yield f"  IP address: {neighbor.address}"
    yield ""


def lldp_detail(state: State) -> str:
    """A block for each neighbor, ports in their short form."""
    if not state.device.lldp:
        return LLDP_OFF
    heard = [n for n in state.neighbors if n.protocol == "lldp"]
    return lines(*(_lldp_block(neighbor) for neighbor in heard), "", f"Total entries displayed: {len(heard)}")


def _mac_or(text: str) -> str:
    return cisco_mac(text) if text.count(":") == 5 else text


def _lldp_block(neighbor: Heard) -> Iterator[str]:
    phone = "T" in neighbor.capabilities
    yield "------------------------------------------------"
    yield f"Local Intf: {short(neighbor.local_interface)}"
    yield f"Chassis id: {_mac_or(neighbor.chassis_id)}"
    yield f"Port id: {_mac_or(neighbor.port_id)}"
    yield (
        f"Port Description: {neighbor.port_description}"
        if neighbor.port_description
        else "Port Description - not advertised"
    )
    yield f"System Name: {neighbor.name}"
    yield ""
    yield "System Description: "
    yield neighbor.description
    yield ""
    yield f"Time remaining: {90 + steady(neighbor.name, 30)} seconds"
    yield f"System Capabilities: {neighbor.capabilities}"
    yield f"Enabled Capabilities: {neighbor.capabilities}"
    if neighbor.address:
        yield "Management Addresses:"
        yield f"    IP: {neighbor.address}"
    else:
        yield "Management Addresses - not advertised"
    yield "Auto Negotiation - supported, enabled"
    yield "Physical media capabilities:"
    yield "    1000baseT(FD)"
    yield "Media Attachment Unit type: 30"
    yield "Vlan ID: - not advertised" if phone else "Vlan ID: 1"
    yield ""
    if phone:
        yield "MED Information:"
        yield ""
        yield "    MED Codes:"
        yield "            (NP) Network Policy, (LI) Location Identification"
        yield "            (PS) Power Source Entity, (PD) Power Device"
        yield "            (IN) Inventory"
        yield ""
        yield "    H/W revision: 14"
        yield "    Capabilities: NP, PD, IN"
        yield "    Device type: Endpoint Class III"
        yield "    Location - not advertised"
        yield ""


def lldp(state: State) -> str:
    """One line each; names are cut at twenty characters."""
    if not state.device.lldp:
        return LLDP_OFF
    heard = [n for n in state.neighbors if n.protocol == "lldp"]
    found = ["", *LLDP_LEGEND, "Device ID           Local Intf     Hold-time  Capability      Port ID"]
    for neighbor in heard:
        local = short(neighbor.local_interface)
        found.append(
            f"{neighbor.name[:20]:<20}{local:<15}{120:<11}{neighbor.capabilities:<16}{_mac_or(neighbor.port_id)}"
        )
    return lines(found, "", f"Total entries displayed: {len(heard)}")
