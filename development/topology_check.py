"""A picture of the network, as REST gives it, against the truth of the lab or of a replayed network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import attrs

Row = Mapping[str, Any]
End = tuple[str, str]
BETWEEN_DEVICES = ("device", "boundary")


@attrs.frozen
class Verdict:
    """What is wrong with the links of a picture; all empty if nothing is."""

    expected: int
    found: int
    missing: list[str]
    false: list[str]
    duplicates: list[str]
    wrong_lags: list[str]
    missing_outside: list[str]

    def __bool__(self) -> bool:
        """True when there is anything wrong."""
        return any((self.missing, self.false, self.duplicates, self.wrong_lags, self.missing_outside))

    def __str__(self) -> str:
        """The figures, then a line for each fault."""
        kinds = ("missing", "false", "duplicates", "wrong_lags", "missing_outside")
        lines = [f"{kind}: {one}" for kind in kinds for one in getattr(self, kind)]
        return "\n".join([f"{self.found} of {self.expected} links", *lines])


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
        wrong_lags=[_pair(_ends(link)) for link in direct if _ends(link) in cables and not _same_lag(link, cables)],
        missing_outside=_outside(picture, truth),
    )


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
