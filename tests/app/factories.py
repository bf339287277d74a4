"""Rows of every table, made column by column from the catalog: a new table or column needs no line here.

`n` tells two rows apart in every column that can; `word` is in every text, so that a test can look for it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import IPv4Address
from typing import Any
from uuid import uuid4

from django.db import models as fields
from django.utils import timezone
from nautobot.dcim.models import Device

from nautobot_topology_cache.catalog import CATALOG, TableSpec
from nautobot_topology_cache.collect.records import Record
from nautobot_topology_cache.models import (
    CachedRow,
    CachedSlice,
    CommandOutput,
    DeviceCache,
    DiscoveryRun,
    DiscoveryRunItem,
)
from nautobot_topology_cache.models.devices import pack
from nautobot_topology_cache.models.keys import row_key

FIRST_ADDRESS = int(IPv4Address("10.0.0.0"))


def mac(n: int) -> str:
    """The n-th locally administered MAC, in Nautobot's printed form."""
    return f"02:00:00:{n >> 16 & 255:02X}:{n >> 8 & 255:02X}:{n & 255:02X}"


def address(n: int) -> str:
    return str(IPv4Address(FIRST_ADDRESS + n))


def prefix(n: int) -> str:
    return f"{IPv4Address(FIRST_ADDRESS + 256 * n)}/24"


BY_NAME: dict[str, Callable[[int], Any]] = {
    "mac_address": mac,
    **dict.fromkeys(("address", "ip_address", "next_hop", "neighbor_ip"), address),
    "prefix": prefix,
    "ip_version": lambda n: 4,
    "prefix_length": lambda n: 24,
}
"""Columns whose values have a form."""
WORDS = {
    ("ip_addresses", "role"): "primary",
    ("arp_entries", "entry_type"): "dynamic",
    ("mac_addresses", "entry_type"): "dynamic",
    ("neighbors", "protocol"): "lldp",
    ("routing_neighbors", "protocol"): "ospf",
    ("routes", "protocol"): "static",
}
"""Columns whose values are one of a few words."""


def record(table: str, n: int, word: str = "seen", **given: Any) -> Record:
    """A record as discovery would make it; its converters refuse what does not fit."""
    spec = CATALOG[table]
    values = {column: _value(spec, column, n, word) for column in spec.columns}
    return spec.record(**{**values, **given})


def _value(spec: TableSpec, column: str, n: int, word: str) -> Any:
    if (spec.name, column) in WORDS:
        return WORDS[spec.name, column]
    if column in BY_NAME:
        return BY_NAME[column](n)
    field = spec.model._meta.get_field(column)
    if isinstance(field, fields.BooleanField):
        return n % 2 == 0
    if isinstance(field, (fields.CharField, fields.TextField)):
        return f"{word}{n}"
    return n


def make_slice(device: Device, table: str, **given: Any) -> CachedSlice:
    """The state of one command's share of a table, as after a good answer a moment ago."""
    now = timezone.now()
    known = {"device": device, "table": table, "command": f"show {table}", "context": given.pop("context", "")}
    stored = given.pop("stored", 1)
    state = {"outcome": "ok", "attempted_at": now, "collected_at": now, "rows": stored, "stored": stored, **given}
    return CachedSlice.objects.get_or_create(**known, defaults=state)[0]


def make_row(table: str, device: Device, n: int = 1, word: str = "seen", **given: Any) -> CachedRow:
    """A current row; with `valid_to`, a closed one. What is neither column nor model field goes to the record."""
    spec = CATALOG[table]
    own = {name: given.pop(name) for name in ("slice", "valid_from", "valid_to", "missing_since") if name in given}
    foreign = {name: given.pop(name) for name in tuple(given) if name not in spec.columns}
    made = record(table, n, word, **given)
    key = row_key(made.key())
    return spec.model.versions.create(
        device=device,
        slice=own.pop("slice", None) or make_slice(device, table),
        row_key=key,
        open_key=None if own.get("valid_to") else key,
        valid_from=own.pop("valid_from", None) or timezone.now() - timedelta(minutes=5),
        **own,
        **foreign,
        **{column: getattr(made, column) for column in spec.columns},
    )


def make_output(device: Device, n: int = 1, word: str = "seen", **given: Any) -> CommandOutput:
    """A stored answer; `raw` is its text."""
    raw = given.pop("raw", f"{word}{n} is up\n{word}{n} is down")
    known = {
        "command": f"show {word}{n}",
        "context": "",
        "outcome": "ok",
        "parsed": [{"NAME": f"{word}{n}"}],
        "collected_at": timezone.now(),
        "duration": 0.25,
        "digest": uuid4().hex,
    }
    return CommandOutput.objects.create(device=device, compressed=pack(raw), **{**known, **given})


def make_cache(device: Device, **given: Any) -> DeviceCache:
    return DeviceCache.objects.create(device=device, **{"driver": "cisco_xe", **given})


def make_run(*devices: Device, status: str = "completed", **given: Any) -> DiscoveryRun:
    """A run over these devices, all of them in the run's own status."""
    now: datetime = timezone.now()
    known = {"options": {}, "started_at": now, "completed_at": now, "heartbeat_at": now}
    run = DiscoveryRun.objects.create(status=status, **{**known, **given})
    for device in devices:
        make_item(run, device, status=status)
    return run


def make_item(run: DiscoveryRun, device: Device, **given: Any) -> DiscoveryRunItem:
    known = {"device_name": device.name, "status": "completed", "connections": 1, "commands_sent": 3}
    return DiscoveryRunItem.objects.create(run=run, device=device, **{**known, **given})
