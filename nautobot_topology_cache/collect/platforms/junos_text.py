"""What Junos prints as text, for releases and users without `| display json`; one class of lines per command."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import attrs

from nautobot_topology_cache.collect.commands import Parsed
from nautobot_topology_cache.collect.platforms.junos_json import (
    INTERFACE_COLUMNS,
    ROUTE_COLUMNS,
    length,
    role,
    unit_link,
    vrf_of,
)
from nautobot_topology_cache.collect.results import Row

MEMBER = re.compile(r"^\s*(\{[\w:-]+\}|(node|fpc|member|re)\d+:|-{20,})\s*$")
"""The line above a prompt, and the headings of the members of a chassis: they say nothing about a row."""


@attrs.frozen
class Text:
    """Line by line: a function gets the lines and yields rows, or a str for a line that it did not understand."""

    read: Callable[[Iterator[str]], Iterator[Row | str]]
    columns: frozenset[str]

    def parse(self, answer: str) -> Parsed:
        found = list(self.read(line for line in answer.splitlines() if line.strip() and not MEMBER.match(line)))
        return Parsed(
            [row for row in found if not isinstance(row, str)],
            tuple(line for line in found if isinstance(line, str)),
        )


def lines(*columns: str) -> Callable[[Callable[[Iterator[str]], Iterator[Row | str]]], Text]:
    """Makes a reading function the parser of its command, with the columns that its rows may have."""
    return lambda read: Text(read, frozenset(columns))


def rows_of(*patterns: str, ignore: str) -> Text:
    """A plain table: a line is a row by one of the patterns, is ignored, or was not understood."""
    known = [re.compile(pattern) for pattern in patterns]
    columns = frozenset(name for pattern in known for name in pattern.groupindex)
    void = re.compile(ignore)

    def read(answer: Iterator[str]) -> Iterator[Row | str]:
        for line in answer:
            match = next((found for pattern in known if (found := pattern.match(line))), None)
            if match:
                yield {**dict.fromkeys(columns, ""), **{name: text or "" for name, text in match.groupdict().items()}}
            elif not void.match(line):
                yield line

    return Text(read, columns)


ARP = rows_of(
    r"^\s*(?P<mac>[\da-fA-F]{2}(?::[\da-fA-F]{2}){5})\s+(?P<address>\d+(?:\.\d+){3})\s+(?:\S+\s+)??"
    r"(?P<interface>[a-z]\S*\.\d+(?: \[\S+\])?|(?:fxp|em|me)\d+)\s+(?P<flags>\S.*?)\s*$",
    ignore=r"^\s*(MAC Address\s+Address|Total entries)",
)

IPV6_NEIGHBORS = rows_of(
    r"^\s*(?P<address>[\da-fA-F:]+:[\da-fA-F:.]*)\s+(?P<mac>\S+)\s+(?P<flags>[a-z]+)\s+\S+\s+\S+\s+\S+\s+"
    r"(?P<interface>\S.*?)\s*$",
    ignore=r"^\s*(IPv6 Address|Total entries)",
)

MAC_TABLE = rows_of(
    # EX switches before 13.2, with words in place of flags, and all ports of an entry in one line.
    r"^\s*(?P<vlan_name>\S+)\s+(?P<mac>\*|[\da-fA-F]{2}(?::[\da-fA-F]{2}){5})\s+(?P<flags>Learn|Static|Flood|Persistent)\s+"
    r"(?:-|[\d:]+)\s+(?P<interface>\S.*?)\s*$",
    r"^\s*(?P<vlan_name>\S+)\s+(?P<mac>[\da-fA-F]{2}(?::[\da-fA-F]{2}){5})\s+(?P<flags>[A-Z]+(?:,[A-Z]+)*)\s+"
    r"(?:(?:-|\d+|[\d:]+)\s+)?(?P<interface>\S+)(?:\s+\S+){0,3}\s*$",
    ignore=r"^\s*(MAC flags|.* - .*MAC|Ethernet[- ]switching table|Routing instance|V(?:lan|LAN)\s+MAC|name\s+address)",
)

LLDP = rows_of(
    # A long port leaves one blank before the name.
    r"^(?P<local_interface>[a-z]\S*)\s+(?:(?P<parent>-|ae\S+|reth\S+)\s+)?(?P<chassis_id>\S+)\s{2,}"
    r"(?P<port_id>\S{18,}) (?P<name>\S+)\s*$",
    r"^(?P<local_interface>[a-z]\S*)\s+(?P<parent>-|ae\S+|reth\S+)\s+(?P<chassis_id>\S+)\s+(?P<port_id>\S.*?)"
    r"(?:\s{2,}(?P<name>\S.*?))?\s*$",
    r"^(?P<local_interface>[a-z]\S*)\s+(?P<chassis_id>\S+)\s+(?P<port_id>\S.*?)(?:\s{2,}(?P<name>\S.*?))?\s*$",
    ignore=r"^\s*Local Interface",
)

OSPF = rows_of(
    r"^\s*(?P<address>[\da-fA-F.:]+)\s+(?P<interface>\S+)\s+(?P<state>\w+)\s+(?P<neighbor_id>\d+(?:\.\d+){3})"
    r"\s+\d+\s+\d+\s*$",
    ignore=r"^\s*(Address\s+Interface|Instance:|Area |Up |SPRING|Label|\d+\s+[A-Z]+\s+\w+\s*$|Topology )",
)

ISIS = rows_of(
    r"^\s*(?P<interface>[a-z]\S*)\s+(?P<system_id>\S+)\s+(?P<level>\d)\s+(?P<state>[A-Z]\S*)\s+\d+(?:\s+\S+)?\s*$",
    ignore=r"^\s*Interface\s+System",
)


@lines("vrf", "neighbor_id", "interface", "state", "address")
def ospf3(answer: Iterator[str]) -> Iterator[Row | str]:
    """`show ospf3 neighbor`: the address of a neighbor stands below it; without it the neighbor is not understood."""
    pending: dict[str, str] = {}
    begun = ""
    for line in answer:
        entry = re.match(r"^\s*(\d+(?:\.\d+){3})\s+(\S+)\s+(\w+)\s+\d+\s+\d+\s*$", line)
        address = re.match(r"^\s*Neighbor-address\s+([\da-fA-F:.]+)\s*$", line)
        if address and pending:
            yield {**pending, "address": address[1]}
            pending = {}
        elif entry:
            if pending:
                yield begun
            pending, begun = {"vrf": "", "neighbor_id": entry[1], "interface": entry[2], "state": entry[3]}, line
        elif not re.match(r"^\s*(ID\s+Interface|Instance:|Realm|Area |OSPF3 instance|Opt |DR-ID|Up |DR )", line):
            yield line
    if pending:
        yield begun


@lines("vrf", "peer", "asn", "state")
def bgp_summary(answer: Iterator[str]) -> Iterator[Row | str]:
    """`show bgp summary`: the tables below a peer name its VRF, which nothing does for a peer that is down."""
    peer: dict[str, Any] = {}
    begun = ""
    started = False
    for line in answer:
        entry = re.match(
            r"^\s*([\da-fA-F]*[.:][\da-fA-F.:]*)\s+(\d+)(?:\s+\d+){4}\s+(.*?)\s+(\S+(?: \(\S+\))?)\s*$", line
        )
        rib = re.match(r"^\s+(\S+\.\d+):\s+-?\d+(?:/\d+){3}\s*$", line)
        if entry:
            if peer:
                yield peer
            state = "established" if re.match(r"Establ|\d+/", entry[4]) else entry[4]
            peer = {"vrf": "", "peer": entry[1], "asn": entry[2], "state": state}
            # Older releases print the numbers of routes in place of the state, and no tables below.
            begun = line if entry[4].startswith("Establ") else ""
        elif rib and peer:
            peer["vrf"] = peer["vrf"] or re.sub(r"\.?(inet6?|mdt|iso|l2vpn|evpn)\.\d+$|^bgp\..*", "", rib[1])
            begun = ""
        elif re.match(r"^\s*Peer\s+AS\s", line):
            started = True
        elif started:
            yield line
    if peer:
        # The answer ends before the tables of the last peer: nobody knows its VRF.
        yield begun or peer


@lines("vrf", "kind", "interfaces")
def instances(answer: Iterator[str]) -> Iterator[Row | str]:
    """`show route instance detail`: names at the left edge, lists of interfaces below their heading."""
    row: dict[str, Any] = {}
    listing = False
    for line in answer:
        if heading := re.match(r"^(\S+):\s*$", line):
            if row:
                yield row
            row, listing = {"vrf": heading[1], "kind": "", "interfaces": []}, False
        elif not row:
            yield line
        elif kind := re.match(r"^\s+Type: (\S+)", line):
            row["kind"] = kind[1]
        elif re.match(r"^  \S.*:", line):
            listing = line.strip() == "Interfaces:"
        elif listing and re.match(r"^    \S+\s*$", line):
            row["interfaces"].append(line.strip())
    if row:
        yield row


_PORT = re.compile(
    r"^\s*Physical interface: (?P<name>[^\s,]+)(?: \([^()]*\))?(?:, (?P<admin>[^,]+), Physical link is (?P<link>\S+))?"
)
_UNIT = re.compile(r"^\s*Logical interface (?P<name>\S+)")
_INDEX = re.compile(r"\bSNMP ifIndex:? (\d+)")
_DETAILS = {
    "description": re.compile(r"^\s*Description: (.*)"),
    "type": re.compile(r"(?:^\s*(?:Type|Link-level type)|\bEncapsulation): ([^,]+)"),
    "mtu": re.compile(r"\bMTU: (\d+)"),
    "speed": re.compile(r"\bSpeed: ([^\s,]+)"),
    "duplex": re.compile(r"\b(?:Link-mode|Link-type|Duplex): ([^\s,]+)", re.IGNORECASE),
    "mac": re.compile(r"^\s*(?:Current address: |MAC: )([\da-fA-F:]{17})"),
    "snmp_index": _INDEX,
}
_LOCAL = re.compile(r"^\s*(?:Destination: (?P<destination>[^,]+), )?Local: (?P<address>[\da-fA-F.:]+)")


def _new(name: str, admin: str, link: str) -> dict[str, Any]:
    values: dict[str, Any] = dict.fromkeys(INTERFACE_COLUMNS, "")
    return {**values, "name": name, "admin": admin, "link": link, "address": [], "prefix_length": [], "role": []}


@lines(*INTERFACE_COLUMNS)
def interfaces(answer: Iterator[str]) -> Iterator[Row | str]:
    """`show interfaces`, also detail and extensive: an unknown line at the left edge may have been a heading.

    A collector may have taken the indentation away; then a second index tells that the heading above it is lost.
    """
    printed = list(answer)
    flat = any(line.startswith("Interface index:") for line in printed)
    row: dict[str, Any] = {}
    port: dict[str, Any] = {}
    found: list[dict[str, Any]] = []
    indexed = primary = True
    for line in printed:
        if heading := _PORT.match(line):
            row = port = _new(heading["name"], heading["admin"] or "", heading["link"] or "")
            found.append(row)
            indexed = False
        elif heading := _UNIT.match(line):
            row = _new(heading["name"], "", "")
            row["snmp_index"] = index[1] if (index := _INDEX.search(line)) else ""
            found.append(row)
        elif not row or not (flat or line[:1].isspace()) or (indexed and "Interface index:" in line):
            row = {}
            yield line
        else:
            indexed = indexed or "Interface index:" in line
            primary = _detail(line, row, port, primary)
    yield from found


_TERSE = re.compile(
    r"^(?:(?P<name>[a-z][^\s]*)\s+(?P<admin>up|down)\s+(?P<link>up|down)|\s{20,})"
    r"(?:\s+(?P<family>(?:inet6?|iso|mpls|eth-switch|aenet|bridge|tnp|vpls|ccc|multiservice|mlfr\S*|mlppp)))?"
    r"(?:\s+(?P<local>[\da-fA-F]*[.:][\da-fA-F.:]*(?:/\d+)?))?(?:\s+-->\s*(?P<remote>\S+)|\s+0x\S+)?\s*$"
)


@lines(*INTERFACE_COLUMNS)
def terse(answer: Iterator[str]) -> Iterator[Row | str]:
    """`show interfaces terse`: further families and addresses stand below the first."""
    row: dict[str, Any] = {}
    port: dict[str, Any] = {}
    found: list[dict[str, Any]] = []
    for line in answer:
        entry = _TERSE.match(line)
        if entry and (entry["name"] or row):
            if entry["name"]:
                row = _new(entry["name"], entry["admin"], entry["link"])
                port = port if "." in row["name"] else row
                found.append(row)
            if entry["family"] == "aenet" and entry["remote"] and row["name"].startswith(f"{port.get('name')}."):
                port["bundle"] = entry["remote"]
            elif entry["local"]:
                address = entry["local"].partition("/")[0]
                row["address"].append(address)
                row["prefix_length"].append(length(address, entry["local"]))
                row["role"].append(role(address, primary=True))
        elif not re.match(r"^\s*Interface\s+Admin\s+Link", line):
            row = {}
            yield line
    yield from found


def _detail(line: str, row: dict[str, Any], port: dict[str, Any], primary: bool) -> bool:
    """One indented line; returns whether the next address is the primary one, which the line above it says."""
    unit = row is not port
    if found := re.match(r"^\s*Flags\s*: (.*)", line):
        words = {word.strip(",").lower() for word in found[1].split()}
        if unit and not row["link"]:
            row["admin"], row["link"] = "down" if words & {"down", "admin-down"} else "up", unit_link(words)
        row["mode"] = row["mode"] or next((mode for mode in ("trunk", "access") if f"{mode}-mode" in words), "")
    elif re.match(r"^\s*Addresses, Flags:", line):
        return "Primary" in line or not row["address"]
    elif found := _LOCAL.match(line):
        address = found["address"]
        row["address"].append(address)
        row["prefix_length"].append(length(address, found["destination"] or ""))
        row["role"].append(role(address, primary))
    elif found := re.search(r"AE bundle: ([^\s.,]+)", line):
        port["bundle"] = found[1]
    for name, pattern in _DETAILS.items():
        if not row[name] and (said := pattern.search(line)):
            row[name] = said[1].strip()
    return primary


_TABLE = re.compile(r"^\s*(?P<table>\S+): \d+ destinations, \d+ routes")
_ENTRY = re.compile(
    r"^(?:(?P<prefix>\S+)(?:\s+\S+)??)?\s+(?P<mark>[*+@#-]?)\[(?P<protocol>[\w-]+)/(?P<preference>\d+)[^\]]*\](?P<rest>.*)$"
)
_HOP = re.compile(
    r"^\s+>?\s*(?:to table (?P<rib>\S+)|(?:to (?P<to>[\da-fA-F.:]+) )?via (?P<via>[^\s,]+)(?: \((?P<vrf>\S+)\))?"
    r"(?:, (?P<label>.*))?|to (?P<only>[\da-fA-F.:]+)"
    r"|to #\d+ \S+ via (?P<subscriber>[^\s,]+)"
    r"|(?P<local>Local via )(?P<own>\S+)"
    r"|(?P<kind>Reject|Discard|Receive|MultiRecv|Multicast|Indirect|Resolve|Deny|Dynamic)"
    r".*)\s*$"
)
_FACTS = {
    "metric": re.compile(r", metric (\d+)"),
    "tag": re.compile(r", tag (\d+)"),
    "med": re.compile(r", MED (\d+)"),
    "local_pref": re.compile(r", localpref (\d+)"),
}


@lines(*ROUTE_COLUMNS)
def routes(answer: Iterator[str]) -> Iterator[Row | str]:
    """`show route`: a lost line may have named a prefix, so paths that lean on it are not understood either."""
    rib = prefix = ""
    path: dict[str, Any] = {}
    paths: list[dict[str, Any]] = []
    for line in answer:
        if found := _TABLE.match(line):
            rib, prefix, path = found["table"], "", {}
        elif (found := _ENTRY.match(line)) and (found["prefix"] or prefix):
            prefix = found["prefix"] or prefix
            path = {**_path(rib, prefix, found), "line": line}
            paths.append(path)
        elif re.match(r"^[^\s@#+]\S*/\d+(\s+MAC/IP)?\s*$", line):
            prefix, path = line.split()[0], {}
        elif not (path and _fits(line, path)) and _matters(line, rib):
            prefix, path = "", {}
            yield line
    # Every path leads somewhere, if only to `Discard`: what this one leads to was cut off or not understood.
    yield from (row["line"] for row in paths if not row["hops"])
    yield from ({**row, **_hops(row)} for row in paths if row["hops"])


def _path(rib: str, prefix: str, found: re.Match[str]) -> dict[str, Any]:
    rest = found["rest"]
    return {
        "table": rib,
        "prefix": prefix,
        "protocol": found["protocol"],
        "active": found["mark"] in ("*", "+", "@"),
        "preference": found["preference"],
        **{name: said[1] if (said := pattern.search(rest)) else "" for name, pattern in _FACTS.items()},
        "as_path": "",
        "kind": "",
        "hops": [],
    }


def _fits(line: str, path: dict[str, Any]) -> bool:
    """A next hop or the AS path of the path above."""
    if said := re.match(r"^\s+AS path: ([^,]*)", line):
        path["as_path"] = said[1].strip()
    elif hop := _HOP.match(line):
        path["hops"].append(hop)
        path["kind"] = path["kind"] or hop["local"] or hop["kind"] or ""
    else:
        return False
    return True


def _hops(path: dict[str, Any]) -> Row:
    """The next hops of a path in parallel lists."""
    hops = [hop.groupdict(default="") for hop in path.pop("hops")]
    return {
        "next_hop": [hop["to"] or hop["only"] for hop in hops],
        "interface": [hop["via"] or hop["subscriber"] or hop["own"] for hop in hops],
        "next_hop_vrf": [hop["vrf"] or vrf_of(hop["rib"]) for hop in hops],
        "label": [hop["label"].strip() for hop in hops],
    }


def _matters(line: str, rib: str) -> bool:
    """Legends say nothing, and tables of labels and MAC addresses have forms of their own."""
    return not re.match(r"^\s*[@#+] = ", line) and (not rib or re.search(r"inet6?\.0$", rib) is not None)
