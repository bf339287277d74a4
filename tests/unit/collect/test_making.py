"""Records made quickly are the records that their class makes."""

from __future__ import annotations

import pytest

from nautobot_topology_cache.collect.commands import Column, Facts, Feed, Scope
from nautobot_topology_cache.collect.parse import feeding
from nautobot_topology_cache.collect.parse.feeding import apply
from nautobot_topology_cache.collect.parse.making import Maker
from tests.unit.collect.samples import commands, judged, samples

HERE = Scope("", str, Facts())


class PlainOnly:
    """A Maker that leaves every row to the record's class."""

    def __init__(self, feed: Feed, scope: Scope) -> None:
        pass

    def make(self, rows: list[object]) -> tuple[list[object], list[object]]:
        return [], rows


def test_every_sample_gives_what_the_plain_way_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = []
    for sample in samples():
        rows = judged(sample).rows
        command = next(command for command in commands(sample.platform) if command.text == sample.command)
        cases += [(feed, rows, Scope("RED", sample.platform.spell, Facts())) for feed in command.feeds]
    quick = [apply(*case) for case in cases]
    monkeypatch.setattr(feeding, "Maker", PlainOnly)
    assert quick == [apply(*case) for case in cases]
    assert sum(len(fed.records) for fed in quick) > 500


def test_values_that_are_equal_and_not_the_same_are_told_apart() -> None:
    """1, 1.0 and True are one key of a dictionary."""
    maker = Maker(Feed("interfaces", {"name": "name", "description": "said"}), HERE)
    made, unfit = maker.make([{"name": "a", "said": said} for said in (1, True, "1", 1.0)])
    assert not unfit
    assert [record.description for record in made] == ["1", "True", "1", "1.0"]


def test_a_value_that_does_not_fit_rejects_its_row_each_time() -> None:
    fed = apply(Feed("routes", {"prefix": Column("p"), "protocol": "q"}), [{"p": "x", "q": "ospf"}] * 2, HERE)
    assert [one.reason for one in fed.rejected] == ["'x' does not appear to be an IPv4 or IPv6 network"] * 2
