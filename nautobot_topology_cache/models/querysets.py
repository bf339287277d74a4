"""One queryset for everything that belongs to a Device: who may not view the Device may not view the row."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from nautobot.apps.models import BaseManager, RestrictedQuerySet
from nautobot.dcim.models import Device


class DeviceRuleQuerySet(RestrictedQuerySet):
    """Adds the Device rule to Nautobot's object permissions (DESIGN 2.9)."""

    def restrict(self, user: Any, action: str = "view") -> Self:
        """Rows on which `user` has `action`, of Devices which `user` may view.

        Constraints are matched against all versions of the rows: Nautobot's own `restrict()` looks them up through the
        default manager, which shows current rows only, and so loses every closed row of a constrained user.
        """
        permitted = super().restrict(user, action)
        devices = Device.objects.restrict(user, "view")
        if user.is_superuser:
            return permitted
        return permitted.filter(device__in=devices)


class VersionsManager(BaseManager.from_queryset(DeviceRuleQuerySet)):  # type: ignore[misc]
    """All rows, closed ones too."""


class CurrentManager(VersionsManager):
    """The rows that hold now."""

    def get_queryset(self) -> DeviceRuleQuerySet:
        return super().get_queryset().filter(valid_to__isnull=True)


def delete_rows_directly(collector: Any, field: models.ForeignKey, rows: models.QuerySet, using: str) -> None:
    """An `on_delete` that removes the rows with one statement.

    Django's CASCADE loads every row and asks, row by row, whether anything refers to it; nothing refers to cached rows.
    """
    collector.fast_deletes.append(rows)
