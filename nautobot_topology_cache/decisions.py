"""What people decide about a device: whether it is polled, and that the next host key it shows is the right one."""

from __future__ import annotations

from uuid import UUID

from nautobot_topology_cache.models import DeviceCache


def set_polling(cache_id: UUID, enabled: bool) -> None:
    """Whether scheduled refreshes contact the device; an explicit request always does."""
    DeviceCache.objects.filter(pk=cache_id).update(polling_enabled=enabled)


def forget_host_key(cache_id: UUID) -> None:
    """Without a known key, the policy `first_use` learns the next one that the device shows."""
    DeviceCache.objects.filter(pk=cache_id).update(host_key="")
