"""Answers that are at hand: layer 1's for a rebuild, a folder's for an import. The same flow, but no device."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

import attrs
from django.utils import timezone

from nautobot_topology_cache import queries
from nautobot_topology_cache.collect.sessions import Replay, Session, Stored
from nautobot_topology_cache.models import CommandOutput


class AtHand(Protocol):
    """Answers of devices, without the devices."""

    lacking: str
    """Why a device is skipped that has none."""
    fetched: bool
    """Whether they are news, or what layer 1 knows already."""

    def among(self, devices: Collection[UUID]) -> set[UUID]:
        """Those of the devices that have any."""

    def session(self, device_id: UUID) -> Session:
        """The device's answers."""


class Layer1:
    """All stored answers, whatever their age."""

    lacking = "No command output of this device is stored."
    fetched = False

    def among(self, devices: Collection[UUID]) -> set[UUID]:
        outputs = CommandOutput.objects.filter(device__in=devices).order_by()
        return set(outputs.values_list("device", flat=True).distinct())

    def session(self, device_id: UUID) -> Session:
        return Stored(queries.stored_outputs(device_id, None), None, timezone.now)


@attrs.frozen
class Folders:
    """A folder of show outputs for each device."""

    folders: Mapping[UUID, Path]
    collected_at: datetime | None = None
    """None for each file's own time."""
    lacking: str = "There is no folder for this device."
    fetched: bool = True

    def among(self, devices: Collection[UUID]) -> set[UUID]:
        return set(devices) & set(self.folders)

    def session(self, device_id: UUID) -> Session:
        return Replay(self.folders[device_id], self.collected_at)
