r"""How often a regular expression may look at a line again before it gives up; which expressions explode.

A repeat costs nothing extra where the next character decides whether it goes on: `\S+\s`, `[^,]+,`. Where it does
not, as in `.*:`, every place at which it may end is tried with all that follows. Of `a` such repeats a line of n
characters can be divided among them in about n^a / a! ways, each of which costs n. Repeats of what is ambiguous
itself, such as `(\w+\s*)*`, have no such bound: they explode.

What is not understood (conditions, flags) counts as exploding. All of it errs to the careful side.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from nautobot_topology_cache.collect.parse.pattern import ELEMENT, branches

STEPS = 1e8
"""Steps that matching one line may take at the worst: a second or two."""
FEW = 8
"""Ends of a repeat that may be tried without counting it as open."""
Chars = frozenset[str]
_NONE: Chars = frozenset()
_ALPHABET = tuple(map(chr, range(256)))
"""The characters by which two parts of an expression are told apart."""
_QUANTIFIER = re.compile(r"(?:([*+?])|\{(\d*)(,?)(\d*)\})[+?]?")
_COUNTS = {"*": (0, math.inf), "+": (1, math.inf), "?": (0, 1)}
_GROUP = re.compile(r"\((?!\?)|\(\?P<\w+>|\(\?:")
_LOOK = re.compile(r"\(\?<?[=!]")
_PLACE = re.compile(r"\^|\\[AbB]")
_END = re.compile(r"\$|\\Z")
_REFERENCE = re.compile(r"\\[1-9]|\(\?P=\w+\)")


class _Part(NamedTuple):
    """What a part of an expression begins with, whether it may be nothing, and how many of its repeats end openly."""

    first: Chars
    may_lack: bool
    open_ends: float


class _Piece(NamedTuple):
    """An element of the syntax that is no quantifier, what is inside it if it is a group, and its quantifier."""

    element: str
    inside: Sequence[Sequence[str]]
    least: int
    most: float


def longest_line(patterns: Iterable[str]) -> float:
    """Characters of a line up to which the worst of these expressions is done within STEPS."""
    worst = max(map(open_ends, patterns), default=0)
    return 0 if worst == math.inf else float((STEPS * math.factorial(int(worst))) ** (1 / (1 + worst)))


@lru_cache(maxsize=4096)
def open_ends(pattern: str) -> float:
    """How many repeats, matched at the start of a line, find their end by trial only; infinite if it explodes."""
    alternatives, _ = branches(ELEMENT.findall(pattern))
    return max(_sequence(one, _NONE).open_ends for one in alternatives)


def _sequence(elements: Sequence[str], after: Chars) -> _Part:
    """Pieces one after the other, and `after` them what it goes on with."""
    whole = _Part(_NONE, True, 0)
    for piece in reversed(list(_pieces(elements))):
        follows = whole.first | after if whole.may_lack else whole.first
        part = _piece(piece, follows)
        first = part.first | whole.first if part.may_lack else part.first
        whole = _Part(first, part.may_lack and whole.may_lack, part.open_ends + whole.open_ends)
    return whole


def _pieces(elements: Sequence[str]) -> Iterator[_Piece]:
    """The elements with their quantifiers, groups as one piece."""
    while elements:
        element, elements = elements[0], elements[1:]
        inside: Sequence[Sequence[str]] = ()
        if element.startswith("(") and not element.startswith("(?P="):
            inside, elements = branches(elements)
        quantifier = _QUANTIFIER.fullmatch(elements[0]) if elements else None
        elements = elements[1:] if quantifier else elements
        yield _Piece(element, inside, *(_counts(quantifier) if quantifier else (1, 1)))


def _counts(quantifier: re.Match[str]) -> tuple[int, float]:
    sign, least, comma, most = quantifier.groups()
    if sign:
        return _COUNTS[sign]
    return int(least or 0), float(most) if most else math.inf if comma else int(least)


def _piece(piece: _Piece, follows: Chars) -> _Part:
    element = piece.element
    if _PLACE.fullmatch(element):
        return _Part(_NONE, True, 0)
    if _END.fullmatch(element):
        return _Part(_NONE, False, 0)
    if _GROUP.fullmatch(element):
        return _group(piece, follows)
    if _LOOK.fullmatch(element):
        return _Part(_NONE, True, 1 + max(_sequence(one, _NONE).open_ends for one in piece.inside))
    if _REFERENCE.fullmatch(element):
        return _Part(frozenset(_ALPHABET), True, 0)
    if element.startswith("("):
        return _Part(_NONE, True, math.inf)
    first = _matched(element)
    return _Part(first, piece.least == 0, float(piece.most - piece.least > FEW and bool(first & follows)))


def _group(piece: _Piece, follows: Chars) -> _Part:
    """Its branches; of repeats each must be told from the next and from what follows by its first character."""
    parts = [_sequence(one, follows) for one in piece.inside]
    first = _NONE.union(*(part.first for part in parts))
    may_lack = any(part.may_lack for part in parts)
    if piece.most <= 1:
        return _Part(first, may_lack or piece.least == 0, max(part.open_ends for part in parts))
    again = max(_sequence(one, first | follows).open_ends for one in piece.inside)
    if piece.most <= FEW:
        return _Part(first, may_lack or piece.least == 0, piece.most * again)
    told_apart = len(first) == sum(len(part.first) for part in parts)
    if again or may_lack or not told_apart:
        return _Part(first, may_lack or piece.least == 0, math.inf)
    return _Part(first, piece.least == 0, float(piece.most > piece.least and bool(first & follows)))


@lru_cache(maxsize=1024)
def _matched(element: str) -> Chars:
    """The characters that an element matches one of."""
    one = re.compile(element)
    return frozenset(filter(one.fullmatch, _ALPHABET))
