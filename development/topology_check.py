"""A picture of the network, as REST gives it, against the truth of the lab or of a replayed network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import attrs

from development.lab.relations import About, Relation

Row = Mapping[str, Any]
End = tuple[str, str]
BETWEEN_DEVICES = ("device", "boundary")


@attrs.frozen(kw_only=True)
class Verdict:
    """What is wrong with the links of a picture; all empty if nothing is."""

    kind: str = "links"
    expected: int
    found: int
    missing: list[str]
    false: list[str]
    duplicates: list[str]
    differing: list[str]
    """Links whose ends are right and something else is not."""
    missing_outside: list[str] = attrs.Factory(list)

    def __bool__(self) -> bool:
        """True when there is anything wrong."""
        return any((self.missing, self.false, self.duplicates, self.differing, self.missing_outside))

    def __str__(self) -> str:
        """The figures, then a line for each fault."""
        faults = ("missing", "false", "duplicates", "differing", "missing_outside")
        lines = [f"{fault}: {one}" for fault in faults for one in getattr(self, fault)]
        return "\n".join([f"{self.found} of {self.expected} {self.kind}", *lines])


def check(picture: Row, truth: Row) -> Verdict:
    """Compare the links between devices with the truth's cables, and the links to others with its `outside`.

    A cable that no device hears the other end of (no protocol in the truth) is neither expected nor forbidden.
    """
    types = {node["id"]: node["node_type"] for node in picture["nodes"]}
    direct = [
        link
        for link in picture["links"]
        if link["layer"] == "physical"
        and types[link["source"]] in BETWEEN_DEVICES
        and types[link["target"]] in BETWEEN_DEVICES
    ]
    drawn = Counter(map(_ends, direct))
    cables = {frozenset((tuple(cable["a"]), tuple(cable["b"]))): cable for cable in truth["links"]}
    expected = {ends for ends, cable in cables.items() if cable["protocols"]}
    return Verdict(
        expected=len(expected),
        found=len(expected & drawn.keys()),
        missing=_told(expected - drawn.keys()),
        false=_told(drawn.keys() - cables.keys()),
        duplicates=_told(ends for ends, times in drawn.items() if times > 1),
        differing=[
            f"{_pair(_ends(link))}: lag {link['lag']}"
            for link in direct
            if _ends(link) in cables and not _same_lag(link, cables)
        ],
        missing_outside=_outside(picture, truth),
    )


def check_layer3(picture: Row, true: Mapping[About, Relation]) -> Verdict:
    """Compare the relations of layer 3: ends, VRF and protocol, then who points, how many prefixes, and the samples."""
    nodes = {node["id"]: node["device_name"] for node in picture["nodes"]}
    related = [(_about(link, nodes), link) for link in picture["links"] if link["layer"] == "l3"]
    drawn = Counter(about for about, _ in related)
    return Verdict(
        kind="relations",
        expected=len(true),
        found=len(true.keys() & drawn.keys()),
        missing=_sorted(true.keys() - drawn.keys()),
        false=_sorted(drawn.keys() - true.keys()),
        duplicates=_sorted(about for about, times in drawn.items() if times > 1),
        differing=[
            f"{' '.join(about)}: {said}"
            for about, link in related
            if about in true
            for said in _differences(link, nodes, true[about])
        ],
    )


def _about(link: Row, nodes: Mapping[str, str]) -> About:
    """As the truth names it: two devices in alphabetical order, or a device and the subnet."""
    near, far = nodes[link["source"]], nodes[link["target"]]
    near, far = (near, far) if "/" in far else sorted((near, far))
    return near, far, link["routing"]["vrf"], link["routing"]["protocol"]


def _sorted(found: Iterable[Collection[str]]) -> list[str]:
    return sorted(" ".join(about) for about in found)


def _differences(link: Row, nodes: Mapping[str, str], true: Relation) -> Iterable[str]:
    routing = link["routing"]
    ends = ("source", "target") if routing["direction"] == "both" else (routing["direction"],)
    pointing = {nodes[link[end]] for end in ends}
    if pointing != true.pointing:
        yield f"{sorted(pointing)} point, not {sorted(true.pointing)}"
    if routing["prefix_count"] != len(true.prefixes):
        yield f"{routing['prefix_count']} prefixes, not {len(true.prefixes)}"
    if not true.prefixes.issuperset(routing["prefixes"]):
        yield f"samples {routing['prefixes']} are no prefixes of it"


def _ends(link: Row) -> frozenset[End]:
    return frozenset(
        ((link["source_device_name"], link["source_interface"]), (link["target_device_name"], link["target_interface"]))
    )


def _told(found: Any) -> list[str]:
    return sorted(_pair(ends) for ends in found)


def _pair(ends: frozenset[End]) -> str:
    return " - ".join(" ".join(end) for end in sorted(ends))


def _same_lag(link: Row, cables: Mapping[frozenset[End], Row]) -> bool:
    """A cable without a bundle on both sides claims nothing."""
    cable = cables[_ends(link)]
    true = cable.get("lag")
    if not true:
        return True
    names = {tuple(cable["a"]): true["a"], tuple(cable["b"]): true["b"]}
    drawn = link["lag"] or {"source": "", "target": ""}
    return (
        drawn["source"] == names[link["source_device_name"], link["source_interface"]]
        and drawn["target"] == names[link["target_device_name"], link["target_interface"]]
    )


def _outside(picture: Row, truth: Row) -> list[str]:
    """What is heard outside Nautobot and is not drawn at the port that hears it, or not listed as unresolved."""
    drawn = {
        (link["source_device_name"], link["source_interface"], link["target_device_name"].casefold())
        for link in picture["links"]
    }
    names = {node["device_id"]: node["device_name"] for node in picture["nodes"]}
    listed = {(names.get(one["device_id"]), one["local_interface"]) for one in picture["unresolved"]}
    return [
        f"{one['device']} {one['interface']}: {one['name']}"
        for one in truth["outside"]
        if (one["device"], one["interface"], one["name"].casefold()) not in drawn
        or (one["device"], one["interface"]) not in listed
    ]
