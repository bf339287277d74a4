"""The one way to a picture of the network, behind REST, the map and GraphQL: what is asked, and who asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
from django.db.models import QuerySet

from nautobot_topology_cache import observations
from nautobot_topology_cache.collect import normalize
from nautobot_topology_cache.collect.pausing import collector_paused
from nautobot_topology_cache.topology import carried, graph, layout
from nautobot_topology_cache.topology.behind import Behind
from nautobot_topology_cache.topology.build import build
from nautobot_topology_cache.topology.documented import with_cables
from nautobot_topology_cache.topology.edges import Verdict, verdicts
from nautobot_topology_cache.topology.evidence import Device, Observations
from nautobot_topology_cache.topology.layer2 import with_layer2
from nautobot_topology_cache.topology.layer3 import with_layer3
from nautobot_topology_cache.topology.picture import Link, Picture
from nautobot_topology_cache.topology.pointing import pointings
from nautobot_topology_cache.topology.ports import Ports
from nautobot_topology_cache.topology.resolve import Announced, Directory, Match
from nautobot_topology_cache.topology.shown import rules
from nautobot_topology_cache.topology.shown import shown as as_json
from nautobot_topology_cache.topology.subnets import Subnets
from nautobot_topology_cache.topology.view import Selection, select

LARGE = 5_000
"""Rows from which on a picture is a large one."""


@attrs.frozen(kw_only=True)
class Question:
    """What a picture is to show. `devices` are those that the asker's filters select; None means all."""

    devices: QuerySet | None = None
    focus: tuple[str, ...] = ()
    depth: int = 1
    layers: tuple[str, ...] = ("physical",)
    vlan: int | None = None
    vrf: str | None = None
    include_cdp: bool = True
    include_lldp: bool = True
    include_routing: bool = False
    route_types: tuple[str, ...] = observations.NEXT_HOPS
    include_layer2: bool = False
    include_cables: bool = False
    """Documented cables too that nothing in the network shows."""
    min_confidence: float = 0.0
    stale: bool | None = None
    layout: str = "force_directed"

    @property
    def wanted(self) -> observations.Wanted:
        """The tables that are evidence for it."""
        protocols = {"cdp": self.include_cdp, "lldp": self.include_lldp}
        return observations.Wanted(
            protocols=tuple(name for name, included in protocols.items() if included),
            layer2=self.include_layer2 or "l2" in self.layers,
            routing=self.include_routing or "l3" in self.layers,
            route_types=self.route_types,
            vlan=self.vlan,
        )

    @property
    def shown_layers(self) -> tuple[str, ...]:
        """The layers that are asked for, by name or by the evidence that only they show."""
        added = {"l2": self.include_layer2, "l3": self.include_routing}
        return tuple(dict.fromkeys([*self.layers, *(name for name, on in added.items() if on)]))


def statistics(question: Question, user: Any) -> dict[str, Any]:
    """Figures of the picture. Whose loss would split the network is a matter of all of it that `user` may view."""
    seen = observations.observe(user, question.wanted)
    wanted = _selection(question, seen)
    with collector_paused(seen.size >= LARGE):
        whole = _whole(question, seen)
        return graph.statistics(select(whole, wanted), select(whole, attrs.evolve(wanted, devices=None, focus=())))


def shown(question: Question, user: Any) -> dict[str, Any]:
    """The picture of what `user` may view as clients get it, with positions and the rules by which it was scored."""
    seen = observations.observe(user, question.wanted)
    with collector_paused(seen.size >= LARGE):
        return _shown(select(_whole(question, seen), _selection(question, seen)), question)


def _shown(picture: Picture, question: Question) -> dict[str, Any]:
    points = layout.positions(question.layout, picture.nodes.values(), picture.links, picture.focus)
    return as_json(picture, points, _metadata(picture, question))


def ports(devices: QuerySet, user: Any) -> tuple[list[Verdict], dict[str, Device]]:
    """What each port of the devices is, uplink or edge, of those that `user` may view; and all devices by id."""
    seen = observations.observe(user, observations.Wanted(layer2=True, cables=False))
    behind = Behind(seen, Ports(seen.interfaces), Directory(seen.devices))
    chosen = {str(pk) for pk in devices.values_list("pk", flat=True)}
    return verdicts(build(seen), seen, behind, chosen), dict(seen.devices)


def _whole(question: Question, seen: Observations) -> Picture:
    """Everything that there is to be selected from, in the layers that are asked for."""
    directory = Directory(seen.devices)
    subnets = Subnets(seen, directory)
    pointed = pointings(seen, directory, subnets)
    whole = build(seen, pointed)
    if "l2" in question.shown_layers:
        whole = with_layer2(whole, seen, Behind(seen, Ports(seen.interfaces), directory))
    if question.include_cables:
        whole = with_cables(whole, seen)
    return with_layer3(whole, seen, subnets, pointed) if "l3" in question.shown_layers else whole


def _selection(question: Question, seen: Observations) -> Selection:
    directory = Directory(seen.devices)
    chosen = None if question.devices is None else {str(pk) for pk in question.devices.values_list("pk", flat=True)}
    return Selection(
        devices=None if chosen is None else frozenset(map(directory.whole, chosen)),
        focus=tuple(map(directory.whole, question.focus)),
        depth=question.depth,
        layers=question.shown_layers,
        min_confidence=question.min_confidence,
        stale=question.stale,
        conditions=tuple(_conditions(question, seen)),
    )


def _conditions(question: Question, seen: Observations) -> Iterable[Any]:
    if question.vlan is not None:
        yield carried.touching(carried.on_vlan(seen, question.vlan))
    if question.vrf is not None:
        vrf = normalize.vrf(question.vrf)
        ports = carried.in_vrf(seen, vrf)

        def belongs(link: Link) -> bool:
            return link.routing.vrf == vrf if link.routing else link.source in ports or link.target in ports

        yield belongs


def _metadata(picture: Picture, question: Question) -> dict[str, Any]:
    return {
        "total_nodes": len(picture.nodes),
        "total_links": len(picture.links),
        "total_unresolved": len(picture.unresolved),
        "left_out": _left_out(picture),
        "layers": list(question.shown_layers),
        "layout": question.layout,
        "width": layout.WIDTH,
        "height": layout.HEIGHT,
        "rules": rules(),
    }


def _left_out(picture: Picture) -> dict[str, int]:
    """Reason -> how many addresses and subnets of layer 3 are not drawn for it."""
    apart = {(one.reason, one.vrf, one.what) for one in picture.left_out}
    return {reason: sum(one[0] == reason for one in apart) for reason in ("ambiguous", "unknown", "reused")}


def resolve(name: str, address: str | None, user: Any) -> Match:
    """Which Device that `user` may view a neighbor's name and address mean; what they may not view is not there."""
    devices = {pk: one for pk, one in observations.known_devices(user).items() if one.visible}
    owners = observations.visible_owners_of([address], user) if address else []
    return Directory(devices, (), owners).resolve(Announced(name, address))
