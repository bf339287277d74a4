"""EOS text: ARP, IPv6 neighbors, MAC address table, LLDP."""

from __future__ import annotations

from collections.abc import Iterator

from development.lab.hearing import cisco_mac
from development.lab.render.eos_words import chosen, short, vrf_name
from development.lab.render.text import lines, steady
from development.lab.rows import Heard, Resolution
from development.lab.state import State

CAPABILITIES = {"B": "Bridge", "R": "Router", "S": "Station Only", "T": "Telephone"}


def place(entry: Resolution) -> str:
    """The interface, and behind a VLAN interface the port where the MAC was learned, if it was."""
    return f"{entry.interface}, {entry.port}" if entry.port else entry.interface


def entries(state: State, vrf: str, version: int) -> list[Resolution]:
    """The entries of one VRF."""
    return [e for e in state.resolutions if e.version == version and vrf_name(e.vrf) == vrf and e.mac]


def arp(state: State, vrf: str | None) -> str:
    """ARP, VRF by VRF where all are asked for."""
    found: list[str] = []
    for name in chosen(state.device, vrf):
        if vrf == "all":
            found += ([""] if found else []) + [f"VRF: {name}"]
        found.append("Address         Age (sec)  Hardware Addr   Interface")
        for entry in entries(state, name, 4):
            age = f"0:{steady(entry.address, 60):02}:{steady(entry.address, 59):02}"
            found.append(f"{entry.address:<15} {age:>9}  {cisco_mac(entry.mac or ''):<15} {place(entry)}")
    return lines(found)


def ipv6_neighbors(state: State, vrf: str | None) -> str:
    """IPv6 neighbors."""
    found: list[str] = []
    for name in chosen(state.device, vrf):
        if vrf == "all":
            found += ([""] if found else []) + [f"VRF: {name}"]
        found.append("IPv6 Address                                  Age Hardware Addr    State Interface")
        for entry in entries(state, name, 6):
            age = f"0:00:{steady(entry.address, 60):02}"
            found.append(
                f"{entry.address:<39} {age:>9} {cisco_mac(entry.mac or ''):<16} REACH {short(entry.interface)}"
            )
    return lines(found)


def mac_table(state: State) -> str:
    """The MAC address table, and the empty multicast one below it."""
    found = [
        "          Mac Address Table",
        "------------------------------------------------------------------",
        "",
        "Vlan    Mac Address       Type        Ports      Moves   Last Move",
        "----    -----------       ----        -----      -----   ---------",
    ]
    for entry in state.macs:
        moves = "1       12 days, 3:41:55 ago" if entry.kind == "dynamic" else ""
        row = f"{entry.vlan:>4}    {cisco_mac(entry.mac)}    {entry.kind.upper():<11} "
        row += f"{short(entry.interface):<10} {moves}"
        found.append(row.rstrip())
    found += [
        f"Total Mac Addresses for this criterion: {len(state.macs)}",
        "",
        "          Multicast Mac Address Table",
        "------------------------------------------------------------------",
        "",
        "Vlan    Mac Address       Type        Ports",
        "----    -----------       ----        -----",
        "Total Mac Addresses for this criterion: 0",
    ]
    return lines(found)


def lldp_detail(state: State) -> str:
    """Every port, with nobody or somebody behind it."""
    ports = [i for i in state.device.interfaces.values() if i.kind in ("physical", "mgmt")]
    heard = {port.name: [n for n in state.neighbors if n.local_interface == port.name] for port in ports}
    return lines(*(_lldp_port(name, found) for name, found in heard.items()))


def capabilities(neighbor: Heard) -> str:
    """Bridge, Router."""
    return ", ".join(CAPABILITIES[letter] for letter in neighbor.capabilities.split(","))


def quoted(neighbor: Heard) -> str:
    """The port id: a MAC as it is, a name in quotes."""
    return cisco_mac(neighbor.port_id) if neighbor.port_id.count(":") == 5 else f'"{neighbor.port_id}"'


def _lldp_port(name: str, found: list[Heard]) -> Iterator[str]:
    yield f"Interface {name} detected {len(found)} LLDP neighbors:"
    yield ""
    for neighbor in found:
        chassis = cisco_mac(neighbor.chassis_id)
        kind = "MAC address (3)" if neighbor.port_id.count(":") == 5 else "Interface name (5)"
        yield f"  Neighbor {chassis}/{quoted(neighbor)}, age 19 seconds"
        yield "  Discovered 12 days, 3:41:55 ago; Last changed 12 days, 3:41:55 ago"
        yield "  - Chassis ID type: MAC address (4)"
        yield f"    Chassis ID     : {chassis}"
        yield f"  - Port ID type: {kind}"
        yield f"    Port ID     : {quoted(neighbor)}"
        yield "  - Time To Live: 120 seconds"
        if neighbor.port_description:
            yield f'  - Port Description: "{neighbor.port_description}"'
        yield f'  - System Name: "{neighbor.name}"'
        yield f'  - System Description: "{neighbor.description}"'
        yield f"  - System Capabilities : {capabilities(neighbor)}"
        yield f"    Enabled Capabilities: {capabilities(neighbor)}"
        if neighbor.address:
            yield "  - Management Address Subtype: IPv4"
            yield f"    Management Address        : {neighbor.address}"
            yield "    Interface Number Subtype  : ifIndex (2)"
            yield "    Interface Number          : 999001"
            yield "    OID String                : "
        yield "  - IEEE802.3 Maximum Frame Size: 9236 bytes"
        yield ""
