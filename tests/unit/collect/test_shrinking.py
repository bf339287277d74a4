"""An answer that leaves too few rows is asked again, doubted, and believed when the next one says the same."""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs
import pytest

from nautobot_topology_cache.collect.flow import converse, device_flow
from nautobot_topology_cache.collect.results import Ask, Failure, Reply, SliceResult, Source
from nautobot_topology_cache.collect.shrinking import FEW, ShrinkGuard, Standing, doubted
from tests.unit.collect.a_platform import NOON, PLATFORM

ROUTES = ("routes", "routes", "")
EARLIER = NOON - timedelta(hours=1)


def table(rows: int) -> str:
    return "\n".join(f"to=192.0.2.{row}/32 by=static out=Gi1" for row in range(rows))


@attrs.define
class InTurn:
    """A session whose answers to `routes` come in turn, the last one for ever."""

    routes: list[str | Failure]
    source: Source = "device"
    asked: int = 0
    connections: int = 1
    commands_sent: int = 0
    host_key: str = ""

    def answer(self, ask: Ask) -> Reply:
        if ask.command != "routes":
            return Reply("", NOON, self.source)
        self.asked += 1
        told = self.routes.pop(0) if len(self.routes) > 1 else self.routes[0]
        return Reply(failure=told) if isinstance(told, Failure) else Reply(told, NOON, self.source)

    def close(self) -> None:
        pass


def discovered(
    session: InTurn, rows: int, shrunk: bool = False, share: float = 0.5, at: datetime = EARLIER, left: int = 0
) -> SliceResult:
    guard = ShrinkGuard(share, {ROUTES: Standing(rows, at, shrunk, left)})
    result = converse(device_flow(PLATFORM, ["routes"], 0.05, guard), session)
    commands = [(command.command, command.context) for command in result.commands]
    assert len(commands) == len(set(commands))
    return next(part for part in result.slices if (part.table, part.command, part.context) == ROUTES)


def test_an_answer_that_stands_closes_nothing_and_says_so() -> None:
    session = InTurn([table(9)])
    found = discovered(session, rows=20)
    assert (found.outcome, found.closes, found.reason) == ("ok", False, "shrunk: 9 of 20 rows are left")
    assert len(found.records) == 9
    assert session.asked == 2


def test_the_second_answer_counts() -> None:
    session = InTurn([table(9), table(20)])
    found = discovered(session, rows=20)
    assert (found.closes, found.reason, len(found.records)) == (True, "", 20)


def test_a_second_answer_that_fails_keeps_the_rows() -> None:
    found = discovered(InTurn([table(9), Failure("timeout", "60 s")]), rows=20)
    assert (found.outcome, found.reason) == ("failed", "timeout: 60 s")


def test_the_next_run_that_agrees_is_believed() -> None:
    session = InTurn([table(9)])
    found = discovered(session, rows=20, shrunk=True)
    assert (found.closes, found.reason, session.asked) == (True, "", 1)


def test_a_next_run_that_leaves_far_less_does_not_agree() -> None:
    found = discovered(InTurn([table(4)]), rows=40, shrunk=True, left=15)
    assert (found.closes, found.reason) == (False, "shrunk: 4 of 40 rows are left")


def test_a_blank_answer_is_doubted_like_a_short_one() -> None:
    """What is cut before its first row looks like nothing at all."""
    session = InTurn([""])
    found = discovered(session, rows=20)
    assert (found.outcome, found.closes, found.reason) == ("empty", False, "shrunk: 0 of 20 rows are left")
    assert session.asked == 2


def test_words_for_nothing_are_believed() -> None:
    session = InTurn(["% the protocol is off"])
    found = discovered(session, rows=20)
    assert (found.outcome, found.closes, session.asked) == ("empty", True, 1)


@pytest.mark.parametrize(
    ("reason", "said"), [("shrunk: 9 of 20 rows are left", (True, 9)), ("", (False, 0)), ("unparsed: x", (False, 0))]
)
def test_a_stored_reason_says_what_was_doubted(reason: str, said: tuple[bool, int]) -> None:
    assert doubted(reason) == said


def test_the_same_answer_once_more_is_no_agreement() -> None:
    session = InTurn([table(9)], source="cache")
    found = discovered(session, rows=20, shrunk=True, at=NOON)
    assert (found.closes, session.asked) == (False, 1)


def test_a_stored_answer_is_doubted_but_no_device_is_asked_for_it() -> None:
    session = InTurn([table(9)], source="cache")
    found = discovered(session, rows=20)
    assert (found.closes, session.asked) == (False, 1)


@pytest.mark.parametrize(
    ("left", "rows", "share", "at"),
    [(10, 20, 0.5, EARLIER), (1, FEW, 0.5, EARLIER), (1, 20, 0.0, EARLIER), (1, 20, 0.5, NOON)],
    ids=["half", "few", "off", "read anew"],
)
def test_no_doubt(left: int, rows: int, share: float, at: datetime) -> None:
    session = InTurn([table(left)])
    found = discovered(session, rows, share=share, at=at)
    assert (found.closes, found.reason, session.asked) == (True, "", 1)
