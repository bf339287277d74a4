"""Compiled templates against TextFSM, strictly and tolerantly: rows, order, errors and error texts alike.

Every template of ntc-templates and every one of our own, on our samples of its platform, on captures where they are
present, and on lines written by its own rules.
"""

from __future__ import annotations

import random
import re
import signal
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import attrs
import ntc_templates
import pytest
import textfsm
from textfsm import clitable

import nautobot_topology_cache.collect.parse
from development.fidelity.captures import CAPTURES
from nautobot_topology_cache.collect.parse import backtracking
from nautobot_topology_cache.collect.parse.compiler import NotCompilableError, Read, compile_template
from nautobot_topology_cache.collect.parse.machine import TolerantFSM
from nautobot_topology_cache.collect.parse.pattern import alternation, anonymous, blank_head
from nautobot_topology_cache.collect.parse.template import interpreter
from tests.oracle.written_lines import written
from tests.skips import CAPTURES_ABSENT
from tests.unit.collect.samples import samples

PARTS = 4
PATIENCE = 2.0
"""Seconds after which a reading is given up: some expressions of ntc-templates take exponential time on other text."""
OURS = Path(nautobot_topology_cache.collect.parse.__file__).parent / "templates"
NTC = Path(ntc_templates.__file__).parent / "templates"
TEMPLATES = sorted([*OURS.glob("*.textfsm"), *NTC.glob("*.textfsm")])


class Exploded(BaseException):
    """A reading that was given up; no Exception, for those are compared."""


EXPLODED: set[str] = set()
"""Templates of which a reading was given up."""


@contextmanager
def patience() -> Iterator[None]:
    """Interrupts a regular expression: `re` looks for signals, which Python delivers to the main thread only."""

    def give_up(*_: object) -> None:
        raise Exploded

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@attrs.frozen
class Pair:
    """A template as TextFSM runs it, and compiled: None where it falls back."""

    path: Path
    machine: Any
    read: Read | None

    def differences(self, texts: Iterable[str]) -> Iterator[str]:
        for text in texts:
            try:
                with patience():
                    alike = not self.read or interpreted(self.machine, text) == compiled(self.read, self.machine, text)
            except Exploded:
                EXPLODED.add(self.path.stem)
            else:
                if not alike:
                    yield f"{type(self.machine).__name__} {self.path.name}: {text[:2000]!r}"


@cache
def pair(path: Path, kind: Callable[[StringIO], Any]) -> Pair:
    machine = kind(StringIO(path.read_text(encoding="utf-8")))
    try:
        return Pair(path, machine, compile_template(machine))
    except NotCompilableError:
        return Pair(path, machine, None)


@cache
def pairs(part: int) -> list[Pair]:
    """A share of all templates, each in both readings."""
    chosen = [path for path in TEMPLATES if zlib.crc32(path.name.encode()) % PARTS == part]
    return [pair(path, kind) for path in chosen for kind in (textfsm.TextFSM, TolerantFSM)]


def interpreted(machine: Any, text: str) -> Any:
    machine.Reset()
    try:
        rows = machine.ParseText(text)
    except Exception as error:  # noqa: BLE001 - whatever it raises, the compiled one must raise too
        return type(error), str(error)
    return rows, getattr(machine, "refused", []), getattr(machine, "doubtful", [])


def compiled(read: Read, machine: Any, text: str) -> Any:
    rows: list[dict[str, Any]] = []
    refused: list[str] = []
    doubtful: list[dict[str, Any]] = []
    try:
        read(text.splitlines(), rows, refused, doubtful)
    except Exception as error:  # noqa: BLE001
        return type(error), str(error)
    header = [column.lower() for column in machine.header]
    assert all(list(row) == header for row in [*rows, *doubtful])
    return [list(row.values()) for row in rows], refused, [list(row.values()) for row in doubtful]


def said(capsys: pytest.CaptureFixture[str], compared: list[Pair], texts: int, what: str) -> None:
    """How much was compared, for whoever reads the test run."""
    done = sum(one.read is not None for one in compared)
    text = f"{done} compiled, {len(compared) - done} fall back, compared on {texts} {what}"
    with capsys.disabled():
        print(f"\n{text}; given up: {', '.join(sorted(EXPLODED)) or 'none'}")


@pytest.mark.parametrize("part", range(PARTS))
def test_lines_written_by_a_templates_rules_are_read_alike(part: int, capsys: pytest.CaptureFixture[str]) -> None:
    compared = pairs(part)
    texts = {
        one.path: ["\n".join(written(one.machine, f"{one.path.name}{number}", 25)) for number in range(2)]
        for one in compared
    }
    assert [difference for one in compared for difference in one.differences(texts[one.path])] == []
    said(capsys, compared, sum(map(len, texts.values())), "written texts")


@cache
def _of_platform(platform: str) -> list[Path]:
    return [path for path in TEMPLATES if path.name.startswith(f"{platform}_")]


def _readers(platform: str, command: str, case: str) -> set[Path]:
    """The templates made for this answer, and two of others that it is no answer for."""
    index = clitable.CliTable("index", str(NTC)).index
    row = index.GetRowMatch({"Command": command, "Platform": platform})
    words = set(re.findall(r"\w+", command))
    ours = [path for path in _of_platform(platform) if path.parent == OURS]
    found = {NTC / name for name in index.index[row]["Template"].split(":")} if row else set()
    found |= set(sorted(ours, key=lambda path: -len(words & set(re.split(r"[_-]", path.stem))))[:2])
    others = _of_platform(platform)
    return found | set(random.Random(case).sample(others, min(2, len(others))))  # noqa: S311 - the same in every run


def _compare_answers(answers: Iterable[tuple[str, str, Path]]) -> tuple[list[str], list[Pair], int]:
    """Platform, command and file of each answer to the differences, the templates, and the number of comparisons."""
    differences: list[str] = []
    compared: dict[tuple[Path, Any], Pair] = {}
    count = 0
    for platform, command, path in answers:
        known = {"cisco_xe": "cisco_ios"}.get(platform, platform)
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        for template in _readers(known, command, str(path.relative_to(path.parents[3]))):
            for kind in (textfsm.TextFSM, TolerantFSM):
                one = pair(template, kind)
                compared[template, kind] = one
                differences += one.differences([text])
                count += 1
    return differences, list(compared.values()), count


def test_our_samples_are_read_alike(capsys: pytest.CaptureFixture[str]) -> None:
    answers = [(sample.driver, sample.command, sample.path) for sample in samples()]
    differences, compared, count = _compare_answers(answers)
    assert differences == []
    said(capsys, compared, count, f"readings of {len(answers)} samples")


def test_our_samples_are_read_alike_by_expressions_that_can_be_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backtracking, "STEPS", 0)
    known: dict[Path, Pair] = {}
    differences: list[str] = []
    for sample in samples():
        for path in _readers(sample.driver.replace("_xe", "_ios"), sample.command, sample.path.stem):
            if path not in known:
                known[path] = pair.__wrapped__(path, TolerantFSM)
            differences += known[path].differences([sample.path.read_text("utf-8")])
    assert len(known) > 100
    assert differences == []


def _asked(capture: Path) -> str:
    """The command of a capture; its sources say it in different ways."""
    meta = capture.with_name("meta.yml").read_text()
    said = re.search(r"^command: *(show.*)$|^all_commands:\n- (.*)$", meta, re.MULTILINE)
    return (said[1] or said[2]) if said else f"show {capture.parents[1].name.replace('_', ' ')}"


@pytest.mark.skipif(not CAPTURES.is_dir(), reason=CAPTURES_ABSENT)
def test_captures_are_read_alike(capsys: pytest.CaptureFixture[str]) -> None:
    answers = [(path.parents[2].name, _asked(path), path) for path in sorted(CAPTURES.glob("single/*/*/*/raw.txt"))]
    differences, compared, count = _compare_answers(answers)
    assert differences == []
    said(capsys, compared, count, f"readings of {len(answers)} captures")


@pytest.mark.parametrize(
    ("pattern", "head"),
    [
        (r"^\s+MTU (\d+)", r"^\s+"),
        (r"^\s*(?:up|down)", r"^\s*"),
        (r"^\s*$", r"^\s*"),
        (r"^\s*(\S+)?x", ""),
        (r"^\s+a|b", ""),
        (r"^\s+(?:| )x", ""),
        (r"^\s+.*", ""),
        (r"^\s*x*y", ""),
        (r"^\s+?x", ""),
        (r"^\s{2}x", ""),
    ],
)
def test_white_space_is_shared_only_where_it_can_have_one_length(pattern: str, head: str) -> None:
    assert blank_head(pattern) == head


def test_a_pattern_that_refers_to_groups_stays_alone() -> None:
    assert anonymous(r"^(?P<A>\S+) [(?P<x>] (?:b)") == r"^(\S+) [(?P<x>] (?:b)"
    assert anonymous(r"^(?P<A>.)(?P=A)") is None
    assert anonymous(r"^(.)\1") is None
    assert anonymous(r"(?i)^x") is None


def test_the_first_alternative_that_matches_is_named() -> None:

    pattern = re.compile(alternation([r"^(a+)", r"^\s+(b)", r"^\s+b(c)", r"^."]))
    assert [pattern.match(line).lastindex for line in ("aa", "  bc", " x")] == [2, 4, 7]


def test_a_template_that_cannot_be_compiled_is_read_by_textfsm() -> None:
    source = "Value NAME (\\S+)\nValue name (\\S+)\n\nStart\n  ^${NAME} ${name} -> Record\n  ^. -> Error\n"
    with pytest.raises(NotCompilableError, match="case only"):
        compile_template(TolerantFSM(StringIO(source)))
    rows: list[dict[str, Any]] = []
    refused: list[str] = []
    interpreter(source)(["a b", "alone"], rows, refused, [])
    assert (rows, refused) == ([{"name": "b"}], ["alone"])
