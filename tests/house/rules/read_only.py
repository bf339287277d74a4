"""What is sent to a device only looks: `show` and filters of it, and set-up that ends with the session."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nautobot_topology_cache.collect.commands import Platform

FILTER = (
    r"json( native)?|display json|no-more|(include|exclude|begin|section) ((?!\| *(redirect|tee|append))[\w ./:^%|-])+"
)
COMMAND = re.compile(rf"show [\w ./:{{}}*$-]+( \| ({FILTER}))*")
LINUX = (
    r"ip( -j)?( -d| -6)? (link|address|neigh|route|vrf) show( vrf \{vrf\})?|arp -a"
    r"|(/sbin/)?bridge -j fdb show|(/usr/sbin/)?lldpcli -f json0 show [a-z ]+"
)
VTYSH = r"vtysh -c \"show [a-z0-9 ]+ json\""
VYOS = re.compile(rf"{LINUX}|{VTYSH}|show [a-z ]+")
DISPLAY = re.compile(r"display [\w .{}-]+")
VENDORS = {
    "huawei_vrp": DISPLAY,
    "hp_comware": DISPLAY,
    "fortinet": re.compile(r"get [\w -]+"),
    "mikrotik_routeros": re.compile(r"[a-z0-9 ]+ print terse without-paging"),
    "linux": re.compile(LINUX),
    "frr": re.compile(rf"{LINUX}|{VTYSH}"),
    "vyatta_vyos": VYOS,
    "vyos": VYOS,
}
"""Drivers whose systems have other words for looking: theirs alone, and nothing that a shell could take further."""
SETUP = re.compile(
    r"terminal (length|width|pager) \d+|set cli screen-(length|width) \d+|no page|screen-length (0 temporary|disable)"
    r"|set cli (scripting-mode on|pager off|terminal width \d+)|get system status"
)
"""Nothing here is configuration, and nothing outlives the session."""


def violations(platforms: Mapping[str, Platform]) -> list[str]:
    found = []
    for driver, platform in platforms.items():
        commands = [command.text for entry in platform.entries for command in entry.alternatives]
        looks = VENDORS.get(driver, COMMAND)
        found += [f"{driver}: `{text}` does more than show" for text in commands if not looks.fullmatch(text)]
        found += [f"{driver}: `{text}` is no session set-up" for text in platform.setup if not SETUP.fullmatch(text)]
    return found
