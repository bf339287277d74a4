"""NX-OS: what the device heard on its wires - ARP, IPv6 neighbors, MAC addresses, CDP and LLDP."""

from __future__ import annotations

import re
from typing import Any

from nautobot_topology_cache.collect.commands import (
    Column,
    Const,
    Either,
    Feed,
    Made,
    Port,
    Skip,
    Source,
    VrfOf,
    Word,
    headed,
)
from nautobot_topology_cache.collect.parse.endings import counted
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms import nxos_json
from nautobot_topology_cache.collect.platforms.announced import first_address, interface_of, joined, said
from nautobot_topology_cache.collect.platforms.ios_neighbors import CDP_END, LLDP_CUT, LLDP_TOTAL, WHOLE
from nautobot_topology_cache.collect.platforms.nxos_interfaces import OWN, command, vlan_id

_PORTS = re.compile(r"[A-Za-z-]+\d+(/\d+)*(\.\d+)?( [A-Za-z-]+\d+(/\d+)*(\.\d+)?)*")


def vlan_name(printed: Any) -> str:
    """A VLAN column that is no number."""
    text = str(printed or "").strip()
    return "" if text.isdigit() or text in ("-", "--") else text


def ageing(age: Any) -> str:
    """What does not age is static."""
    return "static" if str(age or "").strip() in ("", "-") else "dynamic"


def ports_of(printed: list[str]) -> list[str]:
    """The ports of a MAC address: several only if all of them read like ports (`vPC Peer-Link(R)` is one)."""
    text = " ".join(" ".join(printed).split())
    return text.split() if _PORTS.fullmatch(text) else [text]


incomplete = Skip("incomplete", lambda row: str(row.get("mac") or "").upper() in ("", "INCOMPLETE"))


def resolutions(*vrf: Source) -> Feed:
    """ARP entries or IPv6 neighbors; the table of all VRFs says in some releases only which entry is in which."""
    known: Source = VrfOf("interface")
    for printed in reversed(vrf):
        known = Either(printed, known)
    return Feed(
        "arp_entries",
        {
            "interface": Port("interface"),
            "ip_address": "address",
            "mac_address": "mac",
            "vrf": known,
            "entry_type": Made(ageing, ("age",)),
        },
        skip=(incomplete,),
    )


ARP_TEXT = Template("cisco_nxos_show_ip_arp", OWN)

ARP_FEED = resolutions(Column("vrf"), Column("context"))

MAC_COLUMNS: dict[str, str | Source] = {
    "vlan": Made(vlan_id, ("vlan",)),
    "vlan_name": Made(vlan_name, ("vlan",)),
    "mac_address": "mac",
    "interface": Port("port"),
    "entry_type": Word("type", {"dynamic": "dynamic", "static": "static"}, otherwise="other"),
}

CDP_COLUMNS: dict[str, str | Source] = {
    "protocol": Const("cdp"),
    "local_interface": Port("local_interface"),
    "neighbor_name": "device_id",
    "neighbor_interface": Made(interface_of, ("port_id",)),
    "port_id": "port_id",
    "neighbor_ip": Made(first_address, ("address",)),
    "platform": "platform",
    "capabilities": Made(said, ("capabilities",)),
    "description": Made(joined, ("version",)),
    "native_vlan": Made(vlan_id, ("native_vlan",)),
}

LLDP_COLUMNS: dict[str, str | Source] = {
    "protocol": Const("lldp"),
    "local_interface": Port("local_interface"),
    "neighbor_name": Made(said, ("name",)),
    "neighbor_interface": Made(interface_of, ("port_id", "port_description")),
    "chassis_id": "chassis_id",
    "port_id": "port_id",
    "port_description": Made(said, ("port_description",)),
    "neighbor_ip": Made(first_address, ("address",)),
    "capabilities": Made(said, ("capabilities",)),
    "description": Made(joined, ("description",)),
    "native_vlan": Made(vlan_id, ("vlan",)),
}

CDP_FEED = Feed("neighbors", CDP_COLUMNS, whole=WHOLE["cdp"])

LLDP_FEED = Feed("neighbors", LLDP_COLUMNS, whole=("local_interface", "port_id"))

# Every VRF's part begins with its count.
FEW_ENTRIES = counted(r"^\s*Total number of entries:\s+(\d+)", r"^\s*([\d.]+\.\d+|[\da-f]*:[\da-f:]+)(\s|$)")

MAC_TEXT = Template("cisco_nxos_show_mac_address-table", OWN)

CDP_TEXT = Template("cisco_nxos_show_cdp_neighbors_detail", OWN)

LLDP_TEXT = Template("cisco_nxos_show_lldp_neighbors_detail", OWN)

# The text comes first: since 9.3(3) it names the VRF of each entry, which the JSON never does.
ARP = (
    command("show ip arp detail vrf all", ARP_TEXT, ARP_FEED, unfinished=FEW_ENTRIES),
    command("show ip arp detail vrf all | json", nxos_json.arp, resolutions(Column("vrf"))),
    command("show ip arp vrf all", ARP_TEXT, ARP_FEED, unfinished=FEW_ENTRIES),
    command("show ip arp", ARP_TEXT, ARP_FEED, unfinished=FEW_ENTRIES),
)

IPV6_NEIGHBORS = (
    command("show ipv6 neighbor vrf all | json", nxos_json.ipv6_neighbors, resolutions(Column("vrf"))),
    command(
        "show ipv6 neighbor vrf all",
        Template("cisco_nxos_show_ipv6_neighbor", OWN),
        resolutions(Column("context")),
        unfinished=FEW_ENTRIES,
    ),
)

MAC_TABLE = (
    command("show mac address-table | json", nxos_json.mac_table, Feed("mac_addresses", MAC_COLUMNS)),
    command(
        "show mac address-table",
        MAC_TEXT,
        Feed(
            "mac_addresses",
            MAC_COLUMNS,
            reshape=lambda row: ({**row, "port": port} for port in ports_of(row["port"])),
        ),
        verdicts=(headed(r"^\s*VLAN\s+MAC Address"),),
    ),
)

CDP = (
    command("show cdp neighbors detail | json", nxos_json.cdp, CDP_FEED),
    command("show cdp neighbors detail", CDP_TEXT, CDP_FEED, blank_is_empty=True, unfinished=CDP_END),
)

LLDP = (
    command("show lldp neighbors detail | json", nxos_json.lldp, LLDP_FEED),
    command(
        "show lldp neighbors detail",
        LLDP_TEXT,
        LLDP_FEED,
        unfinished=LLDP_TOTAL,
        truncation=LLDP_CUT,
    ),
)
