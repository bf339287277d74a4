"""The app's tables: layer 1, layer 2, their state, and the runs that fill them."""

from nautobot_topology_cache.models.devices import CommandOutput, DeviceCache
from nautobot_topology_cache.models.rows import (
    CachedARPEntry,
    CachedBGPRoute,
    CachedInterface,
    CachedIPAddress,
    CachedMACAddress,
    CachedNeighbor,
    CachedRoute,
    CachedRoutingNeighbor,
    CachedRow,
)
from nautobot_topology_cache.models.runs import DiscoveryRun, DiscoveryRunItem
from nautobot_topology_cache.models.slices import CachedSlice

__all__ = (
    "CachedARPEntry",
    "CachedBGPRoute",
    "CachedIPAddress",
    "CachedInterface",
    "CachedMACAddress",
    "CachedNeighbor",
    "CachedRoute",
    "CachedRoutingNeighbor",
    "CachedRow",
    "CachedSlice",
    "CommandOutput",
    "DeviceCache",
    "DiscoveryRun",
    "DiscoveryRunItem",
)
