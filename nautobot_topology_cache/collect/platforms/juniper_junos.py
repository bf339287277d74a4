"""Juniper Junos: its own JSON first, the text form for releases that do not know `| display json`."""

from __future__ import annotations

from nautobot_topology_cache.collect.commands import Platform, denied, entry, not_enabled, unsupported
from nautobot_topology_cache.collect.platforms import junos_interfaces as interfaces
from nautobot_topology_cache.collect.platforms import junos_json, junos_text, junos_text_lldp
from nautobot_topology_cache.collect.platforms import junos_neighbors as neighbors
from nautobot_topology_cache.collect.platforms import junos_routing as routing

SAYS = r"^[^\w\n]*(output[^\w\n]+)?(data[^\w\n]+)?((error|warning): )?"
"""What stands before the words of the device: in JSON, the object that is printed in place of a document."""

VERDICTS = (
    denied(rf"{SAYS}(permission denied|no permission|user \S+ (is not|not) authorized)"),
    not_enabled(rf"{SAYS}(BGP|OSPF\d?|IS-?IS|LLDP)\b.*\bnot (running|enabled|configured)"),
    not_enabled(rf"{SAYS}(the )?(lldp|l2-learning|l2ald) subsystem (is )?not running"),
    unsupported(
        rf"{SAYS}(syntax error|unknown command|invalid value|command is not valid|(the )?\S+ subsystem (is )?not)"
    ),
)

PLATFORM = Platform(
    driver="juniper_junos",
    netmiko="juniper_junos",
    entries=(
        entry(
            interfaces.instances("show route instance detail | display json", junos_json.instances),
            interfaces.instances("show route instance detail", junos_text.instances),
            interfaces.instances(
                "show configuration routing-instances | display json", junos_json.configured_instances
            ),
        ),
        entry(
            interfaces.interfaces("show interfaces | display json", junos_json.interfaces),
            interfaces.interfaces("show interfaces", junos_text.interfaces),
            interfaces.interfaces("show interfaces terse", junos_text.terse),
        ),
        entry(
            neighbors.resolutions("show arp no-resolve | display json", junos_json.arp),
            neighbors.resolutions("show arp | display json", junos_json.arp),
            neighbors.resolutions("show arp no-resolve", junos_text.ARP),
            neighbors.resolutions("show arp", junos_text.ARP),
        ),
        entry(
            neighbors.resolutions("show ipv6 neighbors | display json", junos_json.ipv6_neighbors),
            neighbors.resolutions("show ipv6 neighbors", junos_text.IPV6_NEIGHBORS),
        ),
        entry(
            neighbors.mac_table("show ethernet-switching table detail | display json", junos_json.mac_table),
            neighbors.mac_table("show ethernet-switching table", junos_text.MAC_TABLE),
        ),
        entry(
            neighbors.lldp("show lldp neighbors detail | display json", junos_json.lldp),
            neighbors.lldp("show lldp neighbors detail", junos_text_lldp.lldp_detail),
            neighbors.lldp("show lldp neighbors", junos_text.LLDP),
        ),
        entry(
            routing.ospf("show ospf neighbor instance all detail | display json", junos_json.ospf),
            routing.ospf("show ospf neighbor instance all", junos_text.OSPF),
            routing.ospf("show ospf neighbor", junos_text.OSPF),
        ),
        entry(
            routing.ospf("show ospf3 neighbor instance all detail | display json", junos_json.ospf),
            routing.ospf("show ospf3 neighbor instance all", junos_text.ospf3),
            routing.ospf("show ospf3 neighbor", junos_text.ospf3),
        ),
        entry(
            routing.bgp("show bgp neighbor | display json", junos_json.bgp),
            routing.bgp("show bgp summary", junos_text.bgp_summary),
        ),
        entry(
            routing.isis("show isis adjacency detail | display json", junos_json.isis),
            routing.isis("show isis adjacency", junos_text.ISIS),
        ),
        entry(
            routing.rib("show route | display json", junos_json.routes),
            routing.rib("show route", junos_text.routes),
        ),
    ),
    spell=interfaces.spell,
    verdicts=VERDICTS,
    setup=("set cli screen-length 0", "set cli screen-width 0"),
)
