"""The routing table of Cisco ASA: that of IOS, with masks in dots, names in the place of interfaces, and VPN routes."""

from __future__ import annotations

import re
from ipaddress import IPv4Network

import attrs

from nautobot_topology_cache.collect.commands import Parsed
from nautobot_topology_cache.collect.parse.routing_table import COLUMNS, RoutingTable

_NETWORK = re.compile(r"^(?P<code>[A-Za-z]\S* ?\S{0,2}) +(?P<network>\d+(?:\.\d+){3}) +(?P<mask>\d+(?:\.\d+){3})\b")
_VPN = "connected by VPN (advertised)"
_CODES = re.compile(r"^ *(?:Codes: )?[A-Za-z*+]\w{0,2} - ")
CODES = {"v": "vpn"}
"""What IOS has no letter for."""


class AsaRoutes:
    """`show route`; one row per next hop."""

    columns = COLUMNS

    def parse(self, answer: str) -> Parsed:
        """Rows; the legend may stand at the left margin, where IOS's never does."""
        lines = [_as_ios(line) for line in answer.splitlines() if not _CODES.match(line)]
        parsed = RoutingTable().parse("\n".join(lines))
        rows = [{**row, "protocol": CODES.get(row["protocol"], row["protocol"])} for row in parsed.rows]
        return attrs.evolve(parsed, rows=rows)


def _as_ios(line: str) -> str:
    """A length for the mask; a line whose mask is none stays, and is then not understood."""
    said = line.replace(_VPN, "is directly connected")
    found = _NETWORK.match(said)
    if found is None:
        return said
    try:
        length = IPv4Network(f"0.0.0.0/{found['mask']}").prefixlen
    except ValueError:
        return said
    return f"{found['code']} {found['network']}/{length}{said[found.end() :]}"
