"""Whether the routers have found each other: how often their own words say so, against how often they must."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator

from development.lab.real import truth
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
    """What a router does not say as often as the configuration promises."""
    for command, words, promised in _promises(one):
        said = _ask(one, *command).count(words)
        if said < promised:
            yield f"{one.router.name}: {words} {promised} times in `{' '.join(command)}`, {said} is all"


def _promises(one: Running) -> Iterator[tuple[tuple[str, ...], str, int]]:
    """(command, words, how often)."""
    tables = truth.tables(one.router)
    neighbors, routes = tables["routing_neighbors"], tables["routes"]
    ospf = sum(row["protocol"] == "ospf" for row in neighbors) // 2
    yield ("vtysh", "-c", "show ip ospf neighbor detail json"), '"nbrState":"Full', ospf
    yield ("vtysh", "-c", "show ipv6 ospf6 neighbor detail json"), '"neighborState":"Full"', ospf
    bgp = sum(row["protocol"] == "bgp" for row in neighbors)
    yield ("vtysh", "-c", "show bgp vrf all neighbors json"), '"bgpState":"Established"', bgp
    for protocol in ("ospf", "bgp"):
        for version, show in ((4, "show ip route"), (6, "show ipv6 route")):
            known = {row["prefix"] for row in routes if row["protocol"] == protocol and row["active"]}
            count = sum((":" in str(prefix)) == (version == 6) for prefix in known)
            name = "ospf6" if (protocol, version) == ("ospf", 6) else protocol
            yield ("vtysh", "-c", f"{show} {name} json"), '"selected":true', count
    heard = len(tables["neighbors"])
    yield ("lldpcli", "-f", "json0", "show", "neighbors", "details", "hidden"), '"via":', heard


def _ask(one: Running, *command: str) -> str:
    """What root would read on the router."""
    inside = [NSENTER, "--target", str(one.inside), "--all", *command]
    return subprocess.run(inside, capture_output=True, text=True, check=False, timeout=30).stdout
