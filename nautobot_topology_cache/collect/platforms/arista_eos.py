"""Arista EOS: its own JSON first, the text form for what does not answer `| json`."""

from __future__ import annotations

from typing import Any

from nautobot_topology_cache.collect.commands import (
    Command,
    Const,
    Feed,
    Made,
    Platform,
    Port,
    Skip,
    VrfOf,
    Word,
    denied,
    entry,
    not_enabled,
    nothing,
    unsupported,
)
from nautobot_topology_cache.collect.interface_names import spelling
from nautobot_topology_cache.collect.parse.native import unclosed
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms import eos_json
from nautobot_topology_cache.collect.platforms.announced import interface_of

OWN = "nautobot_topology_cache.collect.parse"

spell = spelling(
    {
        "Ethernet": "Ethernet",
        "Port-Channel": "Port-Channel",
        "Management": "Management",
        "Loopback": "Loopback",
        "Vlan": "Vlan",
        "Vxlan": "Vxlan",
        "Tunnel": "Tunnel",
        "Null": "Null",
        "Recirc-Channel": "Recirc-Channel",
    }
)

VERDICTS = (
    unsupported(r"^% ?(Invalid input|Incomplete command|Ambiguous command|Unavailable command|Unrecognized command)"),
    unsupported(r"^% ?This is an unconverted command|^% ?Not supported on this hardware platform"),
    denied(r"^% ?(Authorization denied|Permission denied|Invalid input \(privileged mode required\))"),
    not_enabled(r"^(% ?)?(BGP|LLDP|OSPF|OSPFv3|IS-?IS)\b.*\b(not|in)[ -]?(enabled|running|active|configured)"),
    not_enabled(r"^(!|%)? ?IP(v6)? routing (is )?not enabled"),
    nothing(r"^% ?No .* (found|configured)"),
)

KINDS = {
    "dynamic": "dynamic",
    "learneddynamic": "dynamic",
    "peerdynamic": "dynamic",
    "configureddynamic": "dynamic",
    "learnedremote": "dynamic",
}
KINDS |= dict.fromkeys(("static", "peerstatic", "configuredstatic", "evpnintfstatic", "evpnconfiguredstatic"), "static")

PROTOCOLS = (("ospf", "ospf"), ("bgp", "bgp"), ("isis", "isis"), ("rip", "rip"))
ROUTE_TYPES = {
    "ospfinterarea": "IA",
    "ospfexternaltype1": "E1",
    "ospfexternaltype2": "E2",
    "ospfnssaexternaltype1": "N1",
    "ospfnssaexternaltype2": "N2",
    "ospf3interarea": "IA",
    "ospf3externaltype1": "E1",
    "ospf3externaltype2": "E2",
    "ibgp": "I",
    "ebgp": "E",
    "bgpaggregate": "aggregate",
    "ospfaggregate": "aggregate",
    "isislevel1": "L1",
    "isislevel2": "L2",
}


def kbit(bits: Any) -> int | None:
    """bit/s to kbit/s; EOS prints 0 for what has no speed of its own."""
    return int(bits) // 1000 or None if bits else None


def protocol(route_type: str) -> str:
    """iBGP, ospfExternalType2, isisLevel1 ... to the protocol; other words stay."""
    word = route_type.lower()
    return next((name for part, name in PROTOCOLS if part in word), word)


def route_type(printed: str) -> str:
    """The letters that the text form prints for a sub-type."""
    return ROUTE_TYPES.get(printed.lower(), "")


def next_hop(address: Any, vtep: Any = None) -> str | None:
    """The next hop, or the VTEP in its place; 0.0.0.0 stands for none."""
    return next((text for text in (address, vtep) if text and text not in (eos_json.NO_ADDRESS, "::")), None)


def out_interface(action: Any, interface: Any) -> str:
    """Null0 where the route drops, as the text form has it."""
    return interface or ("Null0" if action == "drop" else "")


def origin(path: Any, word: Any) -> str:
    """The origin code: the last letter of the path, or the first of Igp, Egp, Incomplete."""
    letters = {"igp": "i", "egp": "e", "incomplete": "?"}
    last = str(path or "").split()[-1:]
    return last[0] if last and last[0] in letters.values() else letters.get(str(word or "").lower(), "")


def without_origin(path: Any) -> str:
    """The path without the origin code at its end."""
    parts = str(path or "").split()
    return " ".join(parts[:-1] if parts[-1:] in (["i"], ["e"], ["?"]) else parts)


def unzoned(peer: Any) -> str:
    """The address of a peer; fe80::1%Et5 names its interface too."""
    return str(peer).partition("%")[0]


def zone(peer: Any) -> str:
    """The interface of a link-local peer."""
    interface = str(peer).partition("%")[2]
    return spell(interface) if interface else ""


no_mac = Skip("incomplete", lambda row: not row.get("mac"))

VRFS = Command(
    "show vrf | json",
    eos_json.vrfs,
    lists_vrfs=lambda row: (row["vrf"], row["interfaces"]),
)
VRFS_TEXT = Command("show vrf", Template("arista_eos_show_vrf"), lists_vrfs=lambda row: (row["vrf"], row["interfaces"]))

INTERFACES = Command(
    "show interfaces | json",
    eos_json.interfaces,
    feeds=(
        Feed(
            "interfaces",
            {
                "name": Port("name"),
                "printed_name": "name",
                "enabled": Made(lambda status: status not in ("disabled", "adminDown"), ("interface_status",)),
                "oper_status": "line_protocol",
                "description": "description",
                "mac_address": "mac",
                "mtu": "mtu",
                "speed": Made(kbit, ("bandwidth",)),
                "duplex": Word("duplex", {"duplexfull": "full", "duplexhalf": "half"}, otherwise=""),
                "vrf": VrfOf("name"),
                "lag": Port("lag"),
                "type": "hardware",
            },
        ),
        Feed(
            "ip_addresses",
            {
                "interface": Port("name"),
                "address": "address",
                "prefix_length": "prefix_length",
                "vrf": VrfOf("name"),
                "role": "role",
            },
            each=("address", "prefix_length", "role"),
        ),
    ),
    truncation=unclosed,
)

SWITCHPORTS = Command(
    "show interfaces switchport | json",
    eos_json.switchports,
    feeds=(
        Feed(
            "interfaces",
            {
                "name": Port("name"),
                "mode": "mode",
                "access_vlan": Made(lambda mode, vlan: vlan if mode == "access" else None, ("mode", "access_vlan")),
                "native_vlan": Made(lambda mode, vlan: vlan if mode == "trunk" else None, ("mode", "native_vlan")),
            },
            fills=True,
        ),
    ),
    truncation=unclosed,
)

IPV6_ADDRESSES = Command(
    "show ipv6 interface | json",
    eos_json.ipv6_addresses,
    feeds=(
        Feed(
            "ip_addresses",
            {
                "interface": Port("name"),
                "address": "address",
                "prefix_length": "prefix_length",
                "vrf": "vrf",
                "role": "role",
            },
        ),
    ),
    verdicts=(nothing(r"^% ?No IPv6 configured interfaces"),),
    truncation=unclosed,
)


def resolutions(command: str, parser: Any) -> Command:
    """ARP or IPv6 neighbors: what does not age is static."""
    feed = Feed(
        "arp_entries",
        {
            "interface": Port("interface"),
            "ip_address": "address",
            "mac_address": "mac",
            "vrf": "vrf",
            "entry_type": Made(lambda age: "static" if age in (None, "", "-", "N/A") else "dynamic", ("age",)),
        },
        skip=(no_mac,),
    )
    return Command(command, parser, feeds=(feed,), truncation=unclosed)


MAC_TABLE = Command(
    "show mac address-table | json",
    eos_json.mac_table,
    feeds=(
        Feed(
            "mac_addresses",
            {
                "vlan": "vlan",
                "mac_address": "mac",
                "interface": Port("interface"),
                "entry_type": Word("type", KINDS, otherwise="other"),
            },
        ),
    ),
    truncation=unclosed,
)

LLDP = Command(
    "show lldp neighbors detail | json",
    eos_json.lldp,
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
            },
        ),
    ),
    truncation=unclosed,
)

OSPF = Command(
    "show ip ospf neighbor detail vrf all | json",
    eos_json.ospf,
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
    truncation=unclosed,
)


def bgp_peers(command: str) -> Command:
    """The peers of one address family."""
    feed = Feed(
        "routing_neighbors",
        {
            "protocol": Const("bgp"),
            "vrf": "vrf",
            "address": Made(unzoned, ("peer",)),
            "interface": Made(zone, ("peer",)),
            "state": "state",
            "remote_as": "asn",
        },
    )
    return Command(command, eos_json.bgp_summary, feeds=(feed,), truncation=unclosed)


ISIS = Command(
    "show isis neighbors detail vrf all | json",
    eos_json.isis,
    feeds=(
        Feed(
            "routing_neighbors",
            {
                "protocol": Const("isis"),
                "vrf": "vrf",
                "neighbor_id": "system_id",
                "address": "address",
                "interface": Port("interface"),
                "state": "state",
                "area": "area",
            },
        ),
    ),
    truncation=unclosed,
)


def rib(command: str) -> Command:
    """The routes of one IP version in all VRFs."""
    feed = Feed(
        "routes",
        {
            "vrf": "vrf",
            "prefix": "prefix",
            "protocol": Made(protocol, ("type",)),
            "next_hop": Made(next_hop, ("next_hop", "vtep")),
            "interface": Made(out_interface, ("action", "interface")),
            "next_hop_vrf": "next_hop_vrf",
            "encapsulation": Made(lambda vtep: "vxlan" if vtep else "", ("vtep",)),
            "active": Made(lambda installed: installed is not False, ("installed",)),
            "route_type": Made(route_type, ("type",)),
            "distance": "preference",
            "metric": "metric",
            "tag": "tag",
        },
    )
    return Command(command, eos_json.routes, feeds=(feed,), truncation=unclosed)


def bgp_table(command: str) -> Command:
    """The BGP paths of one IP version in all VRFs."""
    feed = Feed(
        "bgp_routes",
        {
            "vrf": "vrf",
            "prefix": "prefix",
            "next_hop": Made(next_hop, ("next_hop",)),
            "metric": "metric",
            "local_pref": "local_pref",
            "weight": "weight",
            "as_path": Made(without_origin, ("path",)),
            "origin": Made(origin, ("path", "origin")),
            "valid": "valid",
            "best": "active",
        },
    )
    return Command(command, eos_json.bgp_paths, feeds=(feed,), truncation=unclosed)


PLATFORM = Platform(
    driver="arista_eos",
    netmiko="arista_eos",
    entries=(
        entry(VRFS, VRFS_TEXT),
        entry(INTERFACES),
        entry(SWITCHPORTS),
        entry(IPV6_ADDRESSES),
        entry(
            resolutions("show arp vrf all | json", eos_json.arp),
            resolutions("show ip arp vrf all | json", eos_json.arp),
        ),
        entry(resolutions("show ipv6 neighbors vrf all | json", eos_json.ipv6_neighbors)),
        entry(MAC_TABLE),
        entry(LLDP),
        entry(OSPF),
        entry(bgp_peers("show ip bgp summary vrf all | json")),
        entry(bgp_peers("show ipv6 bgp summary vrf all | json")),
        entry(ISIS),
        entry(rib("show ip route vrf all | json")),
        entry(rib("show ipv6 route vrf all | json")),
        entry(bgp_table("show ip bgp vrf all | json")),
        entry(bgp_table("show ipv6 bgp vrf all | json")),
    ),
    spell=spell,
    verdicts=VERDICTS,
    enable=True,
    setup=("terminal length 0", "terminal width 32767"),
)
