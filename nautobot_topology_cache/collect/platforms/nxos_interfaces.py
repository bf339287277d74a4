"""NX-OS: its VRFs, its interfaces and their addresses."""

from __future__ import annotations

from typing import Any

from nautobot_topology_cache.collect.commands import (
    Column,
    Command,
    Feed,
    Made,
    Parser,
    Port,
    VrfOf,
    Word,
    headed,
)
from nautobot_topology_cache.collect.interface_names import parent, spelling
from nautobot_topology_cache.collect.normalize import kbits
from nautobot_topology_cache.collect.parse.native import unclosed
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms import nxos_json

OWN = "nautobot_topology_cache.collect.parse"

spell = spelling(
    {"port-channel": "port-channel", "loopback": "loopback", "mgmt": "mgmt", "management": "mgmt", "veth": "Vethernet"}
)

MODES = {"--": "", "routed": "routed"}


def kbit(speed: Any, bandwidth: Any) -> int | None:
    """The negotiated speed or the bandwidth."""
    return kbits(speed) or (int(bandwidth) if bandwidth else None)


def enabled(admin: Any, reason: Any) -> bool:
    """False only if the device says so; older releases say it in the reason alone."""
    return str(admin or "").lower() != "down" and "administratively down" not in str(reason or "").lower()


def vlan_id(printed: Any) -> str | None:
    """A VLAN number; `--`, `-` and `not advertised` are none."""
    return str(printed) if str(printed or "").isdigit() else None


def channel(printed: Any) -> str:
    """The port channel of a member, by number or by name."""
    text = str(printed or "").strip()
    return f"port-channel{text}" if text.isdigit() else spell(text) if text.lower().startswith("po") else ""


def length_of(address: Any) -> int | None:
    """The length behind an address, if there is one."""
    length = str(address).partition("/")[2]
    return int(length) if length else None


def role_of(address: Any, printed: Any) -> str:
    """Secondary if it is printed, link-local by the address itself."""
    return (
        "secondary"
        if printed == "secondary"
        else "link_local"
        if str(address).lower().startswith("fe80:")
        else "primary"
    )


def command(text: str, parser: Parser, *feeds: Feed, **more: Any) -> Command:
    """A command that prints nothing if there is nothing, as NX-OS does where the answer is JSON."""
    native = text.endswith("| json")
    return Command(
        text, parser, feeds=feeds, **{"blank_is_empty": native, "truncation": unclosed if native else None, **more}
    )


VRFS_JSON = command(
    "show vrf interface | json",
    nxos_json.vrf_interfaces,
    lists_vrfs=lambda row: (row["vrf"], (row["interface"],)),
    blank_is_empty=False,
)

VRFS_TEXT = command(
    "show vrf interface",
    Template("cisco_nxos_show_vrf_interface"),
    lists_vrfs=lambda row: (row["name"], (row["interface"],)),
)

INTERFACE_FEED = Feed(
    "interfaces",
    {
        "name": Port("name"),
        "printed_name": "name",
        "parent": Made(parent, ("name",)),
        "enabled": Made(enabled, ("admin", "reason")),
        "oper_status": Word("state", {"up": "up", "trunking": "up"}, otherwise="down"),
        "description": "description",
        "mac_address": "mac",
        "mtu": "mtu",
        "speed": Made(kbit, ("speed", "bandwidth")),
        "duplex": Word("duplex", {"full": "full", "half": "half", "auto": "auto"}, otherwise=""),
        "mode": Word("mode", {"routed": ""}),
        "vrf": VrfOf("name"),
        "lag": Made(channel, ("bundle",)),
        "type": "hardware",
    },
)

SWITCHPORT_FEED = Feed(
    "interfaces",
    {
        "name": Port("interface"),
        "mode": Made(
            lambda enabled, mode: "routed" if str(enabled).lower() == "disabled" else MODES.get(mode, mode),
            ("switchport", "mode"),
        ),
        "access_vlan": Made(vlan_id, ("access_vlan",)),
        "native_vlan": Made(vlan_id, ("native_vlan",)),
    },
    fills=True,
)


def addresses(parser: Parser) -> Feed:
    """The addresses of one IP version; IPv6 ones carry their length."""
    length = Column("prefix_length") if "prefix_length" in parser.columns else Made(length_of, ("address",))
    return Feed(
        "ip_addresses",
        {
            "interface": Port("interface"),
            "address": "address",
            "prefix_length": length,
            "vrf": "vrf",
            "role": Made(role_of, ("address", "role")),
        },
    )


INTERFACE_TEXT = Template("cisco_nxos_show_interface", OWN)

IP_TEXT = Template("cisco_nxos_show_ip_interface", OWN)

IPV6_TEXT = Template("cisco_nxos_show_ipv6_interface", OWN)

VRFS = (
    VRFS_JSON,
    VRFS_TEXT,
)

INTERFACES = (
    command("show interface | json", nxos_json.interfaces, INTERFACE_FEED, blank_is_empty=False),
    command("show interface", INTERFACE_TEXT, INTERFACE_FEED),
)

SWITCHPORTS = (
    command("show interface switchport | json", nxos_json.switchports, SWITCHPORT_FEED),
    command("show interface switchport", Template("cisco_nxos_show_interface_switchport"), SWITCHPORT_FEED),
)

IP_ADDRESSES = (
    command("show ip interface vrf all | json", nxos_json.ip_addresses, addresses(nxos_json.ip_addresses)),
    command("show ip interface vrf all", IP_TEXT, addresses(IP_TEXT)),
)

IPV6_ADDRESSES = (
    command(
        "show ipv6 interface vrf all | json",
        nxos_json.ipv6_addresses,
        addresses(nxos_json.ipv6_addresses),
    ),
    command(
        "show ipv6 interface vrf all",
        IPV6_TEXT,
        addresses(IPV6_TEXT),
        blank_is_empty=True,
        verdicts=(headed(r"^IPv6 Interface Status for VRF"),),
    ),
)
