"""IOS-XR: its routing tables, and its BGP tables as one text with a part per VRF."""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from nautobot_topology_cache.collect.commands import Parsed
from nautobot_topology_cache.collect.parse import bgp_table, routing_table
from nautobot_topology_cache.collect.results import Row

PROTOCOLS = {**routing_table.PROTOCOLS, "A": "access", "G": "dagr", "r": "rpl", "t": "te"}
"""The first letter of a route's code; IOS-XR's legend differs in these."""

_VRF = re.compile(r"^\s*VRF:\s+(?P<vrf>\S+)\s*$")
_LEGEND = re.compile(r"^Codes:|^\s*\S+\s+- [A-Za-z]|^%\s*No matching routes")
_ROUTE = re.compile(
    r"^\s*(?P<code>[A-Za-z][A-Za-z0-9*]*(?: [A-Za-z]\w?)?)\s*\*?\s+(?P<prefix>[0-9A-Fa-f:.]+/\d+)(?:\s+(?P<way>\S.*))?$"
)
_WAY = re.compile(
    r"^(?:\[(?P<distance>\d+)/(?P<metric>\d+)\] )?"
    r"(?:is directly connected|is a summary|via (?P<via>[\dA-Fa-f.:]+(?:/\d+)?))"
    r"(?: \(nexthop in vrf (?P<vrf>[^\s)]+)\))?"
    r"(?:, (?P<age>never|\d[\w:]*)(?: \(recursive\))?)?(?:, (?P<interface>[A-Za-z][^\s,]*))?(?:,? \((?P<flag>[!>])\))?"
    r"(?:,? \([^()]+\))*$"
)
_FOOTER = re.compile(r"^(?:Processed \d+ prefixes|Route Distinguisher Version:|BGP instance |=+$)")
_PART = re.compile(r"^(?:VRF: |BGP VRF )(?P<vrf>[^\s,]+)(?:, state:.*)?\s*$")
_V6 = re.compile(r"(?<![\w:.])[0-9a-fA-F]*:[0-9a-fA-F:.]*(?:/\d+)?")
_PATHS = re.compile(r"^\s*Network\b|^[*sdhrSN][ *>]", re.MULTILINE)


@attrs.define
class _Reading:
    """What the lines above tell about the next one."""

    rows: list[Row] = attrs.field(factory=list)
    unparsed: list[str] = attrs.field(factory=list)
    vrf: str = ""
    route: dict[str, str | None] | None = None
    complete_head: bool = False


class Routes:
    """`show route`: one row per next hop. What is too long for its line goes on, indented, in the next."""

    columns = routing_table.COLUMNS - {"tag"} | {"active"}

    def parse(self, answer: str) -> Parsed:
        """Rows; a next hop below a line that was not understood is not understood either."""
        reading = _Reading()
        for line in _whole(answer.splitlines()):
            _read(line, reading)
        return Parsed(reading.rows, tuple(reading.unparsed), headed=reading.complete_head and not reading.unparsed)


def _whole(lines: list[str]) -> Iterator[str]:
    """The lines; one of a route that ends in a comma goes on in the next."""
    begun = ""
    for line in lines:
        whole = f"{begun} {line.strip()}" if begun else line.rstrip()
        begun = whole if whole.endswith(",") and not _LEGEND.match(whole) else ""
        if not begun:
            yield whole
    if begun:
        yield begun


def _read(line: str, reading: _Reading) -> None:
    """One line, as what it can be."""
    part, route = _VRF.match(line), _ROUTE.match(line)
    if part:
        reading.vrf, reading.route = part["vrf"], None
    elif route:
        reading.route = {"vrf": reading.vrf, "prefix": route["prefix"], **_code(route["code"])}
        if route["way"]:
            _add(route["way"], line, reading)
    elif reading.route is not None and line.lstrip().startswith(("[", "is ")):
        _add(line.strip(), line, reading)
    elif line.lstrip().startswith("Gateway of last resort"):
        reading.complete_head = True
    elif line.strip() and not _LEGEND.match(line):
        reading.route = None
        reading.unparsed.append(line)


def _code(printed: str) -> dict[str, str | None]:
    """Protocol and type of a code such as `O*E2`, `i L1` or `S*`."""
    kind = printed[1:].replace("*", " ").strip()
    return {"protocol": PROTOCOLS.get(printed[0], printed[0].lower()), "route_type": kind}


def _add(text: str, line: str, reading: _Reading) -> None:
    """A next hop of the current route; a backup path, which fast reroute keeps ready, is not active."""
    way = _WAY.match(text)
    if way is None or reading.route is None or not (way["via"] or way["interface"]):
        reading.unparsed.append(line)
        return
    reading.rows.append(
        {
            **reading.route,
            "distance": way["distance"],
            "metric": way["metric"],
            "next_hop": way["via"],
            "next_hop_vrf": way["vrf"] or "",
            "interface": way["interface"] or "",
            "active": way["flag"] != "!",
        }
    )


class Paths:
    """`show bgp`: the BGP table of IOS, with IPv6 in small letters, a footer, and the VRFs one below the other."""

    columns = bgp_table.COLUMNS | {"vrf"}

    def parse(self, answer: str) -> Parsed:
        """Rows of all parts; a part that has its head but no table has no paths."""
        rows: list[Row] = []
        unparsed: list[str] = []
        for vrf, part in _parts(answer):
            parsed = bgp_table.BGPTable().parse(part)
            rows += [{**row, "vrf": vrf} for row in parsed.rows]
            unparsed += parsed.unparsed
        headed = re.search(r"^BGP router identifier ", answer, re.MULTILINE)
        return Parsed(rows, tuple(unparsed), headed=bool(headed) and not _PATHS.search(answer))


def _parts(answer: str) -> Iterator[tuple[str, str]]:
    """VRF and text of each part, ready for IOS's parser; what stands above the first is the default VRF's."""
    vrf, lines = "", list[str]()
    for line in answer.splitlines():
        part = _PART.match(line)
        if part:
            yield vrf, "\n".join(lines)
            vrf, lines = part["vrf"], []
        elif not _FOOTER.match(line):
            lines.append(line[:3] + _V6.sub(lambda found: found[0].upper(), line[3:]))
    yield vrf, "\n".join(lines)


def uncounted(answer: str) -> str | None:
    """The number of paths ends every table."""
    begun = re.search(r"^\s*Network\s+Next Hop", answer, re.MULTILINE)
    return (
        "the count at the end is missing" if begun and not re.search(r"^Processed \d+", answer, re.MULTILINE) else None
    )
