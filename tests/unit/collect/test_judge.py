"""The four outcomes: what may replace rows, what may not, and why."""

from __future__ import annotations

import attrs
import pytest

from nautobot_topology_cache.collect.commands import Command, Facts, headed
from nautobot_topology_cache.collect.judge import Judged, judge
from nautobot_topology_cache.collect.results import Ask, Failure, Reply
from tests.unit.collect.a_platform import NOON, PLATFORM, PORTS, ROUTES


def judged(text: str, command: Command = PORTS, failure: Failure | None = None) -> Judged:
    reply = Reply(failure=failure) if failure else Reply(text, NOON)
    return judge(command, Ask(command.text), reply, PLATFORM, Facts(), unparsed_share=0.05)


@pytest.mark.parametrize(
    ("text", "outcome", "reason"),
    [
        ("name=Gi1 mtu=1500", "ok", ""),
        ("% unknown", "unsupported", ""),
        ("% the protocol is off", "empty", "not_enabled: % the protocol is off"),
        ("% forbidden", "failed", "denied: % forbidden"),
        ("-- ports", "empty", ""),
        ("-- ports\n" + "--\n" * 20, "empty", ""),
        ("", "failed", "blank: the device printed nothing"),
        ("\n \n", "failed", "blank: the device printed nothing"),
        ("-- nothing known", "failed", "unparsed: no row was found in a non-empty answer"),
        ("? what", "failed", "unparsed: 1 of 1 lines were not understood, the first is: ? what"),
        ("!", "failed", "unparsed: cannot go on"),
    ],
)
def test_outcomes(text: str, outcome: str, reason: str) -> None:
    found = judged(text).command
    assert (found.outcome, found.reason) == (outcome, reason)


def test_a_blank_answer_is_empty_only_where_that_is_how_the_device_says_it() -> None:
    assert judged("", ROUTES).command.outcome == "empty"
    assert judged("").command.outcome == "failed"


def test_a_heading_does_not_hide_rows() -> None:
    found = judged("-- ports\nname=Gi1")
    assert found.command.outcome == "ok"
    assert len(found.drafts[0].fed.records) == 1


def test_a_heading_above_a_line_that_was_not_understood_is_no_proof() -> None:
    """The one row of a table may have a form that the parser does not know."""
    command = attrs.evolve(PORTS, verdicts=(headed(r"^-- ports$"),))
    assert judged("-- ports\n? what", command).command.outcome == "failed"
    found = judged("-- ports", command)
    assert (found.command.outcome, found.drafts[0].proven) == ("empty", False)
    assert judged("-- ports").drafts[0].proven


def test_a_verdict_is_not_sought_in_a_long_answer() -> None:
    rows = "\n".join(f"name=Gi{n}" for n in range(40))
    found = judged(f"{rows}\n% forbidden is what somebody wrote")
    assert found.command.outcome == "ok"


def test_a_failed_reply_keeps_its_reason_and_has_no_text() -> None:
    found = judged("", failure=Failure("timeout", "30 s"))
    assert (found.command.outcome, found.command.reason, found.command.raw) == ("failed", "timeout: 30 s", None)
    assert found.drafts[0].result.collected_at is None


def test_too_many_unknown_lines_fail_the_answer_and_few_keep_rows_open() -> None:
    rows = [f"name=Gi{n}" for n in range(99)]
    few = judged("\n".join([*rows, "? what"])).drafts[0]
    assert (few.result.outcome, few.result.closes, few.result.unparsed_lines) == ("ok", False, ("? what",))
    many = judged("\n".join([*rows[:10], "? what"])).drafts[0]
    assert (many.result.outcome, len(many.fed.records)) == ("failed", 0)


def test_a_rejected_row_keeps_rows_open() -> None:
    draft = judged("name=Gi1 mtu=many\nname=Gi2").drafts[0]
    assert (draft.result.outcome, draft.result.closes, len(draft.fed.rejected)) == ("ok", False, 1)


def test_an_answer_of_which_no_row_fits_is_failed() -> None:
    draft = judged("name=Gi1 mtu=many").drafts[0]
    assert draft.result.outcome == "failed"
    assert draft.result.reason.startswith("unparsed: no row fits its table")


def test_a_complete_answer_closes_rows() -> None:
    draft = judged("name=Gi1").drafts[0]
    assert draft.result.closes
    assert draft.result.collected_at == NOON


def test_a_truncated_answer_is_failed() -> None:
    command = attrs.evolve(PORTS, truncation=lambda answer: "the end is missing")
    assert judged("name=Gi1", command).command.reason == "truncated: the end is missing"


def test_an_answer_that_may_lack_its_end_closes_nothing() -> None:
    command = attrs.evolve(PORTS, unfinished=lambda answer: "no footer")
    draft = judged("name=Gi1", command).drafts[0]
    assert (draft.result.outcome, draft.result.reason, draft.result.closes) == ("ok", "truncated: no footer", False)
    assert len(draft.fed.records) == 1


def test_a_slice_without_rows_of_an_answer_with_rows_is_empty() -> None:
    command = attrs.evolve(PORTS, feeds=(attrs.evolve(PORTS.feeds[0], reshape=lambda row: ()),))
    found = judged("name=Gi1", command)
    assert found.command.outcome == "ok"
    assert found.drafts[0].result.outcome == "empty"


def test_an_answer_that_lacks_a_needed_column_does_not_serve() -> None:
    command = attrs.evolve(PORTS, needs="to")
    assert not judged("name=Gi1", command).serves
    assert judged("name=Gi1\nname=Gi2 to=Gi7", command).serves
    assert judged("-- ports", command).serves
