"""What a measurement says: cells of platform x table, and the cases that went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import attrs

MEASURED = 3
"""Fewer cases than that measure nothing."""


@attrs.frozen(kw_only=True)
class Measured:
    """One case: a captured answer, or one table of one device."""

    scope: str
    platform: str
    table: str
    label: str
    expected: int
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    outcome: str = "ok"
    reason: str = ""
    parser: str = ""
    line: str = ""
    """The line that broke it, where one is known."""

    @property
    def right(self) -> bool:
        """Whether nothing is missing and nothing is too much."""
        return not (self.missing or self.extra)


@attrs.frozen(kw_only=True)
class Cell:
    """All cases of one platform and table in one scope."""

    platform: str
    table: str
    scope: str
    cases: int
    equal: int
    expected: int
    found: int
    missing: int
    extra: int
    outcomes: dict[str, int]
    parser: str

    @property
    def share(self) -> float:
        """The share of cases that are equal as sets."""
        return self.equal / self.cases if self.cases else 0.0


def cells(measured: Iterable[Measured]) -> list[Cell]:
    """The cases by scope, platform and table."""
    groups: dict[tuple[str, str, str], list[Measured]] = {}
    for case in measured:
        groups.setdefault((case.scope, case.platform, case.table), []).append(case)
    return [_cell(*key, cases) for key, cases in groups.items()]


def _cell(scope: str, platform: str, table: str, cases: list[Measured]) -> Cell:
    missing = sum(len(case.missing) for case in cases)
    expected = sum(case.expected for case in cases)
    parsers = dict.fromkeys(name for case in cases for name in case.parser.split(", ") if name)
    return Cell(
        platform=platform,
        table=table,
        scope=scope,
        cases=len(cases),
        equal=sum(case.right for case in cases),
        expected=expected,
        found=expected - missing,
        missing=missing,
        extra=sum(len(case.extra) for case in cases),
        outcomes=dict(Counter(case.outcome for case in cases)),
        parser=", ".join(parsers),
    )


def worst(measured: Iterable[Measured], most: int = 40) -> list[dict[str, Any]]:
    """The cases that went wrong, the worst first."""
    wrong = sorted((case for case in measured if not case.right), key=lambda one: -len(one.missing) - len(one.extra))
    return [attrs.asdict(case) for case in wrong[:most]]
