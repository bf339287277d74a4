"""Arista EOS: its own JSON first, the text form for what does not answer `| json`."""

from __future__ import annotations

from nautobot_topology_cache.collect.commands import (
    Platform,
    Verdict,
    denied,
    entry,
    not_enabled,
    unsupported,
)
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms import eos_interfaces as interfaces
from nautobot_topology_cache.collect.platforms import eos_json
from nautobot_topology_cache.collect.platforms import eos_neighbors as neighbors
from nautobot_topology_cache.collect.platforms import eos_routing as routing

VERDICTS = (
    denied(r"^\W*(Authorization denied|Permission denied|Invalid input \(privileged mode required\))"),
    unsupported(r"^\W*(Invalid input|Incomplete command|Ambiguous command|Unavailable command|Unrecognized command)"),
    unsupported(r"^\W*(This is an unconverted command|Not supported on this hardware platform)"),
    not_enabled(r"^\W*(BGP|LLDP|OSPF|OSPFv3|IS-?IS)\b.*\b(not|in)[ -]?(enabled|running|active|configured)"),
    not_enabled(r"^\W*IP(v6)? routing (is )?not enabled"),
    Verdict(r"^\W*No .* (found|configured)", "empty"),
)
"""Anchored behind `% `, or behind the quotes of the list of errors that stands in place of a document."""

PLATFORM = Platform(
    driver="arista_eos",
    netmiko="arista_eos",
    entries=(
        entry(interfaces.VRFS, interfaces.VRFS_TEXT),
        entry(
            interfaces.interfaces("show interfaces | json", eos_json.interfaces),
            interfaces.interfaces("show interfaces", Template("arista_eos_show_interfaces", interfaces.OWN)),
        ),
        entry(interfaces.SWITCHPORTS, interfaces.SWITCHPORTS_TEXT),
        entry(interfaces.IPV6_ADDRESSES, interfaces.IPV6_ADDRESSES_TEXT),
        entry(
            neighbors.resolutions("show arp vrf all | json", eos_json.arp),
            neighbors.resolutions("show ip arp vrf all | json", eos_json.arp),
            neighbors.resolutions("show ip arp vrf all", neighbors.ARP_TEXT, "ip_address", "mac_address"),
            neighbors.resolutions("show ip arp", neighbors.ARP_TEXT, "ip_address", "mac_address"),
        ),
        entry(
            neighbors.resolutions("show ipv6 neighbors vrf all | json", eos_json.ipv6_neighbors),
            neighbors.resolutions("show ipv6 neighbors vrf all", neighbors.IPV6_NEIGHBORS_TEXT),
        ),
        entry(neighbors.MAC_TABLE, neighbors.MAC_TABLE_TEXT),
        entry(
            neighbors.lldp("show lldp neighbors detail | json", eos_json.lldp),
            neighbors.lldp(
                "show lldp neighbors detail", Template("arista_eos_show_lldp_neighbors_detail", interfaces.OWN)
            ),
        ),
        entry(routing.OSPF, routing.OSPF_TEXT),
        entry(routing.OSPFV3),
        entry(
            routing.bgp_peers("show ip bgp summary vrf all | json"),
            routing.bgp_peers_text("show ip bgp summary vrf all", "arista_eos_show_ip_bgp_summary"),
        ),
        entry(
            routing.bgp_peers("show ipv6 bgp summary vrf all | json"),
            routing.bgp_peers_text("show ipv6 bgp summary vrf all", "arista_eos_show_ipv6_bgp_summary"),
        ),
        entry(routing.ISIS, routing.ISIS_TEXT),
        entry(
            routing.rib("show ip route vrf all | json"),
            routing.rib_text("show ip route vrf all"),
            routing.rib_text("show ip route"),
        ),
        entry(routing.rib("show ipv6 route vrf all | json"), routing.rib_text("show ipv6 route vrf all")),
        entry(routing.bgp_table("show ip bgp vrf all | json"), routing.bgp_table_text("show ip bgp vrf all")),
        entry(routing.bgp_table("show ipv6 bgp vrf all | json"), routing.bgp_table_text("show ipv6 bgp vrf all")),
    ),
    spell=interfaces.spell,
    verdicts=VERDICTS,
    setup=("terminal length 0", "terminal width 32767"),
)
