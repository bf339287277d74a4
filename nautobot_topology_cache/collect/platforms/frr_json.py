"""What FRR prints behind `vtysh -c "show ... json"`, flattened; seen on 8.4."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from nautobot_topology_cache.collect.commands import Parsed
from nautobot_topology_cache.collect.errors import ParseError
from nautobot_topology_cache.collect.results import Row

Object = Mapping[str, Any]

WARNING = r"(?:% Can't open configuration file [^\n]*\n|vtysh_pam: [^\n(]*\(\d+\)\n?)"
"""What vtysh tells every user but root in front of its answer, the second without an end of line."""
_WARNINGS = re.compile(rf"\A\s*{WARNING}*")
_BLANK = re.compile(r"\s*")


def unwarned(answer: str) -> str:
    """The answer alone."""
    return _WARNINGS.sub("", answer).strip()


def cut(answer: str) -> str | None:
    """What is missing when the answer ends inside a document."""
    text = unwarned(answer)
    return "the JSON document is not closed" if text.startswith("{") and not text.endswith("}") else None


@attrs.frozen
class Documents:
    """The JSON documents of an answer: `vrf all` prints one per VRF or one for all, as the command and release go.

    A KeyError, TypeError or ValueError in `flatten` means that a document has another shape, which is a ParseError.
    """

    flatten: Callable[[Any], Iterable[Row]]
    columns: frozenset[str]

    def parse(self, answer: str) -> Parsed:
        try:
            return Parsed([row for document in _documents(answer) for row in self.flatten(document)], proves_empty=True)
        except json.JSONDecodeError as error:
            raise ParseError(f"not JSON: {error.msg} in line {error.lineno}, column {error.colno}") from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ParseError(f"unexpected JSON: {type(error).__name__}: {error}") from error


def _documents(answer: str) -> Iterator[Object]:
    text, position, decoder = unwarned(answer), 0, json.JSONDecoder()
    while True:
        document, end = decoder.raw_decode(text, position)
        yield document
        blank = _BLANK.match(text, end)
        position = blank.end() if blank else end
        if position == len(text):
            return


def documents(*columns: str) -> Callable[[Callable[[Any], Iterable[Row]]], Documents]:
    """Makes a flattening function the parser of its command, with the columns that its rows may have."""
    return lambda flatten: Documents(flatten, frozenset(columns))


@documents("name", "description", "speed", "pseudo")
def interfaces(document: Object) -> Iterable[Row]:
    """`show interface vrf all json`: what the kernel does not know; no speed is 0 or the largest number."""
    for name, port in document.items():
        speed = port.get("speed") or 0
        yield {
            "name": name,
            "description": port.get("description"),
            "speed": speed * 1000 if 0 < speed < 2**32 - 1 else None,
            "pseudo": port.get("pseudoInterface", False),
        }


@documents("vrf", "router_id", "address", "interface", "state", "area")
def ospf(document: Object) -> Iterable[Row]:
    """`show ip ospf vrf all neighbor detail json`: by VRF, then by router id a list of adjacencies."""
    for vrf, content in document.items():
        for router_id, adjacencies in content.get("neighbors", content).items():
            for adjacency in adjacencies if isinstance(adjacencies, list) else ():
                yield {
                    "vrf": vrf,
                    "router_id": router_id,
                    "address": adjacency["ifaceAddress"],
                    "interface": adjacency["ifaceName"].partition(":")[0],
                    "state": adjacency["nbrState"].partition("/")[0],
                    "area": adjacency.get("areaId", "").partition(" ")[0],
                }


@documents("router_id", "address", "interface", "state", "area")
def ospf6(document: Object) -> Iterable[Row]:
    """`show ipv6 ospf6 vrf all neighbor detail json`: by `router id%interface`, or by router id."""
    for name, adjacency in document.items():
        yield {
            "router_id": name.partition("%")[0],
            "address": adjacency["linkLocalAddress"],
            "interface": adjacency["interface"],
            "state": adjacency["neighborState"],
            "area": adjacency.get("area"),
        }


@documents("system_id", "address", "interface", "state", "level")
def isis(document: Object) -> Iterable[Row]:
    """`show isis vrf all neighbor detail json`: a circuit without an adjacency has no state."""
    levels = {1: "L1", 2: "L2", 3: "L1L2"}
    for area in document.get("areas", ()):
        for circuit in area.get("circuits", ()):
            port = circuit.get("interface")
            if port and port.get("state"):
                yield {
                    "system_id": circuit["adj"],
                    "address": (port.get("ipv4-address") or port.get("ipv6-link-local") or {}),
                    "interface": port["name"],
                    "state": port["state"],
                    "level": levels[circuit["level"]],
                }


@documents("vrf", "router_id", "address", "interface", "state", "asn")
def bgp_neighbors(document: Object) -> Iterable[Row]:
    """`show bgp vrf all neighbors json`: peers by address, or by interface where they have none configured."""
    for vrf, content in document.items():
        for peer, entry in content.items():
            if isinstance(entry, Mapping) and "bgpState" in entry:
                named = "." not in peer and ":" not in peer
                router_id = entry.get("remoteRouterId")
                yield {
                    "vrf": vrf,
                    "router_id": "" if router_id == "0.0.0.0" else router_id,  # noqa: S104 - printed before the first OPEN
                    "address": entry.get("bgpNeighborAddr") or entry.get("hostForeign") if named else peer,
                    "interface": peer if named else "",
                    "state": entry["bgpState"],
                    "asn": entry["remoteAs"],
                }


@documents(
    "vrf",
    "prefix",
    "protocol",
    "selected",
    "distance",
    "metric",
    "tag",
    "next_hop",
    "interface",
    "next_hop_vrf",
    "kind",
    "labels",
)
def routes(document: Object) -> Iterable[Row]:
    """`show ip route vrf all json`, one row per next hop as it was announced, without those that it resolves to."""
    for vrf, entries in _by_vrf(document):
        for prefix, alternatives in entries.items():
            for route in alternatives:
                announced = [way for way in route.get("nexthops", ()) if not way.get("resolver")]
                for way in announced or [{}]:
                    yield {
                        "vrf": route.get("vrfName", vrf),
                        "prefix": prefix,
                        "protocol": route["protocol"],
                        "selected": bool(route.get("selected")),
                        "distance": route.get("distance"),
                        "metric": route.get("metric"),
                        "tag": route.get("tag"),
                        "next_hop": way.get("ip"),
                        "interface": way.get("interfaceName"),
                        "next_hop_vrf": way.get("vrf"),
                        "kind": next((word for word in ("blackhole", "reject") if way.get(word)), ""),
                        "labels": way.get("labels"),
                    }


def _by_vrf(document: Object) -> Iterator[tuple[str, Object]]:
    """A document of prefixes, or one with such a document for each VRF."""
    for name, content in document.items():
        if isinstance(content, list):
            yield "", {name: content}
        else:
            yield name, content


@documents("vrf", "prefix", "next_hop", "metric", "local_pref", "weight", "path", "origin", "valid", "best")
def bgp_paths(document: Object) -> Iterable[Row]:
    """`show bgp vrf all ipv4 unicast json`: IPv6 paths name the global next hop before the link-local one."""
    for vrf, content in document.items():
        for prefix, paths in content.get("routes", {}).items():
            for path in paths:
                hops = path.get("nexthops") or [{}]
                yield {
                    "vrf": vrf,
                    "prefix": path.get("network", prefix),
                    "next_hop": hops[0].get("ip"),
                    "metric": path.get("metric", path.get("med")),
                    "local_pref": path.get("locPrf"),
                    "weight": path.get("weight"),
                    "path": path.get("path", ""),
                    "origin": path["origin"],
                    "valid": bool(path.get("valid")),
                    "best": bool(path.get("bestpath")),
                }
