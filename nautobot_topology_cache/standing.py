"""How a device's tables stand: the sums over its slices that pages and REST show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.choices import OutcomeChoices
from nautobot_topology_cache.models import CachedSlice
from nautobot_topology_cache.progress import fold


@attrs.frozen
class TableState:
    """One table of one device, over all slices that feed it."""

    name: str
    outcome: str
    reason: str
    collected_at: datetime | None
    """When the oldest answer was given that its rows show."""
    stale: bool
    rows: int
    filtered: int
    rejected: int
    unparsed: int

    def as_dict(self) -> dict[str, Any]:
        """As `device-caches/` shows it, under the table's name."""
        return {name: value for name, value in attrs.asdict(self).items() if name != "name"}

    @property
    def colour(self) -> str:
        """Bootstrap's word for the outcome's colour."""
        return {"ok": "success", "failed": "danger"}.get(self.outcome, "secondary")

    @property
    def verbose_name(self) -> str:
        return str(CATALOG[self.name].model._meta.verbose_name_plural).removeprefix("cached ")


def of_devices(device_ids: Iterable[UUID]) -> dict[UUID, dict[str, TableState]]:
    """Device -> its tables' states, read at once for all of them."""
    slices: dict[UUID, list[CachedSlice]] = {pk: [] for pk in device_ids}
    for one in CachedSlice.objects.filter(device__in=slices):
        slices[one.device_id].append(one)
    return {pk: of_device(parts) for pk, parts in slices.items()}


def of_device(slices: Iterable[CachedSlice]) -> dict[str, TableState]:
    """Catalog name -> state, for the tables that a command of the device's platform has answered or tried to."""
    by_table: dict[str, list[CachedSlice]] = defaultdict(list)
    for one in slices:
        if one.closed_at is None:
            by_table[one.table].append(one)
    return {name: _state(name, by_table[name]) for name in CATALOG if name in by_table}


def _state(name: str, parts: list[CachedSlice]) -> TableState:
    outcome, reason = fold((part.outcome, part.reason) for part in parts)
    collected = [part.collected_at for part in parts if part.collected_at is not None]
    return TableState(
        name=name,
        outcome=outcome,
        reason=reason,
        collected_at=min(collected, default=None),
        stale=any(part.stale_reason for part in parts if part.rows_may_hold) or outcome == OutcomeChoices.UNSUPPORTED,
        rows=sum(part.rows for part in parts),
        filtered=sum(part.filtered for part in parts if part.owns_rows),
        rejected=sum(part.rejected for part in parts if part.owns_rows),
        unparsed=sum(part.unparsed for part in parts),
    )
