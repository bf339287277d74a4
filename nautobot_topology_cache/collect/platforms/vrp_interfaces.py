"""Huawei VRP: its VPN instances, its interfaces and their addresses."""

from __future__ import annotations

from nautobot_topology_cache.collect.commands import Command, Feed, Made, Port, Skip, VrfOf, Word, headed, nothing
from nautobot_topology_cache.collect.interface_names import parent, spelling
from nautobot_topology_cache.collect.normalize import required_text
from nautobot_topology_cache.collect.parse.template import Template
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


def speed(printed: str) -> int | None:
    """Mbit/s, of ports alone."""
    return int(printed) * 1000 if printed else None


def addresses(row: Row) -> list[Row]:
    """One row per address; the first one printed is the primary, others are marked `Sub`."""
    return [
        {**row, "address": address, "role": "secondary" if number else "primary"}
        for number, address in enumerate(row["ip_address"])
    ]


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
    verdicts=(headed(r"^Port\s+Link Type"),),
)
