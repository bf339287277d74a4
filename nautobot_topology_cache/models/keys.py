"""Identifiers of rows."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any


def time_ordered_id() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562, 5.7): inserts at the end of the index, at half the cost in large tables."""
    return uuid.UUID(hex=time_ordered_ids(1)[0])


def time_ordered_ids(count: int) -> list[str]:
    """So many UUIDs of version 7 as hexadecimal digits, with one look at the clock and one at the entropy of all."""
    head = f"{time.time_ns() // 1_000_000 & 0xFFFF_FFFF_FFFF:012x}7"
    entropy = os.urandom(10 * count).hex()
    # Of the 20 random digits 3 stand before the variant's two bits, which take those of the fourth, and 15 behind it.
    return [
        f"{head}{entropy[at : at + 3]}{'89ab'[int(entropy[at + 3], 16) & 3]}{entropy[at + 4 : at + 19]}"
        for at in range(0, 20 * count, 20)
    ]


def row_key(values: Iterable[Any]) -> str:
    """BLAKE2b-128 of the key columns in canonical text, as hexadecimal digits.

    None and `""` differ, and no value can imitate a separator.
    """
    canonical = "".join(["-;" if value is None else f"{len(text := str(value))}:{text};" for value in values])
    return blake2b(canonical.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def digits(identifier: str) -> str:
    """A UUID's hexadecimal digits, of the text in which a database shows it."""
    return identifier.replace("-", "")
