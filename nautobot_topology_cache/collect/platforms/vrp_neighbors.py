"""Huawei VRP: what the device heard on its wires - ARP, IPv6 neighbors, MAC addresses, LLDP."""

from __future__ import annotations

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
from nautobot_topology_cache.collect.parse.endings import any_of, closed, counted, footed
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms.announced import first_address, interface_of, joined
from nautobot_topology_cache.collect.platforms.vrp_interfaces import OWN
from nautobot_topology_cache.collect.results import Row


def arp_type(printed: str) -> str:
    """`I -` is the device's own, `S--` configured, `D-0` learned by a card."""
    return {"I": "own", "S": "static"}.get(printed[:1], "dynamic")


def nobody(row: Row) -> bool:
    """Whether an entry has no address yet."""
    return not row["mac_address"] or row["mac_address"].lower() == "incomplete"


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
        verdicts=(nothing(r"^Total:\s*0\b"), headed(r"^IP ADDRESS\s+MAC ADDRESS")),
        unfinished=any_of(
            counted(r"^Total:\s*(\d+)", r"^\s*\d+(\.\d+){3}\s"), footed(r"^IP ADDRESS\s+MAC ADDRESS", r"^Total:\s*\d")
        ),
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
            whole=("interface",),
        ),
    ),
    blank_is_empty=True,
    verdicts=(nothing(r"^\s*Total:\s*0\b"),),
    unfinished=any_of(
        counted(r"^\s*Total:\s*(\d+)", r"^\s*IPv6 Address\s*:"), footed(r"^\s*IPv6 Address\s*:", r"^\s*Total:\s*\d")
    ),
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
    unfinished=counted(r"^\s*Total items displayed\s*=\s*(\d+)", r"^\s*[\da-f]{4}(-[\da-f]{4}){2}\s"),
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
            whole=("chassis_id", "port_id"),
        ),
    ),
    blank_is_empty=True,
    # The last port that is named need not be the last one there is.
    verdicts=(headed(r"^\S+ has 0 neighbor"),),
    truncation=any_of(
        counted(r"^\S+ has (\d+) neighbor", r"^\s*Neighbor index\s*:"),
        closed(r"^\s*Neighbor index\s*:", r"^\s*Neighbor index\s*:", r"^\s*(System name|Expired time)\s*:"),
    ),
)
