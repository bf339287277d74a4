"""HPE and H3C Comware 5 and 7."""

from __future__ import annotations

from nautobot_topology_cache.collect.commands import (
    Command,
    Const,
    Context,
    Feed,
    Made,
    Platform,
    Port,
    Word,
    denied,
    entry,
    headed,
    not_enabled,
    nothing,
    unsupported,
)
from nautobot_topology_cache.collect.interface_names import parent, spelling
from nautobot_topology_cache.collect.normalize import kbits
from nautobot_topology_cache.collect.parse.endings import closed, counted
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms.announced import first_address, interface_of
from nautobot_topology_cache.collect.results import Row

OWN = "nautobot_topology_cache.collect.parse"

spell = spelling(
    {
        "ge": "GigabitEthernet",
        "mge": "M-GigabitEthernet",
        "xge": "Ten-GigabitEthernet",
        "ten-gigabitethernet": "Ten-GigabitEthernet",
        "wge": "Twenty-FiveGigE",
        "fge": "FortyGigE",
        "hge": "HundredGigE",
        "fortygige": "FortyGigE",
        "hundredgige": "HundredGigE",
        "eth": "Ethernet",
        "bagg": "Bridge-Aggregation",
        "bridge-aggregation": "Bridge-Aggregation",
        "ragg": "Route-Aggregation",
        "route-aggregation": "Route-Aggregation",
        "loop": "LoopBack",
        "loopback": "LoopBack",
        "inloop": "InLoopBack",
        "inloopback": "InLoopBack",
        "vl": "Vlan-interface",
        "vlan": "Vlan-interface",
        "vlan-interface": "Vlan-interface",
        "tun": "Tunnel",
        "nu": "NULL",
        "null": "NULL",
    }
)
"""`display interface` spells in full what all other tables abbreviate."""

PROTOCOLS = {
    "direct": "connected",
    "o_intra": "ospf",
    "o_inter": "ospf",
    "o_ase": "ospf",
    "o_ase1": "ospf",
    "o_ase2": "ospf",
    "o_nssa1": "ospf",
    "o_nssa2": "ospf",
    "is_l1": "isis",
    "is_l2": "isis",
}
TYPES = {
    "o_inter": "IA",
    "o_ase": "E2",
    "o_ase1": "E1",
    "o_ase2": "E2",
    "o_nssa1": "N1",
    "o_nssa2": "N2",
    "is_l1": "L1",
    "is_l2": "L2",
}
"""Sub-types by the words for protocols."""


def speed(printed: str, bandwidth: str) -> int | None:
    """`10Gbps-speed`, else the bandwidth, which is in kbit/s."""
    return kbits(printed.partition("-")[0]) or (int(bandwidth) if bandwidth else None)


def addresses(row: Row) -> list[Row]:
    """One row per address; the first one printed is the primary."""
    return [
        {**row, "address": address, "role": "secondary" if number else "primary"}
        for number, address in enumerate(row["ip_address"])
    ]


def next_hop(printed: str, protocol: str) -> str | None:
    """A directly connected network prints the device's own address as its next hop."""
    return None if protocol.lower() == "direct" or printed == "0.0.0.0" else printed  # noqa: S104 - nowhere


INTERFACES = Command(
    "display interface",
    Template("hp_comware_display_interface", OWN),
    feeds=(
        Feed(
            "interfaces",
            {
                "name": Port("interface"),
                "printed_name": "interface",
                "parent": Made(parent, ("interface",)),
                "enabled": Made(lambda status: "administratively" not in status.lower(), ("line_status",)),
                "oper_status": Made(
                    # A switch's port prints no line protocol in some releases.
                    lambda line, protocol: "up" if (protocol or line).upper().startswith("UP") else "down",
                    ("line_status", "protocol_status"),
                ),
                "description": "description",
                "mac_address": "mac_address",
                "mtu": Made(lambda mtu, frame: mtu or frame, ("mtu", "frame")),
                "speed": Made(speed, ("speed", "bandwidth")),
                "duplex": Word("duplex", {"full": "full", "half": "half"}, otherwise=""),
                "mode": "link_type",
                "access_vlan": Made(
                    lambda kind, untagged, pvid: untagged or pvid if kind.lower() == "access" else None,
                    ("link_type", "untagged", "pvid"),
                ),
                "native_vlan": Made(
                    lambda kind, pvid: pvid if kind.lower() in ("trunk", "hybrid") else None,
                    ("link_type", "pvid"),
                ),
            },
        ),
    ),
)

IP_ADDRESSES = Command(
    "display ip interface",
    Template("hp_comware_display_ip_interface"),
    feeds=(
        Feed(
            "ip_addresses",
            {
                "interface": Port("interface"),
                "address": "address",
                "prefix_length": Made(lambda printed: printed.partition("/")[2], ("address",)),
                "role": "role",
            },
            reshape=addresses,
            makes=("address", "role"),
        ),
    ),
    blank_is_empty=True,
)

VRFS = Command(
    "display ip vpn-instance",
    Template("hp_comware_display_ip_vpn-instance"),
    lists_vrfs=lambda row: (row["name"], ()),
    blank_is_empty=True,
    verdicts=(nothing(r"^\s*Total VPN-Instances configured\s*:\s*0\b"),),
)
"""Its members are in the answer to the next command."""

VRF_MEMBERS = Command(
    "display ip vpn-instance instance-name {vrf}",
    Template("hp_comware_display_ip_vpn-instance_instance-name"),
    feeds=(
        Feed(
            "interfaces",
            {"name": Port("interfaces"), "vrf": Context()},
            each=("interfaces",),
            fills=True,
        ),
    ),
)

AGGREGATES = Command(
    "display link-aggregation verbose",
    Template("hp_comware_display_link-aggregation_verbose", OWN),
    feeds=(
        Feed(
            "interfaces",
            {
                "name": Made(lambda port: spell(port.partition("(")[0]), ("local_interfaces",)),
                "lag": Port("interface"),
            },
            each=("local_interfaces",),
            fills=True,
        ),
    ),
    blank_is_empty=True,
    verdicts=(headed(r"^Loadsharing Type:"),),
    # What the partner says stands below the ports of a bundle that negotiates.
    unfinished=closed(r"^Aggregation Mode:\s*Dynamic", r"^Local:", r"^Remote:"),
)

ARP = Command(
    "display arp",
    Template("hp_comware_display_arp", OWN),
    feeds=(
        Feed(
            "arp_entries",
            {
                "interface": Port("interface"),
                "ip_address": "ip_address",
                "mac_address": "mac_address",
                "entry_type": Word("type", {"s": "static"}, otherwise="dynamic"),
            },
        ),
    ),
    blank_is_empty=True,
    verdicts=(headed(r"^\s*IP [Aa]ddress\s+MAC [Aa]ddress"),),
)

MAC_TABLE = Command(
    "display mac-address",
    Template("hp_comware_display_mac_address", OWN),
    feeds=(
        Feed(
            "mac_addresses",
            {
                "vlan": "vlan",
                "mac_address": "mac_address",
                # A blackhole has no port.
                "interface": Made(lambda port: "" if port == "N/A" else spell(port), ("interface",)),
                "entry_type": Word(
                    "state",
                    {"learned": "dynamic", "config static": "static", "config-static": "static", "static": "static"},
                    otherwise="other",
                ),
            },
        ),
    ),
    blank_is_empty=True,
    verdicts=(nothing(r"\b0 mac address"), headed(r"^\s*MAC A")),
    truncation=counted(r"\b(\d+) mac address", r"^\s*[\da-f]{4}(-[\da-f]{4}){2}\s"),
)

LLDP = Command(
    "display lldp neighbor-information verbose",
    Template("hp_comware_display_lldp_neighbors", OWN),
    feeds=(
        Feed(
            "neighbors",
            {
                "protocol": Const("lldp"),
                "local_interface": Port("local_interface"),
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
    blank_is_empty=True,
    # A neighbor may keep its name to itself: only what it announces below the name tells that it did.
    unfinished=closed(
        r"neighbor index\s*:",
        r"neighbor index\s*:",
        r"^\s*(System (name|description|capabilities)|Management address|Port VLAN ID|Auto-negotiation|Maximum frame)",
    ),
)

LLDP_LIST = Command(
    "display lldp neighbor-information list",
    Template("hp_comware_display_lldp_neighbor-information_list"),
    feeds=(
        Feed(
            "neighbors",
            {
                "protocol": Const("lldp"),
                "local_interface": Port("local_interface"),
                "neighbor_name": Made(lambda name: "" if name == "-" else name, ("neighbor_name",)),
                "neighbor_interface": Made(interface_of, ("neighbor_interface",)),
                "chassis_id": "chassis_id",
                "port_id": "neighbor_interface",
            },
        ),
    ),
    blank_is_empty=True,
    verdicts=(headed(r"^System Name\s+Local Interface|^Local Interface\s+Chassis ID"),),
)
"""A name of more than 20 characters goes on in the next line, and is cut here."""

OSPF = Command(
    "display ospf peer",
    Template("hp_comware_display_ospf_peer", OWN),
    feeds=(
        Feed(
            "routing_neighbors",
            {
                "protocol": Const("ospf"),
                "neighbor_id": "router_id",
                "address": "address",
                "interface": Port("interface"),
                "state": Made(lambda state: state.partition("/")[0].lower().replace("2-way", "2way"), ("state",)),
                "area": "area",
            },
        ),
    ),
    blank_is_empty=True,
    verdicts=(headed(r"^\s*OSPF Process \d+ with"),),
)

BGP = Command(
    "display bgp peer ipv4",
    Template("hp_comware_display_bgp_peer_ipv4"),
    feeds=(
        Feed(
            "routing_neighbors",
            {"protocol": Const("bgp"), "address": "peer", "state": "state", "remote_as": "remote_asn"},
        ),
    ),
    blank_is_empty=True,
    verdicts=(nothing(r"^\s*Total number of peers:\s*0\b"),),
)


def routes(command: str) -> Command:
    """The IPv4 routes of one VRF; only those that are used are printed."""
    return Command(
        command,
        Template("hp_comware_display_ip_routing-table"),
        feeds=(
            Feed(
                "routes",
                {
                    "vrf": Context(),
                    "prefix": Made(lambda network, length: f"{network}/{length}", ("network", "prefix_length")),
                    "protocol": Word("protocol", PROTOCOLS),
                    "next_hop": Made(next_hop, ("nexthop_ip", "protocol")),
                    "interface": Port("nexthop_if"),
                    "route_type": Word("protocol", TYPES, otherwise=""),
                    "distance": "distance",
                    "metric": "metric",
                },
            ),
        ),
        blank_is_empty=True,
        verdicts=(nothing(r"^\s*Destinations\s*:\s*0\b"),),
    )


PLATFORM = Platform(
    driver="hp_comware",
    netmiko="hp_comware",
    entries=(
        entry(VRFS),
        entry(INTERFACES),
        entry(VRF_MEMBERS),
        entry(AGGREGATES),
        entry(IP_ADDRESSES),
        entry(ARP),
        entry(MAC_TABLE),
        entry(LLDP, LLDP_LIST),
        entry(OSPF),
        entry(BGP),
        entry(routes("display ip routing-table")),
        entry(routes("display ip routing-table vpn-instance {vrf}")),
    ),
    spell=spell,
    verdicts=(
        denied(r"^\s*(%? ?)?Permission denied|^\s*%? ?Authorization failed"),
        unsupported(r"^\s*% ?(Unrecognized|Incomplete|Ambiguous|Wrong parameter|Too many parameters)"),
        not_enabled(
            r"^\s*(%? ?)?(The )?(LLDP|BGP)\b.*\bnot (running|enabled|configured)|^\s*(%? ?)?Global LLDP .*not enabled"
        ),
    ),
    setup=("screen-length disable",),
)
