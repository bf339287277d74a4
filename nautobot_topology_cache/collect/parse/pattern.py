"""Regular expressions as text: a list of patterns to one that tells which of them matched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

ELEMENT = re.compile(
    r"\\x[\da-fA-F]{2}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?P<\w+>|\(\?P=\w+\)|\(\?<?[=!]|\(\?[a-zA-Z-]*:|\(\?.|(?:[*+?]|\{[\d,]+\})[+?]?|.",
    re.DOTALL,
)
"""One element of the syntax of `re`: an escape, a class, what opens a group, a quantifier, a character."""
_FOREIGN = re.compile(r"\\[1-9]|\(\?(?!P<|<?[=!]|:)")
"""References to other groups, conditions, comments and flags: in a larger pattern they mean something else."""
_HEAD = re.compile(r"\^(\\s[*+])")
_OPTIONAL = re.compile(r"[*?]|\{0?,|\{0\}")
_SOLID = re.compile(r"[\w\-/:;,%#!@&~\"'=<>$]|\\[Swd.\-*()\[\]/+$|]|\[[A-Za-z0-9_\-.:/]+\]")
"""Atoms that cannot match white space. `$` is one of them, for a line has no line break in it."""


def anonymous(pattern: str) -> str | None:
    """The pattern with its groups unnamed, or None where it may not become part of a larger one."""
    elements = ELEMENT.findall(pattern)
    if any(map(_FOREIGN.match, elements)):
        return None
    return "".join("(" if element.startswith("(?P<") else element for element in elements)


def alternation(patterns: Iterable[str]) -> str:
    """One pattern that matches a line as the first of these would; `lastindex` is the number of that one's last group.

    An empty group closes each alternative: of n groups in a pattern, the marker is the (n+1)th. White space that
    neighbors begin with alike is consumed once, where that can make no difference.
    """
    parts = []
    for head, run in groupby(patterns, blank_head):
        marked = "|".join(f"(?:{pattern[len(head) :]})()" for pattern in run)
        parts.append(f"{head}+(?:{marked})" if head else marked)
    return "|".join(parts)


def blank_head(pattern: str) -> str:
    r"""`^\s*` or `^\s+` if the pattern begins with it and goes on with what is no white space; else nothing.

    Then only one length of the white space can lead to a match, so that giving some of it back is of no use.
    """
    found = _HEAD.match(pattern)
    if found is None:
        return ""
    elements = ELEMENT.findall(pattern)
    return found[0] if elements[2] == found[1][-1] and _begins_solid(elements[3:]) else ""


def _begins_solid(elements: Sequence[str]) -> bool:
    """Whether each way to match this begins with an atom that is there and is no white space."""
    alternatives, after = branches(elements)
    return not after and all(map(_branch_begins_solid, alternatives)) and len(alternatives) == 1


def _branch_begins_solid(elements: Sequence[str]) -> bool:
    if not elements:
        return False
    if elements[0] in ("(", "(?:"):
        alternatives, after = branches(elements[1:])
        return all(map(_branch_begins_solid, alternatives)) and not _may_lack(after[:1])
    return _SOLID.fullmatch(elements[0]) is not None and not _may_lack(elements[1:2])


def _may_lack(quantifier: Sequence[str]) -> bool:
    return bool(quantifier) and _OPTIONAL.match(quantifier[0]) is not None


def branches(elements: Sequence[str]) -> tuple[list[list[str]], Sequence[str]]:
    """The alternatives up to the parenthesis that closes the group, and what comes after that."""
    found: list[list[str]] = [[]]
    depth = 0
    for number, element in enumerate(elements):
        if element == ")" and depth == 0:
            return found, elements[number + 1 :]
        depth += element.startswith("(") and not element.endswith(")")
        depth -= element == ")"
        if element == "|" and depth == 0:
            found.append([])
        else:
            found[-1].append(element)
    return found, ()
