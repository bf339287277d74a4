"""The physical limit of parsing: one regular expression, written for exactly these lines and good for no others."""

from __future__ import annotations

import re
from collections.abc import Callable

Found = list[tuple[str, ...]]

ROUTE = re.compile(r"^([A-Z]\S*) +(\S+) \[(\d+)/(\d+)\] via (\S+), \S+, (\S+)$", re.MULTILINE)
MAC = re.compile(r"^ *(\d+) +([0-9a-f.]{14}) +(\S+) +(\S+)$", re.MULTILINE)
ARP = re.compile(r"^Internet +(\S+) +(\d+) +(\S+) +ARPA +(\S+)$", re.MULTILINE)
PATH = re.compile(r"^(\*[> ]) +(\S+/\d+)? +(\S+) +(\d+) +(\d+) ([\d ]+) ([ie?])$", re.MULTILINE)

BY_HAND: dict[str, Callable[[str], Found]] = {
    "routes": ROUTE.findall,
    "MACs": MAC.findall,
    "ARP": ARP.findall,
    "BGP paths": PATH.findall,
}
