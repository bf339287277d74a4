"""Captured outputs of the second ring against the rows of ntc-templates: nothing is lost, least of all silently.

Their rows are no independent truth, but they count: a case with fewer rows than they have has lost some.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest
import yaml

from development.fidelity.report import FIRST_CLASS
from nautobot_topology_cache.collect.assemble import assemble
from nautobot_topology_cache.collect.commands import Command, Facts, Platform
from nautobot_topology_cache.collect.judge import Judged, judge
from nautobot_topology_cache.collect.platforms import platforms
from nautobot_topology_cache.collect.results import Ask, Reply, SliceResult
from tests.skips import CAPTURES_ABSENT
from tests.unit.collect.samples import commands

CAPTURES = Path(__file__).parents[2].parent / "shared" / "captures" / "single"
FOLDERS = {"vyos": "vyatta_vyos"}
SECOND_RING = tuple(driver for driver in platforms() if driver not in FIRST_CLASS)
SPELLINGS = {
    "ip route print terse": "ip route print terse without-paging",
    "show lldp neighbors-info detail": "show lldp neighbor-info detail",
    "display ip vpn-instance instance-name": "display ip vpn-instance instance-name {vrf}",
}
"""How a capture names a command -> how it is asked."""


@attrs.frozen
class Case:
    platform: Platform
    command: Command
    folder: Path

    @property
    def expected(self) -> int:
        """How many rows ntc-templates have."""
        return len(yaml.safe_load((self.folder / "expected.yml").read_text())["parsed_sample"])

    @property
    def text(self) -> str:
        """A zero-width space is what a web page left behind."""
        return (self.folder / "raw.txt").read_bytes().decode("utf-8", "surrogateescape").replace("\u200b", "")

    def judged(self, text: str = "") -> Judged:
        ask = Ask(self.command.text.format(vrf="x"), "x" if self.command.per_vrf else "")
        reply = Reply(text or self.text, datetime(2025, 3, 4, tzinfo=UTC))
        return judge(self.command, ask, reply, self.platform, Facts(), unparsed_share=0.05)


def cases() -> Iterator[Case]:
    for driver in SECOND_RING:
        platform = platforms()[driver]
        known = {command.text: command for command in commands(platform)}
        for path in sorted((CAPTURES / FOLDERS.get(driver, driver)).glob("*/*/expected.yml")):
            typed = re.search(r"^command: *(.*)$", (path.parent / "meta.yml").read_text(), re.MULTILINE)[1].strip("'\"")
            command = known.get(SPELLINGS.get(typed, typed))
            if command is not None:
                yield Case(platform, command, path.parent)


CASES = list(cases())


@pytest.mark.skipif(not CAPTURES.is_dir(), reason=CAPTURES_ABSENT)
def test_no_printed_row_is_lost() -> None:
    assert {case.platform.driver for case in CASES} == {*SECOND_RING} - {"frr"}
    told = []
    for case in CASES:
        judged = case.judged()
        slices: list[SliceResult] = [one for one in assemble(judged.drafts) if not one.fills]
        rejected = [row for one in slices for row in one.rejected]
        if judged.command.outcome != "ok" or judged.unparsed or rejected or len(judged.rows) < case.expected:
            label = f"{case.platform.driver}/{case.folder.parent.name}/{case.folder.name}"
            told.append(
                f"{label}: {judged.command.outcome}, {len(judged.rows)} of {case.expected} rows, {rejected[:1]}"
            )
    assert not told, "\n".join(told)


@pytest.mark.skipif(not CAPTURES.is_dir(), reason=CAPTURES_ABSENT)
def test_a_lost_row_is_noticed() -> None:
    case = next(case for case in CASES if case.command.text == "get system arp")
    shorter = "\n".join(case.text.splitlines()[:-1])
    assert len(case.judged(shorter).rows) < case.expected == len(case.judged().rows)
