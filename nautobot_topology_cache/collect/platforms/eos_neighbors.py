"""EOS: what the device heard on its wires - ARP, IPv6 neighbors, MAC addresses, LLDP."""

from __future__ import annotations

import re
from typing import Any

from nautobot_topology_cache.collect.commands import (
    Command,
    Const,
    Feed,
    Made,
    Parser,
    Port,
    Skip,
    Source,
    Word,
    headed,
    nothing,
)
from nautobot_topology_cache.collect.parse.endings import counted
from nautobot_topology_cache.collect.parse.native import unclosed
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms import eos_json
from nautobot_topology_cache.collect.platforms.announced import first_address, interface_of, joined, said
from nautobot_topology_cache.collect.platforms.eos_interfaces import OWN, spell

KINDS = {"dynamic": "dynamic", "learneddynamic": "dynamic", "peerdynamic": "dynamic", "configureddynamic": "dynamic"}

KINDS |= dict.fromkeys(("static", "peerstatic", "configuredstatic"), "static")


def first_port(printed: Any) -> str:
    """The interface of an ARP entry, without the port behind the SVI: `Vlan10, Port-Channel3`."""
    return spell(str(printed or "").partition(",")[0])


def ageing(age: Any) -> str:
    """What does not age is static."""
    return "static" if age in (None, "", "-", "N/A") else "dynamic"


def cut_table(answer: str) -> str | None:
    """Each of the tables, unicast and multicast, ends with its total."""
    headings = len(re.findall(r"^\s*Vlan\s+[Mm]ac Address", answer, re.MULTILINE))
    totals = len(re.findall(r"^\s*Total [Mm]ac Addresses", answer, re.MULTILINE))
    return "the total below the table is missing" if totals < headings else None


def resolutions(command: str, parser: Parser, address: str = "address", mac: str = "mac") -> Command:
    """ARP entries or IPv6 neighbors."""
    sources: dict[str, str | Source] = {
        "interface": Made(first_port, ("interface",)),
        "ip_address": address,
        "mac_address": mac,
        "vrf": "vrf",
        "entry_type": Made(ageing, ("age",)),
    }
    incomplete = Skip("incomplete", lambda row: str(row[mac] or "").lower() in ("", "incomplete", "n/a"))
    return Command(
        command,
        parser,
        feeds=(Feed("arp_entries", sources, skip=(incomplete,)),),
        verdicts=(headed(r"^(IPv6 )?Address\s+Age"),),
        truncation=unclosed,
    )


ARP_TEXT = Template("arista_eos_show_ip_arp")
IPV6_NEIGHBORS_TEXT = Template("arista_eos_show_ipv6_neighbors", OWN)

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

MAC_TABLE_TEXT = Command(
    "show mac address-table",
    Template("arista_eos_show_mac_address-table", OWN),
    feeds=(
        Feed(
            "mac_addresses",
            {
                "vlan": "vlan",
                "mac_address": "mac",
                "interface": Port("ports"),
                "entry_type": Word("type", KINDS, otherwise="other"),
            },
            reshape=lambda row: ({**row, "ports": port} for port in row["ports"].split()),
        ),
    ),
    verdicts=(nothing(r"^\s*Total [Mm]ac Addresses for this criterion: 0"),),
    truncation=cut_table,
)


# Each port says how many neighbors follow.
FEW_NEIGHBORS = counted(r"\bdetected (\d+) LLDP neighbors?:", r"^\s*Neighbor \S+, age ")


def lldp(command: str, parser: Parser) -> Command:
    """LLDP neighbors; both forms have the same columns."""
    feed = Feed(
        "neighbors",
        {
            "protocol": Const("lldp"),
            "local_interface": Port("local_interface"),
            "neighbor_name": Made(said, ("name",)),
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
    )
    return Command(command, parser, feeds=(feed,), truncation=unclosed if parser is eos_json.lldp else FEW_NEIGHBORS)
