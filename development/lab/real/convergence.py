"""Whether the routers have found each other, and the ways: what they say themselves against what they must."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator

from development.lab.real import truth
from development.lab.real.model import version
from development.lab.real.routers import Running
from development.processes import LaunchError

SECONDS = 120
NSENTER = "/usr/bin/nsenter"


def wait_until_converged(routers: list[Running]) -> None:
    """Return when every router has its neighbors and routes; a LaunchError says who has not, after SECONDS."""
    end = time.monotonic() + SECONDS
    while lacking := [told for one in routers for told in _lacking(one)]:
        if time.monotonic() > end:
            raise LaunchError(f"after {SECONDS} s the routers still lack: {'; '.join(lacking)}")
        time.sleep(0.5)


def _lacking(one: Running) -> Iterator[str]:
    """What a router does not say as the configuration promises."""
    for command, words, promised in _promises(one):
        said = _ask(one, *command).count(words)
        if said < promised:
            yield f"{one.router.name}: {words} {promised} times in `{' '.join(command)}`, {said} is all"
    for show, promised_routes in _promised_routes(one):
        if (routes := set(_routes(_ask(one, "vtysh", "-c", show)))) != promised_routes:
            yield f"{one.router.name}: `{show}` differs in {sorted(routes ^ promised_routes)}"


def _promises(one: Running) -> Iterator[tuple[tuple[str, ...], str, int]]:
    """(command, words, how often at least)."""
    tables = truth.tables(one.router)
    neighbors = tables["routing_neighbors"]
    ospf = sum(row["protocol"] == "ospf" for row in neighbors) // 2
    yield ("vtysh", "-c", "show ip ospf neighbor detail json"), '"nbrState":"Full', ospf
    yield ("vtysh", "-c", "show ipv6 ospf6 neighbor detail json"), '"neighborState":"Full"', ospf
    bgp = sum(row["protocol"] == "bgp" for row in neighbors)
    yield ("vtysh", "-c", "show bgp vrf all neighbors json"), '"bgpState":"Established"', bgp
    yield ("lldpcli", "-f", "json0", "show", "neighbors", "details", "hidden"), '"via":', len(tables["neighbors"])


Way = tuple[str, str, int]
"""Prefix, next hop and metric. A router may reach a network by a detour before it knows the shortest way."""


def _promised_routes(one: Running) -> Iterator[tuple[str, set[Way]]]:
    """(command, every way that is used) of the routes that protocols bring."""
    for protocol, show, number in (
        ("ospf", "show ip route ospf json", 4),
        ("ospf", "show ipv6 route ospf6 json", 6),
        ("bgp", "show ip route bgp json", 4),
        ("bgp", "show ipv6 route bgp json", 6),
    ):
        rows = [row for row in truth.tables(one.router)["routes"] if row["protocol"] == protocol and row["active"]]
        ways = {(str(row["prefix"]), str(row["next_hop"]), int(str(row["metric"]))) for row in rows}
        yield show, {way for way in ways if version(way[0]) == number}


def _routes(answer: str) -> Iterator[Way]:
    """The ways that zebra uses, as they were announced: without those that a next hop resolves to."""
    for prefix, alternatives in json.loads(answer or "{}").items():
        for route in alternatives:
            for way in route["nexthops"] if route.get("selected") else ():
                if not way.get("resolver"):
                    yield prefix, way["ip"], route["metric"]


def _ask(one: Running, *command: str) -> str:
    """What root would read on the router."""
    inside = [NSENTER, "--target", str(one.inside), "--all", *command]
    return subprocess.run(inside, capture_output=True, text=True, check=False, timeout=30).stdout
