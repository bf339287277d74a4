"""One session per device at a time, over all processes: a lease on DeviceCache, timed by the database's clock alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now

from nautobot_topology_cache.models import DeviceCache


def take(device_id: UUID, holder: UUID, seconds: float) -> bool:
    """Take or renew the lease for `seconds`; False if another holder's lasts."""
    free = Q(lease_holder__isnull=True) | Q(lease_expires_at__lt=Now()) | Q(lease_holder=holder)
    taken = DeviceCache.objects.filter(free, device=device_id).update(
        lease_holder=holder, lease_expires_at=Now() + timedelta(seconds=seconds)
    )
    return bool(taken)


def renew(devices: Iterable[UUID], holder: UUID, seconds: float) -> None:
    """Let the leases of a holder last for `seconds` from now.

    One by one, so that no row is locked while another is waited for: a form that changes many devices in one
    transaction locks them in an order of its own.
    """
    for device_id in devices:
        take(device_id, holder, seconds)


def give_back(device_id: UUID, holder: UUID) -> None:
    """End the lease, if it is still this holder's."""
    DeviceCache.objects.filter(device=device_id, lease_holder=holder).update(lease_holder=None, lease_expires_at=None)


def give_back_all(holder: UUID) -> None:
    """End every lease of this holder, one by one as they are renewed."""
    for device_id in DeviceCache.objects.filter(lease_holder=holder).values_list("device", flat=True):
        give_back(device_id, holder)


def free(devices: Collection[UUID]) -> set[UUID]:
    """Those of the devices that nobody holds, or whose holder has stopped renewing."""
    held = DeviceCache.objects.filter(device__in=devices, lease_holder__isnull=False, lease_expires_at__gte=Now())
    return set(devices) - set(held.values_list("device", flat=True))
