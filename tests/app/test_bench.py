"""The benchmark's small form: both sides come to the same rows. What it costs them is nobody's business here."""

import pytest

from development.bench import graph, lookups, storing

pytestmark = pytest.mark.django_db


def void(rows) -> list[str]:
    return [f"{row.name}: {row.void}" for row in rows if row.void]


def test_everybody_stores_the_rows_that_were_told():
    rows = list(storing.written(350, 35, 1))
    assert [row.n for row in rows] == [350] * len(rows)
    assert void(rows) == []


def test_look_ups_find_their_row_and_no_other():
    rows = list(lookups.lookups(2000, 5))
    assert len(rows) == 3
    assert void(rows) == []


def test_pages_of_full_tables_are_shown():
    assert next(lookups.pages(2000)).details["pages"] == 13


def test_the_picture_shows_every_link_once():
    assert void(graph.drawn(40, 1)) == []


def test_other_rows_make_a_row_void(monkeypatch):
    monkeypatch.setattr(storing.rivals, "replace_rows", lambda device, rows: None)
    assert any("delete and insert" in one for one in void(storing.written(70, 70, 1)))
