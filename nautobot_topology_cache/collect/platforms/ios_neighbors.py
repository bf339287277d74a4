"""IOS and IOS-XE: what the device heard on its wires - ARP, MAC addresses, CDP and LLDP."""

from __future__ import annotations

import re
from collections.abc import Mapping

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
from nautobot_topology_cache.collect.parse.endings import any_of, closed, counted, footed
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms.announced import first_address, interface_of, joined, said
from nautobot_topology_cache.collect.platforms.ios_interfaces import OWN
from nautobot_topology_cache.collect.results import Row

_BETWEEN_PORTS = re.compile(r"[,\s]+")


def arp_type(age: str, interface: str | None) -> str:
    """An entry without an age is the device's own address, or, where no interface is printed, configured."""
    return "dynamic" if age != "-" else "own" if interface else "static"


def ports(row: Row) -> list[Row]:
    """One row per port of a MAC address; an entry that names none stays one row."""
    names = row["ports"]
    if len(names) != 1 or "," in names[0] or " " in names[0]:
        names = _BETWEEN_PORTS.split(", ".join(names).strip(", "))
    return [{**row, "ports": name} for name in names]


def vlan_name(printed: str) -> str:
    """What stands in place of a VLAN's number: `All`; dashes and `N/A` are nothing."""
    return "" if printed.isdigit() or printed.strip("-").lower() in ("", "n/a") else printed


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
        # Catalysts end the table that begins with its own name by a count.
        unfinished=footed(r"^\s*Mac Address Table\s*$", r"^Total Mac Addresses"),
        truncation=counted(r"^Total Mac Addresses for this criterion:\s*(\d+)", r"^[ *+#RSD]*\S+ +[0-9a-f]{4}\."),
    )


WHOLE = {"cdp": ("local_interface",), "lldp": ("port_id",)}
"""What every neighbor announces, and all releases print; some do not name the local interface of an LLDP neighbor."""

LLDP_TOTAL = footed(r"^\s*(Chassis id|Local (Intf|Interface|Port id)):", r"^\s*Total entries displayed:")
LLDP_CUT = any_of(
    counted(r"^\s*Total entries displayed:\s*(\d+)", r"^\s*Chassis id:"),
    closed(
        r"^\s*(Chassis id|Local (Intf|Interface)):",
        r"^\s*Port id:",
        r"^\s*(Enabled Capabilities|Total entries displayed)",
    ),
)
"""IOS, NX-OS and IOS-XR count LLDP neighbors at the end, and print capabilities of each, if only as not advertised."""

CDP_END = closed(r"^\s*Device ID:", r"^\s*Interface:", r"^\s*(advertisement version|Total cdp entries displayed)")
"""What all three print of each CDP neighbor, below nearly all else."""


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
    return Feed("neighbors", {**shared, **sources}, whole=WHOLE[protocol])


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
    unfinished=CDP_END,
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
    unfinished=LLDP_TOTAL,
    truncation=LLDP_CUT,
)
LLDP_BRIEF = Command(
    "show lldp neighbors",
    Template("cisco_ios_show_lldp_neighbors", OWN),
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
    truncation=counted(r"^Total entries displayed:[ ]*(\d+)", r"^.*\d[ ]+\d+[ ]+\S"),
)
