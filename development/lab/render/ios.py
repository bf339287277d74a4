"""Cisco IOS and IOS-XE: which command is answered by whom."""

from __future__ import annotations

from development.lab.hearing import software
from development.lab.render import ios_bgp as bgp
from development.lab.render import ios_interfaces as interfaces
from development.lab.render import ios_neighbors as neighbors
from development.lab.render import ios_routing as routing
from development.lab.render.text import lines
from development.lab.state import State

VRF = r"vrf (?P<vrf>\S+)"


def version(state: State) -> str:
    """The lines of `show version` that tools look for."""
    device = state.device
    head = [f"Cisco IOS XE Software, Version {device.version}"] if device.platform == "cisco_xe" else []
    return lines(
        head,
        software(device),
        "",
        f"{device.name} uptime is 12 weeks, 3 days, 1 hour, 7 minutes",
        'System image file is "flash:packages.conf"',
        "Last reload reason: PowerOn",
        "",
        f"cisco {device.model} (X86) processor with 1331521K/6147K bytes of memory.",
        f"Processor board ID {device.serial}",
        f"Base ethernet MAC Address          : {device.mac}",
        f"Model Number                       : {device.model}",
        f"System Serial Number               : {device.serial}",
        "",
        "Configuration register is 0x102",
    )


def clock(state: State) -> str:
    """A fixed moment."""
    return "*10:17:31.204 UTC Tue Mar 4 2025"


def eigrp_or_isis(state: State, vrf: str | None) -> str:
    """Protocols that are not configured print nothing."""
    return ""


COMMANDS = {
    r"show version": version,
    r"show clock": clock,
    r"show interfaces": interfaces.interfaces,
    r"show ip interface": interfaces.ip_interface,
    r"show ipv6 interface": interfaces.ipv6_interface,
    r"show vrf": interfaces.vrf,
    r"show interfaces switchport": interfaces.switchport,
    r"show etherchannel summary": interfaces.etherchannel,
    rf"show ip arp(?: {VRF})?": neighbors.arp,
    rf"show ipv6 neighbors(?: {VRF})?": neighbors.ipv6_neighbors,
    r"show mac address-table": neighbors.mac_table,
    r"show cdp neighbors detail": neighbors.cdp_detail,
    r"show lldp neighbors detail": neighbors.lldp_detail,
    r"show lldp neighbors": neighbors.lldp,
    r"show ip ospf neighbor": routing.ospf_neighbor,
    r"show ip ospf neighbor detail": routing.ospf_detail,
    r"show ipv6 ospf neighbor detail": routing.ospf6_detail,
    rf"show ip eigrp(?: {VRF})? neighbors|show ipv6 eigrp neighbors|show isis neighbors": eigrp_or_isis,
    r"show ip bgp summary|show bgp ipv4 unicast summary": bgp.bgp_summary,
    r"show bgp ipv6 unicast summary": bgp.bgp6_summary,
    r"show bgp all summary|show ip bgp all summary": bgp.bgp_all_summary,
    r"show (?:ip )?bgp vpnv4 (?:unicast )?all summary": bgp.bgp_vpn_summary,
    rf"show (?:ip )?bgp (?:vpnv4 (?:unicast )?)?{VRF} summary": bgp.bgp_vrf_summary,
    rf"show ip route(?: {VRF})?": routing.ip_route,
    rf"show ipv6 route(?: {VRF})?": routing.ipv6_route,
    r"show ip bgp|show bgp ipv4 unicast": bgp.bgp,
    r"show bgp ipv6 unicast": bgp.bgp6,
    r"show bgp all neighbors|show ip bgp neighbors": bgp.bgp_neighbors,
    rf"show (?:ip )?bgp vpnv4 (?:unicast )?{VRF}": bgp.bgp_vrf,
    rf"show bgp vpnv6 unicast {VRF}": bgp.bgp_vrf6,
    r"show (?:ip )?bgp vpnv4 (?:unicast )?all": bgp.bgp_vpn,
}
