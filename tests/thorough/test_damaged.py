"""What happens to answers on their way: every sample, damaged at every line.

Noise changes nothing. Of an answer that was cut, or that holds a line nobody knows, no row is made up, and no table
counts as proven empty. Rows that a cut took away may be missing: where no mark tells, the shrink guard has to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache

import attrs
import pytest

from nautobot_topology_cache.collect.commands import Command, Facts
from nautobot_topology_cache.collect.judge import Judged, judge
from nautobot_topology_cache.collect.parse.clean import clean
from nautobot_topology_cache.collect.platforms import platforms
from nautobot_topology_cache.collect.results import Ask, Reply
from tests.unit.collect.a_platform import NOON
from tests.unit.collect.samples import Sample, commands, samples

NOISE = {
    "a log message": lambda lines, at: [
        *lines[:at],
        "*Mar  1 00:10:11.123: %LINEPROTO-5-UPDOWN: Line protocol on Interface Gi0/9, changed state to up",
        *lines[at:],
    ],
    "a log message with year and host": lambda lines, at: [
        *lines[:at],
        "2025 Mar  4 10:11:12 sw1 %ETHPORT-5-IF_UP: Interface Ethernet1/9 is up",
        *lines[at:],
    ],
    "terminal sequences": lambda lines, at: [*lines[:at], f"\x1b[K{lines[at]}\x1b[0m", *lines[at + 1 :]],
    "carriage returns": lambda lines, at: [*lines[:at], f"{lines[at]}\r\r", *lines[at + 1 :]],
}
UNKNOWN = "#$ what nobody knows &&"
FREE_TEXT = frozenset({"description"})
"""Several lines that may say anything: a lost or added one cannot be told."""
DEMANDING = frozenset({"speed", "capabilities"})
"""Taken from a line further up where the better one is missing."""
NAMELESS = {("arista_eos", "show lldp neighbors detail"), ("cisco_xr", "show cdp neighbors detail")}
"""Neighbors need not announce a name or a port, and nothing ends their part of the text."""

WHOLE = [
    sample
    for sample in samples()
    if (told := sample.expected)["outcome"] == "ok" and not (told.get("rejected") or told.get("unparsed"))
]


@attrs.define
class Found:
    """One table of one judged answer."""

    outcomes: set[str] = attrs.field(factory=set)
    proven: bool = True
    closes: bool = True
    rows: list[tuple[tuple[object, ...], dict[str, object]]] = attrs.field(factory=list)


def lines_of(sample: Sample) -> list[str]:
    return sample.path.read_bytes().decode("utf-8", "surrogateescape").rstrip("\n").split("\n")


@cache
def asked(sample: Sample) -> tuple[Command, Ask, Facts]:
    """How the sample was asked for, and what was known by then."""
    expected = sample.expected
    command = next(command for command in commands(sample.platform) if command.text == sample.command)
    context = expected.get("context", "")
    return command, Ask(command.text.format(vrf=context), context), Facts(vrf_of=expected.get("vrf_of") or {})


def read(sample: Sample, lines: list[str]) -> dict[str, Found]:
    command, ask, facts = asked(sample)
    reply = Reply("\n".join(lines) + "\n", NOON)
    return tables(judge(command, ask, reply, sample.platform, facts, unparsed_share=0.05))


def cleaned(sample: Sample, lines: list[str]) -> str:
    """All that judging sees of an answer."""
    return clean("\n".join(lines) + "\n", asked(sample)[1].command)


def tables(judged: Judged) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for draft in judged.drafts:
        table = found.setdefault(draft.result.table, Found())
        table.outcomes.add(draft.result.outcome)
        table.proven &= draft.proven
        table.closes &= draft.result.closes
        if draft.result.outcome == "ok":
            table.rows += [(record.key(), attrs.asdict(record)) for record in draft.fed.records]
            table.rows += [(key, dict(values)) for key, values, _ in draft.fed.fills]
    return found


def made_up(whole: Found, found: Found) -> Iterator[str]:
    """Rows that the undamaged answer does not hold; a value that was lost is no value."""
    for key, row in found.rows:
        true = [other for name, other in whole.rows if name == key]
        said = {name: value for name, value in row.items() if value not in (None, "", False)}
        if not any(said.items() <= {**other, **{name: row.get(name) for name in FREE_TEXT}}.items() for other in true):
            differing = [{n: v for n, v in said.items() if other.get(n) != v and n not in FREE_TEXT} for other in true]
            if not any(set(one) <= DEMANDING for one in differing):
                yield f"{key}: {differing or 'no such row'}"


def of_driver(driver: str) -> list[Sample]:
    return [sample for sample in WHOLE if sample.driver == driver]


@pytest.mark.parametrize("noise", NOISE)
@pytest.mark.parametrize("driver", platforms())
def test_noise_changes_nothing(driver: str, noise: str) -> None:
    for sample in of_driver(driver):
        lines = lines_of(sample)
        whole, text = read(sample, lines), cleaned(sample, lines)
        for at in range(0, len(lines), 3):
            noisy = NOISE[noise](lines, at)
            same = cleaned(sample, noisy) == text or read(sample, noisy) == whole
            assert same, (sample.command, sample.path.stem, at)


@pytest.mark.parametrize("driver", platforms())
def test_a_cut_answer_holds_no_row_that_was_made_up(driver: str) -> None:
    counts: Counter[str] = Counter()
    told = []
    for sample in of_driver(driver):
        lines = lines_of(sample)
        whole = read(sample, lines)
        for at in range(1, len(lines)):
            for table, found in read(sample, lines[:at]).items():
                if not whole[table].rows:
                    continue
                counts["cut"] += 1
                counts["failed" if "ok" not in found.outcomes else "kept" if not found.closes else "read"] += 1
                where = f"{sample.command} / {sample.path.stem}, {table}, below line {at}"
                if found.outcomes == {"empty"} and found.proven and not driver_says_nothing(sample, lines[:at]):
                    told.append(f"{where}: proven empty")
                if (driver, sample.command) not in NAMELESS and found.closes:
                    told += [f"{where}: {row}" for row in made_up(whole[table], found)]
    print(f"{driver}: {dict(counts)}")
    assert not told, "\n".join(told)


def driver_says_nothing(sample: Sample, lines: list[str]) -> bool:
    """Whether what is left is a document that is complete by itself, as `{}` is."""
    return "json" in sample.command and lines[-1].strip() in ("{}", "}")


@pytest.mark.parametrize("driver", platforms())
def test_a_line_that_nobody_knows_is_never_read_over(driver: str) -> None:
    counts: Counter[str] = Counter()
    told = []
    for sample in of_driver(driver):
        lines = lines_of(sample)
        whole = read(sample, lines)
        for at in range(len(lines)):
            for table, found in read(sample, [*lines[:at], UNKNOWN, *lines[at:]]).items():
                counts["told"] += 1
                counts["failed" if "ok" not in found.outcomes else "kept" if not found.closes else "read"] += 1
                where = f"{sample.command} / {sample.path.stem}, {table}, above line {at}: {lines[at].strip()}"
                told += [f"{where}: {row}" for row in made_up(whole[table], found)]
                lost = {key for key, _ in whole[table].rows} - {key for key, _ in found.rows}
                if lost and "ok" in found.outcomes and found.closes:
                    told.append(f"{where}: {sorted(map(str, lost))[0]} would be closed")
    print(f"{driver}: {dict(counts)}")
    assert not told, "\n".join(told)
