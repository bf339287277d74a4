"""IOS: `show interfaces`, `show ip interface`, `show ipv6 interface`, `show vrf`, switchports and port channels."""

from __future__ import annotations

from collections.abc import Iterator

from development.lab.hearing import cisco_mac, short
from development.lab.model import LAG, LOOPBACK, PHYSICAL, SVI, Address, Device, Interface
from development.lab.render.text import lines, ranges, steady, upper
from development.lab.state import State

HARDWARE = {SVI: "Ethernet SVI", LAG: "EtherChannel", LOOPBACK: "Loopback"}
SPEEDS = {1_000_000: "1000Mb/s", 10_000_000: "10Gb/s"}
MEDIA = {1_000_000: "10/100/1000BaseTX", 10_000_000: "SFP-10GBase-SR"}


def status(interface: Interface) -> tuple[str, str]:
    """The link's and the line protocol's words."""
    if not interface.enabled:
        return "administratively down", "down"
    return ("up", "up") if interface.up else ("down", "down")


def interfaces(state: State) -> str:
    """Every interface with its counters."""
    return lines(*(block(state.device, interface) for interface in state.device.interfaces.values()))


def block(device: Device, interface: Interface) -> Iterator[str]:
    """One interface of `show interfaces`."""
    link, line = status(interface)
    tail = ""
    if device.platform == "cisco_ios" and interface.kind == PHYSICAL and interface.enabled:
        tail = " (connected)" if interface.up else " (notconnect)"
    elif interface.kind == SVI and device.platform == "cisco_xe":
        tail = " , Autostate Enabled"
    yield f"{interface.name} is {link}, line protocol is {line}{tail} "
    yield from _identity(device, interface)
    delay = 5000 if interface.kind == LOOPBACK else 10
    yield f"  MTU {interface.mtu} bytes, BW {interface.speed} Kbit/sec, DLY {delay} usec, "
    yield "     reliability 255/255, txload 1/255, rxload 1/255"
    yield f"  Encapsulation {'LOOPBACK' if interface.kind == LOOPBACK else 'ARPA'}, loopback not set"
    yield "  Keepalive set (10 sec)"
    yield from _medium(device, interface)
    yield from _counters(device, interface)


def _identity(device: Device, interface: Interface) -> Iterator[str]:
    hardware = HARDWARE.get(
        interface.kind, "Ten Gigabit Ethernet" if interface.speed == 10_000_000 else "Gigabit Ethernet"
    )
    if device.platform == "cisco_ios" and interface.kind == SVI:
        hardware = "EtherSVI"
    mac = f", address is {cisco_mac(interface.mac)} (bia {cisco_mac(interface.mac)})" if interface.mac else ""
    yield f"  Hardware is {hardware}{mac}"
    if interface.description:
        yield f"  Description: {interface.description}"
    if interface.v4():
        yield f"  Internet address is {interface.v4().text}"


def _medium(device: Device, interface: Interface) -> Iterator[str]:
    if interface.kind == LAG:
        member = device.members(interface.name)[0]
        yield f"  Full-duplex, {SPEEDS[member.speed]}, link type is auto, media type is N/A"
        yield "  input flow-control is on, output flow-control is unsupported "
        yield f"  Members in this channel: {' '.join(short(i.name) for i in device.members(interface.name))} "
    elif interface.duplex:
        speed = SPEEDS[interface.speed] if interface.up else "Auto-speed"
        media = MEDIA[interface.speed] if interface.up else "Not Present"
        yield f"  {interface.duplex.capitalize()}-duplex, {speed}, link type is auto, media type is {media}"
        yield "  input flow-control is on, output flow-control is unsupported "
    if interface.mac:
        yield "  ARP type: ARPA, ARP Timeout 04:00:00"


def _counters(device: Device, interface: Interface) -> Iterator[str]:
    packets = steady(device.name + interface.name, 10**8) if interface.up else 0
    seen = "00:00:01" if interface.up else "never"
    yield f"  Last input {seen}, output {seen}, output hang never"
    yield '  Last clearing of "show interface" counters never'
    yield "  Input queue: 0/2000/0/0 (size/max/drops/flushes); Total output drops: 0"
    yield "  Queueing strategy: fifo"
    yield "  Output queue: 0/40 (size/max)"
    yield f"  5 minute input rate {packets // 997} bits/sec, {packets // 99991} packets/sec"
    yield f"  5 minute output rate {packets // 1009} bits/sec, {packets // 99991} packets/sec"
    yield f"     {packets} packets input, {packets * 211} bytes, 0 no buffer"
    yield f"     Received {packets // 31} broadcasts ({packets // 37} multicasts)"
    yield "     0 runts, 0 giants, 0 throttles "
    yield "     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored"
    yield f"     0 watchdog, {packets // 37} multicast, 0 pause input"
    yield "     0 input packets with dribble condition detected"
    yield f"     {packets // 2} packets output, {packets * 97} bytes, 0 underruns"
    yield "     0 output errors, 0 collisions, 1 interface resets"
    yield "     0 unknown protocol drops"
    yield "     0 babbles, 0 late collision, 0 deferred"
    yield "     0 lost carrier, 0 no carrier, 0 pause output"
    yield "     0 output buffer failures, 0 output buffers swapped out"


def ip_interface(state: State) -> str:
    """IPv4 on every interface."""
    return lines(*(ip_block(state.device, interface) for interface in state.device.interfaces.values()))


def ip_block(device: Device, interface: Interface) -> Iterator[str]:
    """One interface of `show ip interface`."""
    link, line = status(interface)
    yield f"{interface.name} is {link}, line protocol is {line}"
    four = [a for a in interface.addresses if a.version == 4]
    if not four:
        if interface.mode:
            yield "  Inbound  access list is not set"
            yield "  Outgoing access list is not set"
        else:
            yield "  Internet protocol processing disabled"
        return
    yield f"  Internet address is {four[0].text}"
    yield "  Broadcast address is 255.255.255.255"
    yield "  Address determined by configuration file"
    yield f"  MTU is {interface.mtu} bytes"
    yield "  Helper address is not set"
    yield "  Directed broadcast forwarding is disabled"
    for address in four[1:]:
        yield f"  Secondary address {address.text}"
    yield "  Outgoing Common access list is not set "
    yield "  Outgoing access list is not set"
    yield "  Inbound Common access list is not set "
    yield "  Inbound  access list is not set"
    yield "  Proxy ARP is enabled"
    yield "  Local Proxy ARP is disabled"
    yield "  Security level is default"
    yield "  Split horizon is enabled"
    yield "  ICMP redirects are always sent"
    yield "  ICMP unreachables are always sent"
    yield "  ICMP mask replies are never sent"
    yield "  IP fast switching is enabled"
    if interface.vrf:
        yield f'  VPN Routing/Forwarding "{interface.vrf}"'
    yield "  Associated unicast routing topologies:"
    yield '        Topology "base", operation state is UP'
    yield "  IP multicast fast switching is disabled"
    yield "  Router Discovery is disabled"
    yield "  TCP/IP header compression is disabled"
    yield "  Policy routing is disabled"
    yield "  Network address translation is disabled"
    yield "  BGP Policy Mapping is disabled"
    yield "  Input features: MCI Check"


def ipv6_interface(state: State) -> str:
    """Only interfaces that run IPv6 are shown."""
    found = [i for i in state.device.interfaces.values() if i.v6("link_local")]
    return lines(*(_ipv6_block(interface) for interface in found))


def _ipv6_block(interface: Interface) -> Iterator[str]:
    link, line = status(interface)
    local: Address = interface.v6("link_local")
    yield f"{interface.name} is {link}, line protocol is {line}"
    yield f"  IPv6 is enabled, link-local address is {upper(local.ip)} "
    yield "  No Virtual link-local address(es):"
    if interface.description:
        yield f"  Description: {interface.description}"
    yield "  Global unicast address(es):"
    for address in interface.addresses:
        if address.version == 6 and address.role == "primary":
            yield f"    {upper(address.ip)}, subnet is {upper(address.prefix)} "
    if interface.vrf:
        yield f'  VPN Routing/Forwarding "{interface.vrf}"'
    yield "  Joined group address(es):"
    yield "    FF02::1"
    yield "    FF02::5"
    yield f"    FF02::1:FF{upper(local.ip)[-7:]}"
    yield f"  MTU is {interface.mtu} bytes"
    yield "  ICMP error messages limited to one every 100 milliseconds"
    yield "  ICMP redirects are enabled"
    yield "  ND DAD is enabled, number of DAD attempts: 1"
    yield "  ND reachable time is 30000 milliseconds (using 30000)"
    yield "  Hosts use stateless autoconfig for addresses."


def vrf(state: State) -> str:
    """Names, route distinguishers and short interface names, one a line."""
    device = state.device
    if not device.vrfs:
        return ""
    found = ["  Name                             Default RD            Protocols   Interfaces"]
    for name, rd in device.vrfs.items():
        members = [short(i.name) for i in device.interfaces.values() if i.vrf == name]
        first, *rest = members or [""]
        found.append(f"  {name:<32} {rd or '<not set>':<21} {'ipv4,ipv6':<11} {first}")
        found += [f"{'':68} {name}" for name in rest]
    return lines(found)


def switchport(state: State) -> str | None:
    """Every port of a switch; a router does not know the command."""
    if state.device.role == "border":
        return None
    ports = [i for i in state.device.interfaces.values() if i.kind in (PHYSICAL, LAG)]
    return lines(*(switchport_block(state.device, interface) for interface in ports))


def switchport_block(device: Device, interface: Interface) -> Iterator[str]:
    """One port; a member of a bundle shows the bundle's configuration."""
    effective = device.interfaces[interface.lag] if interface.lag else interface
    yield f"Name: {short(interface.name)}"
    if not effective.mode:
        yield "Switchport: Disabled"
        yield ""
        return
    administrative = {"access": "static access", "trunk": "trunk"}[effective.mode]
    operational = administrative if interface.up else "down"
    if interface.lag:
        operational += f" (member of bundle {short(interface.lag)})"
    yield "Switchport: Enabled"
    yield f"Administrative Mode: {administrative}"
    yield f"Operational Mode: {operational}"
    yield "Administrative Trunking Encapsulation: dot1q"
    if interface.up:
        yield f"Operational Trunking Encapsulation: {'dot1q' if effective.mode == 'trunk' else 'native'}"
    yield f"Negotiation of Trunking: {'On' if effective.mode == 'trunk' else 'Off'}"
    yield f"Access Mode VLAN: {effective.access_vlan} ({device.vlans.get(effective.access_vlan, 'Inactive')})"
    yield f"Trunking Native Mode VLAN: {effective.native_vlan} ({device.vlans.get(effective.native_vlan, 'Inactive')})"
    yield "Administrative Native VLAN tagging: enabled"
    yield f"Voice VLAN: {'20 (VOICE)' if effective.mode == 'access' and interface.name.endswith('/1') else 'none'}"
    yield "Administrative private-vlan host-association: none "
    yield "Administrative private-vlan mapping: none "
    yield "Operational private-vlan: none"
    yield f"Trunking VLANs Enabled: {ranges(effective.allowed) or 'ALL'}"
    yield "Pruning VLANs Enabled: 2-1001"
    yield "Capture Mode Disabled"
    yield "Capture VLANs Allowed: ALL"
    yield ""
    yield "Protected: false"
    yield "Unknown unicast blocked: disabled"
    yield "Unknown multicast blocked: disabled"
    yield "Appliance trust: none"
    yield ""


def etherchannel(state: State) -> str:
    """Port channels with their members, three to a line."""
    lags = [i for i in state.device.interfaces.values() if i.kind == LAG]
    found = [
        "Flags:  D - down        P - bundled in port-channel",
        "        I - stand-alone s - suspended",
        "        H - Hot-standby (LACP only)",
        "        R - Layer3      S - Layer2",
        "        U - in use      f - failed to allocate aggregator",
        "",
        "        M - not in use, minimum links not met",
        "        u - unsuitable for bundling",
        "        w - waiting to be aggregated",
        "        d - default port",
        "",
        "        A - formed by Auto LAG",
        "",
        "",
        f"Number of channel-groups in use: {len(lags)}",
        f"Number of aggregators:           {len(lags)}",
        "",
        "Group  Port-channel  Protocol    Ports",
        "------+-------------+-----------+-----------------------------------------------",
    ]
    for lag in lags:
        number = lag.name.removeprefix("Port-channel")
        flags = "SU" if lag.mode else "RU"
        members = [f"{short(i.name)}(P)" for i in state.device.members(lag.name)]
        found.append(f"{number:<7}{f'Po{number}({flags})':<16}{'LACP':<12}{' '.join(f'{m:<15}' for m in members[:3])}")
    return lines(found)
