"""A heading in another form, as another release may print it, never turns an answer with rows into an empty one."""

import re
from collections import defaultdict
from datetime import UTC, datetime

import pytest

from nautobot_topology_cache.collect.commands import Facts
from nautobot_topology_cache.collect.judge import judge
from nautobot_topology_cache.collect.results import Ask, Reply
from tests.unit.collect.samples import Sample, commands, samples

_WORDS = re.compile(r"[A-Za-z]{3,}\s+[A-Za-z]{3,}")
_VALUE = re.compile(r"\d\.\d|\w{4}\.\w{4}|\d/\d|^\s*[{\[]")
WHEN = datetime(2025, 3, 4, tzinfo=UTC)


def lines_of(sample: Sample) -> list[str]:
    return sample.path.read_text("utf-8", "surrogateescape").splitlines()


def reads_like_a_heading(line: str) -> bool:
    return len(line.split()) > 2 and bool(_WORDS.search(line)) and not _VALUE.search(line)


def with_a_word_less(line: str) -> str:
    """Without the word before the last."""
    return re.sub(r"\S+\s+(?=\S+\s*$)", "", line, count=1)


def outcome(sample: Sample, text: str) -> str:
    command = next(command for command in commands(sample.platform) if command.text == sample.command)
    context = "BLUE" if command.per_vrf else ""
    ask = Ask(command.text.format(vrf=context), context)
    return judge(command, ask, Reply(text, WHEN), sample.platform, Facts(), 0.05).command.outcome


HEADED: dict[str, list[tuple[Sample, int]]] = defaultdict(list)
for one in samples():
    if one.expected["outcome"] == "ok":
        HEADED[one.driver] += [(one, at) for at, line in enumerate(lines_of(one)) if reads_like_a_heading(line)]


@pytest.mark.parametrize("driver", sorted(driver for driver, headings in HEADED.items() if headings))
def test_a_changed_heading_never_makes_an_answer_empty(driver: str) -> None:
    wrong = []
    for sample, at in HEADED[driver]:
        lines = lines_of(sample)
        changed = [*lines[:at], with_a_word_less(lines[at]), *lines[at + 1 :]]
        if outcome(sample, "\n".join(changed)) == "empty":
            wrong.append(f"{sample.command} / {sample.path.stem}: {lines[at].strip()}")
    assert not wrong, "\n".join(wrong)
