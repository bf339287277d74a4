"""Interface names: the short and the long spellings of one port, and what a neighbor's announcement names.

netutils knows the abbreviations; how a device spells the long name in its own interface table only its platform knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from netutils.constants import BASE_INTERFACES

Spell = Callable[[str], str]

_NAME = re.compile(r"([A-Za-z][A-Za-z_-]*?)\s?(\d[\d/.:]*)")
_KNOWN = {**{head.lower(): long for head, long in BASE_INTERFACES.items()}, **BASE_INTERFACES}

CORRECTIONS: Mapping[str, str] = {
    # What netutils expands to names that no Cisco or Arista device prints, or does not know.
    "vlan": "Vlan",
    "vl": "Vlan",
    "bdi": "BDI",
    "bvi": "BVI",
    "nu": "Null",
    "null": "Null",
    "vx": "Vxlan",
    "vxlan": "Vxlan",
    "bundle-ether": "Bundle-Ether",
    "be": "Bundle-Ether",
    "fiftygigabitethernet": "FiftyGigE",
    "hundredgigabitethernet": "HundredGigE",
    "twohundredgigabitethernet": "TwoHundredGigE",
    "fourhundredgigabitethernet": "FourHundredGigE",
    # `Fi1/0/1` is a port of a multigigabit Catalyst; netutils takes it for FiftyGigabitEthernet.
    "fi": "FiveGigabitEthernet",
    "fiv": "FiveGigabitEthernet",
    "five": "FiveGigabitEthernet",
    "fivegigabitethernet": "FiveGigabitEthernet",
    "fif": "FiftyGigE",
    "fou": "FourHundredGigE",
}


def spelling(expansions: Mapping[str, str]) -> Spell:
    """How one platform spells its interfaces: lower-case head of a name, short or long, to the head the device prints.

    An abbreviation that is not listed is expanded by netutils and CORRECTIONS, then its long form is looked up again:
    `{"port-channel": "Port-Channel"}` also settles `Po1`, so a platform lists only what it prints differently.
    What is no interface (`CPU`, `sup-eth1(R)`) stays as printed.
    """
    own = {**CORRECTIONS, **{head.lower(): printed for head, printed in expansions.items()}}

    @lru_cache(maxsize=16384)
    def spell(printed: str) -> str:
        name = _NAME.fullmatch(printed.strip())
        if name is None:
            return printed.strip()
        head = name[1]
        if head.lower() in own:
            return own[head.lower()] + name[2]
        long = _expanded(head)
        return own.get(long.lower(), long) + name[2] if long else printed.strip()

    return spell


def _expanded(head: str) -> str:
    """Netutils' long form, or nothing; a single letter is too little to tell (`T1` is no TenGigabitEthernet)."""
    return _KNOWN.get(head) or _KNOWN.get(head.lower(), "") if len(head) > 1 else ""


def parent(name: str) -> str:
    """The port of a subinterface or unit (`Ethernet1/1.10`); nothing for a port."""
    port, dot, unit = name.rpartition(".")
    return port if dot and unit.isdigit() else ""
