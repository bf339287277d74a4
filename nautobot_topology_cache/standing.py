"""How a device's tables stand, as pages and REST show it: the sums over its slices, as far as a user may view rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import attrs
from django.db.models import Count

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


def of_devices(device_ids: Iterable[UUID], user: Any) -> dict[UUID, dict[str, TableState]]:
    """Device -> catalog name -> state, read at once for all of them.

    Of the tables that `user` may view and that a command of the device's platform has answered or tried to.
    """
    slices: dict[UUID, dict[str, list[CachedSlice]]] = {pk: defaultdict(list) for pk in device_ids}
    names = [name for name, spec in CATALOG.items() if user.has_perm(spec.permission)]
    for one in CachedSlice.objects.filter(device__in=slices, table__in=names, closed_at=None):
        slices[one.device_id][one.table].append(one)
    constrained = [name for name in names if CATALOG[name].model.objects.is_constrained(user)]
    visible = {name: _visible_rows(name, slices, user) for name in constrained}
    return {
        pk: {
            name: _state(name, parts[name], visible[name].get(pk, 0) if name in visible else None)
            for name in names
            if name in parts
        }
        for pk, parts in slices.items()
    }


def _visible_rows(name: str, device_ids: Iterable[UUID], user: Any) -> dict[UUID, int]:
    """Device -> how many of the table's rows a user may view who may not view them all."""
    rows = CATALOG[name].model.objects.restrict(user, "view").filter(device__in=device_ids).order_by()
    return dict(rows.values_list("device").annotate(Count("pk")))


def _state(name: str, parts: list[CachedSlice], rows: int | None) -> TableState:
    """`rows` is None where all that the slices have may be viewed."""
    outcome, reason = fold((part.outcome, part.reason) for part in parts)
    collected = [part.collected_at for part in parts if part.collected_at is not None]
    return TableState(
        name=name,
        outcome=outcome,
        reason=reason,
        collected_at=min(collected, default=None),
        stale=any(part.stale_reason for part in parts if part.rows_may_hold) or outcome == OutcomeChoices.UNSUPPORTED,
        rows=sum(part.rows for part in parts) if rows is None else rows,
        filtered=sum(part.filtered for part in parts if part.owns_rows),
        rejected=sum(part.rejected for part in parts if part.owns_rows),
        unparsed=sum(part.unparsed for part in parts),
    )
