"""The part of the picture that is asked for and may be seen: nodes outside it become boundary or hidden nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import attrs

from nautobot_topology_cache.topology import graph
from nautobot_topology_cache.topology.picture import Evidence, Link, Node, Picture, Port
from nautobot_topology_cache.topology.score import RULES


@attrs.frozen(kw_only=True)
class Selection:
    """What of the picture is shown; None means no restriction."""

    devices: frozenset[str] | None = None
    focus: tuple[str, ...] = ()
    depth: int = 1
    layers: tuple[str, ...] = ("physical",)
    min_confidence: float = 0.0
    stale: bool | None = None
    """True: stale links only; False: none of them."""
    conditions: tuple[Callable[[Link], bool], ...] = ()
    """What a link must meet besides."""


def select(picture: Picture, wanted: Selection) -> Picture:
    """The selected nodes, their links, and whatever is at the links' other ends."""
    links = [link for link in picture.links if _wanted(link, wanted)]
    chosen = _chosen(picture, wanted, links)
    shown = _around(links, chosen, picture)
    ends = {end for link in shown for end in (link.source[0], link.target[0])}
    nodes = {
        node.id: node if node.id in chosen or node.node_type != "device" else attrs.evolve(node, node_type="boundary")
        for node in picture.nodes.values()
        if node.id in ends or (node.id in chosen and node.node_type == "device")
    }
    unresolved = tuple(one for one in picture.unresolved if one.device_id in chosen)
    left_out = tuple(one for one in picture.left_out if one.device_id in chosen)
    focus = tuple(one for one in wanted.focus if one in chosen)
    return hide(Picture(nodes=nodes, links=tuple(shown), unresolved=unresolved, left_out=left_out, focus=focus))


def _wanted(link: Link, wanted: Selection) -> bool:
    return (
        link.layer in wanted.layers
        and link.confidence >= wanted.min_confidence
        and wanted.stale in (None, link.stale)
        and all(meets(link) for meets in wanted.conditions)
    )


def _chosen(picture: Picture, wanted: Selection, links: list[Link]) -> set[str]:
    """Ids of the nodes that the selection names, hidden ones never."""
    own = {node.id for node in picture.nodes.values() if node.node_type == "device"}
    if wanted.devices is not None:
        own &= wanted.devices
    if wanted.focus:
        own &= graph.within(links, wanted.focus, wanted.depth, _shared(picture))
    return own


def _around(links: list[Link], chosen: set[str], picture: Picture) -> list[Link]:
    """Links of chosen devices, and from a segment of theirs to whatever else is on it."""
    ends = [(link, {link.source[0], link.target[0]}) for link in links]
    shared = _shared(picture)
    reached = chosen | {end for _, both in ends if both & chosen for end in both & shared}
    return [link for link, both in ends if both & reached]


def _shared(picture: Picture) -> frozenset[str]:
    """Nodes on which several devices are: who is on one is a neighbor of all others."""
    return picture.hubs | {node.id for node in picture.nodes.values() if node.node_type == "segment"}


def hide(picture: Picture) -> Picture:
    """Take names, ids, ports and addresses from the devices that may not be seen; each stays one node."""
    hidden: dict[str, str] = {}
    for link in picture.links:
        for end in (link.source[0], link.target[0]):
            if picture.nodes[end].node_type == "hidden":
                hidden.setdefault(end, f"hidden:{len(hidden) + 1}")
    if not hidden:
        return picture
    nodes = {
        hidden.get(node.id, node.id): Node(id=hidden[node.id], node_type="hidden") if node.id in hidden else node
        for node in picture.nodes.values()
        if node.node_type != "hidden" or node.id in hidden
    }
    links = _merged(_hidden_link(link, hidden) for link in picture.links)
    return attrs.evolve(picture, nodes=nodes, links=links)


def _merged(links: Iterable[Link]) -> tuple[Link, ...]:
    """One link where several differ in nothing but what may not be seen: VRFs and protocols of a hidden device."""
    found: dict[str, list[Link]] = {}
    for link in links:
        found.setdefault(link.id, []).append(link)
    return tuple(same[0] if len(same) == 1 else _one_of(same) for same in found.values())


def _one_of(same: list[Link]) -> Link:
    evidence = tuple(dict.fromkeys(one for link in same for one in link.evidence))
    surest = max(same, key=lambda link: link.confidence)
    return attrs.evolve(surest, stale=all(link.stale for link in same), evidence=evidence)


def _hidden_link(link: Link, hidden: dict[str, str]) -> Link:
    if link.source[0] not in hidden and link.target[0] not in hidden:
        return link
    source, target = _hidden_end(link.source, hidden), _hidden_end(link.target, hidden)
    bundles = link.lag or ("", "")
    lag = ("" if link.source[0] in hidden else bundles[0], "" if link.target[0] in hidden else bundles[1])
    return attrs.evolve(
        link,
        source=source,
        target=target,
        lag=lag if any(lag) else None,
        evidence=tuple(_blank(one) for one in link.evidence if one.device_id not in hidden),
        routing=None,
    )


def _hidden_end(end: Port, hidden: dict[str, str]) -> Port:
    return (hidden[end[0]], "") if end[0] in hidden else end


def _blank(one: Evidence) -> Evidence:
    return one._replace(detail=RULES[one.kind].meaning)
