"""NX-OS text: ARP, IPv6 neighbors, MAC address table, CDP and LLDP."""

from __future__ import annotations

from collections.abc import Iterator

from development.lab.hearing import cisco_mac
from development.lab.render.nxos_words import chosen, short, vrf_name
from development.lab.render.text import lines, steady
from development.lab.rows import Forwarding, Heard, Resolution
from development.lab.state import State

ARP_FLAGS = (
    "",
    "Flags: * - Adjacencies learnt on non-active FHRP router",
    "       + - Adjacencies synced via CFSoE",
    "       # - Adjacencies Throttled for Glean",
    "       CP - Added via L2RIB, Control plane Adjacencies",
    "       PS - Added via L2RIB, Peer Sync",
    "       RO - Re-Originated Peer Sync Entry",
    "",
)


def age(entry: Resolution) -> str:
    """hh:mm:ss since the entry was renewed."""
    seconds = steady(entry.address, 1500)
    return f"00:{seconds // 60:02}:{seconds % 60:02}"


def hardware_address(entry: Resolution) -> str:
    """The MAC, or the word for none."""
    return cisco_mac(entry.mac) if entry.mac else "INCOMPLETE"


def entries(state: State, vrf: str | None, version: int) -> list[Resolution]:
    """What the command selects."""
    names = chosen(state.device, vrf)
    return [e for e in state.resolutions if e.version == version and vrf_name(e.vrf) in names]


def synced(entry: Resolution) -> str:
    """Entries on a LAG came from the other member of the pair as well."""
    return "+" if entry.port.startswith("port-channel") else ""


def _head(vrf: str | None, count: int) -> tuple[str, ...]:
    where = "all contexts" if vrf == "all" else f"context {vrf or 'default'}"
    return (*ARP_FLAGS, f"IP ARP Table for {where}", f"Total number of entries: {count}")


def arp(state: State, vrf: str | None) -> str:
    """ARP; the table of all VRFs does not say which entry is in which."""
    found = entries(state, vrf, 4)
    rows = [f"{e.address:<16}{age(e)}  {hardware_address(e):<16}{e.interface:<16}{synced(e):<9}" for e in found]
    return lines(_head(vrf, len(found)), "Address         Age       MAC Address     Interface       Flags", rows)


def arp_detail(state: State, vrf: str | None) -> str:
    """ARP with the port behind a VLAN interface, and with the VRF where all are asked for."""
    found = entries(state, vrf, 4)
    title = "Address         Age       MAC Address     Interface        Physical Interface  Flags"
    rows = []
    for entry in found:
        port = entry.port or entry.interface
        row = f"{entry.address:<16}{age(entry)}  {hardware_address(entry):<16}{entry.interface:<17}{port:<20}"
        row += f"{synced(entry):<9}"
        rows.append(row + vrf_name(entry.vrf) if vrf == "all" else row)
    return lines(_head(vrf, len(found)), title + ("    VRF Name" if vrf == "all" else ""), rows)


def ipv6_neighbor(state: State, vrf: str | None) -> str:
    """IPv6 neighbors; an address that is too long stands on a line of its own."""
    found = entries(state, vrf, 6)
    where = "all VRFs" if vrf == "all" else f"VRF {vrf or 'default'}"
    rows: list[str] = []
    for entry in found:
        head = f"{entry.address:<16}"
        if len(entry.address) > 15:
            rows.append(entry.address)
            head = " " * 16
        rows.append(f"{head}{age(entry)}  {hardware_address(entry):<16}50   icmpv6     {entry.interface}")
    return lines(
        "",
        "Flags: # - Adjacencies Throttled for Glean",
        "       G - Adjacencies of vPC peer with G/W bit",
        "       R - Adjacencies learnt remotely",
        "       CP - Added via L2RIB, Control plane Adjacencies",
        "       PS - Added via L2RIB, Peer Sync",
        "       RO - Dervied from L2RIB Peer Sync Entry",
        "",
        f"IPv6 Adjacency Table for {where}",
        f"Total number of entries: {len(found)}",
        "Address         Age       MAC Address     Pref Source     Interface",
        rows,
    )


def mac_port(entry: Forwarding) -> str:
    """The port as this table prints it: short, the supervisor and the peer link by their words."""
    return short(entry.interface)


def mac_table(state: State) -> str:
    """The MAC address table."""
    found = [
        "Legend: ",
        "        * - primary entry, G - Gateway MAC, (R) - Routed MAC, O - Overlay MAC",
        "        age - seconds since last seen,+ - primary entry using vPC Peer-Link,",
        "        (T) - True, (F) - False, C - ControlPlane MAC, ~ - vsan",
        "   VLAN     MAC Address      Type      age     Secure NTFY Ports",
        "---------+-----------------+--------+---------+------+----+------------------",
    ]
    for entry in state.macs:
        vlan = "-" if entry.vlan is None else str(entry.vlan)
        seen = "0" if entry.kind == "dynamic" else "-"
        mac = cisco_mac(entry.mac)
        found.append(f"{entry.sign} {vlan:>4}     {mac}   {entry.kind:<8} {seen:<10} F      F    {mac_port(entry)}")
    return lines(found)


def system_name(neighbor: Heard) -> str:
    """IOS and telephones send none in CDP."""
    return neighbor.hostname if "(" in neighbor.name else ""


def cdp_detail(state: State) -> str:
    """A block for each neighbor; the System Name of an IOS neighbor is empty."""
    heard = [n for n in state.neighbors if n.protocol == "cdp"]
    return lines(*(_cdp_block(n) for n in heard), "", f"Total entries displayed: {len(heard)}")


def _cdp_block(neighbor: Heard) -> Iterator[str]:
    yield "----------------------------------------"
    yield f"Device ID:{neighbor.name}"
    yield f"System Name: {system_name(neighbor)}"
    yield ""
    yield f"Interface address(es): {1 if neighbor.address else 0}"
    if neighbor.address:
        yield f"    IPv4 Address: {neighbor.address}"
    yield f"Platform: {neighbor.platform}, Capabilities: {neighbor.capabilities}"
    yield f"Interface: {neighbor.local_interface}, Port ID (outgoing port): {neighbor.port_id}"
    yield f"Holdtime: {120 + steady(neighbor.name + neighbor.local_interface, 60)} sec"
    yield ""
    yield "Version:"
    yield neighbor.description
    yield ""
    yield "Advertisement Version: 2"
    yield ""
    yield f"Native VLAN: {neighbor.native_vlan or ''}"
    yield "Duplex: full"
    yield ""
    yield "MTU: 1500"
    if neighbor.address:
        yield "Mgmt address(es):"
        yield f"    IPv4 Address: {neighbor.address}"
    yield ""


def mac_or(text: str) -> str:
    """A MAC the Cisco way, other identifiers as they are."""
    return cisco_mac(text) if text.count(":") == 5 else text


def lldp_detail(state: State) -> str:
    """A block for each neighbor."""
    heard = [n for n in state.neighbors if n.protocol == "lldp"]
    return lines(
        "Capability codes:",
        "  (R) Router, (B) Bridge, (T) Telephone, (C) DOCSIS Cable Device",
        "  (W) WLAN Access Point, (P) Repeater, (S) Station, (O) Other",
        "Device ID            Local Intf      Hold-time  Capability  Port ID  ",
        "",
        *(_lldp_block(n) for n in heard),
        f"Total entries displayed: {len(heard)}",
    )


def _lldp_block(neighbor: Heard) -> Iterator[str]:
    capabilities = neighbor.capabilities.replace(",", ", ")
    yield f"Chassis id: {mac_or(neighbor.chassis_id)}"
    yield f"Port id: {mac_or(neighbor.port_id)}"
    yield f"Local Port id: {short(neighbor.local_interface)}"
    yield f"Port Description: {neighbor.port_description or 'null'}"
    yield f"System Name: {neighbor.name}"
    yield f"System Description: {neighbor.description}"
    yield f"Time remaining: {90 + steady(neighbor.name, 30)} seconds"
    yield f"System Capabilities: {capabilities}"
    yield f"Enabled Capabilities: {capabilities}"
    yield f"Management Address: {neighbor.address or 'not advertised'}"
    yield "Management Address IPV6: not advertised"
    yield "Vlan ID: not advertised"
    yield ""
    yield ""
