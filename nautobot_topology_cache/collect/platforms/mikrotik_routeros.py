"""MikroTik RouterOS 6 and 7, by its `terse` form. Names of interfaces are the administrator's."""

from __future__ import annotations

import ipaddress

from nautobot_topology_cache.collect.commands import (
    Command,
    Const,
    Feed,
    Made,
    Platform,
    Skip,
    Source,
    VrfOf,
    denied,
    entry,
    not_enabled,
    unsupported,
)
from nautobot_topology_cache.collect.parse.terse import Terse, terse
from nautobot_topology_cache.collect.platforms.announced import first_address, interface_of
from nautobot_topology_cache.collect.results import Row

PROTOCOLS = {
    "C": "connected",
    "c": "connected",
    "b": "bgp",
    "o": "ospf",
    "r": "rip",
    "i": "isis",
    "d": "dhcp",
    "v": "vpn",
    "m": "mme",
    "S": "static",
    "s": "static",
}
"""Flags of routes in both releases; the first that is set counts."""

DISABLED = Skip("disabled", lambda row: "X" in row["flags"])


def spell(printed: str) -> str:
    """As printed."""
    return printed.strip()


def vrf(table: str) -> str:
    """The main routing table is the default VRF."""
    return "" if table == "main" else table


def mtu(actual: str, configured: str) -> str | None:
    """`auto` says nothing."""
    return actual or (configured if configured.isdigit() else None)


def is_address(printed: str) -> bool:
    try:
        ipaddress.ip_address(printed.partition("%")[0])
    except ValueError:
        return False
    return True


def gateways(row: Row) -> list[Row]:
    """One row per gateway: an address, an interface, or both. The way to it is taken only where it is direct."""
    listed = [gateway for gateway in row["gateway"].split(",") if gateway]
    states = row["gateway-status"].split(",")
    immediate = [way for way in row["immediate-gw"].split(",") if way]
    return [
        {**row, **_way(gateway, next((one for one in states if one.startswith(gateway)), ""), immediate)}
        for gateway in listed
    ] or [{**row, "next_hop": None, "port": "", "table": ""}]


def _way(gateway: str, state: str, immediate: list[str]) -> Row:
    """`192.0.2.1`, `192.0.2.1%ether1`, `192.0.2.1@table`, or an interface, whose name may hold an `@` too."""
    head, _, table = gateway.partition("@")
    if not is_address(head):
        return {"next_hop": None, "port": gateway, "table": ""}
    address, _, port = head.partition("%")
    reached = state.partition("reachable via")[2].strip() if "recursive" not in state else ""
    direct = [way.partition("%")[2] for way in immediate if way.partition("%")[0] == address]
    return {"next_hop": address, "port": port or reached or next(iter(direct), ""), "table": table}


def protocol(flags: str) -> str:
    """By the flags; a route of no known kind says so."""
    return next((name for letter, name in PROTOCOLS.items() if letter in flags), "unknown")


def heard(row: Row) -> list[Row]:
    """One row per protocol that was heard; releases that do not tell it send LLDP's own words along."""
    told = row["discovered-by"].split(",") if row["discovered-by"] else ["lldp"] if row["system-caps"] else [""]
    return [{**row, "heard": one if one in ("cdp", "lldp") else ""} for one in told]


def command(text: str, parser: Terse, *feeds: Feed) -> Command:
    """A `print` of which nothing comes where nothing is."""
    return Command(f"{text} print terse without-paging", parser, feeds=feeds, blank_is_empty=True)


def vrfs(text: str, name: str) -> Command:
    """The list of VRFs, each with the interfaces in it."""
    return Command(
        f"{text} print terse without-paging",
        terse(name, "interfaces"),
        lists_vrfs=lambda row: (
            vrf(row[name]),
            [port for port in row["interfaces"].split(",") if port not in ("", "all", "none")],
        ),
        blank_is_empty=True,
    )


INTERFACES = command(
    "interface",
    terse("name", "type", "mtu", "actual-mtu", "mac-address", "comment"),
    Feed(
        "interfaces",
        {
            "name": "name",
            "printed_name": "name",
            "enabled": Made(lambda flags: "X" not in flags, ("flags",)),
            "oper_status": Made(lambda flags: "up" if "R" in flags else "down", ("flags",)),
            "description": "comment",
            "mac_address": "mac-address",
            "mtu": Made(mtu, ("actual-mtu", "mtu")),
            "vrf": VrfOf("name"),
            "type": "type",
        },
    ),
)

BONDS = command(
    "interface bonding",
    terse("name", "slaves"),
    Feed(
        "interfaces",
        {"name": "slaves", "lag": "name"},
        reshape=lambda row: ({**row, "slaves": port} for port in row["slaves"].split(",") if port),
        fills=True,
    ),
)

VLANS = command(
    "interface vlan",
    terse("name", "interface"),
    Feed("interfaces", {"name": "name", "parent": "interface"}, fills=True),
)


def addresses(text: str, role: Source) -> Command:
    """The addresses of one IP version; a bridge may hold what was given to its port."""
    return command(
        text,
        terse("address", "interface", "actual-interface"),
        Feed(
            "ip_addresses",
            {
                "interface": Made(lambda actual, given: actual or given, ("actual-interface", "interface")),
                "address": "address",
                "prefix_length": Made(lambda printed: printed.partition("/")[2], ("address",)),
                "vrf": VrfOf("interface"),
                "role": role,
            },
            skip=(DISABLED,),
        ),
    )


def resolutions(text: str, kind: Source) -> Command:
    """ARP entries or IPv6 neighbors."""
    return command(
        text,
        terse("address", "mac-address", "interface"),
        Feed(
            "arp_entries",
            {
                "interface": "interface",
                "ip_address": "address",
                "mac_address": "mac-address",
                "vrf": VrfOf("interface"),
                "entry_type": kind,
            },
            skip=(DISABLED, Skip("incomplete", lambda row: not row["mac-address"].strip("0:"))),
        ),
    )


BRIDGE_HOSTS = command(
    "interface bridge host",
    terse("mac-address", "vid", "interface", "on-interface", "bridge"),
    Feed(
        "mac_addresses",
        {
            "vlan": "vid",
            "vlan_name": "bridge",
            "mac_address": "mac-address",
            "interface": Made(lambda port, name: port or name, ("on-interface", "interface")),
            "entry_type": Made(
                lambda flags: "other" if "L" in flags else "dynamic" if "D" in flags else "static", ("flags",)
            ),
        },
        skip=(DISABLED,),
    ),
)

NEIGHBORS = command(
    "ip neighbor",
    terse(
        "interface",
        "address",
        "address4",
        "address6",
        "mac-address",
        "identity",
        "platform",
        "version",
        "interface-name",
        "system-description",
        "system-caps",
        "system-caps-enabled",
        "discovered-by",
    ),
    Feed(
        "neighbors",
        {
            "protocol": "heard",
            "local_interface": Made(lambda ports: ports.partition(",")[0], ("interface",)),
            "neighbor_name": "identity",
            "neighbor_interface": Made(interface_of, ("interface-name",)),
            "chassis_id": Made(lambda mac, by: mac if by == "lldp" else "", ("mac-address", "heard")),
            "port_id": "interface-name",
            "neighbor_ip": Made(
                lambda *printed: first_address([one for one in printed if one]), ("address", "address4", "address6")
            ),
            "platform": "platform",
            "capabilities": Made(lambda on, able: on or able, ("system-caps-enabled", "system-caps")),
            "description": Made(lambda said, version: said or version, ("system-description", "version")),
        },
        reshape=heard,
        makes=("heard",),
        skip=(Skip("MNDP, or a protocol that is not told", lambda row: not row["heard"]),),
    ),
)

OSPF = command(
    "routing ospf neighbor",
    terse("router-id", "address", "interface", "state", "area"),
    Feed(
        "routing_neighbors",
        {
            "protocol": Const("ospf"),
            "vrf": VrfOf("interface"),
            "neighbor_id": "router-id",
            "address": Made(lambda printed: printed.partition("%")[0], ("address",)),
            # Release 7 has the interface behind the address of an IPv6 neighbor, and nowhere else.
            "interface": Made(lambda port, address: port or address.partition("%")[2], ("interface", "address")),
            "state": "state",
            "area": "area",
        },
    ),
)

BGP_SESSIONS = command(
    "routing bgp session",
    terse("remote.address", "remote.as", "remote.id", "vrf"),
    Feed(
        "routing_neighbors",
        {
            "protocol": Const("bgp"),
            "vrf": Made(vrf, ("vrf",)),
            "neighbor_id": "remote.id",
            "address": "remote.address",
            "state": Made(lambda flags: "established" if "E" in flags else "down", ("flags",)),
            "remote_as": "remote.as",
        },
    ),
)

BGP_PEERS = command(
    "routing bgp peer",
    terse("remote-address", "remote-as", "remote-id", "state"),
    Feed(
        "routing_neighbors",
        {
            "protocol": Const("bgp"),
            "neighbor_id": "remote-id",
            "address": "remote-address",
            "state": Made(
                lambda flags, state: state or ("established" if "E" in flags else "down"), ("flags", "state")
            ),
            "remote_as": "remote-as",
        },
        skip=(DISABLED,),
    ),
)


def routes(text: str) -> Command:
    """The routes of one IP version in all VRFs."""
    return command(
        text,
        terse(
            "dst-address",
            "gateway",
            "gateway-status",
            "immediate-gw",
            "distance",
            "routing-mark",
            "routing-table",
            "type",
        ),
        Feed(
            "routes",
            {
                "vrf": Made(lambda table, mark: vrf(table) or mark, ("routing-table", "routing-mark")),
                "prefix": "dst-address",
                "protocol": Made(protocol, ("flags",)),
                "next_hop": "next_hop",
                "interface": "port",
                "next_hop_vrf": Made(vrf, ("table",)),
                "active": Made(lambda flags: "A" in flags, ("flags",)),
                "route_type": Made(lambda kind: "" if kind == "unicast" else kind, ("type",)),
                "distance": "distance",
            },
            reshape=gateways,
            makes=("next_hop", "port", "table"),
            skip=(DISABLED,),
        ),
    )


PLATFORM = Platform(
    driver="mikrotik_routeros",
    netmiko="mikrotik_routeros",
    entries=(
        entry(vrfs("ip vrf", "name"), vrfs("ip route vrf", "routing-mark")),
        entry(INTERFACES),
        entry(BONDS),
        entry(VLANS),
        entry(addresses("ip address", Const("primary"))),
        entry(
            addresses(
                "ipv6 address",
                Made(lambda printed: "link_local" if printed.lower().startswith("fe80:") else "primary", ("address",)),
            )
        ),
        entry(resolutions("ip arp", Made(lambda flags: "dynamic" if "D" in flags else "static", ("flags",)))),
        entry(resolutions("ipv6 neighbor", Const("dynamic"))),
        entry(BRIDGE_HOSTS),
        entry(NEIGHBORS),
        entry(OSPF),
        entry(BGP_SESSIONS, BGP_PEERS),
        entry(routes("ip route")),
        entry(routes("ipv6 route")),
    ),
    spell=spell,
    verdicts=(
        denied(r"^not enough permissions|^.*\bnot permitted"),
        unsupported(r"^(bad command name|syntax error|expected (end of )?command|input does not match|no such item)"),
        not_enabled(r"^.*package .* (is )?(disabled|not enabled)"),
    ),
)
"""netmiko asks for a terminal without colors and pages at the login, behind the user's name."""
