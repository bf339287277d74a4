"""Cisco NX-OS: its own JSON first, the text form for what does not answer `| json`."""

from __future__ import annotations

import re
from typing import Any

from nautobot_topology_cache.collect.commands import (
    Command,
    Const,
    Feed,
    Made,
    Parser,
    Platform,
    Port,
    Skip,
    Source,
    VrfOf,
    Word,
    denied,
    entry,
    not_enabled,
    unsupported,
)
from nautobot_topology_cache.collect.interface_names import spelling
from nautobot_topology_cache.collect.parse.native import unclosed
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms import nxos_json
from nautobot_topology_cache.collect.platforms.announced import interface_of

OWN = "nautobot_topology_cache.collect.parse"

spell = spelling({"port-channel": "port-channel", "loopback": "loopback", "mgmt": "mgmt", "nve": "nve"})

VERDICTS = (
    denied(r"^% ?Permission denied"),
    unsupported(r"^% ?(Invalid|Incomplete|Ambiguous) (command|input|number)"),
    unsupported(r"\b(json|xml|structured) output .*(unsupported|not supported)|does not support (json|xml|structured)"),
    not_enabled(r"^(Note: )?\s*process currently not running|\bnot (currently )?(enabled|running)\b"),
)

PROTOCOLS = {"direct": "connected", "attached": "connected"}


def protocol(client: str) -> str:
    """The source of a route without its instance: `ospf-UNDERLAY`, `bgp-64520`; `direct` is connected."""
    word = re.split(r"-(?!\d+v)", client, maxsplit=1)[0].lower()
    return "ospf" if word == "ospfv3" else PROTOCOLS.get(word, word)


def next_hop(printed: Any) -> str | None:
    """The address before `%vrf`."""
    return str(printed).partition("%")[0] if printed else None


def next_hop_vrf(printed: Any, vrf: Any) -> str:
    """The VRF of the next hop, printed on its own or behind the address."""
    return str(vrf or "") or str(printed or "").partition("%")[2]


def kbit(bandwidth: Any, speed: Any) -> int | None:
    """The speed of a port in kbit/s: `1000 Mb/s`, `10 Gb/s`, or nothing when it is still negotiated."""
    found = re.fullmatch(r"([\d.]+) ?([MG])b/s", str(speed or "").strip())
    return int(float(found[1]) * (1000 if found[2] == "M" else 1_000_000)) if found else None


def vlan_id(printed: Any) -> Any:
    """A VLAN number; `--` and words such as `trunk` are none."""
    return printed if str(printed).isdigit() else None


def channel(number: Any) -> str:
    """The port channel of a member, by number or by name."""
    text = str(number or "").strip()
    return f"port-channel{text}" if text.isdigit() else spell(text) if text.lower().startswith("po") else ""


def length_of(printed: Any) -> int | None:
    """The length behind an address, if there is one."""
    length = str(printed).partition("/")[2]
    return int(length) if length else None


def kind_of(age: Any) -> str:
    """An ARP entry that does not age is static."""
    return "static" if str(age or "").strip() in ("", "-") else "dynamic"


ORIGINS = {"igp": "i", "egp": "e", "incomplete": "?"}
VALID = ("*", "valid", "true")
BEST = (">", "bestpath", "best", "true")

incomplete = Skip("incomplete", lambda row: str(row.get("mac") or "").upper() in ("", "INCOMPLETE"))

VRFS = Command(
    "show vrf interface | json",
    nxos_json.vrf_interfaces,
    lists_vrfs=lambda row: (row["vrf"], (row["interface"],)),
    truncation=unclosed,
)
VRFS_TEXT = Command(
    "show vrf interface",
    Template("cisco_nxos_show_vrf_interface"),
    lists_vrfs=lambda row: (row["name"], (row["interface"],)),
)


def interface_feed(**more: str | Source) -> Feed:
    """The interface table, from the names that both forms share."""
    sources: dict[str, str | Source] = {
        "name": Port("name"),
        "printed_name": "name",
        "oper_status": Word("state", {"up": "up"}, otherwise="down"),
        "description": "description",
        "mac_address": "mac",
        "mtu": "mtu",
        "speed": Made(kbit, ("bandwidth", "speed")),
        "duplex": Word("duplex", {"full": "full", "half": "half", "auto": "auto"}, otherwise=""),
        "vrf": VrfOf("name"),
        "type": "hardware",
    }
    return Feed("interfaces", {**sources, **more})


INTERFACES = Command(
    "show interface | json",
    nxos_json.interfaces,
    feeds=(
        interface_feed(
            enabled=Made(lambda admin, state: (admin or state) == "up", ("admin", "state")),
            lag=Made(channel, ("bundle",)),
        ),
    ),
    truncation=unclosed,
)

BRIEF = Command(
    "show interface brief | json",
    nxos_json.interface_brief,
    feeds=(
        Feed(
            "interfaces",
            {
                "name": Port("name"),
                "mode": Word("mode", {"routed": "", "access": "access", "trunk": "trunk"}),
                "access_vlan": Made(lambda mode, vlan: vlan_id(vlan) if mode == "access" else None, ("mode", "vlan")),
                "native_vlan": Made(lambda mode, vlan: vlan_id(vlan) if mode == "trunk" else None, ("mode", "vlan")),
                "lag": Made(channel, ("bundle",)),
            },
            fills=True,
        ),
    ),
    truncation=unclosed,
)


def addresses(command: str, parser: Parser) -> Command:
    """Addresses of one IP version; IPv6 ones carry their length."""
    length = "prefix_length" if "prefix_length" in parser.columns else Made(length_of, ("address",))
    feed = Feed(
        "ip_addresses",
        {"interface": Port("interface"), "address": "address", "prefix_length": length, "vrf": "vrf", "role": "role"},
    )
    return Command(command, parser, feeds=(feed,), blank_is_empty=True, truncation=unclosed)


ARP_JSON = Command(
    "show ip arp detail vrf all | json",
    nxos_json.arp,
    feeds=(
        Feed(
            "arp_entries",
            {
                "interface": Port("interface"),
                "ip_address": "address",
                "mac_address": "mac",
                "vrf": VrfOf("interface"),
                "entry_type": Made(kind_of, ("age",)),
            },
            skip=(incomplete,),
        ),
    ),
    blank_is_empty=True,
    truncation=unclosed,
)

IPV6_NEIGHBORS = Command(
    "show ipv6 neighbor vrf all | json",
    nxos_json.ipv6_neighbors,
    feeds=(
        Feed(
            "arp_entries",
            {
                "interface": Port("interface"),
                "ip_address": "address",
                "mac_address": "mac",
                "vrf": VrfOf("interface"),
                "entry_type": Made(kind_of, ("age",)),
            },
            skip=(incomplete,),
        ),
    ),
    blank_is_empty=True,
    truncation=unclosed,
)

MAC_TABLE = Command(
    "show mac address-table | json",
    nxos_json.mac_table,
    feeds=(
        Feed(
            "mac_addresses",
            {
                "vlan": "vlan",
                "mac_address": "mac",
                "interface": Port("port"),
                "entry_type": Word("type", {"dynamic": "dynamic", "static": "static"}, otherwise="other"),
            },
        ),
    ),
    blank_is_empty=True,
    truncation=unclosed,
)

CDP = Command(
    "show cdp neighbors detail | json",
    nxos_json.cdp,
    feeds=(
        Feed(
            "neighbors",
            {
                "protocol": Const("cdp"),
                "local_interface": Port("local_interface"),
                "neighbor_name": "device_id",
                "neighbor_interface": Made(interface_of, ("port_id",)),
                "port_id": "port_id",
                "neighbor_ip": "address",
                "platform": "platform",
                "capabilities": "capabilities",
                "description": "version",
                "native_vlan": Made(vlan_id, ("native_vlan",)),
            },
        ),
    ),
    blank_is_empty=True,
    truncation=unclosed,
)

LLDP = Command(
    "show lldp neighbors detail | json",
    nxos_json.lldp,
    feeds=(
        Feed(
            "neighbors",
            {
                "protocol": Const("lldp"),
                "local_interface": Port("local_interface"),
                "neighbor_name": "name",
                "neighbor_interface": Made(interface_of, ("port_id", "port_description")),
                "chassis_id": "chassis_id",
                "port_id": "port_id",
                "port_description": "port_description",
                "neighbor_ip": "address",
                "capabilities": "capabilities",
                "description": "description",
                "native_vlan": Made(vlan_id, ("vlan",)),
            },
        ),
    ),
    blank_is_empty=True,
    truncation=unclosed,
)

OSPF = Command(
    "show ip ospf neighbors detail vrf all | json",
    nxos_json.ospf,
    feeds=(
        Feed(
            "routing_neighbors",
            {
                "protocol": Const("ospf"),
                "vrf": "vrf",
                "neighbor_id": "router_id",
                "address": "address",
                "interface": Port("interface"),
                "state": "state",
                "area": "area",
            },
        ),
    ),
    blank_is_empty=True,
    truncation=unclosed,
)

BGP_PEERS = Command(
    "show bgp all summary vrf all | json",
    nxos_json.bgp_summary,
    feeds=(
        Feed(
            "routing_neighbors",
            {"protocol": Const("bgp"), "vrf": "vrf", "address": "peer", "state": "state", "remote_as": "asn"},
        ),
    ),
    blank_is_empty=True,
    truncation=unclosed,
)

ISIS = Command(
    "show isis adjacency vrf all | json",
    nxos_json.isis,
    feeds=(
        Feed(
            "routing_neighbors",
            {
                "protocol": Const("isis"),
                "vrf": "vrf",
                "neighbor_id": "system_id",
                "interface": Port("interface"),
                "state": "state",
            },
        ),
    ),
    blank_is_empty=True,
    truncation=unclosed,
)

EIGRP = Command(
    "show ip eigrp neighbors vrf all | json",
    nxos_json.eigrp,
    feeds=(
        Feed(
            "routing_neighbors",
            {
                "protocol": Const("eigrp"),
                "vrf": "vrf",
                "address": "address",
                "interface": Port("interface"),
                "state": Const("up"),
                "remote_as": "asn",
            },
        ),
    ),
    blank_is_empty=True,
    truncation=unclosed,
)


def rib(command: str) -> Command:
    """The routes of one IP version in all VRFs."""
    feed = Feed(
        "routes",
        {
            "vrf": "vrf",
            "prefix": "prefix",
            "protocol": Made(protocol, ("client",)),
            "next_hop": Made(next_hop, ("next_hop",)),
            "interface": Port("interface"),
            "next_hop_vrf": Made(next_hop_vrf, ("next_hop", "next_hop_vrf")),
            "encapsulation": Made(lambda word: str(word or "").lower(), ("encapsulation",)),
            "active": Made(lambda best: str(best).lower() != "false", ("best",)),
            "route_type": "type",
            "distance": "preference",
            "metric": "metric",
            "tag": "tag",
        },
    )
    return Command(command, nxos_json.routes, feeds=(feed,), blank_is_empty=True, truncation=unclosed)


def bgp_table(command: str) -> Command:
    """The BGP paths of one IP version in all VRFs."""
    feed = Feed(
        "bgp_routes",
        {
            "vrf": "vrf",
            "prefix": "prefix",
            "next_hop": "next_hop",
            "metric": "metric",
            "local_pref": "local_pref",
            "weight": "weight",
            "as_path": "as_path",
            "origin": Word("origin", ORIGINS),
            "valid": Made(lambda status: any(word in str(status).lower() for word in VALID), ("status",)),
            "best": Made(lambda best: str(best).lower() in BEST, ("best",)),
        },
    )
    return Command(command, nxos_json.bgp_paths, feeds=(feed,), blank_is_empty=True, truncation=unclosed)


PLATFORM = Platform(
    driver="cisco_nxos",
    netmiko="cisco_nxos",
    entries=(
        entry(VRFS, VRFS_TEXT),
        entry(INTERFACES),
        entry(BRIEF),
        entry(addresses("show ip interface vrf all | json", nxos_json.ip_addresses)),
        entry(addresses("show ipv6 interface vrf all | json", nxos_json.ipv6_addresses)),
        entry(ARP_JSON),
        entry(IPV6_NEIGHBORS),
        entry(MAC_TABLE),
        entry(CDP),
        entry(LLDP),
        entry(OSPF),
        entry(BGP_PEERS),
        entry(ISIS),
        entry(EIGRP),
        entry(rib("show ip route vrf all | json")),
        entry(rib("show ipv6 route vrf all | json")),
        entry(bgp_table("show bgp ipv4 unicast vrf all | json")),
        entry(bgp_table("show bgp ipv6 unicast vrf all | json")),
    ),
    spell=spell,
    verdicts=VERDICTS,
    setup=("terminal length 0", "terminal width 511"),
)
