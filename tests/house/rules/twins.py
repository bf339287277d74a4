"""No twins: two functions that are nearly the same text are one decision in two places, and will part ways."""

from __future__ import annotations

import ast
import difflib
import re
from collections import Counter
from itertools import combinations

import attrs

from tests.house.source import Files, Function, Place, functions, statements

LEAST_LINES = 6
SAME = 0.85
_ASYNC = re.compile(r"\basync |\bawait |_a?sync\b|\ba?sync_")
"""An asynchronous copy is a copy."""


@attrs.frozen
class _Print:
    place: Place
    lines: tuple[str, ...]
    words: Counter[str]


def violations(files: Files) -> list[str]:
    prints = [_print(place) for place in functions(files)]
    prints = [one for one in prints if len(one.lines) >= LEAST_LINES]
    return [
        f"{one.place} and {other.place}: `{one.place.node.name}` and `{other.place.node.name}` are twins; make them one"
        for one, other in combinations(prints, 2)
        if _may_be(one, other) and _ratio(one, other) >= SAME
    ]


def _print(place: Place) -> _Print:
    """The function's own statements, blind to its name, docstring and whether it is asynchronous."""
    node: Function = place.node
    lines = [_ASYNC.sub("", line).strip() for one in statements(node) for line in ast.unparse(one).splitlines()]
    return _Print(place, tuple(lines), Counter(lines))


def _may_be(one: _Print, other: _Print) -> bool:
    """A cheap upper bound of the ratio; and a function inside the other is no twin of it."""
    together = (one.words & other.words).total()
    nested = one.place.node in other.place.around or other.place.node in one.place.around
    return not nested and 2 * together >= SAME * (len(one.lines) + len(other.lines))


def _ratio(one: _Print, other: _Print) -> float:
    return difflib.SequenceMatcher(None, one.lines, other.lines, autojunk=False).ratio()
