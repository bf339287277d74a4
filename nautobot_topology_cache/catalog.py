"""The registry of tables: one TableSpec each. What is not listed here is not a table, and what is listed must agree."""

from __future__ import annotations

import attrs
from django.core.exceptions import ImproperlyConfigured

from nautobot_topology_cache import models
from nautobot_topology_cache.collect import records


@attrs.frozen
class TableSpec:
    """A table: its catalog name, the record made by the pure side, the model that keeps it, its key within a device."""

    name: str
    record: type[records.Record]
    model: type[models.CachedRow]
    key: tuple[str, ...] = attrs.field(init=False)
    columns: tuple[str, ...] = attrs.field(init=False)
    """The record's columns, in the order in which REST shows them."""

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "key", self.record.KEY)
        object.__setattr__(self, "columns", records.columns(self.name))
        present = {field.attname for field in self.model._meta.concrete_fields}
        absent = [column for column in (*self.columns, *self.key) if column not in present]
        if absent:
            raise ImproperlyConfigured(f"{self.model.__name__} lacks the columns {absent} of {self.record.__name__}.")

    @property
    def path(self) -> str:
        """The table's word in URLs."""
        return self.name.replace("_", "-")

    @property
    def permission(self) -> str:
        """What somebody needs to view rows of this table, besides permission on their Device."""
        return f"{self.model._meta.app_label}.view_{self.model._meta.model_name}"


MODELS: dict[str, type[models.CachedRow]] = {
    "interfaces": models.CachedInterface,
    "ip_addresses": models.CachedIPAddress,
    "arp_entries": models.CachedARPEntry,
    "mac_addresses": models.CachedMACAddress,
    "neighbors": models.CachedNeighbor,
    "routing_neighbors": models.CachedRoutingNeighbor,
    "routes": models.CachedRoute,
    "bgp_routes": models.CachedBGPRoute,
}

CATALOG: dict[str, TableSpec] = {
    name: TableSpec(name=name, record=records.RECORDS[name], model=MODELS[name]) for name in records.RECORDS
}
