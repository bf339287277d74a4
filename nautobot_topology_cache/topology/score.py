"""How sure a link is: a table of rules, and how they add up.

Supporting evidence adds up like independent witnesses: each leaves a share of the doubt. Contrary evidence takes a
share of what is left. The weights are judgements, not measurements; they are shown with every link.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from nautobot_topology_cache.topology.picture import Evidence


@attrs.frozen
class Rule:
    """What one kind of evidence means, and how much it weighs (0 to 1)."""

    weight: float
    meaning: str
    supports: bool = True
    conflict: bool = False
    """Whether it makes the link a conflict, whatever the score."""


RULES: dict[str, Rule] = {
    "cdp": Rule(0.8, "An end hears the other in CDP."),
    "lldp": Rule(0.8, "An end hears the other in LLDP."),
    "second_protocol": Rule(0.4, "The same end hears it in the other protocol as well."),
    "both_ends": Rule(0.5, "Both ends name each other and each other's port."),
    "mac_table": Rule(0.3, "An end learned a MAC address of the other on this port."),
    "wire": Rule(0.8, "CDP or LLDP joins these two ports."),
    "mac_beyond": Rule(0.2, "An end sees a MAC address of a third device on this port, which leads to the other."),
    "arp": Rule(0.2, "An end resolved an address of the other on this port."),
    "subnet": Rule(0.3, "Both ports are the only ones in a subnet for two (/30, /31, /126, /127)."),
    "shared_subnet": Rule(0.3, "Both ports have addresses in one subnet."),
    "in_subnet": Rule(0.9, "The device has an address in this subnet."),
    "routing_neighbor": Rule(0.6, "A routing protocol has the other end as its neighbor on a shared subnet."),
    "next_hop": Rule(0.5, "Routes point at an address of the other end on a shared subnet."),
    "cable": Rule(0.3, "Nautobot documents a cable between these ports."),
    "other_end_differs": Rule(0.5, "The other end's port hears somebody else.", supports=False, conflict=True),
    "other_cable": Rule(0.1, "Nautobot documents a cable from this port to another.", supports=False),
    "address_differs": Rule(
        0.4, "Name and address that the neighbor announces belong to different devices.", supports=False, conflict=True
    ),
    "ports_differ": Rule(0.3, "The neighbor announces different ports on this wire.", supports=False, conflict=True),
    "mac_elsewhere": Rule(
        0.3, "The same MAC address is learned in the same VLAN on another port as well: it moves.", supports=False
    ),
    "several_neighbors": Rule(0.2, "The port hears several neighbors.", supports=False),
    "behind": Rule(0.3, "It is heard through a phone on the same port.", supports=False),
    "speed_differs": Rule(0.2, "The two ports run at different speeds.", supports=False),
    "duplex_differs": Rule(0.1, "The two ports differ in duplex.", supports=False),
    "port_down": Rule(0.4, "One of the ports is down.", supports=False),
    "port_unknown": Rule(0.2, "The port of the other end is not known.", supports=False),
    "elimination": Rule(0.2, "Neither end names the other's port: these are the only ones left.", supports=False),
    "superseded": Rule(0.05, "In an older answer this port had another neighbor.", supports=False),
    "stale": Rule(0.25, "No announcement, address or route that the link rests on is fresh.", supports=False),
}
"""Kind of evidence -> rule."""

LABELS = ((0.85, "high"), (0.5, "medium"), (0.0, "low"))
"""(least score, label), highest first."""
CONFLICT = "conflict"

STRENGTH = (
    *(("cdp", "cdp_neighbor"), ("lldp", "lldp_neighbor"), ("cable", "cable"), ("mac_table", "mac_table")),
    *(("subnet", "subnet"), ("shared_subnet", "subnet"), ("arp", "arp_discovered")),
    *(("mac_beyond", "mac_table"),),
)
"""(kind of evidence, `link_type` it gives), strongest first."""


def confidence(evidence: Iterable[Evidence]) -> float:
    """0 to 1, to three places. Several witnesses of one kind on one device count once."""
    doubt, left = 1.0, 1.0
    for kind in sorted({(one.kind, one.device_id) for one in evidence}, key=str):
        rule = RULES[kind[0]]
        if rule.supports:
            doubt *= 1 - rule.weight
        else:
            left *= 1 - rule.weight
    return round((1 - doubt) * left, 3)


def label(score: float, kinds: Iterable[str]) -> str:
    """high, medium, low - or conflict, if any evidence is of a kind that contradicts the link."""
    if any(RULES[kind].conflict for kind in kinds):
        return CONFLICT
    return next(word for least, word in LABELS if score >= least)


def link_type(kinds: Iterable[str]) -> str:
    """The strongest evidence, in the contract's words."""
    found = set(kinds)
    return next(word for kind, word in STRENGTH if kind in found)
