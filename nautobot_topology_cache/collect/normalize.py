"""Printed values to stored values: small pure functions over netutils and ipaddress.

Each raises ValueError on a value that has no stored form, saying which value; none ever invents one.
"""

from __future__ import annotations

import ipaddress
import math
import re
import socket
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from netutils.bandwidth import name_to_bits
from netutils.mac import is_valid_mac

DEFAULT_VRFS = frozenset({"", "default", "global", "master", "inet.0"})
_SEPARATORS = str.maketrans("", "", ".:- ")
"""What stands between the digits of a MAC address."""
_USUAL_MAC = re.compile(r"[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4}){2}|[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}")
"""Notations that need no closer look."""
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SPEED = re.compile(r"\d+(?:\.\d+)? ?[KMGTkmgt]?bps")
_IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\.(?=[0-9])|$)){4}")
_LENGTHS = {str(length): 0xFFFFFFFF >> length for length in range(33)}
"""Length of an IPv4 prefix -> its host bits."""
_NOTHING = frozenset({"", "-", "--", "n/a", "none", "null", "unset", "unassigned"})
_TRUE = frozenset({"up", "true", "yes", "enabled", "enable", "on"})
_FALSE = frozenset({"down", "false", "no", "disabled", "disable", "off", "administratively down", "admin down"})


def text(value: Any) -> str:
    """Stripped text; what PostgreSQL cannot store (NUL, lone surrogates) becomes U+FFFD."""
    if value is None:
        return ""
    printed = str(value)
    if not printed.isascii() or "\x00" in printed:
        printed = _UNSTORABLE.sub("\ufffd", printed)
    return printed.strip()


def storable(value: Any) -> Any:
    """The same as JSON that PostgreSQL takes: texts are those of `text`, not stripped; NaN and infinity are null."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {storable(str(name)): storable(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [storable(one) for one in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, int) else storable(str(value))


def required_text(value: Any) -> str:
    """Text that may not be empty."""
    printed = text(value)
    if not printed:
        raise ValueError("a name is missing")
    return printed


def word(value: Any) -> str:
    """A word of a small vocabulary, in lower case."""
    return text(value).lower()


def required_word(value: Any) -> str:
    """A lower-case word that may not be empty."""
    return required_text(value).lower()


def number(value: Any) -> int | None:
    """A whole number; None for the several spellings of nothing."""
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    printed = str(value).strip().replace(",", "")
    if printed.lower() in _NOTHING:
        return None
    return int(printed)


def as_number(value: Any) -> int | None:
    """An AS number, from asplain or asdot notation (RFC 5396)."""
    printed = str(value).strip() if value is not None else ""
    if "." in printed:
        high, low = printed.split(".")
        return int(high) * 65536 + int(low)
    return number(value)


def flag(value: Any) -> bool | None:
    """A truth value from the words that devices use for it; None when nothing is printed."""
    if value is None or isinstance(value, bool):
        return value
    printed = str(value).strip().lower()
    if printed in _TRUE:
        return True
    if printed in _FALSE:
        return False
    if printed in _NOTHING:
        return None
    raise ValueError(f"neither true nor false: {printed!r}")


def kbits(value: str | None) -> int | None:
    """A printed speed in kbit/s: `1000Mb/s`, `2.5Gbps`, `10 Gb/s`, `64kbps`; None for words such as `Auto-speed`."""
    printed = re.sub(r"b/s(?:ec)?|bits?/s(?:ec)?", "bps", str(value or "").strip().removeprefix("a-"))
    printed = re.sub(r"[kmgt](?=bps$)", lambda unit: unit[0].upper(), printed)
    return name_to_bits(printed) // 1000 if _SPEED.fullmatch(printed) else None


def mac(value: str | None) -> str | None:
    """`AA:BB:CC:DD:EE:FF` from any notation; None when nothing is printed."""
    if value and _USUAL_MAC.fullmatch(value):
        return _mac(value)
    if value is None or value.strip().lower() in _NOTHING:
        return None
    printed = value.strip()
    if not is_valid_mac(printed):
        raise ValueError(f"not a MAC address: {printed!r}")
    return _mac(printed)


def _mac(printed: str) -> str:
    return bytes.fromhex(printed.translate(_SEPARATORS)).hex(":").upper()


def required_mac(value: str | None) -> str:
    """A MAC address that may not be missing."""
    address = mac(value)
    if address is None:
        raise ValueError("a MAC address is missing")
    return address


def address(value: str) -> str:
    """An IPv4 or IPv6 address in its canonical text (RFC 5952); a zone id or prefix length is dropped."""
    return value if value and _IPV4.fullmatch(value) else _address(required_text(value))


@lru_cache(maxsize=65536)
def _address(value: str) -> str:
    return written(ipaddress.ip_address(value.strip().partition("%")[0].partition("/")[0]))


def _ipv4(value: str) -> int | None:
    """An IPv4 address that is printed as it is stored, as a number; found out without ipaddress, which is slow."""
    return int.from_bytes(socket.inet_aton(value), "big") if _IPV4.fullmatch(value) else None


def written(host: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """The canonical text of an address, the same in every Python: until 3.13 it does not write `::ffff:192.0.2.1`."""
    mapped = host.ipv4_mapped if isinstance(host, ipaddress.IPv6Address) else None
    return str(host) if mapped is None else f"::ffff:{mapped}"


def optional_address(value: str | None) -> str | None:
    """An address, or None when nothing is printed."""
    return None if value is None or value.strip().lower() in _NOTHING else address(value)


def version(canonical: str) -> int:
    """4 or 6, of an address in canonical text."""
    return 6 if ":" in canonical else 4


def prefix(value: str) -> str:
    """A prefix in CIDR form with its host bits zero; a bare address is a host route."""
    network, _, length = value.partition("/")
    number = _ipv4(network)
    if number is not None and length in _LENGTHS and not number & _LENGTHS[length]:
        return value
    return _prefix(required_text(value))


@lru_cache(maxsize=65536)
def _prefix(value: str) -> str:
    parsed = ipaddress.ip_network(value.strip(), strict=False)
    return f"{written(parsed.network_address)}/{parsed.prefixlen}"


def vrf(value: str | None) -> str:
    """`""` for the VRF that the device calls default, global, master or inet.0; else the device's spelling."""
    printed = text(value)
    return "" if printed.lower() in DEFAULT_VRFS else printed


def hostname(announced: str) -> str:
    """The host part of an announced name: `(SERIAL)` and domain removed, addresses and MACs left as they are."""
    printed = _without_serial(announced)
    if is_valid_mac(printed):
        return printed
    try:
        ipaddress.ip_address(printed)
    except ValueError:
        return _without_serial(printed.partition(".")[0])
    return printed


def _without_serial(announced: str) -> str:
    """Without what stands in parentheses at the end, however often: some add a serial number, some a model too."""
    printed = announced.strip()
    while printed.endswith(")") and "(" in printed and ")" not in printed[printed.rindex("(") : -1]:
        printed = printed[: printed.rindex("(")].rstrip()
    return printed


def as_path(value: Any) -> str:
    """AS numbers separated by single spaces, sets and confederations kept as printed."""
    printed = text(value)
    path = " ".join(printed.split())
    # What needs no change stays the same object: a full table has each path once in memory, not twice.
    return printed if path == printed else path
