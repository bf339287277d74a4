"""The benchmark's small form, as far as it needs no Nautobot: both sides come to the same rows and answers."""

import pytest

from development.bench import parsing, played, sessions
from development.bench.answers import KINDS
from development.bench.report import growth


def void(rows) -> list[str]:
    return [f"{row.name}: {row.void}" for row in rows if row.void]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_everybody_finds_the_objects_that_were_printed(kind):
    rows = list(parsing.large_table(kind, 300, 1))
    assert len(rows) == 3
    assert void(rows) == []


def test_everybody_finds_the_rows_of_typical_answers():
    assert void([parsing.twenty(1)]) == []


def test_everybody_gets_the_same_answers(monkeypatch):
    monkeypatch.setattr(played, "LATENCY", 0)
    assert void(sessions.rows(full=False, times=1)) == []


def test_growth_is_the_slope_of_the_logarithms():
    assert growth("quadratic", {10: 3.0, 100: 300.0, 1000: 30_000.0}).ours == pytest.approx(2)
