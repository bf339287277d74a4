"""VyOS under the name that Nautobot's mappings had first."""

from __future__ import annotations

import attrs

from nautobot_topology_cache.collect.platforms.vyos import PLATFORM as VYOS

PLATFORM = attrs.evolve(VYOS, driver="vyatta_vyos", netmiko="vyatta_vyos")
