"""What IOS and IOS-XE are asked, in this order, and how either says no."""

from __future__ import annotations

from nautobot_topology_cache.collect.commands import denied, entry, not_enabled, unsupported
from nautobot_topology_cache.collect.platforms import ios_interfaces as interfaces
from nautobot_topology_cache.collect.platforms import ios_neighbors as neighbors
from nautobot_topology_cache.collect.platforms import ios_routing as routing

VERDICTS = (
    denied(r"^%? ?(Command )?authorization failed|^% ?Access denied|^% ?Permission denied|^% ?Not authorized"),
    unsupported(
        r"^% ?(Invalid input|Incomplete command|Ambiguous command|Unrecognized command|Unknown command|Bad IP address)"
    ),
    not_enabled(r"^% ?.*\b(not (currently )?(enabled|active|running|configured)|does not exist)\b"),
)

ENTRIES = (
    entry(interfaces.VRFS, interfaces.IP_VRFS),
    entry(interfaces.INTERFACES),
    entry(interfaces.SWITCHPORTS),
    entry(interfaces.ETHERCHANNELS),
    entry(interfaces.IP_ADDRESSES),
    entry(interfaces.IPV6_ADDRESSES),
    entry(neighbors.arp("show ip arp")),
    entry(neighbors.arp("show ip arp vrf {vrf}")),
    entry(neighbors.ipv6_neighbors("show ipv6 neighbors")),
    entry(neighbors.ipv6_neighbors("show ipv6 neighbors vrf {vrf}")),
    entry(neighbors.mac_table("show mac address-table"), neighbors.mac_table("show mac-address-table")),
    entry(neighbors.CDP),
    entry(neighbors.LLDP, neighbors.LLDP_BRIEF),
    entry(routing.ospf("show ip ospf neighbor detail")),
    entry(routing.ospf("show ipv6 ospf neighbor detail")),
    entry(routing.bgp_neighbors("show bgp all neighbors"), routing.bgp_neighbors("show ip bgp neighbors")),
    entry(routing.eigrp("show ip eigrp neighbors")),
    entry(routing.eigrp("show ip eigrp vrf {vrf} neighbors")),
    entry(routing.eigrp("show ipv6 eigrp neighbors")),
    entry(routing.ISIS),
    entry(routing.routes("show ip route")),
    entry(routing.routes("show ip route vrf {vrf}")),
    entry(routing.routes("show ipv6 route", blank_is_empty=True)),
    entry(routing.routes("show ipv6 route vrf {vrf}", blank_is_empty=True)),
    entry(routing.bgp_paths("show bgp ipv4 unicast"), routing.bgp_paths("show ip bgp")),
    entry(routing.bgp_paths("show bgp ipv6 unicast")),
    entry(routing.bgp_paths("show bgp vpnv4 unicast vrf {vrf}"), routing.bgp_paths("show ip bgp vpnv4 vrf {vrf}")),
    entry(routing.bgp_paths("show bgp vpnv6 unicast vrf {vrf}")),
)

SETUP = ("terminal length 0", "terminal width 511")
