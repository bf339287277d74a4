"""Rows of several commands become slices: joined, counted, each row once."""

from __future__ import annotations

import pytest

from nautobot_topology_cache.collect.assemble import assemble
from nautobot_topology_cache.collect.commands import Command, Facts
from nautobot_topology_cache.collect.judge import Draft, judge
from nautobot_topology_cache.collect.results import Ask, Failure, Reply, SliceResult
from tests.unit.collect.a_platform import MODES, NOON, PLATFORM, PORTS, ROUTES, VRF_ROUTES


def drafts(command: Command, text: str | Failure, context: str = "") -> tuple[Draft, ...]:
    reply = Reply(failure=text) if isinstance(text, Failure) else Reply(text, NOON)
    ask = Ask(command.text.format(vrf=context), context)
    return judge(command, ask, reply, PLATFORM, Facts(), unparsed_share=0.05).drafts


def slices(*given: tuple[Draft, ...]) -> tuple[SliceResult, ...]:
    return assemble([draft for several in given for draft in several])


def test_filled_columns_come_to_the_rows_of_the_deciding_command() -> None:
    ports, modes = slices(drafts(MODES, "name=Gi1 mode=trunk"), drafts(PORTS, "name=Gi1 mtu=1500\nname=Gi2 mtu=9000"))
    assert [(record.name, record.mtu, record.mode) for record in ports.records] == [
        ("GigabitEthernet1", 1500, "trunk"),
        ("GigabitEthernet2", 9000, ""),
    ]
    assert (ports.command, modes.command, modes.records) == ("ports", "modes", ())
    assert modes.fills == {"mode"}
    assert (modes.counts.parsed, modes.counts.stored) == (1, 1)


@pytest.mark.parametrize("useless", [Failure("timeout"), "% unknown"], ids=["failed", "unsupported"])
def test_columns_of_a_filling_command_without_a_good_answer_are_kept(useless: str | Failure) -> None:
    ports, _ = slices(drafts(PORTS, "name=Gi1"), drafts(MODES, useless))
    assert ports.kept_columns == {"mode"}


def test_columns_of_a_filling_command_that_has_nothing_to_fill_in_are_emptied() -> None:
    ports, _ = slices(drafts(PORTS, "name=Gi1"), drafts(MODES, "% mode is off"))
    assert ports.kept_columns == frozenset()


def test_a_filling_row_without_a_row_to_fill_is_rejected_and_says_that_rows_are_missing() -> None:
    ports, modes = slices(drafts(PORTS, "name=Gi1"), drafts(MODES, "name=Gi9 mode=trunk"))
    assert modes.counts.rejected == 1
    assert "no row" in modes.rejected[0].reason
    assert not ports.closes
    assert ports.reason.startswith("truncated: other commands name 1 rows more, such as GigabitEthernet9")


def test_rows_close_when_all_commands_agree_on_which_there_are() -> None:
    ports, _ = slices(drafts(PORTS, "name=Gi1"), drafts(MODES, "name=Gi1 mode=trunk"))
    assert ports.closes


def test_a_filling_value_that_does_not_fit_is_rejected() -> None:
    bad = drafts(PORTS, "name=Gi1")
    _, modes = slices(bad, drafts(MODES, "name=Gi1 mode=trunk\nname=Gi1 mode=access"))
    assert modes.counts.stored == 2


def test_equal_rows_are_one_and_rows_that_share_only_the_key_are_told_apart() -> None:
    text = "to=192.0.2.0/24 by=static out=Gi1 metric=1\n" * 3 + "to=192.0.2.0/24 by=static out=Gi1 metric=2\n"
    (routes,) = slices(drafts(ROUTES, text))
    assert [record.metric for record in routes.records] == [1]
    counts = routes.counts
    assert (counts.parsed, counts.stored, counts.filtered, counts.rejected) == (4, 1, 2, 1)
    assert "same key" in routes.rejected[0].reason


def test_a_row_that_two_commands_print_belongs_to_the_first() -> None:
    first, second = slices(
        drafts(ROUTES, "to=192.0.2.0/24 by=static"), drafts(VRF_ROUTES, "to=192.0.2.0/24 by=static", "")
    )
    assert (len(first.records), len(second.records), second.counts.filtered) == (1, 0, 1)


def test_the_same_route_in_two_vrfs_is_two_rows() -> None:
    first, second = slices(
        drafts(ROUTES, "to=192.0.2.0/24 by=static"), drafts(VRF_ROUTES, "to=192.0.2.0/24 by=static", "RED")
    )
    assert (len(first.records), len(second.records)) == (1, 1)
    assert second.records[0].vrf == "RED"
    assert second.context == "RED"


def test_every_printed_row_is_counted() -> None:
    text = "\n".join(["name=Gi1", "name=Gi1", "name=Gi2 mtu=many"] + [f"name=Te{n}" for n in range(60)] + ["? what"])
    (ports,) = slices(drafts(PORTS, text))
    counts = ports.counts
    assert counts.parsed == counts.stored + counts.filtered + counts.rejected == 63
    assert counts.unparsed == 1
