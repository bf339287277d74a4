"""A network as the app draws it from what its devices answered, against the truth; no database between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from development.lab.relations import About, Relation
from development.topology_check import Verdict, check, check_layer3
from nautobot_topology_cache.collect.results import DeviceResult
from nautobot_topology_cache.topology.build import build
from nautobot_topology_cache.topology.evidence import (
    Address,
    Device,
    Interface,
    Neighbor,
    Observations,
    Route,
    RoutingNeighbor,
)
from nautobot_topology_cache.topology.layer3 import with_layer3
from nautobot_topology_cache.topology.pointing import pointings
from nautobot_topology_cache.topology.resolve import Directory
from nautobot_topology_cache.topology.shown import shown
from nautobot_topology_cache.topology.subnets import Subnets
from nautobot_topology_cache.topology.view import Selection, select

OF_ITS_DEVICE = ("device", "slice", "missing")
"""Columns of evidence that say whose it is; all others are a record's."""


def observed(devices: Iterable[str], answered: Mapping[str, DeviceResult]) -> Observations:
    """The evidence in the answers; `devices` are all that Nautobot knows, answering or not."""
    return Observations(
        devices={name: Device(id=name, name=name) for name in devices},
        neighbors=_rows(Neighbor, "neighbors", answered),
        interfaces=_rows(Interface, "interfaces", answered),
        addresses=_rows(Address, "ip_addresses", answered),
        routing_neighbors=[one for one in _rows(RoutingNeighbor, "routing_neighbors", answered) if one.address],
        routes=[one for one in _rows(Route, "routes", answered) if one.next_hop],
    )


def links(seen: Observations, truth: Mapping[str, Any]) -> Verdict:
    """What is wrong with the links that are drawn."""
    return check(shown(select(build(seen), Selection()), {}, {}), truth)


def relations(seen: Observations, true: Mapping[About, Relation]) -> Verdict:
    """What is wrong with the relations of layer 3 that are drawn."""
    directory = Directory(seen.devices, seen.interfaces, seen.addresses)
    subnets = Subnets(seen, directory)
    pointed = pointings(seen, directory, subnets)
    return check_layer3(shown(with_layer3(build(seen, pointed), seen, subnets, pointed), {}, {}), true)


def _rows(kind: type[Any], table: str, answered: Mapping[str, DeviceResult]) -> list[Any]:
    columns = [name for name in kind._fields if name not in OF_ITS_DEVICE]
    empty = {"slice": "", "missing": False}
    return [
        kind(
            device=device,
            **{name: value for name, value in empty.items() if name in kind._fields},
            **{name: getattr(record, name) for name in columns},
        )
        for device, result in answered.items()
        for part in result.slices
        if part.table == table and not part.fills
        for record in part.records
    ]
