"""Arista EOS: which command is answered by whom, as text and as JSON."""

from __future__ import annotations

from development.lab.render import eos_interfaces as interfaces
from development.lab.render import eos_json as native
from development.lab.render import eos_json_routing as native_routing
from development.lab.render import eos_neighbors as neighbors
from development.lab.render import eos_routing as routing
from development.lab.render.text import lines
from development.lab.state import State

JSON = r" \| json"
VRF = r"(?: vrf (?P<vrf>\S+))?"


def version(state: State) -> str:
    """`show version`."""
    device = state.device
    return lines(
        f"Arista {device.model}",
        "Hardware version: 11.00",
        f"Serial number: {device.serial}",
        f"Hardware MAC address: {device.mac.lower()}",
        f"System MAC address: {device.mac.lower()}",
        "",
        f"Software image version: {device.version}",
        "Architecture: x86_64",
        "",
        "Uptime: 5 weeks, 6 days, 3 hours and 12 minutes",
        "Total memory: 8099732 kB",
        "Free memory: 5263104 kB",
    )


def clock(state: State) -> str:
    """A fixed moment."""
    return "Tue Mar  4 10:17:31 2025\nTimezone: UTC\nClock source: NTP server"


def no_isis(state: State) -> str:
    """IS-IS is not configured."""
    return '{\n    "vrfs": {}\n}'


COMMANDS = {
    r"show version": version,
    rf"show version{JSON}": native.version,
    r"show clock": clock,
    r"show interfaces": interfaces.interfaces,
    rf"show interfaces{JSON}": native.interfaces,
    r"show interfaces status": interfaces.status,
    r"show ip interface": interfaces.ip_interface,
    rf"show ip interface{JSON}": native.ip_interface,
    r"show ipv6 interface": interfaces.ipv6_interface,
    rf"show ipv6 interface{JSON}": native.ipv6_interface,
    r"show vrf": interfaces.vrf,
    rf"show vrf{JSON}": native.vrf,
    r"show interfaces switchport": interfaces.switchport,
    rf"show interfaces switchport{JSON}": native.switchport,
    r"show port-channel (?:dense|summary)": interfaces.port_channel,
    rf"show port-channel(?: detailed| dense| summary)?{JSON}": native.port_channel,
    rf"show (?:ip )?arp{VRF}": neighbors.arp,
    rf"show (?:ip )?arp vrf all{JSON}": native.arp,
    rf"show ipv6 neighbors{VRF}": neighbors.ipv6_neighbors,
    rf"show ipv6 neighbors vrf all{JSON}": native.ipv6_neighbors,
    r"show mac address-table": neighbors.mac_table,
    rf"show mac address-table{JSON}": native.mac_table,
    r"show lldp neighbors detail": neighbors.lldp_detail,
    rf"show lldp neighbors detail{JSON}": native.lldp_detail,
    r"show ip ospf neighbor(?: vrf all)?": routing.ospf_neighbor,
    rf"show ip ospf neighbor(?: detail)?(?: vrf all)?{JSON}": native_routing.ospf,
    rf"show isis neighbors(?: detail)? vrf all{JSON}": no_isis,
    r"show ip bgp summary vrf all": routing.bgp_summary,
    rf"show ip bgp summary vrf all{JSON}": native_routing.bgp_summary,
    r"show (?:ipv6 bgp|bgp ipv6 unicast) summary vrf all": routing.bgp6_summary,
    rf"show (?:ipv6 bgp|bgp ipv6 unicast) summary vrf all{JSON}": native_routing.bgp6_summary,
    rf"show ip route{VRF}(?: detail)?": routing.ip_route,
    rf"show ip route vrf all(?: detail)?{JSON}": native_routing.ip_route,
    rf"show ipv6 route{VRF}(?: detail)?": routing.ipv6_route,
    rf"show ipv6 route vrf all(?: detail)?{JSON}": native_routing.ipv6_route,
    r"show (?:ip bgp|bgp ipv4 unicast) vrf all": routing.bgp,
    rf"show (?:ip bgp|bgp ipv4 unicast) vrf all{JSON}": native_routing.bgp,
    r"show (?:ipv6 bgp|bgp ipv6 unicast) vrf all": routing.bgp6,
    rf"show (?:ipv6 bgp|bgp ipv6 unicast) vrf all{JSON}": native_routing.bgp6,
}
