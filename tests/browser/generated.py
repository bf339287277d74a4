"""Large topologies in the form of REST's answer, for measuring the map without a network of that size."""

import math
import random
from typing import Any

LEAVES = 12
"""Access switches below a pair of distribution switches."""
HEARD = "2026-03-01T12:00:00+00:00"


def campus(devices: int, seed: int = 1) -> dict[str, Any]:
    """Pairs of distribution switches on two cores, access switches on two uplinks each, some ports in bundles."""
    chance = random.Random(seed)  # noqa: S311
    nodes = [_node(number, devices) for number in range(devices)]
    links: list[dict[str, Any]] = []
    pairs = max(1, (devices - 2) // (LEAVES + 2))
    for number in range(2, devices):
        pair = min((number - 2) // (LEAVES + 2), pairs - 1)
        first = 2 + pair * (LEAVES + 2)
        uplinks = (0, 1) if number in (first, first + 1) else (first, first + 1)
        for uplink in uplinks:
            links += [
                _link(nodes[number], nodes[uplink], len(links) + n, chance) for n in range(chance.choice((1, 1, 2)))
            ]
    return {"nodes": nodes, "links": links, "unresolved": [], "metadata": {}}


def _node(number: int, devices: int) -> dict[str, Any]:
    turn, reach = number * math.pi * (3 - math.sqrt(5)), math.sqrt((number + 1) / devices)
    return {
        "id": f"device-{number}",
        "node_type": "device",
        "device_id": f"00000000-0000-4000-8000-{number:012}",
        "device_name": f"switch-{number}.example.net",
        "primary_ip": f"198.51.100.{number % 254 + 1}",
        "platform": ("Cisco IOS", "Arista EOS")[number % 2],
        "role": "core" if number < 2 else ("distribution", "access")[number % 7 > 1],
        "location": f"Building {number // (LEAVES + 2)}",
        "position_x": 800 + 760 * reach * math.cos(turn),
        "position_y": 500 + 460 * reach * math.sin(turn),
    }


def _link(one: dict[str, Any], other: dict[str, Any], number: int, chance: random.Random) -> dict[str, Any]:
    label, confidence = chance.choice((("high", 0.96), ("high", 0.96), ("medium", 0.8), ("low", 0.4)))
    ends = {"source": one, "target": other}
    evidence = [
        {"kind": kind, "device_id": end["device_id"], "source": f"show {kind} neighbors detail", "collected_at": HEARD}
        for kind, end in (("cdp", one), ("lldp", other))
    ]
    return {
        "id": f"link-{number}",
        **{side: end["id"] for side, end in ends.items()},
        **{f"{side}_device_id": end["device_id"] for side, end in ends.items()},
        **{f"{side}_device_name": end["device_name"] for side, end in ends.items()},
        **{f"{side}_interface": f"Ethernet1/{number % 48 + 1}" for side in ends},
        "layer": "physical",
        "link_type": "cdp_neighbor",
        "confidence": confidence,
        "confidence_label": label,
        "stale": number % 10 == 0,
        "lag": None,
        "evidence": [{**one, "supports": True, "detail": ""} for one in evidence],
    }
