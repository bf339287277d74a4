"""IOS-XR: what the device heard on its wires - ARP, MAC addresses, CDP and LLDP."""

from __future__ import annotations

from nautobot_topology_cache.collect.commands import (
    Command,
    Const,
    Context,
    Feed,
    Made,
    Port,
    Skip,
    Source,
    VrfOf,
    Word,
    headed,
    nothing,
)
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms.announced import first_address, joined, said
from nautobot_topology_cache.collect.platforms.ios_interfaces import OWN
from nautobot_topology_cache.collect.platforms.ios_neighbors import CDP_END, CDP_FEED, LLDP_CUT, LLDP_TOTAL, neighbor

UNRESOLVED = Skip("incomplete", lambda row: row["mac_address"] == "0000.0000.0000" or row["state"].startswith("INCMP"))


def arp(command: str) -> Command:
    """The IPv4 resolutions; the VRF is not printed, but the interface is in one."""
    return Command(
        command,
        Template("cisco_xr_show_arp", OWN),
        feeds=(
            Feed(
                "arp_entries",
                {
                    "interface": Port("interface"),
                    "ip_address": "ip_address",
                    "mac_address": "mac_address",
                    "ip_version": Const(4),
                    "vrf": VrfOf("interface"),
                    "entry_type": Word("state", {"interface": "own", "static": "static"}, otherwise="dynamic"),
                },
                skip=(UNRESOLVED,),
            ),
        ),
        blank_is_empty=True,
        verdicts=(headed(r"^Address\s+Age\s+Hardware Addr"),),
    )


def ipv6_neighbors(command: str, vrf: Source) -> Command:
    """The IPv6 resolutions of one VRF; an entry that does not age is configured."""
    return Command(
        command,
        Template("cisco_xr_show_ipv6_neighbors", OWN),
        feeds=(
            Feed(
                "arp_entries",
                {
                    "interface": Port("interface"),
                    "ip_address": "ip_address",
                    "mac_address": "mac_address",
                    "ip_version": Const(6),
                    "vrf": vrf,
                    "entry_type": Word("age", {"-": "static"}, otherwise="dynamic"),
                },
                skip=(UNRESOLVED,),
            ),
        ),
        blank_is_empty=True,
        verdicts=(headed(r"^IPv6 Address\s+Age"),),
    )


IPV6_NEIGHBORS = ipv6_neighbors("show ipv6 neighbors", VrfOf("interface"))
IPV6_NEIGHBORS_OF_VRF = ipv6_neighbors("show ipv6 neighbors vrf {vrf}", Context())


def mac_table(location: str) -> Command:
    """The MAC addresses of the bridge domains, which no command shows for all line cards at once."""
    return Command(
        f"show l2vpn forwarding bridge-domain mac-address location {location}",
        Template("cisco_xr_show_l2vpn_mac_addresses", OWN),
        feeds=(
            Feed(
                "mac_addresses",
                {
                    "mac_address": "mac_address",
                    "interface": Port("learned_from"),
                    "entry_type": Word("entry_type", {"dynamic": "dynamic", "static": "static"}, otherwise="other"),
                },
            ),
        ),
        blank_is_empty=True,
        verdicts=(headed(r"^Mac Address\s+Type\s+Learned from"),),
    )


CDP = Command(
    "show cdp neighbors detail",
    Template("cisco_xr_show_cdp_neighbors_detail", OWN),
    feeds=(CDP_FEED,),
    blank_is_empty=True,
    unfinished=CDP_END,
)

# A neighbor that does not say its name is known by the address it sends from, which IOS-XR alone prints.
LLDP = Command(
    "show lldp neighbors detail",
    Template("cisco_xr_show_lldp_neighbors_detail", OWN),
    feeds=(
        neighbor(
            "lldp",
            neighbor_name=Made(lambda name, peer: said(name) or peer, ("neighbor_name", "peer_mac")),
            chassis_id="chassis_id",
            port_description=Made(said, ("port_description",)),
            neighbor_ip=Made(first_address, ("address",)),
            capabilities=Made(
                lambda enabled, system: said(enabled) or said(system), ("enabled_capabilities", "system_capabilities")
            ),
            description=Made(joined, ("description",)),
        ),
    ),
    blank_is_empty=True,
    verdicts=(nothing(r"^Total entries displayed:\s*0\b"),),
    unfinished=LLDP_TOTAL,
    truncation=LLDP_CUT,
)
