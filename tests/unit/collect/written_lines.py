"""Lines written by a template's own rules: those it reads, in an order its states allow, and some it must refuse."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from nautobot_topology_cache.collect.parse.pattern import ELEMENT

CHARACTERS = "aZ09f1 \t.:/-_,()[]*>%#\"'é"
GARBAGE = ("", "   ", "% Invalid input detected at '^' marker.", "zz unheard of", "Total: 3", "---- ----  ----")


def written(machine: Any, seed: str, length: int) -> Iterator[str]:
    """A walk through the states: each line is one of the current state's rules in text, or something else."""
    chance = random.Random(seed)  # noqa: S311 - the same lines in every run
    everywhere = [rule for rules in machine.states.values() for rule in rules]
    state = "Start"
    for _ in range(length):
        rules = machine.states.get(state) or everywhere
        kind = chance.random()
        rule = chance.choice(everywhere if kind > 0.9 else rules)
        line = "".join(_write(_elements(rule.regex), chance))
        if kind < 0.06:
            line = chance.choice(GARBAGE)
        elif kind < 0.12 and line:
            cut = chance.randrange(len(line))
            line = line[:cut] + line[cut + 1 :]
        yield line.translate({10: " ", 13: " "})
        state = rule.new_state if rule.line_op != "Error" and rule.new_state in machine.states else state


def _write(elements: Sequence[str], chance: random.Random) -> Iterator[str]:
    """A text that the pattern is likely to match; look-arounds and anchors write nothing."""
    branches = _split(elements)
    rest = list(chance.choice(branches))
    while rest:
        element = rest.pop(0)
        if element.startswith("("):
            atom = _take_group(rest)
            inside = "" if element.startswith(("(?=", "(?!", "(?<=", "(?<!")) else None
        else:
            atom, inside = [element], None if _characters(element) else ""
        for _ in range(_times(rest, chance)):
            if inside is not None:
                yield inside
            elif element.startswith("("):
                yield from _write(atom, chance)
            else:
                yield chance.choice(_characters(element))


def _times(rest: list[str], chance: random.Random) -> int:
    """How often an atom is written; its quantifier is taken off the rest."""
    quantifier = rest.pop(0).rstrip("+?") or "+" if rest and re.match(r"[*+?]|\{[\d,]+\}", rest[0]) else "{1}"
    if quantifier == "+":
        return chance.choice((1, 1, 2, 5))
    if quantifier == "*":
        return chance.choice((0, 1, 4))
    least, _, most = quantifier.strip("{}").partition(",")
    low = int(least or 0)
    return chance.randint(low, int(most) if most else low if "," not in quantifier else low + 2)


@lru_cache(maxsize=4096)
def _elements(pattern: str) -> tuple[str, ...]:
    return tuple(ELEMENT.findall(pattern))


@lru_cache(maxsize=4096)
def _characters(element: str) -> str:
    """What one atom may be; nothing for an anchor."""
    if element in ("^", "$", "\\b", "\\B", "\\A", "\\Z"):
        return ""
    pattern = re.compile(element)
    wider = CHARACTERS + "".join(map(chr, range(33, 127)))
    return "".join(one for one in CHARACTERS if pattern.fullmatch(one)) or "".join(filter(pattern.fullmatch, wider))


def _split(elements: Sequence[str]) -> list[list[str]]:
    branches: list[list[str]] = [[]]
    depth = 0
    for element in elements:
        depth += element.startswith("(")
        depth -= element == ")"
        if element == "|" and depth == 0:
            branches.append([])
        else:
            branches[-1].append(element)
    return branches


def _take_group(rest: list[str]) -> list[str]:
    """The elements up to the parenthesis that closes, which is taken off with them."""
    depth = 1
    for number, element in enumerate(rest):
        depth += element.startswith("(")
        depth -= element == ")"
        if depth == 0:
            group = rest[:number]
            del rest[: number + 1]
            return group
    raise ValueError("a group that is not closed")
