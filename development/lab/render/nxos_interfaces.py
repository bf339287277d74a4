"""NX-OS text: interfaces, addresses, VRFs, switchports, port channels."""

from __future__ import annotations

from collections.abc import Iterator

from development.lab.hearing import cisco_mac
from development.lab.model import LAG, LOOPBACK, MGMT, PHYSICAL, SVI, VXLAN, Device, Interface
from development.lab.render.nxos_words import (
    chosen,
    hardware,
    link_vlan,
    port_mode,
    reason,
    short,
    speed,
    vrf_ids,
    vrf_name,
)
from development.lab.render.text import lines, ranges, steady
from development.lab.state import State


def ordered(device: Device) -> list[Interface]:
    """The management port first, then the others as they are."""
    return sorted(device.interfaces.values(), key=lambda i: i.kind != MGMT)


def interface(state: State) -> str:
    """Every interface with its counters."""
    return lines(*(block(state.device, i) for i in ordered(state.device)))


def block(device: Device, port: Interface) -> Iterator[str]:
    """One interface of `show interface`."""
    if port.kind == SVI:
        yield from _svi(port)
        return
    yield f"{port.name} is up" if port.up else f"{port.name} is down ({reason(port)})"
    admin = "up" if port.enabled else "down"
    yield f"admin state is {admin}, Dedicated Interface" if port.kind == PHYSICAL else f"admin state is {admin},"
    if port.lag:
        yield f"  Belongs to {short(port.lag)}"
    mac = f", address: {cisco_mac(port.mac)} (bia {cisco_mac(port.mac)})" if port.mac else ""
    yield f"  Hardware: {hardware(port)}{mac}"
    if port.description:
        yield f"  Description: {port.description}"
    if port.v4():
        yield f"  Internet Address is {port.v4().text}"
    yield f"  MTU {port.mtu} bytes, BW {port.speed} Kbit, DLY {5000 if port.kind == LOOPBACK else 10} usec"
    yield "  reliability 255/255, txload 1/255, rxload 1/255"
    yield f"  Encapsulation {'LOOPBACK' if port.kind == LOOPBACK else 'ARPA'}, medium is broadcast"
    yield from _medium(device, port)
    yield from _counters(device, port)


def _medium(device: Device, port: Interface) -> Iterator[str]:
    if port.kind in (PHYSICAL, LAG):
        yield f"  Port mode is {port_mode(port, device)}"
    if port.kind in (PHYSICAL, LAG, MGMT):
        member = device.members(port.name)[0] if port.kind == LAG else port
        yield f"  full-duplex, {speed(member.speed)}" if port.up else "  auto-duplex, auto-speed"
        yield "  Beacon is turned off"
        yield "  Auto-Negotiation is turned on  FEC mode is Auto"
        yield "  Input flow-control is off, output flow-control is off"
    yield "  Auto-mdix is turned off"
    if port.kind == LAG:
        yield f"  Members in this channel: {', '.join(short(i.name) for i in device.members(port.name))}"
    if port.kind in (PHYSICAL, LAG):
        yield "  Switchport monitor is off "
        yield "  EtherType is 0x8100 "
        yield f"  Last link flapped {'5d18h' if port.up else 'never'}"
        yield '  Last clearing of "show interface" counters never'


def _counters(device: Device, port: Interface) -> Iterator[str]:
    if port.kind in (LOOPBACK, VXLAN):
        yield "    0 packets input 0 bytes"
        yield "    0 packets output 0 bytes 0 underruns"
        yield ""
        return
    packets = steady(device.name + port.name, 10**8) if port.up else 0
    yield "  Load-Interval #1: 30 seconds"
    yield f"    30 seconds input rate {packets // 997} bits/sec, {packets // 99991} packets/sec"
    yield f"    30 seconds output rate {packets // 1009} bits/sec, {packets // 99991} packets/sec"
    yield "  RX"
    yield f"    {packets} unicast packets  {packets // 37} multicast packets  {packets // 911} broadcast packets"
    yield f"    {packets} input packets  {packets * 211} bytes"
    yield "    0 runts  0 giants  0 CRC  0 no buffer"
    yield "  TX"
    yield f"    {packets // 2} unicast packets  {packets // 37} multicast packets  0 broadcast packets"
    yield f"    {packets // 2} output packets  {packets * 97} bytes"
    yield "    0 output error  0 collision  0 deferred  0 late collision"
    yield ""


def _svi(port: Interface) -> Iterator[str]:
    yield f"{port.name} is up, line protocol is up, autostate enabled"
    yield f"  Hardware is EtherSVI, address is  {cisco_mac(port.mac or '')}"
    if port.description:
        yield f"  Description: {port.description}"
    if port.v4():
        yield f"  Internet Address is {port.v4().text}"
    yield f"  MTU {port.mtu} bytes, BW {port.speed} Kbit, DLY 10 usec,"
    yield "   reliability 255/255, txload 1/255, rxload 1/255"
    yield "  Encapsulation ARPA, loopback not set"
    yield "  Keepalive not supported"
    yield "  ARP type: ARPA"
    yield '  Last clearing of "show interface" counters never'
    yield "  L3 in Switched:"
    yield "    ucast: 0 pkts, 0 bytes"
    yield ""


RULE = "-" * 80


def brief(state: State) -> str:
    """The short list: management, Ethernet ports, port channels, then what has only a state."""
    device = state.device
    found = ["", RULE, "Port   VRF          Status IP Address                              Speed    MTU", RULE]
    management = [port for port in ordered(device) if port.kind == MGMT and port.v4()]
    found += [f"{p.name:<6} --           up     {p.v4().ip:<40}{p.speed // 1000:<9}{p.mtu}" for p in management]
    found += ["", RULE, "Ethernet      VLAN    Type Mode   Status  Reason                 Speed     Port"]
    found += ["Interface                                                                    Ch #", RULE]
    found += [_brief_line(device, port) for port in device.interfaces.values() if port.kind == PHYSICAL]
    found += ["", RULE, "Port-channel VLAN    Type Mode   Status  Reason                    Speed   Protocol"]
    found += ["Interface                                                                          ", RULE]
    found += [_brief_lag(device, port) for port in device.interfaces.values() if port.kind == LAG]
    found += ["", RULE, "Interface     Status     Description", RULE]
    found += [_brief_other(port) for port in device.interfaces.values() if port.kind == LOOPBACK]
    found += ["", RULE, "Interface Secondary VLAN(Type)                    Status Reason", RULE]
    return lines(found, *(f"{p.name:<10}--{'':38}up     --" for p in device.interfaces.values() if p.kind == SVI))


def _brief_other(port: Interface) -> str:
    return f"{short(port.name):<14}up         {port.description or '--'}"


def _brief_lag(device: Device, port: Interface) -> str:
    rate = f"a-{device.members(port.name)[0].speed // 1_000_000}G(D)"
    mode, vlan = port_mode(port, device), link_vlan(port, device)
    return f"{short(port.name):<13}{vlan:<8}eth  {mode:<7}up      none                      {rate:<10}lacp"


def _brief_line(device: Device, port: Interface) -> str:
    rate = f"{port.speed // 1_000_000}G(D)" if port.up else "auto(D)"
    status, why = ("up", "none") if port.up else ("down", reason(port))
    number = port.lag.removeprefix("port-channel") or "--"
    mode, vlan = port_mode(port, device), link_vlan(port, device)
    return f"{short(port.name):<14}{vlan:<8}eth  {mode:<7}{status:<8}{why:<23}{rate:<10}{number}"


def ip_interface(state: State, vrf: str | None) -> str:
    """IPv4 on the interfaces that have it, VRF by VRF."""
    return lines(*(_ip_vrf(state.device, name) for name in chosen(state.device, vrf)))


def _ip_vrf(device: Device, vrf: str) -> Iterator[str]:
    yield f'IP Interface Status for VRF "{vrf}"({vrf_ids(device)[vrf]})'
    for index, port in enumerate(ordered(device)):
        four = [a for a in port.addresses if a.version == 4]
        if not four or vrf_name(port.vrf) != vrf:
            continue
        yield f"{port.name}, Interface status: protocol-up/link-up/admin-up, iod: {index + 2},"
        for address in four:
            word = "secondary " if address.role == "secondary" else ""
            yield f"  IP address: {address.ip}, IP subnet: {address.prefix} {word}route-preference: 0, tag: 0 "
        yield "  IP broadcast address: 255.255.255.255"
        yield "  IP multicast groups locally joined: none"
        yield f"  IP MTU: {port.mtu} bytes (using link MTU)"
        yield "  IP primary address route-preference: 0, tag: 0"
        yield "  IP proxy ARP : disabled"
        yield "  IP Local Proxy ARP : disabled"
        yield "  IP multicast routing: disabled"
        yield "  IP icmp redirects: enabled"
        yield "  IP directed-broadcast: disabled "
        yield "  IP Forwarding: disabled "
        yield "  IP icmp unreachables (except port): disabled"
        yield "  IP icmp port-unreachable: enabled"
        yield "  IP unicast reverse path forwarding: none"
        yield "  IP load sharing: none "
        yield "  IP interface statistics last reset: never"
        yield "  WCCP Redirect outbound: disabled"
    yield ""


def ipv6_interface(state: State, vrf: str | None) -> str:
    """IPv6 on the interfaces that have it."""
    return lines(*(_ipv6_vrf(state.device, name) for name in chosen(state.device, vrf)))


def _ipv6_vrf(device: Device, vrf: str) -> Iterator[str]:
    yield f'IPv6 Interface Status for VRF "{vrf}"({vrf_ids(device)[vrf]})'
    for index, port in enumerate(ordered(device)):
        local = port.v6("link_local")
        if not local or vrf_name(port.vrf) != vrf:
            continue
        yield f"{port.name}, Interface status: protocol-up/link-up/admin-up, iod: {index + 2}"
        yield "  IPv6 address: "
        for address in port.addresses:
            if address.version == 6 and address.role == "primary":
                yield f"    {address.text} [VALID]"
        yield f"  IPv6 subnet:  {port.v6().prefix}"
        yield f"  IPv6 link-local address: {local.ip} (default) [VALID]"
        yield "  IPv6 virtual addresses configured: none"
        yield "  IPv6 multicast routing: disabled"
        yield f"  IPv6 MTU: {port.mtu} (using link MTU)"
    yield ""


def vrf(state: State) -> str:
    """VRFs with their numbers."""
    found = ["VRF-Name                           VRF-ID State   Reason                        "]
    return lines(found, *(f"{name:<35}{number:>5} Up      --" for name, number in vrf_ids(state.device).items()))


def routed(device: Device) -> list[Interface]:
    """The interfaces that belong to a VRF."""
    return [i for i in ordered(device) if not i.mode and not i.lag and i.kind != VXLAN]


def vrf_interface(state: State) -> str:
    """Every routed interface with its VRF."""
    found = ["Interface                 VRF-Name                        VRF-ID  Site-of-Origin"]
    for port in routed(state.device):
        name = vrf_name(port.vrf)
        found.append(f"{port.name:<26}{name:<32}{vrf_ids(state.device)[name]:>6}  --")
    return lines(found)


def switchport(state: State) -> str:
    """Every Ethernet port and port channel."""
    ports = [i for i in state.device.interfaces.values() if i.kind in (PHYSICAL, LAG)]
    return lines(*(_switchport(state.device, port) for port in ports))


def _switchport(device: Device, port: Interface) -> Iterator[str]:
    mode = port_mode(port, device)
    effective = device.interfaces[port.lag] if port.lag else port
    yield f"Name: {port.name}"
    yield f"  Switchport: {'Disabled' if mode == 'routed' else 'Enabled'}"
    yield "  Switchport Monitor: Not enabled "
    if mode != "routed":
        yield f"  Operational Mode: {mode if port.up else 'down'}"
        access, native = effective.access_vlan, effective.native_vlan
        yield f"  Access Mode VLAN: {access} ({device.vlans.get(access, 'default')})"
        yield f"  Trunking Native Mode VLAN: {native} ({device.vlans.get(native, 'default')})"
        yield f"  Trunking VLANs Allowed: {ranges(effective.allowed) or '1-4094'}"
        yield "  Voice VLAN: none"
    yield ""


def port_channel(state: State) -> str:
    """Port channels and their members."""
    found = [
        "Flags:  D - Down        P - Up in port-channel (members)",
        "        I - Individual  H - Hot-standby (LACP only)",
        "        s - Suspended   r - Module-removed",
        "        b - BFD Session Wait",
        "        S - Switched    R - Routed",
        "        U - Up (port-channel)",
        "        p - Up in delay-lacp mode (member)",
        "        M - Not in use. Min-links not met",
        RULE,
        "Group Port-       Type     Protocol  Member Ports",
        "      Channel",
        RULE,
    ]
    for lag in (i for i in state.device.interfaces.values() if i.kind == LAG):
        number = lag.name.removeprefix("port-channel")
        members = "".join(f"{short(i.name) + '(P)':<13}" for i in state.device.members(lag.name))
        found.append(f"{number:<6}{f'Po{number}(SU)':<12}Eth      LACP      {members}")
    return lines(found)
