"""Names, addresses and MACs in a text, replaced alike wherever they stand, so that what belonged together still does.

Addresses keep the prefixes that they have in common, as Crypto-PAn does, and columns keep their places where blanks
allow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from hashlib import blake2b
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network

import attrs

IPV4 = re.compile(r"(?<![\w.])(?P<value>\d{1,3}(?:\.\d{1,3}){3})(?P<length>/\d{1,2})?(?![\w.]*\w)(?P<blanks> *)")
IPV6 = re.compile(
    r"(?<![\w:.])(?P<value>[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?P<length>/\d{1,3})?(?![\w:])(?P<blanks> *)"
)
MAC = re.compile(
    r"(?<![\w:.-])(?P<value>[0-9A-Fa-f]{2}(?P<mark>[:-])[0-9A-Fa-f]{2}(?:(?P=mark)[0-9A-Fa-f]{2}){4}"
    r"|[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4}){2})(?P<length>)(?![\w:.-]*\w)(?P<blanks> *)"
)
KEPT4 = tuple(IPv4Network(one) for one in ("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3"))
KEPT6 = tuple(IPv6Network(one) for one in ("::/64", "ff00::/8"))
"""What means the same everywhere: default route, loopback, groups, masks."""
FIRST_BITS = {32: 8, 128: 16}
"""First bits that stay: private addresses, groups and link-local ones are told apart by them."""
HOST_BITS = {32: 8, 128: 16}
"""Last bits that stay: what ends in .1, .0 or .255 goes on to."""
LEAST_NAME = 3
"""Characters: shorter names are words of too many other things."""
Change = Callable[[str, str], str]
"""(value, prefix length with its slash or "") -> what stands there instead."""


def _lowered(names: Iterable[str]) -> frozenset[str]:
    return frozenset(one.lower() for one in names)


@attrs.frozen
class Anonymizer:
    """Replaces by a keyed digest: the same key, the same replacements; without it, nobody finds the way back."""

    key: bytes = attrs.field(repr=False)
    names: frozenset[str] = attrs.field(converter=_lowered)
    """Host names and domains to look for, in any case."""

    def text(self, printed: str) -> str:
        """A whole answer."""
        for pattern, change in ((MAC, self._mac), (IPV4, self._ipv4), (IPV6, self._ipv6)):
            printed = pattern.sub(_in_place(change), printed)
        return self._known.sub(lambda found: self.name(found[0]), printed)

    def name(self, name: str) -> str:
        """A host name or domain, label by label: a name with its domain and one without it stay the same host."""
        return ".".join(f"n{self._digest('label', label.lower()).hex()[:8]}" for label in name.split("."))

    @cached_property
    def _known(self) -> re.Pattern[str]:
        """Any of the names, the longest first; nothing if there are none."""
        names = sorted((name for name in self.names if len(name) >= LEAST_NAME), key=lambda name: (-len(name), name))
        return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names)) or '(?!)'})(?![\w-])", re.IGNORECASE)

    def _mac(self, printed: str, length: str) -> str:
        """Vendor and rest each for themselves; addresses of groups, and the empty one, stay."""
        digits = re.sub(r"[^0-9a-f]", "", printed.lower())
        if int(digits[:2], 16) & 1 or not int(digits, 16):
            return printed
        vendor = self._digest("vendor", digits[:6])
        fresh = f"{(vendor[0] | 2) & 0xFE:02x}{vendor[1:3].hex()}{self._digest('mac', digits)[:3].hex()}"
        unused = iter(fresh.upper() if printed == printed.upper() else fresh)
        return "".join(next(unused) if one.isalnum() else one for one in printed)

    def _ipv4(self, printed: str, length: str) -> str:
        try:
            address = IPv4Address(printed)
        except AddressValueError:
            return printed + length
        if any(address in network for network in KEPT4):
            return printed + length
        return str(IPv4Address(_mapped(self.key, int(address), 32, length))) + length

    def _ipv6(self, printed: str, length: str) -> str:
        try:
            address = IPv6Address(printed)
        except AddressValueError:
            return printed + length
        if any(address in network for network in KEPT6):
            return printed + length
        return str(IPv6Address(_mapped(self.key, int(address), 128, length))) + length

    def _digest(self, kind: str, value: str) -> bytes:
        return _digest(self.key, f"{kind} {value}")


def _in_place(change: Change) -> Callable[[re.Match[str]], str]:
    """A replacement that takes or leaves blanks after it, so that what follows stays in its column."""

    def replaced(found: re.Match[str]) -> str:
        blanks = found["blanks"]
        after = change(found["value"], found["length"] or "")
        return after + " " * max(len(found[0]) - len(after), 1) if blanks else after

    return replaced


def _mapped(key: bytes, address: int, bits: int, length: str) -> int:
    """An address with all but its first and last bits changed; of a network the host bits stay zero."""
    last = HOST_BITS[bits]
    fresh = address ^ _flips(key, address >> last, bits - last, FIRST_BITS[bits]) << last
    hosts = (1 << max(bits - int(length[1:]), 0)) - 1 if length else 0
    return fresh if address & hosts else fresh & ~hosts


@lru_cache(maxsize=100_000)
def _flips(key: bytes, address: int, bits: int, first: int) -> int:
    """A bit is flipped or not by a digest of all bits before it, so that equal beginnings stay equal."""
    flips = 0
    for at in range(first, bits):
        flips = flips << 1 | _digest(key, f"bit {bits} {at} {address >> (bits - at)}")[0] & 1
    return flips


def _digest(key: bytes, value: str) -> bytes:
    return blake2b(value.encode("utf-8", "surrogatepass"), key=key, digest_size=16).digest()
