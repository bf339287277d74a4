"""One session per device at a time, over all processes: a lease on DeviceCache, timed by the database's clock alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
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
    """Let the leases that this holder has of the devices last for `seconds` from now.

    It waits for nobody: a form that changes many devices in one transaction locks them in an order of its own. What is
    locked is renewed at the next beat; a lease lasts for several.
    """
    with transaction.atomic():
        ours = DeviceCache.objects.filter(device__in=devices, lease_holder=holder).order_by()
        held = list(ours.select_for_update(skip_locked=True).values_list("pk", flat=True))
        DeviceCache.objects.filter(pk__in=held).update(lease_expires_at=Now() + timedelta(seconds=seconds))


def give_back(device_id: UUID, holder: UUID) -> None:
    """End the lease, if it is still this holder's."""
    DeviceCache.objects.filter(device=device_id, lease_holder=holder).update(lease_holder=None, lease_expires_at=None)


def give_back_all(holder: UUID) -> None:
    """End every lease of this holder, one by one: no row is locked while another is waited for."""
    for device_id in DeviceCache.objects.filter(lease_holder=holder).values_list("device", flat=True):
        give_back(device_id, holder)


def free(devices: Collection[UUID]) -> set[UUID]:
    """Those of the devices that nobody holds, or whose holder has stopped renewing."""
    held = DeviceCache.objects.filter(device__in=devices, lease_holder__isnull=False, lease_expires_at__gte=Now())
    return set(devices) - set(held.values_list("device", flat=True))
