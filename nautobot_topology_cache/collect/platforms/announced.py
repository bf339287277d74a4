"""What a neighbor announces in CDP or LLDP, and which of its interfaces it means by it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import Any

from netutils.mac import is_valid_mac

from nautobot_topology_cache.collect.interface_names import spelling

_NAME = re.compile(
    r"[A-Za-z][A-Za-z-]*[ :]?\d+(?:[/.:]\d+)*"  # Ethernet1/1, Gi1/0/1.100, ge-0/0/0.0, Port 1, mgmt0
    r"|[a-z]+\d[a-z0-9]*"  # enp3s0f1, swp1s2
    r"|\d+(?:/\d+)+(?:[.:]\d+)*"  # 1/1/24
)
_DESCRIBED = re.compile(
    r"(?:(?:[A-Z][a-z]*)?(?:Ethernet|GigE)|Port-[Cc]hannel|Bundle-Ether|Vlan|Management|[Mm]gmt|Port"
    r"|(?:et|fe|ge|xe|so|t1)-|ae|em|fxp|me|vme|irb|eth|ens|enp|eno|bond|swp|lan|wan) ?\d[\w/.:]*"
)
"""A description counts only if it is nothing but the name of a known kind of interface: people write `uplink2`."""
_ABBREVIATED = re.compile(r"[A-Z][A-Za-z-]*\d")

_spell = spelling(
    {
        # What netutils takes for Cisco's names of the same kind.
        "ten-gigabitethernet": "Ten-GigabitEthernet",
        "bridge-aggregation": "Bridge-Aggregation",
        "route-aggregation": "Route-Aggregation",
    }
)


def interface_of(port_id: Any, description: Any = "") -> str:
    """The announced port if it reads like an interface, else the description if that does: Junos numbers its ports."""
    port, described = str(port_id or "").strip(), str(description or "").strip()
    if not is_valid_mac(port) and _NAME.fullmatch(port):
        # A capital letter is Cisco's and Arista's way to abbreviate; `eth0` and `ethernet1/9` are full names.
        return _spell(port) if _ABBREVIATED.match(port) else port
    return described if _DESCRIBED.fullmatch(described) else ""


def first_address(printed: str | Iterable[str] | None) -> str | None:
    """The first IPv4 address, else the first IPv6 one that is more than link-local, else any; phones say 0.0.0.0."""
    found = [
        address
        for address in map(_address, [printed] if isinstance(printed, str) else printed or ())
        if address and not address.is_unspecified
    ]
    best = min(found, key=lambda address: (address.is_link_local, address.version), default=None)
    return str(best) if best else None


def _address(printed: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(printed.strip())
    except ValueError:
        return None


def said(printed: Any) -> str:
    """An announced text with single spaces; `- not advertised`, `null` and `N/A` say nothing."""
    text = " ".join(str(printed or "").split())
    return "" if text.lower() in ("null", "n/a") or text.lower().endswith("not advertised") else text


def joined(printed: str | Iterable[str] | None) -> str:
    """A description of several lines, as one text."""
    return printed if isinstance(printed, str) else "\n".join(printed or ())
