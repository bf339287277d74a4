"""Junos: what the device heard on its wires - ARP, IPv6 neighbors, MAC addresses, LLDP."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from nautobot_topology_cache.collect.commands import (
    Command,
    Const,
    Feed,
    Made,
    Parser,
    Port,
    Scope,
    Skip,
    VrfOf,
    headed,
    nothing,
)
from nautobot_topology_cache.collect.parse.endings import closed
from nautobot_topology_cache.collect.parse.native import unclosed
from nautobot_topology_cache.collect.platforms.announced import first_address, interface_of, joined, said

INCOMPLETE = Skip("incomplete", lambda row: str(row["mac"] or "").lower() in ("", "none", "incomplete"))


def unit_of(printed: Any) -> str:
    """The interface of an entry, without the port behind an irb: `irb.10 [ae0.0]`."""
    return str(printed or "").partition(" ")[0]


def permanence(flags: Any) -> str:
    """Configured entries are `permanent`, and so are those that the system made for itself."""
    return "static" if "permanent" in str(flags or "").lower() else "dynamic"


def resolutions(command: str, parser: Parser) -> Command:
    """ARP entries or IPv6 neighbors; which VRF they are in only their interface tells."""
    feed = Feed(
        "arp_entries",
        {
            "interface": Made(unit_of, ("interface",)),
            "ip_address": "address",
            "mac_address": "mac",
            "vrf": Behind("interface"),
            "entry_type": Made(permanence, ("flags",)),
        },
        skip=(INCOMPLETE,),
    )
    return Command(
        command,
        parser,
        feeds=(feed,),
        blank_is_empty=not command.endswith("display json"),
        verdicts=(nothing(r"^\s*Total entries: 0"), headed(r"^\s*(MAC|IPv6) Address\s")),
        truncation=cut_total if command.startswith("show arp") else unclosed,
    )


def cut_total(answer: str) -> str | None:
    """The text form counts its entries at the end."""
    if answer.lstrip().startswith("{\n") or answer.lstrip().startswith('{"'):
        return unclosed(answer)
    printed = len(re.findall(r"^\s*[\da-fA-F]{2}(?::[\da-fA-F]{2}){5}\s", answer, re.MULTILINE))
    return "the total below the table is missing" if printed and "Total entries" not in answer else None


class Behind(VrfOf):
    """The VRF of an entry's interface, whatever port is printed behind it."""

    def bind(self, scope: Scope) -> Callable[..., Any]:
        return lambda printed: scope.facts.vrf_of.get(unit_of(printed), "")


def vlan_number(name: Any, number: Any = "") -> str | None:
    """The VLAN's number, or what a name such as `Vlan10` says of it; other names say nothing."""
    named = re.fullmatch(r"(?:vlan|v)[-_]?(\d{1,4})", str(name or ""), re.IGNORECASE)
    return str(number) if str(number or "").isdigit() else named[1] if named else None


def kind_of(flags: Any) -> str:
    """The first letters say it: S and P are configured, D is learned; in detail the marks are words."""
    marks = re.split(r"[,\s]+", str(flags or ""))
    return (
        "static"
        if any(re.fullmatch(r"[SP](?!E$)[A-Z]*|[Ss]tatic|[Pp]ersistent|ctrl_stat", mark) for mark in marks)
        else "dynamic"
    )


def mac_table(command: str, parser: Parser) -> Command:
    """MAC addresses, on the units that they were learned on."""
    feed = Feed(
        "mac_addresses",
        {
            "vlan": Made(vlan_number, ("vlan_name", "vlan")[: 1 + ("vlan" in parser.columns)]),
            "vlan_name": "vlan_name",
            "mac_address": "mac",
            "interface": Port("interface"),
            "entry_type": Made(kind_of, ("flags",)),
        },
        reshape=lambda row: ({**row, "interface": port} for port in re.split(r",\s*", row["interface"] or "")),
        skip=(Skip("flood entry", lambda row: row["mac"] == "*"),),
    )
    return Command(
        command,
        parser,
        feeds=(feed,),
        blank_is_empty=True,
        verdicts=(nothing(r"^\s*Ethernet[- ]switching table ?: 0 "), headed(r"^\s*MAC flags")),
        truncation=unclosed,
    )


def lldp(command: str, parser: Parser) -> Command:
    """LLDP neighbors; the table without details prints the description in place of a number."""
    sources: dict[str, Any] = {
        "protocol": Const("lldp"),
        "local_interface": Port("local_interface"),
        "neighbor_name": Made(said, ("name",)),
        "chassis_id": "chassis_id",
        "port_id": "port_id",
        "neighbor_interface": Made(interface_of, ("port_id",)),
    }
    if "description" in parser.columns:
        sources |= {
            "neighbor_interface": Made(interface_of, ("port_id", "port_description")),
            "port_description": Made(said, ("port_description",)),
            "neighbor_ip": Made(first_address, ("address",)),
            "capabilities": Made(said, ("capabilities",)),
            "description": Made(joined, ("description",)),
        }
    return Command(
        command,
        parser,
        feeds=(Feed("neighbors", sources, whole=() if command.endswith("display json") else ("port_id",)),),
        blank_is_empty=True,
        verdicts=(headed(r"^\s*Local Interface\s"),),
        truncation=unclosed,
        # The part of a neighbor always has its name, if only an empty one.
        unfinished=closed(r"^\s*LLDP Neighbor Information:", r"^\s*Local Interface\s*:", r"^\s*System name\s*:"),
    )
