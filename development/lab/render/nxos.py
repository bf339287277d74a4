"""Cisco NX-OS: which command is answered by whom, as text and as JSON.

Commands of features that are off (IS-IS, EIGRP) are not known at all, as on the real system.
"""

from __future__ import annotations

from development.lab.render import nxos_interfaces as interfaces
from development.lab.render import nxos_json as native
from development.lab.render import nxos_json_routing as native_routing
from development.lab.render import nxos_neighbors as neighbors
from development.lab.render import nxos_routing as routing
from development.lab.render.text import lines
from development.lab.state import State

JSON = r" \| json(?: native)?"
VRF = r"(?: vrf (?P<vrf>\S+))?"


def version(state: State) -> str:
    """The lines of `show version` that tools look for."""
    device = state.device
    return lines(
        "Cisco Nexus Operating System (NX-OS) Software",
        "",
        "Software",
        "  BIOS: version 05.47",
        f"  NXOS: version {device.version}",
        "  NXOS image file is: bootflash:///nxos.bin",
        "",
        "Hardware",
        f"  cisco Nexus9000 {device.model.removeprefix('N9K-')} Chassis ",
        f"  Processor Board ID {device.serial}",
        "",
        f"  Device name: {device.name}",
        "Kernel uptime is 41 day(s), 3 hour(s), 12 minute(s), 9 second(s)",
    )


def clock(state: State) -> str:
    """A fixed moment."""
    return "10:17:31.204 UTC Tue Mar 04 2025\nTime source is NTP"


COMMANDS = {
    r"show version": version,
    r"show clock": clock,
    r"show interface": interfaces.interface,
    rf"show interface{JSON}": native.interface,
    r"show interface brief": interfaces.brief,
    rf"show interface brief{JSON}": native.brief,
    rf"show ip interface{VRF}": interfaces.ip_interface,
    rf"show ip interface vrf all{JSON}": native.ip_interface,
    rf"show ipv6 interface{VRF}": interfaces.ipv6_interface,
    rf"show ipv6 interface vrf all{JSON}": native.ipv6_interface,
    r"show vrf": interfaces.vrf,
    rf"show vrf{JSON}": native.vrf,
    r"show vrf interface": interfaces.vrf_interface,
    rf"show vrf interface{JSON}": native.vrf_interface,
    r"show interface switchport": interfaces.switchport,
    rf"show interface switchport{JSON}": native.switchport,
    r"show port-channel summary": interfaces.port_channel,
    rf"show port-channel summary{JSON}": native.port_channel,
    rf"show ip arp{VRF}": neighbors.arp,
    rf"show ip arp detail{VRF}": neighbors.arp_detail,
    rf"show ip arp(?: detail)? vrf all{JSON}": native.arp,
    rf"show ipv6 neighbor(?: detail)?{VRF}": neighbors.ipv6_neighbor,
    rf"show ipv6 neighbor(?: detail)? vrf all{JSON}": native.ipv6_neighbor,
    r"show mac address-table": neighbors.mac_table,
    rf"show mac address-table{JSON}": native.mac_table,
    r"show cdp neighbors detail": neighbors.cdp_detail,
    rf"show cdp neighbors detail{JSON}": native.cdp_detail,
    r"show lldp neighbors detail": neighbors.lldp_detail,
    rf"show lldp neighbors detail{JSON}": native.lldp_detail,
    r"show ip ospf neighbors?(?: vrf all)?": routing.ospf_neighbors,
    r"show ip ospf neighbors? detail(?: vrf all)?": routing.ospf_detail,
    rf"show ip ospf neighbors?(?: detail)? vrf all{JSON}": native_routing.ospf,
    r"show bgp all summary vrf all|show bgp vrf all all summary": routing.bgp_all_summary,
    r"show ip bgp summary vrf all|show bgp ipv4 unicast summary vrf all": routing.bgp_summary,
    rf"(?:show bgp all summary vrf all|show bgp vrf all all summary){JSON}": native_routing.bgp_summary,
    rf"show ip route{VRF}": routing.ip_route,
    rf"show ip route vrf all{JSON}": native_routing.ip_route,
    rf"show ipv6 route{VRF}": routing.ipv6_route,
    rf"show ipv6 route vrf all{JSON}": native_routing.ipv6_route,
    r"show (?:ip bgp|bgp ipv4 unicast) vrf all": routing.bgp,
    rf"show (?:ip bgp|bgp ipv4 unicast) vrf all{JSON}": native_routing.bgp,
    r"show bgp ipv6 unicast vrf all": routing.bgp6,
    rf"show bgp ipv6 unicast vrf all{JSON}": native_routing.bgp6,
}
