"""Cisco IOS-XR. Most commands have a form for all VRFs, which leaves out the default one where routes are concerned."""

from __future__ import annotations

from nautobot_topology_cache.collect.commands import Platform, denied, entry, not_enabled, unsupported
from nautobot_topology_cache.collect.platforms import xr_interfaces as interfaces
from nautobot_topology_cache.collect.platforms import xr_neighbors as neighbors
from nautobot_topology_cache.collect.platforms import xr_routing as routing

PLATFORM = Platform(
    driver="cisco_xr",
    netmiko="cisco_xr",
    entries=(
        entry(interfaces.VRFS),
        entry(interfaces.INTERFACES),
        entry(interfaces.BUNDLES),
        entry(interfaces.ip_addresses("show ipv4 vrf all interface"), interfaces.ip_addresses("show ipv4 interface")),
        entry(
            interfaces.ipv6_addresses_of("show ipv6 vrf all interface"),
            interfaces.ipv6_addresses_of("show ipv6 interface"),
        ),
        entry(neighbors.arp("show arp")),
        entry(neighbors.arp("show arp vrf all")),
        entry(neighbors.IPV6_NEIGHBORS),
        entry(neighbors.IPV6_NEIGHBORS_OF_VRF),
        entry(neighbors.mac_table("0/0/CPU0"), neighbors.mac_table("0/RP0/CPU0")),
        entry(neighbors.CDP),
        entry(neighbors.LLDP),
        entry(routing.ospf("show ospf vrf all-inclusive neighbor detail"), routing.ospf("show ospf neighbor detail")),
        entry(
            routing.ospf("show ospfv3 vrf all-inclusive neighbor detail"), routing.ospf("show ospfv3 neighbor detail")
        ),
        entry(routing.bgp_neighbors("show bgp neighbors")),
        entry(routing.bgp_neighbors("show bgp vrf all neighbors")),
        entry(routing.eigrp("show eigrp ipv4 neighbors")),
        entry(routing.eigrp("show eigrp ipv4 vrf {vrf} neighbors")),
        entry(routing.eigrp("show eigrp ipv6 neighbors")),
        entry(routing.eigrp("show eigrp ipv6 vrf {vrf} neighbors")),
        entry(routing.ISIS),
        entry(routing.routes("show route ipv4")),
        entry(routing.routes("show route vrf all ipv4")),
        entry(routing.routes("show route ipv6")),
        entry(routing.routes("show route vrf all ipv6")),
        entry(routing.bgp_paths("show bgp ipv4 unicast")),
        entry(routing.bgp_paths("show bgp vrf all ipv4 unicast")),
        entry(routing.bgp_paths("show bgp ipv6 unicast")),
        entry(routing.bgp_paths("show bgp vrf all ipv6 unicast")),
    ),
    spell=interfaces.spell,
    verdicts=(
        denied(r"^% ?(This command is not authorized|.*\bnot authorized|Permission denied)"),
        unsupported(r"^% ?(Invalid input|Incomplete command|Ambiguous command|Unknown command)"),
        not_enabled(
            r"^% ?(No such .*|.*\b(not (currently )?(enabled|active|running|configured)|does not exist)\b.*"
            r"|None of the requested address families are configured.*)"
        ),
    ),
    setup=("terminal length 0", "terminal width 511"),
)
