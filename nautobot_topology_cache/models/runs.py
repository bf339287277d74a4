"""DiscoveryRun and its items: who wanted what, and how it went, device by device."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from nautobot.apps.models import BaseManager, BaseModel, extras_features

from nautobot_topology_cache.choices import FROM_DEVICES, RUN_TITLES, RunStatusChoices, StatusChoices
from nautobot_topology_cache.models.querysets import RunItemQuerySet, RunQuerySet, delete_rows_directly

HEARTBEAT = timedelta(seconds=60)
"""A run that has been silent for longer has nobody working on it any more."""


def shown_status() -> models.Case:
    """In the database: a run's `shown_status`."""
    left_behind = models.Q(status=RunStatusChoices.IN_PROGRESS, heartbeat_at__lt=Now() - HEARTBEAT)
    return models.Case(models.When(left_behind, then=models.Value(RunStatusChoices.FAILED)), default=models.F("status"))


@extras_features("custom_links", "export_templates")
class DiscoveryRun(BaseModel):
    """One request to discover devices, whichever door it came through."""

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    options = models.JSONField(default=dict, blank=True, help_text="The request's options, by their names in REST.")
    status = models.CharField(max_length=24, choices=RunStatusChoices, default=RunStatusChoices.PENDING)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    figures = models.JSONField(default=dict, blank=True, editable=False, help_text="What the run came to.")
    job_result = models.ForeignKey(
        "extras.JobResult", on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )

    objects = BaseManager.from_queryset(RunQuerySet)()

    is_metadata_associable_model = False
    natural_key_field_names = ["pk"]

    class Meta:
        ordering = ["-created_at"]
        verbose_name = "discovery run"

    def __str__(self) -> str:
        title = RUN_TITLES[self.options.get("answers", FROM_DEVICES)]
        return f"{title} of {self.created_at:%Y-%m-%d %H:%M:%S} UTC"

    @property
    def shown_status(self) -> str:
        """The status, but `failed` for a run that was left behind by whoever worked on it."""
        silent = self.heartbeat_at is not None and timezone.now() - self.heartbeat_at > HEARTBEAT
        left_behind = self.status == RunStatusChoices.IN_PROGRESS and silent
        return RunStatusChoices.FAILED if left_behind else self.status

    @property
    def progress_percentage(self) -> int:
        """Ended devices of all devices; needs the counts that `restrict` adds."""
        ended = self.completed_devices + self.failed_devices + self.skipped_devices + self.cancelled_devices
        if self.total_devices:
            return 100 * ended // self.total_devices
        return 100 if self.shown_status in RunStatusChoices.ENDED else 0

    @property
    def ended(self) -> bool:
        return self.shown_status in RunStatusChoices.ENDED


class DiscoveryRunItem(BaseModel):
    """One device in one run."""

    run = models.ForeignKey(DiscoveryRun, on_delete=delete_rows_directly, related_name="items")
    device = models.ForeignKey("dcim.Device", on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    device_name = models.CharField(max_length=255, blank=True)
    status = models.CharField(max_length=24, choices=StatusChoices, default=StatusChoices.PENDING)
    attempts = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="How often somebody began to ask the device."
    )
    lease = models.UUIDField(null=True, blank=True, editable=False, help_text="Of whoever asks the device.")
    current_task = models.CharField(max_length=255, blank=True)
    error = models.TextField(blank=True)
    connections = models.PositiveIntegerField(default=0)
    commands_sent = models.PositiveIntegerField(default=0)
    cache_hits = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    tables = models.JSONField(default=dict, blank=True)
    commands = models.JSONField(default=list, blank=True)
    detail = models.JSONField(default=dict, blank=True, help_text="Rejected rows and lines not understood.")
    rows = models.JSONField(null=True, blank=True, help_text="The rows themselves, for runs that do not cache.")

    objects = BaseManager.from_queryset(RunItemQuerySet)()

    is_metadata_associable_model = False
    natural_key_field_names = ["pk"]

    class Meta:
        ordering = ["device_name", "id"]
        verbose_name = "discovery run item"
        constraints = [models.UniqueConstraint(fields=["run", "device"], name="topology_cache_item_identity")]

    def __str__(self) -> str:
        return self.device_name

    @property
    def progress_percentage(self) -> int:
        """100 for a device that has ended, else 0: how many commands it will be asked is known only at its end."""
        return 100 if self.status in StatusChoices.ENDED else 0
