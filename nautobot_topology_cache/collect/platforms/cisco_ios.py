"""Cisco IOS."""

from __future__ import annotations

from nautobot_topology_cache.collect.commands import Platform
from nautobot_topology_cache.collect.platforms.ios_interfaces import spell
from nautobot_topology_cache.collect.platforms.ios_like import ENTRIES, SETUP, VERDICTS

PLATFORM = Platform(
    driver="cisco_ios",
    netmiko="cisco_ios",
    entries=ENTRIES,
    spell=spell,
    verdicts=VERDICTS,
    enable=True,
    setup=SETUP,
)
