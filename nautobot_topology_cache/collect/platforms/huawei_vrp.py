"""Huawei VRP: S, CE, AR and NE."""

from __future__ import annotations

from nautobot_topology_cache.collect.commands import Platform, Verdict, VrfOf, denied, entry, not_enabled, unsupported
from nautobot_topology_cache.collect.platforms import vrp_interfaces as interfaces
from nautobot_topology_cache.collect.platforms import vrp_neighbors as neighbors
from nautobot_topology_cache.collect.platforms import vrp_routing as routing

VERDICTS: tuple[Verdict, ...] = (
    denied(r"^\s*Error: ?(Failed to pass the authorization|Authorization failed|No permission to run)"),
    unsupported(
        r"^\s*Error: ?(Unrecognized command|Incomplete command|Ambiguous command|Wrong parameter|Too many parameters)"
    ),
    # Level and existence are one message: what the user may not see does not exist for them.
    unsupported(r"^\s*Error: ?You do not have permission to run the command or the command does not exist"),
    not_enabled(
        r"^\s*(Error|Info|Warning): ?.*\b(LLDP|BGP|ISIS|IS-IS|OSPF)\b.*(not (enabled|exist|configured)|disabled)"
    ),
    Verdict(r"^\s*Info: ?No (valid|matched|matching|entry|entries|trunk|data)\b.*", "empty"),
)

PLATFORM = Platform(
    driver="huawei_vrp",
    netmiko="huawei_vrp",
    entries=(
        entry(interfaces.VRFS),
        entry(interfaces.INTERFACES),
        entry(interfaces.PORT_VLANS),
        entry(
            neighbors.arp("display arp all", "huawei_vrp_display_arp_all", "vpn_instance"),
            neighbors.arp("display arp brief", "huawei_vrp_display_arp_brief", VrfOf("interface")),
        ),
        entry(neighbors.IPV6_NEIGHBORS),
        entry(neighbors.MAC_TABLE),
        entry(neighbors.LLDP),
        entry(routing.OSPF),
        entry(routing.bgp("display bgp peer")),
        entry(routing.bgp("display bgp ipv6 peer")),
        entry(routing.vpn_bgp("display bgp all summary"), routing.vpn_bgp("display bgp vpnv4 all peer")),
        entry(routing.ISIS),
        entry(routing.routes("display ip routing-table verbose")),
        entry(routing.routes("display ip routing-table vpn-instance {vrf} verbose")),
        entry(routing.routes("display ipv6 routing-table verbose")),
        entry(routing.routes("display ipv6 routing-table vpn-instance {vrf} verbose")),
    ),
    spell=interfaces.spell,
    verdicts=VERDICTS,
    setup=("screen-length 0 temporary",),
)
