"""A network's cables as the app draws them from what its devices answered, against the truth; no database between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from development.topology_check import Verdict, check
from nautobot_topology_cache.collect.results import DeviceResult
from nautobot_topology_cache.topology.build import build
from nautobot_topology_cache.topology.evidence import Address, Device, Interface, Neighbor, Observations
from nautobot_topology_cache.topology.shown import shown

OF_ITS_DEVICE = ("device", "slice", "missing")
"""Columns of evidence that say whose it is; all others are a record's."""


def verdict(devices: Iterable[str], answered: Mapping[str, DeviceResult], truth: Mapping[str, Any]) -> Verdict:
    """What is wrong with the links that are drawn; `devices` are all that Nautobot knows, answering or not."""
    picture = build(
        Observations(
            devices={name: Device(id=name, name=name) for name in devices},
            neighbors=_rows(Neighbor, "neighbors", answered),
            interfaces=_rows(Interface, "interfaces", answered),
            addresses=_rows(Address, "ip_addresses", answered),
        )
    )
    return check(shown(picture, {}, {}), truth)


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
