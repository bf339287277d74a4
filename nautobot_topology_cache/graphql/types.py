"""What GraphQL shows: `cached_<table>` at the top and on `devices`, current rows only, and `device_caches`.

Nautobot resolves every hop through `Model.objects` and the user's permissions on that model; a row is reached from
nowhere but its Device, so the Device rule holds on every hop too.
"""

from __future__ import annotations

from typing import Any

import graphene
import graphene_django_optimizer as optimizer
from nautobot.apps.graphql import OptimizedNautobotObjectType

from nautobot_topology_cache import filters
from nautobot_topology_cache.catalog import CATALOG, TableSpec
from nautobot_topology_cache.models import DeviceCache

INTERNAL = ["row_key", "open_key", "slice"]
NEEDED = (
    *("valid_to", "missing_since", "slice__command", "slice__context", "slice__outcome", "slice__reason"),
    "slice__collected_at",
)
"""Columns from which a row's source and staleness are computed."""


def _computed(attribute: str) -> Any:
    """A resolver for one of the row's properties, with its slice fetched along."""

    @optimizer.resolver_hints(select_related=("slice",), only=NEEDED)
    def resolve(row: Any, info: Any) -> Any:
        return getattr(row, attribute)

    return resolve


class CachedRowType(OptimizedNautobotObjectType):
    """What every row shows besides its columns."""

    source = graphene.String(description="Command and context.")
    collected_at = graphene.DateTime(description="When the device gave the answer that shows this row.")
    stale = graphene.Boolean(description="Whether the row may not hold any more.")
    stale_reason = graphene.String()

    resolve_source = _computed("source")
    resolve_collected_at = _computed("collected_at")
    resolve_stale = _computed("stale")
    resolve_stale_reason = _computed("stale_reason")

    class Meta:
        abstract = True


def row_type(spec: TableSpec) -> type[CachedRowType]:
    """The GraphQL type of a table, with its filter set's filters but for `history`: these are current rows."""
    known = getattr(filters, f"{spec.model.__name__}FilterSet")
    of_current = type(known.__name__, (known,), {"__module__": __name__})
    del of_current.base_filters["history"]
    meta = type("Meta", (), {"model": spec.model, "exclude": INTERNAL, "filterset_class": of_current})
    return type(f"{spec.model.__name__}Type", (CachedRowType,), {"Meta": meta, "__module__": __name__})


class DeviceCacheType(OptimizedNautobotObjectType):
    class Meta:
        model = DeviceCache
        fields = ["id", "device", "driver", "polling_enabled", "host_key"]
        filterset_class = filters.DeviceCacheFilterSet


graphql_types = [*(row_type(spec) for spec in CATALOG.values()), DeviceCacheType]
