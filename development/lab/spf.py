"""OSPF inside one site: shortest paths per area, inter-area summaries over the border routers, type 2 externals."""

from __future__ import annotations

import heapq
from collections import defaultdict
from functools import cache

import attrs

from development.lab.model import Device, Interface, Network


@attrs.frozen(order=True)
class Hop:
    """Out of `interface` to the far end's `far_interface`."""

    interface: str
    device: str
    far_interface: str


@attrs.frozen
class Best:
    """The best way to a prefix: route type as IOS writes it ("", IA, E2)."""

    cost: int
    hops: frozenset[Hop]
    kind: str = ""


Distances = dict[str, tuple[int, frozenset[Hop]]]


class Ospf:
    """The link-state database of one site for one address family."""

    def __init__(self, network: Network, site: str, version: int) -> None:
        self.network = network
        self.version = version
        runs = network.sites[site] if version == 4 else [d for d in network.sites[site] if d.platform == "cisco_xe"]
        self.devices = {device.name: device for device in runs if device.router_id}
        self.areas: dict[str, set[str]] = defaultdict(set)
        self.edges: dict[str, dict[str, list[tuple[int, str, Hop]]]] = defaultdict(lambda: defaultdict(list))
        self.stubs: dict[str, dict[str, list[tuple[str, int]]]] = defaultdict(lambda: defaultdict(list))
        for device in self.devices.values():
            for interface in device.interfaces.values():
                if interface.ospf_area is not None and interface.up:
                    self._enter(device, interface)

    def _enter(self, device: Device, interface: Interface) -> None:
        area = interface.ospf_area or "0"
        prefixes = [a.prefix for a in interface.addresses if a.version == self.version and a.role != "link_local"]
        if not prefixes:
            return
        self.areas[area].add(device.name)
        self.stubs[area][device.name] += [(prefix, interface.ospf_cost) for prefix in prefixes]
        far = None if interface.ospf_passive else self.network.far_logical(device, interface)
        if far and far[0].name in self.devices:
            hop = Hop(interface.name, far[0].name, far[1].name)
            self.edges[area][device.name].append((interface.ospf_cost, far[0].name, hop))

    def neighbors(self, device: str) -> list[tuple[str, Hop]]:
        """(area, hop) of every adjacency of a router."""
        return [(area, hop) for area in sorted(self.edges) for _cost, _far, hop in self.edges[area][device]]

    @cache  # noqa: B019  one database lives as long as its network
    def distances(self, device: str, area: str) -> Distances:
        """Dijkstra with all equal-cost first hops."""
        best: Distances = {device: (0, frozenset())}
        queue = [(0, device)]
        while queue:
            cost, here = heapq.heappop(queue)
            if cost > best[here][0]:
                continue
            for step, far, hop in self.edges[area][here]:
                hops = frozenset([hop]) if here == device else best[here][1]
                known = best.get(far)
                if known is None or cost + step < known[0]:
                    best[far] = (cost + step, hops)
                    heapq.heappush(queue, (cost + step, far))
                elif cost + step == known[0]:
                    best[far] = (known[0], known[1] | hops)
        return best

    def memberships(self, device: str) -> list[str]:
        """The areas a router is in."""
        return [area for area in sorted(self.areas) if device in self.areas[area]]

    @cache  # noqa: B019
    def intra(self, device: str, area: str) -> dict[str, Best]:
        """Prefix -> best path inside the area, the router's own prefixes (no hops) included."""
        found: dict[str, Best] = {}
        for far, (cost, hops) in self.distances(device, area).items():
            for prefix, stub in self.stubs[area][far]:
                merge(found, prefix, Best(cost + stub, hops))
        return found

    def _border_routers(self, area: str) -> list[str]:
        return [
            name for name in sorted(self.areas[area]) if len(self.memberships(name)) > 1 and name in self.areas["0"]
        ]

    @cache  # noqa: B019
    def summaries(self, border: str, into: str) -> dict[str, int]:
        """Prefix -> cost that an area border router announces into an area."""
        found: dict[str, int] = {}
        for area in self.memberships(border):
            if area != into:
                for prefix, best in self.intra(border, area).items():
                    found[prefix] = min(best.cost, found.get(prefix, best.cost))
        if into != "0":
            for prefix, best in self.inter(border).items():
                found.setdefault(prefix, best.cost)
        return found

    @cache  # noqa: B019
    def inter(self, device: str) -> dict[str, Best]:
        """Prefix -> best inter-area path; a border router believes the backbone alone."""
        areas = self.memberships(device)
        found: dict[str, Best] = {}
        for area in ["0"] if "0" in areas else areas:
            reach = self.distances(device, area)
            for border in self._border_routers(area):
                if border != device and border in reach:
                    cost, hops = reach[border]
                    for prefix, more in self.summaries(border, area).items():
                        merge(found, prefix, Best(cost + more, hops, "IA"))
        return found

    def _to_router(self, device: str, target: str) -> Best | None:
        """The way to an external route's announcer, which always is in the backbone."""
        areas = self.memberships(device)
        if "0" in areas:
            reached = self.distances(device, "0").get(target)
            return Best(*reached) if reached else None
        found: dict[str, Best] = {}
        for area in areas:
            for border in self._border_routers(area):
                reached, beyond = self.distances(device, area).get(border), self.distances(border, "0").get(target)
                if reached and beyond:
                    merge(found, target, Best(reached[0] + beyond[0], reached[1]))
        return found.get(target)

    def routes(self, device: str) -> dict[str, Best]:
        """Prefix -> best path, without the router's own prefixes."""
        found: dict[str, Best] = {}
        for area in self.memberships(device):
            for prefix, best in self.intra(device, area).items():
                merge(found, prefix, best)
        for prefix, best in self.inter(device).items():
            found.setdefault(prefix, best)
        for announcer in self.devices.values():
            way = self._to_router(device, announcer.name) if announcer.name != device else None
            for prefix, metric in announcer.redistributes:
                if way and prefix not in found and ((":" in prefix) == (self.version == 6)):
                    found[prefix] = Best(metric, way.hops, "E2")
        return {prefix: best for prefix, best in found.items() if best.hops}


def merge(found: dict[str, Best], prefix: str, best: Best) -> None:
    """Keep the cheaper of two ways, or both if they cost the same."""
    known = found.get(prefix)
    if known is None or best.cost < known.cost:
        found[prefix] = best
    elif best.cost == known.cost and known.hops and best.hops:
        found[prefix] = attrs.evolve(known, hops=known.hops | best.hops)
