"""CachedSlice: what one command last said about one table of one device."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from nautobot.apps.models import BaseModel

from nautobot_topology_cache.choices import OutcomeChoices, TableChoices
from nautobot_topology_cache.configuration import settings
from nautobot_topology_cache.models.querysets import VersionsManager, delete_rows_directly

AHEAD = timedelta(minutes=5)
"""By how much the clock of a worker may be ahead of the database's."""


def stale_after() -> timedelta:
    """The age from which rows are stale."""
    return timedelta(minutes=settings().stale_after_minutes)


def from_the_future() -> models.Q:
    """In the database, by its own clock: answers that cannot have been given yet, dated by a wrong clock."""
    return models.Q(collected_at__gt=Now() + AHEAD)


class CachedSlice(BaseModel):
    """State of a slice; its rows take `collected_at` and their staleness from here."""

    device = models.ForeignKey("dcim.Device", on_delete=delete_rows_directly, related_name="+", db_index=False)
    table = models.CharField(max_length=32, choices=TableChoices)
    command = models.CharField(max_length=255)
    context = models.CharField(max_length=128, blank=True)
    outcome = models.CharField(max_length=16, choices=OutcomeChoices)
    reason = models.TextField(blank=True)
    attempted_at = models.DateTimeField()
    collected_at = models.DateTimeField(null=True, blank=True, help_text="When the rows' answer was given.")
    owns_rows = models.BooleanField(default=True, help_text="False for a command that only fills columns.")
    rows = models.PositiveIntegerField(default=0, help_text="Current rows, those missing from the last answer too.")
    stored = models.PositiveIntegerField(default=0, help_text="Rows of the last answer that are in the table.")
    filtered = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    unparsed = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=32, blank=True, help_text="Of the written records and their columns.")
    closed_at = models.DateTimeField(null=True, blank=True, help_text="Since when this slice is not asked any more.")

    objects = VersionsManager()

    is_metadata_associable_model = False
    natural_key_field_names = ["pk"]

    class Meta:
        ordering = ["table", "command", "context"]
        constraints = [
            models.UniqueConstraint(
                fields=["device", "table", "command", "context"], name="topology_cache_slice_identity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.command} ({self.context})" if self.context else self.command

    @property
    def rows_may_hold(self) -> bool:
        """False for a command that does not exist on the device and never did: it has nothing that could be stale."""
        return self.outcome != OutcomeChoices.UNSUPPORTED or self.rows > 0

    @property
    def stale_reason(self) -> str:
        """Why the rows may not hold any more, or `""`."""
        return why_stale(self.outcome, self.reason, self.collected_at)

    @staticmethod
    def are_stale() -> models.Q:
        """In the database: slices that are asked and may have rows, and have a `stale_reason`."""
        bad = ~models.Q(outcome__in=OutcomeChoices.GOOD)
        old = models.Q(collected_at__isnull=True) | models.Q(collected_at__lt=timezone.now() - stale_after())
        may_hold = ~models.Q(outcome=OutcomeChoices.UNSUPPORTED) | models.Q(rows__gt=0)
        return models.Q(closed_at__isnull=True) & may_hold & (bad | old)


def why_stale(outcome: str, reason: str, collected_at: datetime | None) -> str:
    """Why the rows of a slice in this state may not hold any more, or `""`."""
    if outcome not in OutcomeChoices.GOOD:
        return f"the last attempt ended {outcome}: {reason}"
    limit = stale_after()
    if collected_at is None or timezone.now() - collected_at > limit:
        return f"not collected for more than {limit // timedelta(minutes=1)} minutes"
    return ""
