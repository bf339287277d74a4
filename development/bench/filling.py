"""Rows by the million, made by PostgreSQL itself: what they look like is as regular as it is dull. Needs Nautobot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import attrs
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from nautobot.dcim.models import Device, DeviceType, Location, LocationType, Manufacturer
from nautobot.extras.models import Role, Status

from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.collect import normalize
from nautobot_topology_cache.models import CachedSlice

ROWS_PER_DEVICE = 10_000


def device(name: str) -> Device:
    """A device that nobody will contact."""
    made = Device.objects.filter(name=name).first()
    return made or Device.objects.create(**_documented(name))


def devices(prefix: str, count: int) -> list[Device]:
    """So many of them at once."""
    known = list(Device.objects.filter(name__startswith=f"{prefix}-").order_by("name"))
    shared = _documented("")
    fresh = [Device(**shared | {"name": f"{prefix}-{n:05}"}) for n in range(len(known), count)]
    return [*known, *Device.objects.bulk_create(fresh, batch_size=1000)]


def _documented(name: str) -> dict[str, Any]:
    status = Status.objects.get(name="Active")
    kind, _ = LocationType.objects.get_or_create(name="Bench")
    kind.content_types.add(ContentType.objects.get_for_model(Device))
    role, _ = Role.objects.get_or_create(name="Bench")
    role.content_types.add(ContentType.objects.get_for_model(Device))
    maker, _ = Manufacturer.objects.get_or_create(name="Bench")
    return {
        "name": name,
        "role": role,
        "status": status,
        "device_type": DeviceType.objects.get_or_create(model="Bench", manufacturer=maker)[0],
        "location": Location.objects.get_or_create(name="Bench", location_type=kind, status=status)[0],
    }


def mac(number: int) -> str:
    """The MAC address of a row, as the tables have it."""
    return normalize.required_mac(f"{0x0C11_0000_0000 + number:012x}")


def address(number: int) -> str:
    """The IP address of a row."""
    return normalize.address(".".join(str((10 << 24) + number >> shift & 255) for shift in (24, 16, 8, 0)))


def prefix(number: int) -> str:
    """The prefix of a route, a /30."""
    return f"{address(4 * number)}/30"


MAC = f"upper(lpad(to_hex({0x0C11_0000_0000} + n), 12, '0')::macaddr::text)"
ADDRESS = "host('10.0.0.0'::inet + {})"
COLUMNS = {
    "mac_addresses": {
        "vlan": "10 + n % 40",
        "vlan_name": "''",
        "mac_address": MAC,
        "interface": "'GigabitEthernet1/0/' || n % 48",
        "entry_type": "'dynamic'",
    },
    "ip_addresses": {
        "interface": "'Vlan' || n % 400",
        "address": ADDRESS.format("n"),
        "prefix_length": "24",
        "ip_version": "4",
        "vrf": "''",
        "role": "'primary'",
    },
    "routes": {
        "vrf": "''",
        "prefix": ADDRESS.format("4 * (n / {devices})") + " || '/30'",
        "protocol": "'ospf'",
        "next_hop": "'192.0.2.' || n % 200",
        "interface": "'TenGigabitEthernet1/1/' || n % 4",
        "next_hop_vrf": "''",
        "encapsulation": "''",
        "active": "true",
        "route_type": "''",
        "area": "''",
        "distance": "110",
        "metric": "n % 100",
        "tag": "NULL",
    },
}
"""Table -> column -> what it holds in the row of number `n`, in SQL."""


@attrs.frozen
class Filled:
    """Tables with so many rows each, spread evenly over the devices."""

    devices: list[Device]
    rows: int

    def owner(self, number: int) -> Device:
        """Whose row it is."""
        return self.devices[number % len(self.devices)]


def fill(count: int) -> Filled:
    """`count` rows in each of the tables of COLUMNS, and nothing else in them."""
    owners = devices("bench-many", max(count // ROWS_PER_DEVICE, 10))
    now = timezone.now()
    for table, columns in COLUMNS.items():
        model = CATALOG[table].model
        model.versions.all()._raw_delete("default")
        slices = CachedSlice.objects.filter(table=table, device__in=owners)
        slices._raw_delete("default")
        known = CachedSlice.objects.bulk_create(
            CachedSlice(device=one, table=table, command="bench", outcome="ok", attempted_at=now, collected_at=now)
            for one in owners
        )
        with _indexes_made_afterwards(model._meta.db_table):
            _insert(model._meta.db_table, columns, [one.pk for one in owners], [one.pk for one in known], count)
    return Filled(owners, count)


def _insert(table: str, columns: dict[str, str], owners: list[Any], slices: list[Any], count: int) -> None:
    shown = {name: how.replace("{devices}", str(len(owners))) for name, how in columns.items()}
    own = {
        "id": "lpad(to_hex(n), 32, '0')::uuid",
        "device_id": "(%(owners)s::uuid[])[1 + n %% %(many)s]",
        "slice_id": "(%(slices)s::uuid[])[1 + n %% %(many)s]",
        "row_key": "lpad(to_hex(n), 32, '0')::uuid",
        "open_key": "lpad(to_hex(n), 32, '0')::uuid",
        "valid_from": "now()",
    }
    values = [*own.values(), *(how.replace("%", "%%") for how in shown.values())]
    statement = f'INSERT INTO "{table}" ({", ".join([*own, *shown])}) SELECT {", ".join(values)} '
    with connection.cursor() as cursor:
        cursor.execute(
            f"{statement} FROM generate_series(0, %(last)s) AS n",
            {"owners": owners, "slices": slices, "many": len(owners), "last": count - 1},
        )


@contextmanager
def _indexes_made_afterwards(table: str) -> Iterator[None]:
    """Indexes that are built at once take a tenth of the time; so does leaving out what no row can offend against."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexdef NOT LIKE 'CREATE UNIQUE%%'",
            [table],
        )
        plain = cursor.fetchall()
        for name, _ in plain:
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")
        for _, definition in plain:
            cursor.execute(definition)
        cursor.execute(f'ANALYZE "{table}"')
