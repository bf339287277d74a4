"""The row about the picture of a large network: from the database to JSON. Needs Nautobot set up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from development.bench import filling, held, rivals
from development.bench.measuring import TIMES, Figures, Series, series
from development.bench.report import Row, compared, growth, smaller
from nautobot_topology_cache import drawing
from nautobot_topology_cache.models import CachedNeighbor, CachedSlice
from nautobot_topology_cache.models.keys import row_key

DEVICES = 10_000
HEARD = 10
"""Neighbor rows of a device: it hears its five next ones in a ring, and is heard by its five last ones."""
RATIO = 10


def rows(full: bool, times: int = TIMES) -> Iterator[Row]:
    """All rows about pictures."""
    yield from drawn(DEVICES if full else DEVICES // 10, times)


def drawn(count: int, times: int) -> Iterator[Row]:
    """Ours with evidence, the rival's without; the links must be the same. Then with positions, and how it grows."""
    user = get_user_model().objects.filter(username="bench-graph").first()
    user = user or get_user_model().objects.create_superuser("bench-graph")

    def ours_in(layout: str) -> Series:
        question = drawing.Question(layout=layout)
        return _timed(lambda: json.dumps(drawing.shown(question, user)), _our_links, times)

    costs = {}
    for size in smaller(count, DEVICES):
        _ring(size)
        costs[size] = ours_in("none").median("wall")
    _ring(count)
    ours, placed = ours_in("none"), ours_in("force_directed")
    theirs = _timed(lambda: json.dumps(rivals.picture(CachedNeighbor.objects.all())), _links, times)
    limit = _timed(lambda: list(CachedNeighbor.objects.order_by().values_list()), len, 1)
    right = ours.outcome == theirs.outcome == _links_of_ring(count)
    void = "" if right else "the links are not those of the network"
    details = {"neighbor rows": count * HEARD, "links": len(ours.outcome)}
    name, seconds = "topology: database to JSON", limit.median("wall")
    yield compared(
        name, count, "wall", ours, theirs, called="s", target=RATIO, limit=seconds, void=void, details=details
    )
    yield compared(f"{name}, with positions", count, "wall", placed, theirs, called="s", void=void)
    yield growth(name, {**costs, count: ours.median("wall")})


def _timed(action: Any, summary: Any, times: int) -> Series:
    told: list[tuple[Figures, Any]] = []
    for _ in range(times):
        figures, result = held.counted(action)
        told.append((figures, summary(result)))
    return series(told)


def _links(text: str) -> set[frozenset[tuple[str, str]]]:
    return {frozenset(map(tuple, one["ends"])) for one in json.loads(text)["links"]}


def _our_links(text: str) -> set[frozenset[tuple[str, str]]]:
    ends = ("source", "target")
    return {
        frozenset((one[f"{end}_device_name"], one[f"{end}_interface"]) for end in ends)
        for one in json.loads(text)["links"]
    }


def _links_of_ring(count: int) -> set[frozenset[tuple[str, str]]]:
    return {
        frozenset(((_name(n), f"Ethernet{port}"), (_name(n + port, count), f"Ethernet{port + HEARD // 2}")))
        for n in range(count)
        for port in range(1, HEARD // 2 + 1)
    }


def _name(number: int, count: int = 0) -> str:
    return f"bench-ring-{number % count if count else number:05}"


def _ring(count: int) -> None:
    """Devices of which each tells by LLDP whom it hears on ten ports."""
    devices = filling.devices("bench-ring", count)
    CachedNeighbor.versions.all()._raw_delete("default")
    CachedSlice.objects.filter(table="neighbors")._raw_delete("default")
    now, half = timezone.now(), HEARD // 2
    known = CachedSlice.objects.bulk_create(
        CachedSlice(device=one, table="neighbors", command="bench", outcome="ok", attempted_at=now, collected_at=now)
        for one in devices
    )
    heard = [
        (n, port, n + port if port <= half else n - (port - half), port + half if port <= half else port - half)
        for n in range(count)
        for port in range(1, HEARD + 1)
    ]
    CachedNeighbor.versions.bulk_create(
        (
            CachedNeighbor(
                device=devices[n],
                slice=known[n],
                valid_from=now,
                row_key=(key := row_key((n, port))),
                open_key=key,
                protocol="lldp",
                local_interface=f"Ethernet{port}",
                neighbor_name=(name := _name(other, count)),
                neighbor_hostname=name,
                neighbor_interface=f"Ethernet{far}",
                port_id=f"Ethernet{far}",
            )
            for n, port, other, far in heard
        ),
        batch_size=1000,
    )
