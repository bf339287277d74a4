"""IOS and IOS-XE: what the device heard on its wires - ARP, MAC addresses, CDP and LLDP."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from nautobot_topology_cache.collect.commands import (
    Column,
    Command,
    Const,
    Context,
    Feed,
    Made,
    Port,
    Skip,
    Source,
    Word,
    headed,
    nothing,
)
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms.announced import first_address, interface_of, joined, said
from nautobot_topology_cache.collect.platforms.ios_interfaces import OWN
from nautobot_topology_cache.collect.results import Row


def arp_type(age: str, interface: str | None) -> str:
    """An entry without an age is the device's own address, or, where no interface is printed, configured."""
    return "dynamic" if age != "-" else "own" if interface else "static"


def ports(row: Row) -> Iterator[Row]:
    """One row per port of a MAC address; an entry that names none stays one row."""
    for port in re.split(r"[,\s]+", ", ".join(row["ports"]).strip(", ")):
        yield {**row, "ports": port}


def vlan_name(printed: str) -> str:
    """What stands in place of a VLAN's number: `All`; dashes and `N/A` are nothing."""
    return "" if printed.isdigit() or printed.strip("-").lower() in ("", "n/a") else printed


def counted(footer: str, entry: str) -> Callable[[str], str | None]:
    """A check of the footer's count against the entries."""
    total, one = re.compile(footer, re.MULTILINE | re.IGNORECASE), re.compile(entry, re.MULTILINE)

    def missing(answer: str) -> str | None:
        promised = sum(int(found[1]) for found in total.finditer(answer))
        there = len(one.findall(answer))
        return f"{promised} entries are announced, {there} are there" if promised > there else None

    return missing


def no_footer(answer: str) -> str | None:
    """Catalysts end the table that begins with its own name by a count."""
    begun = re.search(r"^\s*Mac Address Table\s*$", answer, re.MULTILINE)
    return "the count at the end is missing" if begun and "Total Mac Addresses" not in answer else None


def arp(command: str) -> Command:
    """The IPv4 resolutions of one VRF."""
    return Command(
        command,
        Template("cisco_ios_show_ip_arp"),
        feeds=(
            Feed(
                "arp_entries",
                {
                    "interface": Port("interface"),
                    "ip_address": "ip_address",
                    "mac_address": "mac_address",
                    "ip_version": Const(4),
                    "vrf": Context(),
                    "entry_type": Made(arp_type, ("age", "interface")),
                },
                skip=(Skip("incomplete", lambda row: row["mac_address"].lower().startswith("incomplete")),),
            ),
        ),
        blank_is_empty=True,
        verdicts=(headed(r"\AProtocol\s+Address.*\Z"),),
    )


def ipv6_neighbors(command: str) -> Command:
    """The IPv6 resolutions of one VRF."""
    return Command(
        command,
        Template("cisco_ios_show_ipv6_neighbors"),
        feeds=(
            Feed(
                "arp_entries",
                {
                    "interface": Port("interface"),
                    "ip_address": "address",
                    "mac_address": "mac_address",
                    "ip_version": Const(6),
                    "vrf": Context(),
                    "entry_type": Word("age", {"-": "static"}, otherwise="dynamic"),
                },
                skip=(Skip("incomplete", lambda row: row["mac_address"] == "-"),),
            ),
        ),
        blank_is_empty=True,
        verdicts=(headed(r"\AIPv6 Address\s+Age.*\Z"),),
    )


def mac_table(command: str) -> Command:
    """`show mac address-table`, or with the hyphen of IOS before 12.2."""
    return Command(
        command,
        Template("cisco_ios_show_mac_address-table", OWN),
        feeds=(
            Feed(
                "mac_addresses",
                {
                    "vlan": Made(lambda vlan: vlan if vlan.isdigit() else None, ("vlan",)),
                    "vlan_name": Made(vlan_name, ("vlan",)),
                    "mac_address": "mac_address",
                    "interface": Port("ports"),
                    "entry_type": Word("type", {"dynamic": "dynamic", "static": "static"}, otherwise="other"),
                },
                reshape=ports,
            ),
        ),
        verdicts=(nothing(r"^Total Mac Addresses for this criterion:\s*0\b"), nothing(r"^No entries present")),
        unfinished=no_footer,
        truncation=counted(r"^Total Mac Addresses for this criterion:\s*(\d+)", r"^[ *+#RSD]*\S+ +[0-9a-f]{4}\."),
    )


def neighbor(protocol: str, **sources: str | Source) -> Feed:
    """A neighbor of either protocol, from the names that both share."""
    shared: Mapping[str, str | Source] = {
        "protocol": Const(protocol),
        "local_interface": Port("local_interface"),
        "neighbor_name": Made(said, ("neighbor_name",)),
        "neighbor_interface": Made(interface_of, ("port_id", "port_description")),
        "port_id": Made(said, ("port_id",)),
        "capabilities": Made(said, ("capabilities",)),
    }
    return Feed("neighbors", {**shared, **sources})


CDP_FEED = neighbor(
    "cdp",
    neighbor_interface=Made(interface_of, ("port_id",)),
    neighbor_ip=Made(first_address, ("address",)),
    platform="platform",
    description=Made(joined, ("version",)),
    native_vlan="native_vlan",
)
CDP = Command(
    "show cdp neighbors detail",
    Template("cisco_ios_show_cdp_neighbors_detail", OWN),
    feeds=(CDP_FEED,),
    blank_is_empty=True,
    verdicts=(nothing(r"^Total cdp entries displayed\s*:\s*0\b"),),
    truncation=counted(r"^Total cdp entries displayed\s*:\s*(\d+)", r"^\s*Device ID:"),
)

LLDP = Command(
    "show lldp neighbors detail",
    Template("cisco_ios_show_lldp_neighbors_detail", OWN),
    feeds=(
        neighbor(
            "lldp",
            chassis_id="chassis_id",
            port_description=Made(said, ("port_description",)),
            neighbor_ip=Made(first_address, ("address",)),
            capabilities=Made(
                lambda enabled, system: said(enabled) or said(system), ("enabled_capabilities", "system_capabilities")
            ),
            description=Made(joined, ("description",)),
            native_vlan="vlan",
        ),
    ),
    blank_is_empty=True,
    verdicts=(nothing(r"^Total entries displayed:\s*0\b"),),
    needs="local_interface",
    truncation=counted(r"^Total entries displayed:\s*(\d+)", r"^\s*Chassis id:"),
)
LLDP_BRIEF = Command(
    "show lldp neighbors",
    Template("cisco_ios_show_lldp_neighbors"),
    feeds=(
        Feed(
            "neighbors",
            {
                "protocol": Const("lldp"),
                "local_interface": Port("local_interface"),
                "neighbor_name": Column("neighbor_name"),
                "neighbor_interface": Made(interface_of, ("neighbor_interface",)),
                "port_id": "neighbor_interface",
                "capabilities": "capabilities",
            },
        ),
    ),
    blank_is_empty=True,
    verdicts=LLDP.verdicts,
)
