"""The IPv4 and IPv6 routing tables of IOS: routes that go on in the next lines, masks that stand above their routes."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

import attrs

from nautobot_topology_cache.collect.commands import Parsed
from nautobot_topology_cache.collect.results import Row

COLUMNS = frozenset(
    {"vrf", "prefix", "protocol", "route_type", "next_hop", "interface", "next_hop_vrf", "distance", "metric", "tag"}
)

PROTOCOLS = {
    "L": "local",
    "C": "connected",
    "S": "static",
    "R": "rip",
    "M": "mobile",
    "B": "bgp",
    "D": "eigrp",
    "O": "ospf",
    "E": "egp",
    "i": "isis",
    "U": "static",
    "P": "static",
    "H": "nhrp",
    "G": "nhrp",
    "g": "nhrp",
    "o": "odr",
    "l": "lisp",
    "a": "application",
    "m": "omp",
    "n": "nat",
}
"""The first letter of an IPv4 route's code, by the legend of IOS-XE 17."""

CODES_V6 = {
    "EX": ("eigrp", "EX"),
    "I1": ("isis", "L1"),
    "I2": ("isis", "L2"),
    "IA": ("isis", "ia"),
    "IS": ("isis", "su"),
    "LC": ("connected", ""),
    "ND": ("nd", ""),
    "NDp": ("nd", ""),
    "NDr": ("nd", ""),
    "DCE": ("nd", ""),
    "OI": ("ospf", "IA"),
    "OE1": ("ospf", "E1"),
    "OE2": ("ospf", "E2"),
    "ON1": ("ospf", "N1"),
    "ON2": ("ospf", "N2"),
}
"""IPv6 codes that are not a letter of the IPv4 legend, with the route type in the IPv4 legend's words."""

_FLAGS = re.compile(r"[*+%&!>]|\bp\b")
_TABLE = re.compile(
    r"^\s*(?:Routing Table: (?P<v4>\S+)|IPv6 Routing Table - (?:(?P<v6>\S+)(?: - \d+ entries)?|\d+ entries))\s*$"
)
_HEADING = re.compile(
    r"^\s*(?P<network>\d+(?:\.\d+){3})/(?P<length>\d+) is (?P<variably>variably )?subnetted, (?P<subnets>\d+) subnets?"
)
_V4 = re.compile(
    r"^(?P<code>[A-Za-z][\w*+%&!> ]{0,7}?)\s+(?P<network>\d+(?:\.\d+){3})(?:/(?P<length>\d+))?(?:\s+(?P<way>\S.*))?$"
)
_SUBNET = re.compile(r"^[A-Za-z][\w*+%&!> ]{0,7}?[ \t]+(\d+(?:\.\d+){3})(?:/(\d+))?(?!\S)", re.MULTILINE)
"""The beginning of what `_V4` matches."""
_BETWEEN_TABLES = re.compile(r"^\s*Routing Table: \S+\s*$", re.MULTILINE)
_V6 = re.compile(
    r"^(?P<code>[A-Za-z][\w*+]*)\s+(?P<prefix>[0-9A-Fa-f]*:[0-9A-Fa-f:.]*/\d+)\s+\[(?P<distance>\d+)/(?P<metric>\d+)\]"
    r"(?:,? tag (?P<tag>\d+))?(?:,.*)?$"
)
_WAY = re.compile(
    r"^(?:\[(?P<distance>\d+)(?:/(?P<metric>\d+))?\](?: (?=is ))?)?"
    r"(?:is directly connected|is a summary|(?:is possibly down, )?routing)?"
    r"(?:,? ?via (?:binding label: \S+?(?=,|$)|(?P<via>[^\s,]+)))?(?: \((?P<vrf>[^\s:()]+)(?::ipv[46])?\))?"
    r"(?P<tail>(?:, [^,]+)*)$"
)
_USUAL = re.compile(
    r"(?P<code>[A-Za-z][\w*+%&!> ]{0,7}?)\s+(?P<prefix>\d+(?:\.\d+){3}/\d+)\s+\[(?P<distance>\d+)/(?P<metric>\d+)\]"
    r" via (?P<next_hop>\d+(?:\.\d+){3}), (?:never|[\dywdhms:]+), (?!never$|receive$)(?P<interface>[A-Za-z][^\s,]*)"
)
"""A route with one next hop in one line: what `_V4`, `_WAY` and `_names` make of it, at once."""
_UPTIME = re.compile(r"never|\d+:\d\d:\d\d|(?:\d+[ywdhms])+")
_SAID = frozenset({"directly connected", "receive", "indirectly connected"})
_LEGEND = re.compile(r"^Codes:|^\s*\S+ - ")


@attrs.define
class _Reading:
    """What the lines above tell about the next one."""

    rows: list[Row] = attrs.field(factory=list)
    unparsed: list[str] = attrs.field(factory=list)
    vrf: str = ""
    heading: re.Match[str] | None = None
    route: dict[str, str | None] | None = None
    complete_head: bool = False


class RoutingTable:
    """`show ip route` and `show ipv6 route`; one row per next hop."""

    columns = COLUMNS

    def parse(self, answer: str) -> Parsed:
        """Rows; a route whose mask cannot be told, or that goes on from a line not understood, is not understood."""
        reading = _Reading()
        for printed in answer.splitlines():
            line = printed.rstrip()
            usual = _USUAL.fullmatch(line)
            if usual is None or not _is_address(usual["next_hop"]):
                _read(line, reading)
            else:
                _add_usual(usual, reading)
        return Parsed(reading.rows, tuple(reading.unparsed), headed=reading.complete_head)


def _read(line: str, reading: _Reading) -> None:
    """One line, as what it can be."""
    if table := _TABLE.match(line):
        reading.vrf = table["v4"] or table["v6"] or ""
    elif heading := _HEADING.match(line):
        reading.heading, reading.route = heading, None
    elif v6 := _V6.match(line):
        reading.route = {"vrf": reading.vrf, **_code(v6["code"]), **v6.groupdict()}
    elif v4 := _V4.match(line):
        reading.route = _route(v4, reading)
        if reading.route is None or v4["way"] is not None:
            _add(v4["way"] or "", line, reading)
    elif reading.route is not None and line.startswith("  "):
        _add(line.strip(), line, reading)
    elif line.startswith("Gateway of last resort"):
        reading.complete_head = True
    elif line.strip() and (reading.rows or not _LEGEND.match(line)):
        reading.route = None
        reading.unparsed.append(line)


def _add_usual(usual: re.Match[str], reading: _Reading) -> None:
    code, prefix, distance, metric, next_hop, interface = usual.groups()
    reading.route = route = {"vrf": reading.vrf, "prefix": prefix, **_code(code)}
    reading.rows.append(
        {
            **route,
            "distance": distance,
            "metric": metric,
            "next_hop": next_hop,
            "next_hop_vrf": "",
            "interface": interface,
        }
    )


@lru_cache(maxsize=1024)
def _code(printed: str) -> dict[str, str | None]:
    """Protocol and type of a code such as `O*E2`, `D EX`, `B   +` or `OI`."""
    if printed in CODES_V6:
        protocol, kind = CODES_V6[printed]
        return {"protocol": protocol, "route_type": kind}
    letter, kind = printed[0], _FLAGS.sub(" ", printed[1:]).strip()
    return {"protocol": PROTOCOLS.get(letter, letter.lower()), "route_type": kind}


def _route(printed: re.Match[str], reading: _Reading) -> dict[str, str | None] | None:
    """What the first line of an IPv4 route says about all its next hops; None when its mask cannot be told."""
    length = printed["length"]
    heading = reading.heading
    if (
        length is None
        and heading
        and not heading["variably"]
        and _major(heading["network"]) == _major(printed["network"])
    ):
        length = heading["length"]
    if length is None:
        return None
    return {"vrf": reading.vrf, "prefix": f"{printed['network']}/{length}", **_code(printed["code"])}


def _major(network: str) -> str:
    """The classful network, which is what the headings go by."""
    octets = network.split(".")
    first = int(octets[0])
    named = 1 if first < 128 else 2 if first < 192 else 3
    return f"{'.'.join(octets[:named])}{'.0' * (4 - named)}/{8 * named}"


def missing_subnets(answer: str) -> str | None:
    """The headings of classful networks count their subnets; what is missing when fewer are there."""
    tables = _BETWEEN_TABLES.split(answer) if "Routing Table:" in answer else [answer]
    return next(filter(None, map(_missing_in, tables)), None)


def _missing_in(table: str) -> str | None:
    headings = map(_HEADING.match, (line for line in table.splitlines() if "subnetted" in line))
    promised = {_major(found["network"]): int(found["subnets"]) for found in headings if found}
    if not promised:
        return None
    # By three octets first, of which there are fewer than subnets.
    parts = Counter(network.rpartition(".")[0] for network, _length in set(_SUBNET.findall(table)))
    there: Counter[str] = Counter()
    for part, count in parts.items():
        there[_major(part)] += count
    few = next((network for network, count in promised.items() if count > there[network]), None)
    return f"{promised[few]} subnets of {few} are announced, {there[few]} are there" if few else None


def _add(text: str, line: str, reading: _Reading) -> None:
    """A next hop of the current route."""
    if text == "is possibly down,":
        return
    way = _WAY.match(text)
    if way is None or reading.route is None or not text:
        reading.unparsed.append(line)
        return
    found = {name: value for name, value in way.groupdict().items() if name in ("distance", "metric") and value}
    address, _, vrf = (way["via"] or "").partition("%")
    names = list(_names(way["tail"]))
    if address[:1].isdigit() and not _is_address(address):
        reading.unparsed.append(line)
        return
    if address and not _is_address(address):
        address, names = "", [address, *names]
    reading.rows.append(
        {
            **reading.route,
            **found,
            "next_hop": address or None,
            "next_hop_vrf": way["vrf"] or vrf,
            "interface": names[-1] if names else "",
        }
    )


def _names(tail: str) -> Iterator[str]:
    """What follows a next hop and is no age: the interface."""
    for token in tail.split(", ")[1:]:
        if not _UPTIME.fullmatch(token) and token not in _SAID:
            yield token


@lru_cache(maxsize=16384)
def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
