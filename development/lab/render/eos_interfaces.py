"""EOS text: interfaces, addresses, VRFs, switchports, port channels."""

from __future__ import annotations

from collections.abc import Iterator

from development.lab.hearing import cisco_mac
from development.lab.model import LAG, LOOPBACK, MGMT, PHYSICAL, SVI, VXLAN, Device, Interface
from development.lab.render.eos_words import HARDWARE, bridged, chosen, short, states, vrf_name
from development.lab.render.text import lines, ranges, steady
from development.lab.state import State

WIDTH = 38


def interfaces(state: State) -> str:
    """Every interface."""
    return lines(*(block(state.device, port) for port in state.device.interfaces.values()))


def block(device: Device, port: Interface) -> Iterator[str]:
    """One interface of `show interfaces`; an anycast gateway has a virtual address line."""
    link, line, word = states(port)
    yield f"{port.name} is {link}, line protocol is {line} ({word})"
    mac = f", address is {cisco_mac(port.mac)} (bia {cisco_mac(port.mac)})" if port.mac else ""
    yield f"  Hardware is {HARDWARE.get(port.kind, 'Ethernet')}{mac}"
    if port.description:
        yield f"  Description: {port.description}"
    if port.lag:
        yield f"  Member of {port.lag}"
    yield from _address(port)
    if port.kind == VXLAN:
        yield from _tunnel(device)
        return
    routed = bool(port.addresses)
    bandwidth = "" if port.kind in (LOOPBACK, SVI) else f" , BW {port.speed} kbit"
    yield f"  {'IP' if routed else 'Ethernet'} MTU {port.mtu} bytes{bandwidth}"
    if port.kind in (PHYSICAL, MGMT):
        yield f"  Full-duplex, {port.speed // 1_000_000}Gb/s, auto negotiation: off, uni-link: n/a"
    if port.kind == LAG:
        yield f"  Full-duplex, {port.speed // 1_000_000}Gb/s"
        members = device.members(port.name)
        yield f"  Active members in this channel: {len(members)}"
        for member in members:
            yield f"  ... {member.name} , Full-duplex, {member.speed // 1_000_000}Gb/s"
    yield f"  {'Up' if port.up else 'Down'} 34 days, 18 hours, 7 minutes, 24 seconds"
    if port.kind in (PHYSICAL, LAG, MGMT):
        yield from _counters(device, port)


def _address(port: Interface) -> Iterator[str]:
    address = port.v4()
    if address:
        word = "virtual " if address.role == "virtual" else ""
        yield f"  Internet address is {word}{address.text}"
        yield "  Broadcast address is 255.255.255.255"
    elif port.kind == SVI:
        yield "  No Internet protocol address assigned"
    local = port.v6("link_local")
    if local:
        yield f"  IPv6 link-local address is {local.text}"
        yield "  IPv6 global unicast address(es):"
        for six in port.addresses:
            if six.version == 6 and six.role == "primary":
                yield f"    {six.ip}, subnet is {six.prefix}"


def _tunnel(device: Device) -> Iterator[str]:
    yield f"  Source interface is Loopback1 and is active with {device.vtep}"
    yield "  Listening on UDP port 4789"
    yield "  Replication/Flood Mode is headend with Flood List Source: EVPN"
    yield "  Remote MAC learning via EVPN"
    yield "  VNI mapping to VLANs"
    yield "  Static VLAN to VNI mapping is "
    for vlan, vni in device.vnis.items():
        yield f"    [{vlan}, {vni}]"
    yield "  Static VRF to VNI mapping is "
    for name, vni in device.l3_vni.items():
        yield f"   [{name}, {vni}]"
    yield "  MLAG Shared Router MAC is 0000.0000.0000"


def _counters(device: Device, port: Interface) -> Iterator[str]:
    packets = steady(device.name + port.name, 10**8) if port.up else 0
    yield "  Loopback Mode : None"
    yield "  2 link status changes since last clear"
    yield '  Last clearing of "show interface" counters never'
    for direction, divisor in (("input", 997), ("output", 1009)):
        share = "(0.0% with framing overhead)"
        yield f"  5 minutes {direction} rate {packets // divisor} bps {share}, {packets // 99991} packets/sec"
    yield f"     {packets} packets input, {packets * 211} bytes"
    yield f"     Received {packets // 911} broadcasts, {packets // 37} multicast"
    yield "     0 runts, 0 giants"
    yield "     0 input errors, 0 CRC, 0 alignment, 0 symbol, 0 input discards"
    yield "     0 PAUSE input"
    yield f"     {packets // 2} packets output, {packets * 97} bytes"
    yield "     Sent 0 broadcasts, 0 multicast"
    yield "     0 output errors, 0 collisions"
    yield "     0 late collision, 0 deferred, 0 output discards"
    yield "     0 PAUSE output"


def status(state: State) -> str:
    """`show interfaces status`, descriptions cut."""
    found = ["Port       Name                 Status       Vlan     Duplex Speed  Type            Flags Encapsulation"]
    for port in state.device.interfaces.values():
        if port.kind in (PHYSICAL, LAG, MGMT):
            effective = state.device.interfaces[port.lag] if port.lag else port
            vlan = {"": "routed", "trunk": "trunk"}.get(effective.mode, str(effective.access_vlan))
            vlan = f"in {short(port.lag)}" if port.lag else vlan
            rate = f"{port.speed // 1_000_000}G"
            row = f"{short(port.name):<11}{port.description[:20]:<21}{states(port)[2]:<13}"
            found.append(f"{row}{vlan:<9}full   {rate:<7}25GBASE-CR")
    return lines(found)


def ip_interface(state: State) -> str:
    """IPv4 on the interfaces that have it."""
    ports = [port for port in state.device.interfaces.values() if port.v4()]
    return lines(*(_ip_block(port) for port in ports))


def _ip_block(port: Interface) -> Iterator[str]:
    address = port.v4()
    word = "virtual " if address.role == "virtual" else ""
    yield f"{port.name} is up, line protocol is up (connected)"
    if port.description:
        yield f"  Description: {port.description}"
    yield f"  Internet address is {word}{address.text}"
    yield "  Broadcast address is 255.255.255.255"
    yield "  IPv6 Interface Forwarding : None"
    yield "  Proxy-ARP is disabled"
    yield "  Local Proxy-ARP is disabled"
    yield "  Gratuitous ARP is ignored"
    yield f"  IP MTU {port.mtu} bytes"
    if port.vrf:
        yield f"  VRF: {port.vrf}"


def ipv6_interface(state: State) -> str:
    """IPv6 on the interfaces that have it."""
    ports = [port for port in state.device.interfaces.values() if port.v6("link_local")]
    if not ports:
        return "% No IPv6 configured interfaces"
    return lines(*(_ipv6_block(port) for port in ports))


def _ipv6_block(port: Interface) -> Iterator[str]:
    local = port.v6("link_local")
    yield f"{port.name} is up, line protocol is up (connected)"
    yield f"  IPv6 is enabled, link-local is {local.text}"
    yield "  No virtual IPv6 address(es)"
    yield "  Global unicast address(es):"
    for address in port.addresses:
        if address.version == 6 and address.role == "primary":
            yield f"    {address.ip}, subnet is {address.prefix}"
    yield "  Joined group address(es):"
    yield "    ff02::1"
    yield f"  ND advertised reachable time is 0 (unspecified)\n  IPv6 MTU {port.mtu} bytes"


def vrf(state: State) -> str:
    """A line for each VRF and address family; the interface list is wrapped."""
    device = state.device
    found = [
        "Maximum number of VRFs allowed: 1023",
        "   VRF             Protocols       State         Interfaces                             ",
        "--------------- --------------- ---------------- ---------------------------------------",
    ]
    for name in chosen(device, "all"):
        routed = [i for i in device.interfaces.values() if not i.mode and not i.lag and i.kind != VXLAN]
        members = [i for i in routed if vrf_name(i.vrf) == name]
        found += _vrf_lines(name, "IPv4", "routing", [short(i.name) for i in members])
        six = [short(i.name) for i in members if i.v6()]
        found += _vrf_lines(name, "IPv6", "routing" if six else "no routing", six)
    return lines(found)


def _vrf_lines(name: str, family: str, state: str, members: list[str]) -> Iterator[str]:
    first, *rest = wrapped(members) or [""]
    yield f"   {name:<15} {family:<15} {state:<13} {first}"
    for line in rest:
        yield f"{'':49}{line}"


def wrapped(names: list[str]) -> list[str]:
    """A list of names over several lines, each but the last ending in a comma."""
    found: list[str] = []
    for name in names:
        if found and len(found[-1]) + len(name) + 2 <= WIDTH:
            found[-1] += f", {name}"
        else:
            found.append(name)
    return [f"{line}," for line in found[:-1]] + found[-1:]


def switchport(state: State) -> str:
    """Every switchport."""
    return lines(*(_switchport(state.device, port) for port in bridged(state.device)))


def _switchport(device: Device, port: Interface) -> Iterator[str]:
    mode = {"access": "static access", "trunk": "trunk"}[port.mode]
    yield f"Name: {short(port.name)}"
    yield "Switchport: Enabled"
    yield f"Administrative Mode: {mode}"
    yield f"Operational Mode: {mode}"
    yield "MAC Address Learning: enabled"
    yield "Dot1q ethertype/TPID: 0x8100 (active)"
    yield "Dot1q VLAN Tag: Allowed"
    yield f"Access Mode VLAN: {port.access_vlan} ({device.vlans.get(port.access_vlan, 'default')})"
    yield f"Trunking Native Mode VLAN: {port.native_vlan} ({device.vlans.get(port.native_vlan, 'default')})"
    yield "Administrative Native VLAN tagging: disabled"
    yield f"Trunking VLANs Enabled: {ranges(port.allowed) or 'ALL'}"
    yield "Static Trunk Groups:"
    yield "Dynamic Trunk Groups:"
    yield "Source interface filtering: enabled"
    yield ""


def port_channel(state: State) -> str:
    """`show port-channel dense`; ports of the MLAG peer are listed too."""
    lags = [i for i in state.device.interfaces.values() if i.kind == LAG]
    found = [
        "",
        "                 Flags",
        "-------------------------- ----------------------------- -------------------------",
        "  a - LACP Active            p - LACP Passive           * - static fallback",
        "  F - Fallback enabled       f - Fallback configured    ^ - individual fallback",
        "  U - In Use                 D - Down",
        "  + - In-Sync                - - Out-of-Sync            i - incompatible with agg",
        "  P - bundled in Po          s - suspended              G - Aggregable",
        "  I - Individual             S - ShortTimeout           w - wait for agg",
        "",
        f"Number of channels in use: {len(lags)}",
        f"Number of aggregators: {len(lags)}",
        "",
        "   Port-Channel       Protocol    Ports",
        "------------------ -------------- ------------------",
    ]
    for lag in lags:
        members = [f"{short(i.name)}(PG+)" for i in state.device.members(lag.name)]
        if lag.name != state.device.peer_link and state.device.multilayer_peer:
            members += [f"P{short(i.name)}(P)" for i in state.device.members(lag.name)]
        found.append(f"   {short(lag.name) + '(U)':<19}LACP(a)     {' '.join(members)}")
    return lines(found)
