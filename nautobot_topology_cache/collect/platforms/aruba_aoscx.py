"""Aruba AOS-CX."""

from __future__ import annotations

from nautobot_topology_cache.collect.commands import (
    Command,
    Const,
    Feed,
    Made,
    Platform,
    Skip,
    Verdict,
    VrfOf,
    Word,
    denied,
    entry,
    headed,
    not_enabled,
    nothing,
    unsupported,
)
from nautobot_topology_cache.collect.interface_names import parent
from nautobot_topology_cache.collect.normalize import kbits
from nautobot_topology_cache.collect.parse.endings import any_of, closed, counted
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms.announced import first_address, interface_of
from nautobot_topology_cache.collect.results import Row

OWN = "nautobot_topology_cache.collect.parse"

ORIGINS = {
    "c": "connected",
    "l": "local",
    "s": "static",
    "r": "rip",
    "b": "bgp",
    "o": "ospf",
    "d": "dhcp",
}
TYPES = {"e": "external", "i": "internal"}
"""BGP's sub-types by their letters; those of OSPF are written as IOS does."""


def spell(printed: str) -> str:
    """As printed: `1/1/1`, `lag10`, `vlan20` are the only spellings."""
    return printed.strip()


def length_of(address: str) -> str:
    """The length behind an address."""
    return address.partition("/")[2]


def addresses(row: Row) -> list[Row]:
    """One row per address: secondary ones say so, and link-local ones are known by themselves."""
    return [
        {
            **row,
            "address": address,
            "role": said or ("link_local" if address.lower().startswith("fe80:") else "primary"),
        }
        for address, said in zip(row["address"], row["role"], strict=True)
    ]


def protocol(origin: str) -> str:
    """A word, or a letter with a sub-type: `B/E`, `O/IA`."""
    letter = origin.partition("/")[0].lower()
    return ORIGINS.get(letter, letter)


def route_type(origin: str) -> str:
    """The sub-type behind the origin."""
    kind = origin.partition("/")[2]
    return TYPES.get(kind.lower(), kind)


VRFS = Command(
    "show vrf",
    Template("aruba_aoscx_show_vrf"),
    lists_vrfs=lambda row: (row["vrf"], (row["interface"],)),
    verdicts=(nothing(r"^VRF Configuration"),),
)

INTERFACES = Command(
    "show interface",
    Template("aruba_aoscx_show_interface", OWN),
    feeds=(
        Feed(
            "interfaces",
            {
                "name": "interface",
                "printed_name": "interface",
                "parent": Made(parent, ("interface",)),
                "enabled": "link_admin",
                "oper_status": "link_status",
                "description": "description",
                "mac_address": "mac_address",
                "mtu": "mtu",
                "speed": Made(kbits, ("speed",)),
                "duplex": Word("duplex", {"full": "full", "half": "half", "auto": "auto"}, otherwise=""),
                "mode": Word("vlan_mode", {"native-untagged": "trunk", "native-tagged": "trunk", "n/a": ""}),
                "access_vlan": "vlan_access",
                "native_vlan": "vlan_native",
                "vrf": VrfOf("interface"),
                "type": "type",
            },
        ),
        Feed(
            "interfaces",
            {"name": "members", "lag": "interface"},
            each=("members",),
            fills=True,
        ),
        Feed(
            "ip_addresses",
            {
                "interface": "interface",
                "address": "address",
                "prefix_length": Made(length_of, ("address",)),
                "vrf": VrfOf("interface"),
                "role": "role",
            },
            reshape=addresses,
        ),
    ),
)

MANAGEMENT = Command(
    "show interface mgmt",
    Template("aruba_aoscx_show_interface_mgmt"),
    feeds=(
        Feed(
            "interfaces",
            {
                "name": Const("mgmt"),
                "printed_name": Const("mgmt"),
                "enabled": "admin_state",
                "oper_status": "link_state",
                "mac_address": "mac_address",
                "vrf": Const("mgmt"),
            },
        ),
        Feed(
            "ip_addresses",
            {
                "interface": Const("mgmt"),
                "address": "ipv4_address",
                "prefix_length": "ipv4_prefix_length",
                "vrf": Const("mgmt"),
            },
            skip=(Skip("no address", lambda row: not row["ipv4_address"]),),
        ),
        Feed(
            "ip_addresses",
            {
                "interface": Const("mgmt"),
                "address": "ipv6_address",
                "prefix_length": "ipv6_prefix_length",
                "vrf": Const("mgmt"),
            },
            skip=(Skip("no address", lambda row: not row["ipv6_address"]),),
        ),
        Feed(
            "ip_addresses",
            {
                "interface": Const("mgmt"),
                "address": "ipv6_link_local",
                "prefix_length": "ipv6_link_local_prefix_length",
                "vrf": Const("mgmt"),
                "role": Const("link_local"),
            },
            skip=(Skip("no address", lambda row: not row["ipv6_link_local"]),),
        ),
    ),
)


def resolutions(command: str) -> Command:
    """ARP entries or IPv6 neighbors of all VRFs."""
    return Command(
        command,
        Template("aruba_aoscx_show_arp", OWN),
        feeds=(
            Feed(
                "arp_entries",
                {
                    "interface": "interface",
                    "ip_address": "ip_address",
                    "mac_address": "mac_address",
                    "vrf": "vrf",
                    "entry_type": Word("state", {"permanent": "static"}, otherwise="dynamic"),
                },
                skip=(Skip("incomplete", lambda row: not row["mac_address"]),),
            ),
        ),
        blank_is_empty=True,
        verdicts=(headed(r"^\s*IPv[46] Address\s+MAC"), Verdict(r"^No (ARP|IPv6|neighbor) .*found", "empty")),
        unfinished=counted(r"^\s*Total Number .*Listed\s*:\s*(\d+)", r"^[\da-f]*[.:][\da-f.:]*\s"),
    )


MAC_TABLE = Command(
    "show mac-address-table",
    Template("aruba_aoscx_show_mac-address-table"),
    feeds=(
        Feed(
            "mac_addresses",
            {
                "vlan": "vlan_id",
                "mac_address": "mac_address",
                "interface": "port",
                "entry_type": Word("type", {"dynamic": "dynamic", "static": "static"}, otherwise="other"),
            },
        ),
    ),
    verdicts=(nothing(r"^Number of MAC addresses\s*:\s*0\b"), Verdict(r"^No MAC entries found", "empty")),
)

LLDP = Command(
    "show lldp neighbor-info detail",
    Template("aruba_aoscx_show_lldp_neighbor", OWN),
    feeds=(
        Feed(
            "neighbors",
            {
                "protocol": Const("lldp"),
                "local_interface": "local_interface",
                "neighbor_name": "neighbor_name",
                "neighbor_interface": Made(interface_of, ("port_id", "port_description")),
                "chassis_id": "chassis_id",
                "port_id": "port_id",
                "port_description": "port_description",
                "neighbor_ip": Made(first_address, ("address",)),
                "capabilities": "capabilities",
                "description": "description",
                "native_vlan": "vlan",
            },
            whole=("chassis_id", "port_id"),
        ),
    ),
    verdicts=(nothing(r"^Total Neighbor Entries\s*:\s*0\b"),),
    unfinished=any_of(
        counted(r"^Total Neighbor Entries\s*:\s*(\d+)", r"^Neighbor Chassis-ID\s*:"),
        closed(r"^Neighbor Chassis-ID\s*:", r"^Neighbor Port-ID\s*:", r"^TTL\s*:"),
    ),
)


OSPF = Command(
    "show ip ospf neighbors all-vrfs",
    Template("aruba_aoscx_show_ospf_neighbors", OWN),
    feeds=(
        Feed(
            "routing_neighbors",
            {
                "protocol": Const("ospf"),
                "vrf": "vrf",
                "neighbor_id": "neighbor_id",
                "address": "address",
                "interface": "interface",
                "state": Word("state", {"2-way": "2way"}),
            },
        ),
    ),
    blank_is_empty=True,
    verdicts=(
        nothing(r"^\s*Total Number of Neighbors\s*:\s*0\b"),
        Verdict(r"^No OSPF (neighbors|process|instance)", "empty"),
    ),
    truncation=counted(r"^\s*Total Number of Neighbors\s*:\s*(\d+)", r"^\s*\d+(\.\d+){3}\s+(\d+|n/a)\s"),
)


def bgp(command: str) -> Command:
    """The peers of all VRFs; the word for all VRFs differs between releases."""
    return Command(
        command,
        Template("aruba_aoscx_show_bgp_summary", OWN),
        feeds=(
            Feed(
                "routing_neighbors",
                {
                    "protocol": Const("bgp"),
                    "vrf": "vrf",
                    "address": "neighbor",
                    "state": "state",
                    "remote_as": "remote_as",
                },
            ),
        ),
        blank_is_empty=True,
        verdicts=(nothing(r"^\s*Peers\s*:\s*0\b"),),
    )


def routes(command: str) -> Command:
    """The routes of one IP version in all VRFs that are used for forwarding."""
    return Command(
        command,
        Template("aruba_aoscx_show_route", OWN),
        feeds=(
            Feed(
                "routes",
                {
                    "vrf": "vrf",
                    "prefix": "prefix",
                    "protocol": Made(protocol, ("origin",)),
                    "next_hop": "next_hop",
                    "interface": "interface",
                    "next_hop_vrf": "egress_vrf",
                    "route_type": Made(route_type, ("origin",)),
                    "distance": "distance",
                    "metric": "metric",
                },
            ),
        ),
        blank_is_empty=True,
        verdicts=(headed(r"^Displaying ipv[46] routes"), Verdict(r"^No ipv[46] routes", "empty")),
    )


PLATFORM = Platform(
    driver="aruba_aoscx",
    netmiko="aruba_aoscx",
    entries=(
        entry(VRFS),
        entry(INTERFACES),
        entry(MANAGEMENT),
        entry(resolutions("show arp all-vrfs")),
        entry(resolutions("show ipv6 neighbors all-vrfs")),
        entry(MAC_TABLE),
        entry(LLDP),
        entry(OSPF),
        entry(bgp("show bgp all-vrf all summary"), bgp("show bgp all all-vrfs summary")),
        entry(routes("show ip route all-vrfs")),
        entry(routes("show ipv6 route all-vrfs")),
    ),
    spell=spell,
    verdicts=(
        denied(r"^(Cannot execute command|Permission denied|Command authorization failed|User not authorized)"),
        unsupported(r"^(% ?)?(Invalid input|Unknown command|Command incomplete|Ambiguous command|Incomplete command)"),
        not_enabled(r"^(LLDP|BGP|OSPF)\b.*\b(not|in)[ -]?(enabled|configured|running|active)|^LLDP is disabled"),
    ),
    setup=("no page",),
)
