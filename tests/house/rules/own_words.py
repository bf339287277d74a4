"""Nothing of the captures is in the package: no host name, no address, no line of an answer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from pathlib import Path

import attrs

from tests.house.source import Files, walk

ADDRESS = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){3,7})(?![\w.:])")
_LETTERS = re.compile(r"[0-9a-fA-F:.]{7,}")
SHORTEST = 16
"""A line below this length, or without a digit, is the device's form and not somebody's network."""
NOBODYS = [
    ip_network(one)
    for one in ("0.0.0.0/8", "255.0.0.0/8", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]


@attrs.frozen
class Captured:
    """What somebody's devices printed."""

    hosts: frozenset[str]
    addresses: frozenset[str]
    """And whatever else consists of the same letters."""
    lines: frozenset[str]


def captured(folder: Path) -> Captured:
    """Everything below the captures' folder that could be recognised again."""
    texts = [path.read_text("utf-8", "replace") for path in folder.rglob("*.txt")]
    return Captured(
        hosts=frozenset(path.name for path in folder.glob("networks/*/*") if path.is_dir()),
        addresses=frozenset(word for text in texts for word in _LETTERS.findall(text)),
        lines=frozenset(line for text in texts for line in map(str.strip, text.splitlines()) if _telling(line)),
    )


def violations(files: Files, captures: Captured) -> list[str]:
    found = []
    for place in walk(files):
        if isinstance(place.node, ast.Constant) and isinstance(place.node.value, str):
            found += [f"{place}: `{said}` is from the captures" for said in _taken(place.node.value, captures)]
    return found


def _taken(text: str, captures: Captured) -> Iterator[str]:
    yield from captures.addresses.intersection(filter(_somebodys, ADDRESS.findall(text)))
    yield from captures.lines.intersection(map(str.strip, text.splitlines()))
    yield from captures.hosts.intersection(re.findall(r"[\w-]+", text))


def _somebodys(address: str) -> bool:
    """Whether an address tells of a network: no mask, no example, nothing that every device knows."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    everywhere = parsed.is_loopback or parsed.is_unspecified or parsed.is_multicast or parsed.is_link_local
    return not everywhere and not any(parsed in network for network in NOBODYS)


def _telling(line: str) -> bool:
    return len(line) >= SHORTEST and any(letter.isdigit() for letter in line)
