"""FRR on Linux: vtysh for what its daemons know, iproute2 and lldpd for what the system under them knows.

Nautobot maps no such driver; netmiko's device type is that of the system. The user needs the group `frrvty` and, for
lldpcli on Debian, `adm`.
"""

from __future__ import annotations

from nautobot_topology_cache.collect.commands import Platform, denied, entry, not_enabled, unsupported
from nautobot_topology_cache.collect.platforms import frr_routing as routing
from nautobot_topology_cache.collect.platforms import linux_tables as linux

BEGIN = r"(?:^|(?<=\)))"
"""An answer begins a line, or stands behind a warning that ends with `Authentication failure(7)`."""

PLATFORM = Platform(
    driver="frr",
    netmiko="linux",
    entries=(
        entry(linux.VRFS),
        entry(linux.ADDRESSES),
        entry(routing.INTERFACES),
        entry(linux.NEIGHBORS),
        entry(*linux.FORWARDING),
        entry(*linux.LLDP),
        entry(routing.OSPF),
        entry(routing.OSPF6, routing.OSPF6_DEFAULT),
        entry(routing.ISIS),
        entry(routing.BGP),
        entry(routing.IPV4_ROUTES),
        entry(routing.IPV6_ROUTES),
        entry(routing.IPV4_PATHS),
        entry(routing.IPV6_PATHS),
    ),
    spell=linux.spell,
    verdicts=(
        *linux.VERDICTS,
        denied(rf"{BEGIN}Exiting: failed to connect to any daemons"),
        unsupported(rf"{BEGIN}% ?(Unknown|Ambiguous|Incomplete) command"),
        not_enabled(rf"{BEGIN}(\w+ is not running|%? ?(BGP|OSPF|OSPF6|IS-IS)\b.* not (found|enabled|running))"),
    ),
)
