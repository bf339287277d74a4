"""Small forms that several platforms share."""

from __future__ import annotations

import ipaddress
import zlib
from collections.abc import Iterable


def steady(key: str, top: int) -> int:
    """A number below `top` that depends on the key alone, for ages and counters."""
    return zlib.crc32(key.encode()) % top


def uptime(key: str) -> str:
    """How long a route or session has been up, as Cisco prints it."""
    seconds = steady(key, 40 * 86400) + 60
    days, rest = divmod(seconds, 86400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    if days >= 7:
        return f"{days // 7}w{days % 7}d"
    return f"{days}d{hours:02}h" if days else f"{hours:02}:{minutes:02}:{seconds % 60:02}"


def upper(text: str) -> str:
    """IOS prints IPv6 in capitals."""
    return text.upper() if ":" in text else text


def mask(prefix: str) -> int:
    """The length of a prefix."""
    return int(prefix.rpartition("/")[2])


def classful(prefix: str) -> str:
    """The classful network a prefix belongs to."""
    network = ipaddress.ip_network(prefix)
    first = int(str(network.network_address).split(".")[0])
    length = 8 if first < 128 else 16 if first < 192 else 24
    return prefix if network.prefixlen <= length else str(network.supernet(new_prefix=length))


def lines(*parts: str | Iterable[str]) -> str:
    """Lines and lists of lines as one text."""
    flat: list[str] = []
    for part in parts:
        if isinstance(part, str):
            flat.append(part)
        else:
            flat.extend(part)
    return "\n".join(flat)


def ranges(numbers: Iterable[int]) -> str:
    """1-3,7 for 1, 2, 3 and 7."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in found)
