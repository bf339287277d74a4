"""Palo Alto PAN-OS. A virtual router is a VRF, the one called `default` the default one."""

from __future__ import annotations

import re
from ipaddress import IPv4Network

from nautobot_topology_cache.collect.commands import (
    Command,
    Const,
    Feed,
    Made,
    Platform,
    Skip,
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
from nautobot_topology_cache.collect.parse.endings import closed, counted
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms.announced import first_address, interface_of
from nautobot_topology_cache.collect.results import Row

OWN = "nautobot_topology_cache.collect.parse"
PROTOCOLS = {"C": "connected", "H": "local", "S": "static", "R": "rip", "O": "ospf", "B": "bgp", "~": "internal"}
TYPES = {"Oo": "IA", "O1": "E1", "O2": "E2"}


def spell(printed: str) -> str:
    """As printed."""
    return printed.strip()


def vr(forwarding: str) -> str:
    """`vr:edge` is the virtual router edge; `N/A`, `ha` and the like are none."""
    kind, _, name = forwarding.partition(":")
    return name if kind == "vr" else ""


def logical_only(row: Row) -> bool:
    """Whether a logical interface is the whole of a hardware one, which is listed with its own values."""
    return not row["mac_address"] and "." not in row["interface"]


def addresses(row: Row) -> list[Row]:
    """One row per address."""
    return [{**row, "address": address} for address in row["ip_address"] if re.match(r"[\da-fA-F:.]+/\d", address)]


def unset(column: str) -> Skip:
    """Leaves out an address that is not there: nothing, or `unknown`."""
    return Skip("no address", lambda row: row[column] in ("", "unknown"))


def kind(flags: str) -> str:
    """The letters for the protocol: without those for active, ECMP and loose."""
    return re.sub(r"[A?EM\s]", "", flags)


def protocol(flags: str) -> str:
    """The protocol by its letter."""
    letter = kind(flags)[:1]
    return PROTOCOLS.get(letter, letter)


def next_hop(printed: str, flags: str) -> str | None:
    """A connected network prints the device's own address; another virtual router is no address."""
    own = kind(flags)[:1] in ("C", "H")
    return None if own or printed in ("0.0.0.0", "::", "discard") or printed.startswith("vr ") else printed  # noqa: S104


VRFS = Command(
    "show interface logical",
    Template("paloalto_panos_show_interface_all"),
    lists_vrfs=lambda row: (vr(row["forwarding"]), (row["interface"],)),
)

INTERFACES = Command(
    "show interface all",
    Template("paloalto_panos_show_interface_all"),
    feeds=(
        Feed(
            "interfaces",
            {
                "name": "interface",
                "printed_name": "interface",
                "parent": Made(parent, ("interface",)),
                "oper_status": Made(lambda state: state.partition("(")[0].strip("[]").replace("n/a", ""), ("state",)),
                "mac_address": "mac_address",
                "speed": Made(lambda printed: int(printed) * 1000 if printed.isdigit() else None, ("speed",)),
                "duplex": Word("duplex", {"full": "full", "half": "half"}, otherwise=""),
                "access_vlan": Made(lambda tag: tag if tag not in ("", "0") else None, ("vlan_id",)),
                "vrf": VrfOf("interface"),
            },
            skip=(Skip("listed as hardware", logical_only),),
        ),
        Feed(
            "ip_addresses",
            {
                "interface": "interface",
                "address": "address",
                "prefix_length": Made(lambda printed: printed.partition("/")[2], ("address",)),
                "vrf": Made(vr, ("forwarding",)),
            },
            reshape=addresses,
            makes=("address",),
        ),
    ),
)

MANAGEMENT = Command(
    "show interface management",
    Template("paloalto_panos_show_interface_management"),
    feeds=(
        Feed(
            "interfaces",
            {"name": Const("management"), "printed_name": "name", "mac_address": "mac_address"},
        ),
        Feed(
            "ip_addresses",
            {
                "interface": Const("management"),
                "address": "ipv4_address",
                "prefix_length": Made(lambda mask: IPv4Network(f"0.0.0.0/{mask}").prefixlen, ("ipv4_netmask",)),
            },
            skip=(unset("ipv4_address"),),
        ),
        Feed(
            "ip_addresses",
            {
                "interface": Const("management"),
                "address": "ipv6_address",
                "prefix_length": Made(lambda printed: printed.partition("/")[2], ("ipv6_address",)),
            },
            skip=(unset("ipv6_address"),),
        ),
        Feed(
            "ip_addresses",
            {
                "interface": Const("management"),
                "address": "ipv6_linklocal",
                "prefix_length": Made(lambda printed: printed.partition("/")[2], ("ipv6_linklocal",)),
                "role": Const("link_local"),
            },
            skip=(unset("ipv6_linklocal"),),
        ),
    ),
)
"""The port of the management plane, which no virtual router has."""

AGGREGATES = Command(
    "show lacp aggregate-ethernet all",
    Template("paloalto_panos_show_lacp_aggregate-ethernet_all"),
    feeds=(
        Feed(
            "interfaces",
            {"name": "member_interface", "lag": "bundle_name"},
            each=("member_interface",),
            fills=True,
        ),
    ),
    blank_is_empty=True,
    verdicts=(headed(r"^LACP\s*:"),),
)

ARP = Command(
    "show arp all",
    Template("paloalto_panos_show_arp_all"),
    feeds=(
        Feed(
            "arp_entries",
            {
                "interface": "interface",
                "ip_address": "ip_address",
                "mac_address": "mac_address",
                "vrf": VrfOf("interface"),
                "entry_type": Word("status", {"s": "static"}, otherwise="dynamic"),
            },
            skip=(Skip("incomplete", lambda row: row["mac_address"] == "incomplete"),),
        ),
    ),
    verdicts=(nothing(r"^total ARP entries in table\s*:\s*0\b"),),
    unfinished=counted(r"^total ARP entries shown\s*:\s*(\d+)", r"^\S+\s+\d+(\.\d+){3}\s"),
)

MAC_TABLE = Command(
    "show mac all",
    Template("paloalto_panos_show_mac_all"),
    feeds=(
        Feed(
            "mac_addresses",
            {
                "vlan": Made(lambda name: name if name.isdigit() else None, ("vlan_id",)),
                "vlan_name": Made(lambda name: "" if name.isdigit() else name, ("vlan_id",)),
                "mac_address": "mac_address",
                "interface": "interface",
                "entry_type": Word("status", {"s": "static"}, otherwise="dynamic"),
            },
        ),
    ),
    verdicts=(nothing(r"^total MAC entries in table\s*:\s*0\b"),),
)

LLDP = Command(
    "show lldp neighbors all",
    Template("paloalto_panos_show_lldp_neighbors_all"),
    feeds=(
        Feed(
            "neighbors",
            {
                "protocol": Const("lldp"),
                "local_interface": "local_interface",
                "neighbor_name": "neighbor_name",
                "neighbor_interface": Made(interface_of, ("neighbor_interface", "neighbor_interface_description")),
                "chassis_id": "chassis_id",
                "port_id": "neighbor_interface",
                "port_description": "neighbor_interface_description",
                "neighbor_ip": Made(first_address, ("mgmt_address",)),
                "capabilities": "capabilities",
                "description": "neighbor_description",
            },
            skip=(Skip("nobody on this port", lambda row: not row["chassis_id"]),),
        ),
    ),
    blank_is_empty=True,
    # What was not announced has an empty line of its own.
    truncation=closed(
        r"^\s*Neighbor information:",
        r"^\s*Chassis (type|ID):",
        r"^\s*(System (name|description|capabilities)|Supported|Enabled|Management address):",
    ),
)

BGP = Command(
    "show routing protocol bgp summary",
    Template("paloalto_panos_show_bgp_summary", OWN),
    feeds=(
        Feed(
            "routing_neighbors",
            {
                "protocol": Const("bgp"),
                "vrf": "virtual_router",
                "address": "address",
                "state": "state",
                "remote_as": "remote_as",
            },
        ),
    ),
    blank_is_empty=True,
    verdicts=(headed(r"^\s*router id:"),),
)

OSPF = Command(
    "show routing protocol ospf neighbor",
    Template("paloalto_panos_show_ospf_neighbor", OWN),
    feeds=(
        Feed(
            "routing_neighbors",
            {
                "protocol": Const("ospf"),
                "vrf": "virtual_router",
                "neighbor_id": "neighbor_id",
                "address": "address",
                "state": Word("state", {"2-way": "2way", "two way": "2way"}),
                "area": "area",
            },
            whole=("neighbor_id", "state", "area"),
        ),
    ),
    blank_is_empty=True,
    verdicts=(headed(r"^\s*Options: 0x80:reserved"),),
)

ROUTES = Command(
    "show routing route",
    Template("paloalto_panos_show_routing_route", OWN),
    feeds=(
        Feed(
            "routes",
            {
                "vrf": "virtual_router",
                "prefix": "prefix",
                "protocol": Made(protocol, ("flags",)),
                "next_hop": Made(next_hop, ("next_hop", "flags")),
                "interface": "interface",
                "next_hop_vrf": Made(
                    lambda printed: printed.partition(" ")[2].strip() if printed.startswith("vr ") else "",
                    ("next_hop",),
                ),
                "active": Made(lambda flags: flags.startswith("A"), ("flags",)),
                "route_type": Made(lambda flags: TYPES.get(kind(flags)[:2], ""), ("flags",)),
                "metric": "metric",
            },
            skip=(Skip("multicast", lambda row: row["flags"].split()[-1:] == ["M"]),),
        ),
    ),
    verdicts=(nothing(r"^\s*total routes shown:\s*0\b"),),
)

PLATFORM = Platform(
    driver="paloalto_panos",
    netmiko="paloalto_panos",
    entries=(
        entry(VRFS),
        entry(INTERFACES),
        entry(MANAGEMENT),
        entry(AGGREGATES),
        entry(ARP),
        entry(MAC_TABLE),
        entry(LLDP),
        entry(OSPF),
        entry(BGP),
        entry(ROUTES),
    ),
    spell=spell,
    verdicts=(
        denied(r"^.*(Permission denied|not authorized|insufficient privilege)"),
        unsupported(r"^\s*(Invalid syntax|Unknown command|Server error ?: .*(is not|unexpected|not a valid))"),
        not_enabled(r"^\s*LLDP .*(not enabled|disabled)"),
    ),
    setup=("set cli scripting-mode on", "set cli pager off", "set cli terminal width 500"),
)
