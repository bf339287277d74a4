"""Marks by which a text tells where it ends: footers, counts, the last line of a block.

Each makes a check: answer -> what is missing, or None. As `truncation` it fails the answer; as `unfinished`, for marks
that some releases leave out, it only keeps the rows that the answer lacks.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Check = Callable[[str], str | None]


def counted(count: str, entry: str) -> Check:
    """The numbers that a footer or headings announce, against the entries that are there."""
    total, one = _lines(count), _lines(entry)

    def missing(answer: str) -> str | None:
        promised = sum(int(found[1]) for found in total.finditer(answer))
        there = len(one.findall(answer)) if promised else 0
        return f"{promised} entries are announced, {there} are there" if promised > there else None

    return missing


def footed(begin: str, footer: str) -> Check:
    """Each table, known by what stands above or in it, ends with its footer."""
    begun, end = _lines(begin), _lines(footer)

    def missing(answer: str) -> str | None:
        last = max((found.start() for found in begun.finditer(answer)), default=None)
        return None if last is None or end.search(answer, last) else "the count at the end is missing"

    return missing


def closed(heading: str, entry: str, end: str) -> Check:
    """The last block that has an entry goes on to a line that all such blocks have near their end."""
    head, one, last = _lines(heading), _lines(entry), _lines(end)

    def missing(answer: str) -> str | None:
        begin = max((found.start() for found in head.finditer(answer)), default=0)
        if not one.search(answer, begin) or last.search(answer, begin):
            return None
        return f"the last part ends early: {answer[begin:].strip().splitlines()[0].strip()}"

    return missing


def any_of(*checks: Check) -> Check:
    """What the first of the checks misses that misses anything."""

    def missing(answer: str) -> str | None:
        return next((said for check in checks if (said := check(answer))), None)

    return missing


def _lines(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.MULTILINE | re.IGNORECASE)
