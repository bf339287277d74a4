"""What is kept per device besides rows: DeviceCache, and CommandOutput, which is layer 1."""

from __future__ import annotations

import zlib
from typing import Any

from django.db import models
from nautobot.apps.models import BaseModel, extras_features

from nautobot_topology_cache.choices import OutcomeChoices
from nautobot_topology_cache.collect.normalize import text
from nautobot_topology_cache.models.keys import time_ordered_id
from nautobot_topology_cache.models.querysets import VersionsManager, delete_rows_directly


@extras_features("custom_links", "export_templates")
class DeviceCache(BaseModel):
    """A device as this app knows it. No purge deletes it: it holds what people and SSH sessions decided."""

    device = models.OneToOneField("dcim.Device", on_delete=models.CASCADE, related_name="+")
    driver = models.CharField(max_length=64, blank=True, help_text="Network driver of the last session.")
    polling_enabled = models.BooleanField(
        default=True, help_text="Whether scheduled refreshes contact this device. No discovery changes this."
    )
    host_key = models.TextField(blank=True, help_text="Known SSH host key, in OpenSSH's public key form.")
    lease_holder = models.UUIDField(null=True, blank=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = VersionsManager()

    is_metadata_associable_model = False
    natural_key_field_names = ["pk"]

    class Meta:
        ordering = ["id"]
        verbose_name = "device cache"

    def __str__(self) -> str:
        return str(self.device)


@extras_features("custom_links", "export_templates")
class CommandOutput(BaseModel):
    """Layer 1: the last complete answer to one command on one device."""

    id = models.UUIDField(primary_key=True, default=time_ordered_id, unique=True, editable=False)
    device = models.ForeignKey("dcim.Device", on_delete=delete_rows_directly, related_name="+", db_index=False)
    command = models.CharField(max_length=255)
    context = models.CharField(max_length=128, blank=True)
    outcome = models.CharField(max_length=16, choices=OutcomeChoices)
    reason = models.TextField(blank=True)
    compressed = models.BinaryField(help_text="zlib of the answer in UTF-8.")
    parsed = models.JSONField(null=True, blank=True, help_text="Rows as the parser printed them; null above a size.")
    collected_at = models.DateTimeField()
    duration = models.FloatField(help_text="Seconds from sending the command to its complete answer.")
    digest = models.CharField(max_length=32, help_text="BLAKE2b-128 of the answer.")

    objects = VersionsManager()

    is_metadata_associable_model = False
    natural_key_field_names = ["pk"]

    class Meta:
        ordering = ["command", "context"]
        verbose_name = "command output"
        constraints = [
            models.UniqueConstraint(fields=["device", "command", "context"], name="topology_cache_output_identity")
        ]

    def __str__(self) -> str:
        return self.command

    @property
    def raw(self) -> str:
        """The answer as the device gave it."""
        return unpack(self.compressed)

    @property
    def lines(self) -> list[str]:
        """The answer's lines, with what cannot be shown replaced."""
        return text(self.raw).splitlines()


def pack(raw: str) -> bytes:
    """Text to the form in which layer 1 stores it; odd bytes of a device survive the way there and back."""
    return zlib.compress(raw.encode("utf-8", "surrogatepass"), 3)


def unpack(compressed: Any) -> str:
    """The text that `pack` was given."""
    return zlib.decompress(bytes(compressed)).decode("utf-8", "surrogatepass")
