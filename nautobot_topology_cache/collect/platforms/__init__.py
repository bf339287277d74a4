"""One module per network driver, each with a PLATFORM; a site's own modules add platforms or replace them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module

from nautobot_topology_cache.collect.commands import Platform
from nautobot_topology_cache.collect.errors import PlatformError

DRIVERS = (
    "arista_eos",
    "aruba_aoscx",
    "cisco_asa",
    "cisco_ios",
    "cisco_nxos",
    "cisco_xe",
    "cisco_xr",
    "fortinet",
    "frr",
    "hp_comware",
    "huawei_vrp",
    "juniper_junos",
    "linux",
    "mikrotik_routeros",
    "paloalto_panos",
    "vyatta_vyos",
    "vyos",
)


@lru_cache(maxsize=8)
def platforms(modules: tuple[str, ...] = ()) -> dict[str, Platform]:
    """Driver -> platform: the built-in ones, then those of `modules` (dotted names), which win."""
    return {platform.driver: platform for platform in (load(name) for name in _names(modules))}


def _names(modules: Iterable[str]) -> Iterable[str]:
    yield from (f"{__name__}.{driver}" for driver in DRIVERS)
    yield from modules


def load(name: str) -> Platform:
    """The platform of a module; raises PlatformError when it has none, and whatever its import raises."""
    platform = getattr(import_module(name), "PLATFORM", None)
    if not isinstance(platform, Platform):
        raise PlatformError(f"The module {name} has no PLATFORM of the type Platform.")
    return platform
