"""The registry's command behind what somebody typed: abbreviated, in an older spelling, or narrowed to a part.

A narrowed command (`show interfaces Gi0/1`, `show ip route vrf BLUE`) prints the form of the whole one with fewer rows.
Words such as `brief` or `status` ask for another form and are never left out.
"""

from __future__ import annotations

import re

from nautobot_topology_cache.collect.commands import Command, Platform

WORDS = (
    *("show", "ip", "ipv4", "ipv6", "vrf", "all", "instance", "detail", "extensive", "summary"),
    *("interface", "interfaces", "switchport", "neighbor", "neighbors", "entry", "cdp", "lldp"),
    *("arp", "no-resolve", "mac", "address-table", "mac-address-table", "table"),
    *("route", "routing", "bgp", "unicast", "ospf"),
)
"""What is recognised when abbreviated. `brief`, `description` and `status` are not: they ask for other forms."""

_INTERFACE = r"(?:[a-z][a-z-]*?(?: ?\d[\w/.:]*)|[a-z]{2,3}-\d+/\d+/\d+(?:\.\d+)?|mgmteth\S+)"
_ADDRESS = r"[\da-f]*[.:][\da-f.:]*(?:/\d+)?"
_PROTOCOL = r"connected|local|static|direct|bgp|ospf|isis|eigrp|rip|aggregate"

ALIKE = (
    (r"^show (cdp|lldp) entry (\*|\S+)$", r"show \1 neighbor detail"),
    (r"\bmac-address-table\b", "mac address-table"),
    (r"^show ethernet-switching[ -]table", "show ethernet-switching table"),
    (r"\binterfaces\b", "interface"),
    (r"\bneighbors\b", "neighbor"),
    (r"^show ip arp\b", "show arp"),
    (r"^show ip bgp\b", "show bgp ipv4 unicast"),
    (r" \| (in|inc|include|begin|exclude) .*$", ""),
)
"""(pattern, what says the same): spellings that all platforms share, tried on commands of the registry as well."""

NARROWER = (
    (
        rf"^(show interface|show ip interface|show ipv[46](?: vrf all)? interface) {_INTERFACE}(?= detail$|$)",
        r"\1",
    ),
    (rf"^(show (?:cdp|lldp) neighbor) (?:interface )?{_INTERFACE} detail$", r"\1 detail"),
    (rf"^(show (?:cdp|lldp) neighbor) detail {_INTERFACE}$", r"\1 detail"),
    (rf"^(show (?:ipv6 )?(?:arp|neighbor)\b.*?) (?:{_INTERFACE}|{_ADDRESS})$", r"\1"),
    (
        r"^(show mac address-table)(?: (?:dynamic|static|local|(?:vlan|vni|address|interface) \S+(?: ?\d[\d/.:]*)?))+$",
        r"\1",
    ),
    (rf"^(show (?:ip |ipv6 )?route\b.*?) (?:next-hop {_INTERFACE}|(?:protocol )?(?:{_PROTOCOL}))(?: \d+)?$", r"\1"),
)
"""(pattern, the whole command): what only chooses rows."""

OF_DRIVER = {
    "cisco_nxos": (
        (r" vrf \S+", ""),
        (r"^show routing\b", "show ip route"),
        (r"^show ip (?:arp) detail", "show arp"),
        (r"^show arp detail", "show arp"),
    ),
    "arista_eos": ((r" vrf \S+", ""),),
    "cisco_xr": (
        (r"^show ip route\b", "show route"),
        (r"^(show route(?: vrf \S+)?) ipv4$", r"\1"),
        (r"^show interface detail$", "show interface"),
        (r"^show arp vrf \S+(?: detail)?$", "show arp vrf all"),
        (r"^show route vrf \{vrf\}", "show route vrf all"),
        (r"^show (ipv[46]) vrf \S+ interface", r"show \1 vrf all interface"),
    ),
    "juniper_junos": (
        (r"^show interface (?:extensive|detail)\b", "show interface"),
        (r"^(show interface) \S+-\d+/\S+(?: extensive| detail)?$", r"\1"),
        (r"^(show interface) [a-z]+\d*(?:\.\d+)?(?: extensive| detail)$", r"\1"),
        (r"^(show interface) (?:ae|irb|lo|fxp|em|me|vme|vlan|st|gr|lt|reth)\d+(?:\.\d+)?$", r"\1"),
        (r"^show route (?:table|instance) (?!detail)\S+$", "show route"),
    ),
}
"""The same for one platform: where a command for all VRFs prints what the command for one does, a part per VRF."""


def command_of(platform: Platform, typed: str) -> Command | None:
    """The registry's command that was typed; one asked per VRF only if a VRF was named."""
    known = [command for entry in platform.entries for command in entry.alternatives]
    exact = next((command for command in known if command.text == typed), None)
    if exact is not None:
        return exact
    wanted = plain(platform.driver, typed)
    alike = [command for command in known if plain(platform.driver, command.text) == wanted]
    named = vrf_of(typed)
    return next((one for one in alike if one.per_vrf == bool(named)), next(iter(alike), None))


def vrf_of(typed: str) -> str:
    """The VRF that was named, `""` if none or all were."""
    found = re.search(r"\bvrf (?!all\b)(\S+)", typed)
    return found[1] if found else ""


def plain(driver: str, typed: str) -> str:
    """One spelling for all commands that print the same form."""
    words = [_whole(word) for word in typed.split()]
    text = re.sub(r"\bvrf (?!all\b)\S+", "vrf {vrf}", " ".join(words), flags=re.IGNORECASE).lower()
    for pattern, same in (*ALIKE, *OF_DRIVER.get(driver, ()), *NARROWER, *OF_DRIVER.get(driver, ())):
        text = re.sub(pattern, same, text)
    return text


def _whole(word: str) -> str:
    """An abbreviated word of the command line, written out where only one can be meant."""
    meant = [full for full in WORDS if full.startswith(word.lower())]
    if word.lower() in meant or len(word) < 2:
        return word
    singular = {full.removesuffix("s") for full in meant}
    return meant[0] if len(singular) == 1 else word
