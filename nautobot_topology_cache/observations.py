"""What a picture of the network is made of, read from the tables as plain values, as far as a user may view it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import Any

import attrs
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Cast
from nautobot.dcim.models import Cable as CableModel
from nautobot.dcim.models import CablePath
from nautobot.dcim.models import Device as DeviceModel
from nautobot.dcim.models import Interface as InterfaceModel

from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.models.slices import CachedSlice, why_stale
from nautobot_topology_cache.topology import evidence as seen
from nautobot_topology_cache.topology.resolve import mac_in

IDS = ("pk", "device_id", "slice_id")
NEXT_HOPS = ("static", "ospf", "bgp", "isis", "eigrp", "rip")
"""Protocols whose routes point at a neighbor."""


@attrs.frozen(kw_only=True)
class Wanted:
    """Which tables are evidence."""

    protocols: tuple[str, ...] = ("cdp", "lldp")
    layer2: bool = False
    """MAC and ARP entries."""
    routing: bool = False
    route_types: tuple[str, ...] = NEXT_HOPS
    cables: bool = True
    vlan: int | None = None
    """A VLAN whose MAC entries are wanted, whoever owns the addresses."""


def observe(user: Any, wanted: Wanted = Wanted()) -> seen.Observations:
    """Everything that `user` may view, and who else is there, so that a neighbor is never taken for somebody else."""
    read = _Reading(user)
    neighbors = read.rows(seen.Neighbor, "neighbors", Q(protocol__in=wanted.protocols)) if wanted.protocols else []
    pointed = {row.neighbor_ip for row in neighbors if row.neighbor_ip}
    tables: dict[str, Any] = {
        "neighbors": neighbors,
        "addresses": read.addresses(everything=wanted.layer2 or wanted.routing),
        "cables": list(_cables(user)) if wanted.cables else [],
    }
    if wanted.vlan is not None:
        tables["in_vlan"] = read.rows(seen.MACEntry, "mac_addresses", Q(vlan=wanted.vlan))
    if wanted.layer2:
        tables["mac_entries"] = read.rows(seen.MACEntry, "mac_addresses", Q(mac_address__in=_own_macs()))
        tables["arp_entries"] = read.rows(seen.ARPEntry, "arp_entries", ~Q(entry_type="own"))
    if wanted.routing:
        points, near = Q(active=True, next_hop__isnull=False), Q(address__isnull=False)
        of_types = Q(protocol__in=wanted.route_types)
        tables["routing_neighbors"] = read.rows(seen.RoutingNeighbor, "routing_neighbors", near & of_types)
        tables["routes"] = read.rows(seen.Route, "routes", points & of_types)
        pointed |= {row.address for row in tables["routing_neighbors"]} | {row.next_hop for row in tables["routes"]}
    learned = {one.mac_address for name in ("mac_entries", "arp_entries") for one in tables.get(name, ())}
    tables["interfaces"] = [*read.interfaces(), *_hidden_ports(read, neighbors, learned)]
    tables["owners"] = owners_of(pointed)
    return seen.Observations(devices=read.devices, slices=read.slices(), **tables)


def known_devices(user: Any) -> dict[str, seen.Device]:
    """All Devices by id; those that `user` may not view are marked."""
    visible = DeviceModel.objects.restrict(user, "view").order_by()
    shown = None if user.is_superuser else {_plain(pk) for (pk,) in _listed(visible, "pk")}
    columns = ("pk", "name", "serial", "platform__name", "role__name", "location__name", "primary_ip4__host")
    columns += ("primary_ip6__host", "virtual_chassis__name", "virtual_chassis__master")
    return {
        pk: seen.Device(
            id=pk,
            name=name or "",
            serial=serial or "",
            platform=platform or "",
            role=role or "",
            location=location or "",
            primary_ips=tuple(str(one) for one in (ip4, ip6) if one),
            chassis=chassis or "",
            master=_plain(master) if master else "",
            visible=shown is None or pk in shown,
        )
        for pk, name, serial, platform, role, location, ip4, ip6, chassis, master in _devices(columns)
    }


def _devices(columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    rows = DeviceModel.objects.order_by("pk").values_list(*columns)
    return ((str(pk), *rest) for pk, *rest in rows)


class _Reading:
    """One user's rows; each kind with one query."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.devices = known_devices(user)
        self._tables: list[str] = []

    def rows(self, kind: type[Any], table: str, condition: Q) -> list[Any]:
        """Current rows of a table as tuples of `kind`, with their device, slice and whether they are missing."""
        self._tables.append(table)
        columns = [name for name in kind._fields if name not in ("device", "slice", "missing")]
        visible = CATALOG[table].model.objects.restrict(self.user, "view").filter(condition).order_by()
        listed = _listed(visible, "device_id", "slice_id", *columns, "missing_since")
        return [kind(_plain(one[0]), _plain(one[1]), one[-1] is not None, *one[2:-1]) for one in listed]

    def interfaces(self) -> list[seen.Interface]:
        """All interfaces that the user may view."""
        visible = CATALOG["interfaces"].model.objects.restrict(self.user, "view").order_by()
        listed = _listed(visible, "device_id", *seen.Interface._fields[1:])
        return [seen.Interface(_plain(one[0]), *one[1:]) for one in listed]

    def addresses(self, everything: bool) -> list[seen.Address]:
        """Addresses of subnets for two; all of them if that is wanted."""
        self._tables.append("ip_addresses")
        visible = CATALOG["ip_addresses"].model.objects.restrict(self.user, "view").order_by()
        some = visible if everything else visible.filter(prefix_length__in=(30, 31, 126, 127))
        return list(_addresses(some))

    def slices(self) -> dict[str, seen.Slice]:
        """The slices of the tables that were read."""
        found = {}
        columns = ("pk", "command", "context", "outcome", "reason", "collected_at")
        for pk, command, context, outcome, reason, at in _listed(self._slices(), *columns):
            source = f"{command} ({context})" if context else command
            found[_plain(pk)] = seen.Slice(source, at.isoformat() if at else None, why_stale(outcome, reason, at))
        return found

    def _slices(self) -> QuerySet:
        return CachedSlice.objects.of_visible_devices(self.user).filter(table__in=self._tables).order_by()


def _hidden_ports(read: _Reading, neighbors: list[seen.Neighbor], learned: set[str]) -> list[seen.Interface]:
    """Who owns the MAC addresses that are announced or learned, of the devices that the user may not view.

    A device that came after the devices were read is not among them yet.
    """
    if all(device.visible for device in read.devices.values()):
        return []
    macs = learned | {mac for row in neighbors for mac in (mac_in(row.chassis_id), mac_in(row.port_id)) if mac}
    owners = CATALOG["interfaces"].model.objects.filter(mac_address__in=macs).order_by()
    listed = _listed(owners, "device_id", "name", "mac_address")
    found = [seen.Interface(_plain(device), name, mac_address=mac) for device, name, mac in listed]
    return [one for one in found if (owner := read.devices.get(one.device)) and not owner.visible]


def owners_of(addresses: Iterable[str]) -> list[seen.Address]:
    """Who owns these addresses, whether somebody may view them or not: to resolve by, not to show."""
    return list(_addresses(CATALOG["ip_addresses"].model.objects.filter(address__in=set(addresses)).order_by()))


def visible_owners_of(addresses: Iterable[str], user: Any) -> list[seen.Address]:
    """Who owns these addresses, as far as `user` may view it."""
    visible = CATALOG["ip_addresses"].model.objects.restrict(user, "view")
    return list(_addresses(visible.filter(address__in=set(addresses)).order_by()))


def _addresses(rows: QuerySet) -> Iterator[seen.Address]:
    listed = _listed(rows, "device_id", *seen.Address._fields[1:-2], "slice_id", "missing_since")
    return (seen.Address(_plain(one[0]), *one[1:-2], _plain(one[-2]), one[-1] is not None) for one in listed)


def _own_macs() -> QuerySet:
    """MAC addresses of the devices' own interfaces, as a subquery."""
    ours = CATALOG["interfaces"].model.objects.filter(mac_address__isnull=False)
    return ours.order_by().values("mac_address")


def _cables(user: Any) -> Iterator[seen.Cable]:
    """Cables between two interfaces of devices, also through patch panels, whose ends the user may view."""
    visible = CableModel.objects.restrict(user, "view")
    interfaces = InterfaceModel.objects.filter(cable_termination__cable__in=visible, device__isnull=False)
    columns = ("pk", "cable_termination__cable__label", "device_id", "name")
    ends = {pk: (label, str(device), name) for pk, label, device, name in interfaces.order_by().values_list(*columns)}
    kind = ContentType.objects.get_for_model(InterfaceModel)
    paths = CablePath.objects.filter(origin_type=kind, destination_type=kind).order_by("origin_id", "destination_id")
    for origin, destination in paths.values_list("origin_id", "destination_id"):
        if origin < destination and origin in ends and destination in ends:
            (label, *a), (far_label, *b) = ends[origin], ends[destination]
            yield seen.Cable(", ".join(dict.fromkeys(filter(None, (label, far_label)))), *a, *b)


def _listed(rows: QuerySet, *columns: str) -> Iterable[tuple[Any, ...]]:
    """`values_list` with ids as text: making an object of every UUID costs more than reading the row."""
    ids = {name: f"{name}_text" for name in columns if name in IDS}
    rows = rows.annotate(**{text: Cast(F(name), models.CharField(max_length=36)) for name, text in ids.items()})
    return rows.values_list(*(ids.get(name, name) for name in columns)).iterator(chunk_size=20_000)


@functools.lru_cache(maxsize=65536)
def _plain(key: Any) -> str:
    """An id in the one form, whatever the database makes of a UUID: with dashes or, in MySQL, without."""
    text = str(key)
    return text if len(text) == 36 else f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
