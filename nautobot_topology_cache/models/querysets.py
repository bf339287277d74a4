"""One queryset for everything that belongs to a Device: who may not view the Device may not view the row."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from nautobot.apps.models import BaseManager, RestrictedQuerySet
from nautobot.core.utils.permissions import permission_is_exempt, qs_filter_from_constraints
from nautobot.dcim.models import Device

from nautobot_topology_cache.choices import StatusChoices


class DeviceRuleQuerySet(RestrictedQuerySet):
    """Adds the Device rule to Nautobot's object permissions."""

    def restrict(self, user: Any, action: str = "view") -> Self:
        """Rows on which `user` has `action`, of Devices which `user` may view.

        Constraints are matched against all versions of the rows. Nautobot's own `restrict()` looks them up through the
        default manager, which shows current rows only, and so would lose every closed row of a constrained user.
        """
        if user.is_superuser:
            return self.all()
        constraints = self._constraints(user, action)
        if constraints is None:
            return self.none()
        every = getattr(self.model, "versions", self.model.objects)
        rows = self.filter(pk__in=every.filter(constraints).values("pk")) if constraints else self.all()
        return rows.of_visible_devices(user)

    def is_constrained(self, user: Any) -> bool:
        """Whether `user` may view some rows of a Device and not others: what is known of all of them is no figure."""
        return not user.is_superuser and bool(self._constraints(user, "view"))

    def _constraints(self, user: Any, action: str) -> Q | None:
        """What rows must be like, nothing if all are alike; None without the permission."""
        meta = self.model._meta
        permission = f"{meta.app_label}.{action}_{meta.model_name}"
        if permission_is_exempt(permission):
            return Q()
        if not user.is_authenticated or permission not in user.get_all_permissions():
            return None
        constraints: Q = qs_filter_from_constraints(user._object_perm_cache[permission], {"$user": user})
        return constraints

    def of_visible_devices(self, user: Any) -> Self:
        """The Device rule alone: rows of Devices which `user` may view."""
        return self.all() if user.is_superuser else self.filter(device__in=Device.objects.restrict(user, "view"))


class RunQuerySet(RestrictedQuerySet):
    """Runs with figures over those of their devices that a user may view."""

    def restrict(self, user: Any, action: str = "view") -> Self:
        """Runs on which `user` has `action`, each with its counts."""
        return super().restrict(user, action).with_counts(user)

    def with_counts(self, user: Any) -> Self:
        """Adds `total_devices` and one count for each kind of end.

        Correlated subqueries, not a join: a page of runs counts the items of its own runs, not of all.
        """
        items = self.model._meta.get_field("items").related_model.objects.of_visible_devices(user)

        def count(*statuses: str) -> Coalesce:
            wanted = items.filter(run=OuterRef("pk"), **({"status__in": statuses} if statuses else {}))
            return Coalesce(Subquery(wanted.order_by().values("run").annotate(n=Count("pk")).values("n")), 0)

        return self.annotate(
            total_devices=count(),
            completed_devices=count(*StatusChoices.ANSWERED),
            failed_devices=count(StatusChoices.FAILED),
            skipped_devices=count(StatusChoices.SKIPPED),
            cancelled_devices=count(StatusChoices.CANCELLED),
        )


class RunItemQuerySet(DeviceRuleQuerySet):
    """Devices of runs: parts of their runs, with no permission of their own."""

    def restrict(self, user: Any, action: str = "view") -> Self:
        """Items of runs on which `user` has `action`, of Devices which `user` may view."""
        if user.is_superuser:
            return self.all()
        runs = self.model._meta.get_field("run").related_model.objects.restrict(user, action)
        return self.filter(run__in=runs.values("pk")).of_visible_devices(user)


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
