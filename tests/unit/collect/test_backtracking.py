"""Which regular expressions may take too long, and up to which line they cannot."""

from __future__ import annotations

import importlib
import math
import pkgutil
import re
from collections.abc import Iterator

import pytest

import nautobot_topology_cache.collect
from nautobot_topology_cache.collect.parse.backtracking import STEPS, longest_line, open_ends


@pytest.mark.parametrize(
    "pattern",
    [
        r"^\S+\s+\S+$",
        r"^\s*(\d+)\s+([^\s,]+),\s*(\S+)$",
        r"^(?P<NAME>\S+) is (up|down)",
        r"^\s+(?:\d+\.)+\s",
        r"^[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}\s",
        r"^(?:, [^,]+)*$",
        r"^\s*$",
        r"^(\w)\1+-",
        r"^.*",
    ],
)
def test_a_repeat_whose_end_the_next_character_decides_costs_nothing(pattern: str) -> None:
    assert open_ends(pattern) == 0


@pytest.mark.parametrize(
    ("pattern", "many"),
    [
        (r"^(.*):", 1),
        (r"^(.*):(.*)$", 1),
        (r"^.*a.*b", 2),
        (r"^\s+.*\s+x", 2),
        (r"^\S+(?: \S+)*  x", 1),
        (r"^(?:.+,)?.+;", 2),
        (r"^(?!.*x)\S", 2),
        (r"a.+c|b.+d.+e", 2),
        (r"^\d{1,30}\d", 1),
    ],
)
def test_a_repeat_that_may_end_anywhere_is_open(pattern: str, many: int) -> None:
    assert open_ends(pattern) == many


@pytest.mark.parametrize(
    "pattern",
    [r"^(\w+\s*)*$", r"^(a|ab)+c", r"^(?:\S+\s?)+:", r"^(a*)*b", r"^(?:x?y?)+z", r"^(?i)a+", r"(?:(?:a+b?)+,)+$"],
)
def test_what_repeats_itself_explodes(pattern: str) -> None:
    assert open_ends(pattern) == math.inf
    assert longest_line([pattern]) == 0


def test_the_more_open_ends_the_shorter_a_line_may_be() -> None:
    lengths = [longest_line([pattern]) for pattern in (r"\S+ ", r".*a", r".*a.*b", r".*a.*b.*c")]
    assert lengths[0] == STEPS
    assert lengths == sorted(lengths, reverse=True)
    assert longest_line([r"\S+ ", r".*a.*b"]) == lengths[2]


def our_expressions() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in pkgutil.walk_packages(nautobot_topology_cache.collect.__path__, "nautobot_topology_cache.collect."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                yield f"{module.name}.{name}", value


def test_no_expression_of_ours_explodes() -> None:
    """Those of templates are guarded; those in code are not."""
    found = dict(our_expressions())
    assert len(found) > 50
    assert [name for name, one in found.items() if open_ends(one.pattern) == math.inf] == []
