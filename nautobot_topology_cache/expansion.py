"""A run that follows what devices hear: their neighbors that are Devices join it, hop by hop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from nautobot.dcim.models import Device

from nautobot_topology_cache import observations, queries
from nautobot_topology_cache.collect.normalize import storable
from nautobot_topology_cache.models import DiscoveryRun, DiscoveryRunItem
from nautobot_topology_cache.topology.hearing import Heard, hear
from nautobot_topology_cache.topology.ports import Ports
from nautobot_topology_cache.topology.resolve import UNKNOWN, Directory

JOINED, LEFT_OUT = "joined", "left_out"
"""Parts of a run item's `detail`: neighbors that its device has brought into the run, and those that could not join."""


def join(run: DiscoveryRun, items: Iterable[DiscoveryRunItem], user: Any) -> list[DiscoveryRunItem]:
    """New items for the Devices that the devices of `items` hear.

    A Device that `user` may not view is as unknown as one that is not there. Each item tells in its `detail` whom its
    device has brought along, and who could not be: unknown, ambiguous, without a driver that is supported.
    """
    heard = _heard_by({str(item.device_id) for item in items if item.device_id}, user)
    means = {UUID(one.match.device) for every in heard.values() for one in every if one.match.device}
    listed = set(run.items.values_list("device", flat=True))
    found = queries.discoverable(Device.objects.restrict(user, "view").filter(pk__in=means), user)
    candidates = {device.pk: device for device in found}
    reasons = _reasons(candidates.values())
    joining: dict[UUID, Device] = {}
    for item in items:
        told: dict[str, list[dict[str, str]]] = {JOINED: [], LEFT_OUT: []}
        for one in heard.get(str(item.device_id), ()):
            device = candidates.get(UUID(one.match.device)) if one.match.device else None
            if device is None:
                told[LEFT_OUT].append(_told(one, one.match.reason or UNKNOWN))
            elif reasons[device.pk]:
                told[LEFT_OUT].append(_told(one, reasons[device.pk]))
            elif device.pk not in listed and device.pk not in joining:
                joining[device.pk] = device
                told[JOINED].append(_told(one, ""))
        _tell(item, {name: part for name, part in told.items() if part})
    new = [DiscoveryRunItem(run=run, device=one, device_name=one.name or str(one.pk)) for one in joining.values()]
    return DiscoveryRunItem.objects.bulk_create(new)


def _heard_by(devices: set[str], user: Any) -> dict[str, list[Heard]]:
    """Device -> what it hears, each with the Device that is meant."""
    seen = observations.observe(user, observations.Wanted(cables=False))
    directory = Directory(seen.devices, seen.interfaces, [*seen.addresses, *seen.owners])
    hearing = hear(seen, directory, Ports(seen.interfaces))
    found: dict[str, list[Heard]] = defaultdict(list)
    for one in (*hearing.heard, *(one for one, _ in hearing.unplaced)):
        if one.row.device in devices and one.match.device != one.row.device:
            found[one.row.device].append(one)
    return found


def _reasons(devices: Iterable[Device]) -> dict[UUID, str]:
    """Device -> why it cannot be asked, or `""`."""
    supported = queries.supported_platforms()
    reasons = {}
    for device in devices:
        try:
            queries.platform_of(device, supported)
            reasons[device.pk] = ""
        except queries.NotReachable as problem:
            reasons[device.pk] = str(problem)
    return reasons


def _told(one: Heard, reason: str) -> dict[str, str]:
    """The neighbor as the device printed it."""
    row = one.row
    told = {"protocol": row.protocol, "interface": row.local_interface, "neighbor": row.neighbor_name or row.chassis_id}
    return {**told, "reason": reason} if reason else told


def _tell(item: DiscoveryRunItem, told: dict[str, Any]) -> None:
    if told:
        stored = DiscoveryRunItem.objects.filter(pk=item.pk)
        detail = stored.values_list("detail", flat=True).get()
        stored.update(detail={**detail, **storable(told)})
