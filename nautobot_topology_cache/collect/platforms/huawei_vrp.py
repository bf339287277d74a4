"""Huawei VRP: S, CE, AR and NE."""

from __future__ import annotations

from nautobot_topology_cache.collect.commands import (
    Command,
    Const,
    Context,
    Feed,
    Made,
    Platform,
    Port,
    Skip,
    Verdict,
    VrfOf,
    Word,
    denied,
    entry,
    not_enabled,
    nothing,
    unsupported,
)
from nautobot_topology_cache.collect.interface_names import parent, spelling
from nautobot_topology_cache.collect.normalize import required_text
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms.announced import first_address, interface_of, joined
from nautobot_topology_cache.collect.results import Row

OWN = "nautobot_topology_cache.collect.parse"

spell = spelling(
    {
        "eth": "Ethernet",
        "eth-trunk": "Eth-Trunk",
        "ge": "GigabitEthernet",
        "xge": "XGigabitEthernet",
        "meth": "MEth",
        "loop": "LoopBack",
        "loopback": "LoopBack",
        "vlanif": "Vlanif",
        "tunnel": "Tunnel",
        "nu": "NULL",
        "null": "NULL",
    }
)
"""`display interface` spells in full what ARP and MAC tables abbreviate; 10GE and 100GE are names of their own."""

PROTOCOLS = {
    "direct": "connected",
    "ebgp": "bgp",
    "ibgp": "bgp",
    "o_ase": "ospf",
    "o_ase2": "ospf",
    "o_nssa": "ospf",
    "ospfv3": "ospf",
    "ospfv3ase": "ospf",
    "isis-l1": "isis",
    "isis-l2": "isis",
    "ripng": "rip",
    "unr": "unr",
}
TYPES = {
    "ebgp": "external",
    "ibgp": "internal",
    "o_ase": "E2",
    "o_ase2": "E2",
    "o_nssa": "N2",
    "isis-l1": "L1",
    "isis-l2": "L2",
}
"""Sub-types by the words for protocols."""


def speed(printed: str) -> int | None:
    """Mbit/s, of ports alone."""
    return int(printed) * 1000 if printed else None


def arp_type(printed: str) -> str:
    """`I -` is the device's own, `S--` configured, `D-0` learned by a card."""
    return {"I": "own", "S": "static"}.get(printed[:1], "dynamic")


def destination(printed: str, length: str) -> str:
    """IPv6 prints the length apart."""
    return f"{printed}/{length}" if length else printed


def next_hop(printed: str, protocol: str) -> str | None:
    """A directly connected network prints the device's own address as its next hop."""
    return None if protocol.lower() == "direct" or printed in ("0.0.0.0", "::") else printed  # noqa: S104 - nowhere


def addresses(row: Row) -> list[Row]:
    """One row per address; the first one printed is the primary, others are marked `Sub`."""
    return [
        {**row, "address": address, "role": "secondary" if number else "primary"}
        for number, address in enumerate(row["ip_address"])
    ]


def nobody(row: Row) -> bool:
    """Whether an entry has no address yet."""
    return not row["mac_address"] or row["mac_address"].lower() == "incomplete"


INTERFACES = Command(
    "display interface",
    Template("huawei_vrp_display_interface", OWN),
    feeds=(
        Feed(
            "interfaces",
            {
                "name": Port("interface"),
                "printed_name": "interface",
                "parent": Made(parent, ("interface",)),
                "enabled": Made(lambda status: "administratively" not in status.lower(), ("link_status",)),
                "oper_status": Made(
                    lambda protocol: "up" if required_text(protocol).lower().startswith("up") else "down",
                    ("protocol_status",),
                ),
                "description": "description",
                "mac_address": "mac_address",
                "mtu": "mtu",
                "speed": Made(speed, ("speed",)),
                "duplex": Word("duplex", {"full": "full", "half": "half"}, otherwise=""),
                "vrf": VrfOf("interface"),
                "type": Made(lambda kind: f"{kind} port" if kind else "", ("port_type",)),
            },
        ),
        Feed(
            "interfaces",
            {"name": Port("members"), "lag": Port("interface")},
            each=("members",),
            fills=True,
        ),
        Feed(
            "ip_addresses",
            {
                "interface": Port("interface"),
                "address": "address",
                "prefix_length": Made(lambda printed: printed.partition("/")[2], ("address",)),
                "vrf": VrfOf("interface"),
                "role": "role",
            },
            reshape=addresses,
            makes=("address", "role"),
        ),
    ),
)

VRFS = Command(
    "display ip vpn-instance interface",
    Template("huawei_vrp_display_ip_vpn-instance_interface"),
    lists_vrfs=lambda row: (row["name"], row["interface_list"]),
    blank_is_empty=True,
    verdicts=(nothing(r"^\s*Total VPN-Instances configured\s*:\s*0\b"),),
)

PORT_VLANS = Command(
    "display port vlan",
    Template("huawei_vrp_display_port_vlan"),
    feeds=(
        Feed(
            "interfaces",
            {
                "name": Port("interface"),
                "mode": "link_type",
                "access_vlan": Made(
                    lambda kind, vlan: vlan if kind == "access" and vlan != "0" else None, ("link_type", "vlan_id")
                ),
                "native_vlan": Made(
                    lambda kind, vlan: vlan if kind in ("trunk", "hybrid") and vlan != "0" else None,
                    ("link_type", "vlan_id"),
                ),
            },
            skip=(Skip("member of a bundle", lambda row: not row["link_type"]),),
            fills=True,
        ),
    ),
    blank_is_empty=True,
    verdicts=(nothing(r"^Port\s+Link Type"),),
)


def arp(command: str, template: str, vrf: str | VrfOf) -> Command:
    """The IPv4 resolutions; `brief` does not print the VRF."""
    return Command(
        command,
        Template(template),
        feeds=(
            Feed(
                "arp_entries",
                {
                    "interface": Port("interface"),
                    "ip_address": "ip_address",
                    "mac_address": "mac_address",
                    "vrf": vrf,
                    "entry_type": Made(arp_type, ("type",)),
                },
                skip=(Skip("incomplete", nobody),),
            ),
        ),
        verdicts=(nothing(r"^Total:\s*0\b"), nothing(r"^IP ADDRESS\s+MAC ADDRESS")),
    )


IPV6_NEIGHBORS = Command(
    "display ipv6 neighbors",
    Template("huawei_vrp_display_ipv6_neighbors"),
    feeds=(
        Feed(
            "arp_entries",
            {
                "interface": Port("interface"),
                "ip_address": "ipv6_address",
                "mac_address": "mac_address",
                "vrf": VrfOf("interface"),
                "entry_type": Word("age", {"-": "static"}, otherwise="dynamic"),
            },
            skip=(Skip("incomplete", lambda row: row["state"] == "INCMP"),),
        ),
    ),
    blank_is_empty=True,
    verdicts=(nothing(r"^\s*Total:\s*0\b"),),
)

MAC_TABLE = Command(
    "display mac-address",
    Template("huawei_vrp_display_mac-address"),
    feeds=(
        Feed(
            "mac_addresses",
            {
                "vlan": "vlan_id",
                "mac_address": "destination_address",
                "interface": Port("destination_port"),
                "entry_type": Word("type", {"dynamic": "dynamic", "static": "static"}, otherwise="other"),
            },
        ),
    ),
    blank_is_empty=True,
    verdicts=(nothing(r"^\s*Total items displayed\s*=\s*0\b"),),
)

LLDP = Command(
    "display lldp neighbor",
    Template("huawei_vrp_display_lldp_neighbor", OWN),
    feeds=(
        Feed(
            "neighbors",
            {
                "protocol": Const("lldp"),
                "local_interface": Port("local_interface"),
                "neighbor_name": Made(lambda name: "" if name == "--" else name, ("neighbor_name",)),
                "neighbor_interface": Made(interface_of, ("port_id", "port_description")),
                "chassis_id": "chassis_id",
                "port_id": "port_id",
                "port_description": "port_description",
                "neighbor_ip": Made(first_address, ("address",)),
                "capabilities": "capabilities",
                "description": Made(joined, ("description",)),
                "native_vlan": "vlan",
            },
        ),
    ),
    blank_is_empty=True,
    verdicts=(nothing(r"^\S+ has 0 neighbor"),),
)

OSPF = Command(
    "display ospf peer",
    Template("huawei_vrp_display_ospf_peer", OWN),
    feeds=(
        Feed(
            "routing_neighbors",
            {
                "protocol": Const("ospf"),
                "vrf": VrfOf("interface"),
                "neighbor_id": "router_id",
                "address": "address",
                "interface": Port("interface"),
                "state": Made(lambda state: state.partition("/")[0].lower().replace("2-way", "2way"), ("state",)),
                "area": "area",
            },
        ),
    ),
    blank_is_empty=True,
    verdicts=(nothing(r"^\s*OSPF Process \d+ with"),),
)

BGP_FEED = Feed(
    "routing_neighbors",
    {
        "protocol": Const("bgp"),
        "address": "peer",
        "state": "state",
        "remote_as": "asn",
    },
)


def bgp(command: str) -> Command:
    """The peers of one address family in the default VRF."""
    return Command(
        command,
        Template("huawei_vrp_display_bgp_peer"),
        feeds=(BGP_FEED,),
        blank_is_empty=True,
        verdicts=(nothing(r"^\s*Total number of peers\s*:\s*0\b"),),
    )


ISIS = Command(
    "display isis peer",
    Template("huawei_vrp_display_isis_peer"),
    feeds=(
        Feed(
            "routing_neighbors",
            {
                "protocol": Const("isis"),
                "vrf": VrfOf("interface"),
                "neighbor_id": Made(lambda parts: "".join(parts).rstrip("*"), ("system_id",)),
                "interface": Port("interface"),
                "state": "state",
                "area": "type",
            },
        ),
    ),
    blank_is_empty=True,
    verdicts=(nothing(r"^\s*Total Peer\S+:\s*0\b"),),
)


def routes(command: str) -> Command:
    """The routes of one IP version in one VRF."""
    return Command(
        command,
        Template("huawei_vrp_display_routing_table_verbose", OWN),
        feeds=(
            Feed(
                "routes",
                {
                    "vrf": Context(),
                    "prefix": Made(destination, ("destination", "prefix_length")),
                    "protocol": Word("protocol", PROTOCOLS),
                    "next_hop": Made(next_hop, ("next_hop", "protocol")),
                    "interface": Port("interface"),
                    "active": Made(lambda state: state.split()[:1] == ["Active"], ("state",)),
                    "route_type": Word("protocol", TYPES, otherwise=""),
                    "distance": "preference",
                    "metric": "cost",
                    "tag": "tag",
                },
            ),
        ),
        blank_is_empty=True,
        verdicts=(nothing(r"^\s*Destinations\s*:\s*0\b"),),
    )


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
        entry(VRFS),
        entry(INTERFACES),
        entry(PORT_VLANS),
        entry(
            arp("display arp all", "huawei_vrp_display_arp_all", "vpn_instance"),
            arp("display arp brief", "huawei_vrp_display_arp_brief", VrfOf("interface")),
        ),
        entry(IPV6_NEIGHBORS),
        entry(MAC_TABLE),
        entry(LLDP),
        entry(OSPF),
        entry(bgp("display bgp peer")),
        entry(bgp("display bgp ipv6 peer")),
        entry(ISIS),
        entry(routes("display ip routing-table verbose")),
        entry(routes("display ip routing-table vpn-instance {vrf} verbose")),
        entry(routes("display ipv6 routing-table verbose")),
        entry(routes("display ipv6 routing-table vpn-instance {vrf} verbose")),
    ),
    spell=spell,
    verdicts=VERDICTS,
    setup=("screen-length 0 temporary",),
)
