"""Cisco NX-OS: its own JSON first, the text form for what does not answer `| json`."""

from __future__ import annotations

from nautobot_topology_cache.collect.commands import (
    Platform,
    denied,
    entry,
    not_enabled,
    nothing,
    unsupported,
)
from nautobot_topology_cache.collect.platforms import nxos_interfaces as interfaces
from nautobot_topology_cache.collect.platforms import nxos_neighbors as neighbors
from nautobot_topology_cache.collect.platforms import nxos_routing as routing

VERDICTS = (
    denied(r"^% ?Permission denied"),
    unsupported(r"^% ?(Invalid|Incomplete|Ambiguous) (command|input|number)"),
    unsupported(
        r"\b(json|xml|structured) output\b.*\b(unsupported|not supported)|does not support (json|xml|structured)"
    ),
    nothing(r"^\s*Total (number of (entries|neighbors)|entries displayed): 0\s*$"),
    not_enabled(
        r"^(Note: )?\s*process currently not running|^(% ?)?(CDP|LLDP|BGP|OSPF|EIGRP|IS-?IS)\b.*\bnot (enabled|running)"
    ),
)

PLATFORM = Platform(
    driver="cisco_nxos",
    netmiko="cisco_nxos",
    entries=(
        entry(*interfaces.VRFS),
        entry(*interfaces.INTERFACES),
        entry(*interfaces.SWITCHPORTS),
        entry(*interfaces.IP_ADDRESSES),
        entry(*interfaces.IPV6_ADDRESSES),
        entry(*neighbors.ARP),
        entry(*neighbors.IPV6_NEIGHBORS),
        entry(*neighbors.MAC_TABLE),
        entry(*neighbors.CDP),
        entry(*neighbors.LLDP),
        entry(*routing.OSPF),
        entry(*routing.OSPFV3),
        entry(*routing.BGP),
        entry(*routing.ISIS),
        entry(*routing.EIGRP),
        entry(*routing.ROUTES),
        entry(*routing.IPV6_ROUTES),
        entry(*routing.BGP_PATHS),
        entry(*routing.IPV6_BGP_PATHS),
    ),
    spell=interfaces.spell,
    verdicts=VERDICTS,
    setup=("terminal length 0", "terminal width 511"),
)
