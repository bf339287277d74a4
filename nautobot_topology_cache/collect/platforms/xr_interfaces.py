"""IOS-XR: interfaces, their addresses, their bundles, and the VRFs that they are in."""

from __future__ import annotations

import re

from nautobot_topology_cache.collect.commands import (
    Command,
    Const,
    Feed,
    Made,
    Port,
    Skip,
    VrfOf,
    Word,
    headed,
    nothing,
)
from nautobot_topology_cache.collect.interface_names import parent, spelling
from nautobot_topology_cache.collect.normalize import kbits
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms.ios_interfaces import DUPLEX, IPV6_FEED, OWN, addresses, oper_status

_MANAGEMENT = re.compile(r"(?:MgmtEth|Mg)\s?(?=\d+/)", re.IGNORECASE)

_spell = spelling(
    {
        "bp": "Bundle-POS",
        "bundle-pos": "Bundle-POS",
        "bv": "BVI",
        "fh": "FourHundredGigE",
        "fi": "FiftyGigE",
        "fo": "FortyGigE",
        "fortygigabitethernet": "FortyGigE",
        "fortygige": "FortyGigE",
        "hu": "HundredGigE",
        "hundredgige": "HundredGigE",
        "te": "TenGigE",
        "tengigabitethernet": "TenGigE",
        "tengige": "TenGigE",
        "tf": "TwentyFiveGigE",
        "th": "TwoHundredGigE",
        "ti": "tunnel-ip",
        "tt": "tunnel-te",
        "tunnel-ip": "tunnel-ip",
        "tunnel-te": "tunnel-te",
        "twentyfivegigabitethernet": "TwentyFiveGigE",
        "twentyfivegige": "TwentyFiveGigE",
    }
)


def spell(printed: str) -> str:
    """As `show interfaces` prints it; the management ports have their route processor in their name."""
    name = printed.strip()
    return _MANAGEMENT.sub("MgmtEth", name, count=1) if _MANAGEMENT.match(name) else _spell(name)


def speed(printed: str | None, bandwidth: str | None) -> int | str | None:
    """The negotiated speed if it is more than nothing, else the bandwidth in kbit/s."""
    return kbits(printed) or bandwidth or None


VRFS = Command(
    "show vrf all detail",
    Template("cisco_xr_show_vrf_all_detail", OWN),
    lists_vrfs=lambda row: (row["name"], row["interfaces"]),
    blank_is_empty=True,
    verdicts=(nothing(r"^%? ?No VRFs?\b"),),
)

INTERFACES = Command(
    "show interfaces",
    Template("cisco_xr_show_interfaces", OWN),
    feeds=(
        Feed(
            "interfaces",
            {
                "name": Port("interface"),
                "printed_name": "interface",
                "parent": Made(lambda name: parent(spell(name)), ("interface",)),
                "enabled": Made(lambda status: "administratively" not in status, ("link_status",)),
                "oper_status": Made(oper_status, ("link_status", "protocol_status")),
                "description": "description",
                "mac_address": "mac_address",
                "mtu": "mtu",
                "speed": Made(speed, ("speed", "bandwidth")),
                "duplex": Word("duplex", DUPLEX, otherwise=""),
                "vrf": VrfOf("interface"),
                "type": "hardware",
            },
        ),
    ),
)

BUNDLES = Command(
    "show bundle",
    Template("cisco_xr_show_bundle", OWN),
    feeds=(
        Feed(
            "interfaces",
            {"name": Port("member"), "lag": Port("bundle")},
            skip=(Skip("a link of another chassis", lambda row: row["device"] != "Local"),),
            fills=True,
        ),
    ),
    blank_is_empty=True,
    verdicts=(
        headed(r"\A(?![\s\S]*configured>:\s+\d+ / \d+ / [1-9])[\s\S]*^\s*Local links <"),
        nothing(r"^%? ?No bundles?\b"),
    ),
)


def ip_addresses(command: str) -> Command:
    """IPv4 addresses with the VRF of their interface."""
    return Command(
        command,
        Template("cisco_xr_show_ipv4_interface", OWN),
        feeds=(
            Feed(
                "ip_addresses",
                {
                    "interface": Port("interface"),
                    "address": "address",
                    "prefix_length": "mask",
                    "ip_version": Const(4),
                    "vrf": "vrf",
                    "role": Word("kind", {"internet": "primary", "secondary": "secondary"}),
                },
                reshape=addresses,
            ),
        ),
    )


def ipv6_addresses_of(command: str) -> Command:
    """IPv6 addresses with the VRF of their interface."""
    return Command(command, Template("cisco_xr_show_ipv6_interface", OWN), feeds=(IPV6_FEED,), blank_is_empty=True)
