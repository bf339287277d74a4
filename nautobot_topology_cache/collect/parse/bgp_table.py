"""The BGP table of IOS: columns by the place of their headings, long networks and next hops in lines of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import attrs

from nautobot_topology_cache.collect.commands import Parsed
from nautobot_topology_cache.collect.results import Row

COLUMNS = frozenset({"status", "prefix", "next_hop", "metric", "local_pref", "weight", "as_path", "origin"})

_HEADING = re.compile(r"^\s*Network\s+Next Hop\s+Metric\s+LocPrf\s+Weight\s+Path")
_ENTRY = re.compile(
    r"^(?P<status>[ *>sdhrSmbxatfcRLVNIi]{1,6}?)\s*(?P<rest>(?<![0-9A-F:.])[0-9A-F:][0-9A-F:./]*(?:\s.*)?)$"
)
_HEAD = re.compile(
    r"(?! {5})(?P<status>[ *>sdhrSmbxatfcRLVNIi]{1,6}?)\s*(?:(?P<network>(?<![0-9A-F:.])[0-9A-F:][0-9A-F:./]*)\s{3,})?"
)
"""What stands in front of the next hop of a path that is printed in one line, as `_ENTRY` reads it."""
_PATH = re.compile(r"(?P<as_path>(?: [\d.,(){}\[\]]+)*) (?P<origin>[ie?])")
_ADDRESS = re.compile(r"[0-9A-F]*[:.][0-9A-F:.]*(?:/\d+)?")
_ABOUT = re.compile(r"Route Distinguisher:|For address family:|(AF-Private )?(Import|Export) (Map:|to )|VRF Router ID")
"""What stands above the networks of one VRF or address family."""
_AS = re.compile(r"[\d.,(){}\[\]]+")
"""A number of an AS path, a set, or a part of one."""
_TOKEN = re.compile(r"\S+")


@attrs.define
class _Columns:
    """Where the headings end; numbers are printed flush right below them, sometimes one place off."""

    next_hop: int
    edges: tuple[tuple[str, int], ...]

    @classmethod
    def under(cls, heading: str) -> _Columns:
        ends = (("metric", "Metric"), ("local_pref", "LocPrf"), ("weight", "Weight"))
        return cls(heading.index("Next Hop"), tuple((name, heading.index(word) + len(word)) for name, word in ends))

    def numbers(self, cells: str) -> dict[str, str] | None:
        """Next hop and numbers of a line that fills its columns as usual, from its part between Next Hop and Path."""
        next_hop = cells.partition(" ")[0]
        if not _ADDRESS.fullmatch(next_hop):
            return None
        found, start = {"next_hop": next_hop}, len(next_hop)
        for name, edge in self.edges:
            cell = cells[start : edge - self.next_hop]
            start = edge - self.next_hop
            if cell.strip():
                found[name] = cell.lstrip()
        flush = all(value.isdigit() for name, value in found.items() if name != "next_hop")
        return found if flush and len(next_hop) < len(cells) and "weight" in found else None


@attrs.define
class _Reading:
    rows: list[Row] = attrs.field(factory=list)
    unparsed: list[str] = attrs.field(factory=list)
    columns: _Columns | None = None
    prefix: str = ""
    path: dict[str, str] | None = None
    """The path whose numbers are still to come."""
    begun: str = ""
    """The line in which that path begins."""


Usual = Callable[[str, _Reading], bool]
"""Whether a line was read."""


class BGPTable:
    """`show bgp ... unicast`: one row per path."""

    columns = COLUMNS

    def parse(self, answer: str) -> Parsed:
        """Rows; after a line that is not understood, paths without a network are not understood either."""
        reading = _Reading()
        usual: Usual | None = None
        for line in answer.splitlines():
            if usual is not None and usual(line, reading):
                continue
            if _HEADING.match(line):
                _give_up(reading)
                reading.columns = _Columns.under(line)
                usual = _usual(reading.columns)
            elif reading.columns is not None and line.strip():
                _read(line.rstrip(), reading.columns, reading)
        _give_up(reading)
        return Parsed(reading.rows, tuple(reading.unparsed))


def _usual(columns: _Columns) -> Usual:
    """Reads a path that is printed in one line, every number flush below its heading, as `_read` would; else False."""
    begin, end = columns.next_hop, columns.edges[-1][1]
    numbers = lru_cache(maxsize=16384)(columns.numbers)

    def read(line: str, reading: _Reading) -> bool:
        path = _PATH.fullmatch(line, end)
        head = _HEAD.fullmatch(line, 0, begin) if path else None
        if path is None or head is None:
            return False
        found = numbers(line[begin:end])
        status, network = head.groups()
        if found is None or not (network or reading.prefix):
            return False
        _give_up(reading)
        if network:
            reading.prefix = _with_length(network)
        as_path, origin = path.groups()
        reading.rows.append(
            {"status": status, **found, "prefix": reading.prefix, "as_path": as_path[1:], "origin": origin}
        )
        return True

    return read


def _read(line: str, columns: _Columns, reading: _Reading) -> None:
    entry = _ENTRY.match(line) if line[:5].strip() else None
    if entry:
        _give_up(reading)
        reading.path, reading.begun = {"status": entry["status"]}, line
        tokens = _tokens(line, entry.start("rest"))
        if tokens[0][1] < columns.next_hop - 2:
            reading.prefix = _with_length(tokens.pop(0)[0])
    elif reading.path is not None and line.startswith(" " * 8):
        tokens = _tokens(line, 0)
    elif _ABOUT.match(line):
        _give_up(reading)
        reading.prefix = ""
        return
    else:
        _refuse(line, reading)
        return
    _fill(tokens, line, columns, reading)


def _tokens(line: str, start: int) -> list[tuple[str, int, int]]:
    return [(token[0], token.start(), token.end()) for token in _TOKEN.finditer(line, start)]


def _fill(tokens: list[tuple[str, int, int]], line: str, columns: _Columns, reading: _Reading) -> None:
    """Next hop, then numbers and path; each may stand in a line of its own."""
    path = reading.path
    if path is None or not reading.prefix:
        _refuse(line, reading)
        return
    if tokens and "next_hop" not in path:
        if not _ADDRESS.fullmatch(tokens[0][0]):
            _refuse(line, reading)
            return
        path["next_hop"] = tokens.pop(0)[0]
    if not tokens:
        return
    for name, edge in columns.edges if "as_path" not in path else ():
        if tokens and tokens[0][0].isdigit() and abs(tokens[0][2] - edge) <= 2:
            path[name] = tokens.pop(0)[0]
    rest = [token for token, _, _ in tokens]
    origin = rest.pop() if rest and rest[-1] in ("i", "e", "?") else ""
    if not all(map(_AS.fullmatch, rest)):
        _refuse(line, reading)
        return
    path["as_path"] = " ".join([path.get("as_path", ""), *rest]).strip()
    if origin:
        reading.rows.append({**path, "prefix": reading.prefix, "origin": origin})
        reading.path = None


def _give_up(reading: _Reading) -> None:
    """A path whose origin never came was cut off."""
    if reading.path is not None:
        reading.unparsed.append(reading.begun)
        reading.path = None


def _refuse(line: str, reading: _Reading) -> None:
    """A lost line may have named a network: paths that lean on the last one are refused until the next is named."""
    reading.unparsed.append(line)
    reading.prefix, reading.path = "", None


def _with_length(network: str) -> str:
    """A network with its length; IOS leaves the length out where it is the classful one."""
    octet = network.partition(".")[0]
    if "/" in network or not octet.isdigit():
        return network
    first = int(octet)
    length = 0 if network == "0.0.0.0" else 8 if first < 128 else 16 if first < 192 else 24  # noqa: S104 - a route
    return f"{network}/{length}"
