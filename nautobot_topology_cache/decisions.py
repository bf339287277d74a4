"""What people decide about a device: whether it is polled, and that the next host key it shows is the right one."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from nautobot_topology_cache.models import DeviceCache

MAY_CHANGE = "nautobot_topology_cache.change_devicecache"


def set_polling(caches: Collection[UUID], enabled: bool) -> int:
    """Whether scheduled refreshes contact the devices; an explicit request always does. How many there are.

    One UPDATE of one column: to load and save the objects would write back the leases that sessions hold in them.
    """
    return DeviceCache.objects.filter(pk__in=caches).update(polling_enabled=enabled)


def forget_host_key(cache_id: UUID) -> None:
    """Without a known key, the policy `first_use` learns the next one that the device shows."""
    DeviceCache.objects.filter(pk=cache_id).update(host_key="")
