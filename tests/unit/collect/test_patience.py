"""An expression that explodes on an answer fails the command; it stops neither the worker nor other threads."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from nautobot_topology_cache.collect.commands import Command, Facts, Platform
from nautobot_topology_cache.collect.errors import ParseTimeoutError
from nautobot_topology_cache.collect.judge import judge
from nautobot_topology_cache.collect.parse import patience
from nautobot_topology_cache.collect.parse.backtracking import longest_line
from nautobot_topology_cache.collect.parse.compiler import NotCompilableError
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.results import Ask, Reply

EXPLOSIVE = "Value NAME (\\S+)\n\nStart\n  ^${NAME} (?:[a-z]|[a-z ])+: -> Record\n"
OPEN = "Value NAME (.+)\n\nStart\n  ^${NAME} .+ .+ .+ .+; -> Record\n"
WORDS = "a " + "words " * 400 + "1 :"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A site's templates, of which one expression has no bound and one has one for short lines only."""
    package = tmp_path / "slow_templates"
    (package / "templates").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "templates" / "explosive.textfsm").write_text(EXPLOSIVE)
    (package / "templates" / "open.textfsm").write_text(OPEN)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(patience, "LINE_SECONDS", 0.05)
    return package.name


def test_an_exploding_line_is_given_up(own: str) -> None:
    with pytest.raises(ParseTimeoutError, match="the template explosive takes too long"):
        Template("explosive", own).parse(WORDS)


def test_other_lines_are_read_as_ever(own: str) -> None:
    assert Template("explosive", own).parse("a b c d:\ne f:").rows == [{"name": "a"}, {"name": "e"}]
    assert Template("open", own).parse("a b c d e;").rows == [{"name": "a"}]


def test_a_line_too_long_for_re_is_read_all_the_same(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "LINE_SECONDS", 5)
    name = "n" * int(longest_line(["^(.+) .+ .+ .+ .+;"]))
    assert Template("open", own).parse(f"{name} b c d e;").rows == [{"name": name}]


def test_the_state_machine_gives_up_too(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_machine: object) -> None:
        raise NotCompilableError

    monkeypatch.setattr("nautobot_topology_cache.collect.parse.template.compile_template", refuse)
    with pytest.raises(ParseTimeoutError):
        Template("explosive", own).parse(WORDS)


def test_other_threads_go_on_meanwhile(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "LINE_SECONDS", 0.5)

    def read() -> None:
        with pytest.raises(ParseTimeoutError):
            Template("explosive", own).parse(WORDS)

    reader = threading.Thread(target=read)
    reader.start()
    counted = 0
    while reader.is_alive():
        counted += 1
    assert counted > 1000


def test_many_lines_have_a_limit_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "ANSWER_SECONDS", -1)
    with pytest.raises(TimeoutError):
        list(patience.watched(["a"]))
    monkeypatch.setattr(patience, "ANSWER_SECONDS", 60)
    lines = [str(number) for number in range(3 * patience.BATCH + 1)]
    assert list(patience.watched(lines)) == lines


def test_the_command_fails_and_says_why(own: str) -> None:
    command = Command("show words", Template("explosive", own))
    platform = Platform(driver="a", entries=(), spell=str, verdicts=())
    judged = judge(command, Ask("show words"), Reply(WORDS, None), platform, Facts(), 0.1)
    assert judged.command.outcome == "failed"
    assert judged.command.reason == "parse timeout: the template explosive takes too long to read this answer"
