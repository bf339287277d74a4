"""Public captures, where they are present beside the repository: real answers, with their identity rows.

Walked by the registry: a case counts if its command is one of the platform's, or another way to type it.
"""

from __future__ import annotations

import functools

import attrs
import pytest

from development.fidelity import singles
from development.fidelity.captures import CAPTURES, Case, told
from development.fidelity.report import FIRST_CLASS
from nautobot_topology_cache.collect.platforms import platforms
from tests.skips import CAPTURES_ABSENT

LEAST = 0.98

pytestmark = pytest.mark.skipif(not (CAPTURES / "compare.py").exists(), reason=CAPTURES_ABSENT)


@functools.cache
def cases(driver: str) -> tuple[Case, ...]:
    return tuple(told(CAPTURES, platforms()[driver]))


@pytest.mark.parametrize("driver", FIRST_CLASS)
def test_nearly_all_cases_of_a_platform_are_right(driver: str) -> None:
    measured = [singles.measured(case, CAPTURES) for case in cases(driver)]
    assert measured
    wrong = [
        f"{one.label}: {one.reason}, missing {one.missing[:2]}, extra {one.extra[:2]}"
        for one in measured
        if not one.right
    ]
    assert len(wrong) <= (1 - LEAST) * len(measured), "\n".join(wrong)


def test_no_answer_that_says_something_becomes_a_silent_empty() -> None:
    assert singles.silent(CAPTURES, platforms().values()) == []


def test_a_wrong_row_is_noticed() -> None:
    arp = (case for driver in FIRST_CLASS for case in cases(driver) if case.identity["table"] == "arp")
    case = next(case for case in arp if singles.measured(case, CAPTURES).right)
    rows = [{**case.identity["rows"][0], "mac_address": "02:00:00:00:00:01"}, *case.identity["rows"][1:]]
    assert not singles.measured(attrs.evolve(case, identity={**case.identity, "rows": rows}), CAPTURES).right
