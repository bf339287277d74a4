"""Knobs: what they take, what they refuse, how often they strike."""

from __future__ import annotations

import pytest

from development.lab.knobs import Board, KnobError, Knobs


def test_an_unknown_knob_names_those_there_are():
    with pytest.raises(KnobError, match=r"no such knob: latncy; there are latency, refuse"):
        Knobs().turned({"latncy": 1})


@pytest.mark.parametrize(
    "values",
    [{"latency": -1}, {"latency": "slow"}, {"refuse": 1}, {"drop": "sometimes"}, {"answers": {"show clock": 3}}],
)
def test_values_that_fit_no_knob_are_refused(values):
    with pytest.raises(KnobError):
        Knobs().turned(values)


def test_answers_are_merged_and_forgotten_with_null():
    knobs = Knobs().turned({"answers": {"a": "1", "b": "2"}}).turned({"answers": {"a": None}})
    assert knobs.answers == {"b": "2"}


def test_reset_begins_from_nothing():
    assert Knobs(latency=3, refuse=True).turned({"reset": True, "hang": "login"}) == Knobs(hang="login")


def test_a_share_or_a_number_of_lines_is_kept():
    text = "\n".join("abcdefghij")
    assert Knobs(truncate=0.5).cut("x", text) == "a\nb\nc\nd\ne"
    assert Knobs(truncate=3).cut("x", text) == "a\nb\nc"
    assert Knobs(truncate=3, truncate_command="y").cut("x", text) == text


def test_a_trouble_ends_after_its_last_time():
    board = Board(["r1"])
    board.turn("r1", {"drop": "mid_output", "drop_times": 2})
    board.strike("r1", "drop")
    assert board.knobs["r1"].drop == "mid_output"
    board.strike("r1", "drop")
    assert board.knobs["r1"] == Knobs()


def test_totals_are_sums():
    board = Board(["r1", "r2"])
    board.count("r1", "commands")
    board.count("r2", "commands")
    board.count("r2", "logins")
    totals = board.totals()
    assert (totals["commands"], totals["logins"], totals["connections"]) == (2, 1, 0)
    assert totals["devices"]["r2"] == {"connections": 0, "logins": 1, "commands": 1, "setup_commands": 0}
