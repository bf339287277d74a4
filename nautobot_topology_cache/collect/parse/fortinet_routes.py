"""The routing table of FortiOS: that of IOS, with a heading per VRF, weights behind routes, and tunnels as gateways."""

from __future__ import annotations

import re

import attrs

from nautobot_topology_cache.collect.commands import Parsed
from nautobot_topology_cache.collect.parse.routing_table import COLUMNS, RoutingTable

_VRF = re.compile(r"^\s*Routing table for VRF=(\d+)\s*$")
_WEIGHT = re.compile(r",? \[\d+/\d+\]\s*$")
_TUNNEL = re.compile(r"\bvia (?P<tunnel>\S+) tunnel [\d.]+")
_LEGEND = re.compile(r"^\s*(?:Codes: )?(?:[A-Za-z]\w?|\*) - ")
PROTOCOLS = {"k": "kernel"}


class FortinetRoutes:
    """`get router info routing-table all`; one row per next hop. VRF 0 is the default."""

    columns = COLUMNS

    def parse(self, answer: str) -> Parsed:
        lines = [_as_ios(line) for line in answer.splitlines() if not _LEGEND.match(line)]
        parsed = RoutingTable().parse("\n".join(lines))
        rows = [
            {
                **row,
                "vrf": "" if row["vrf"] == "0" else row["vrf"],
                "protocol": PROTOCOLS.get(said := row["protocol"], said),
            }
            for row in parsed.rows
        ]
        return attrs.evolve(parsed, rows=rows)


def _as_ios(line: str) -> str:
    """A tunnel without an address is an interface; a distance stands in front of `via` only."""
    heading = _VRF.match(line)
    if heading:
        return f"Routing Table: {heading[1]}"
    plain = _WEIGHT.sub("", line) if " via " in line or "connected" in line else line
    return _TUNNEL.sub(r"via \g<tunnel>", plain)
