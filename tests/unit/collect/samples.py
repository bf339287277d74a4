"""The samples in tests/samples: `<driver>/<command>/<case>.txt`, and `.json` beside it with what it must become."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import attrs

from nautobot_topology_cache.collect.assemble import assemble
from nautobot_topology_cache.collect.commands import Command, Facts, Platform
from nautobot_topology_cache.collect.judge import Judged, judge
from nautobot_topology_cache.collect.platforms import platforms
from nautobot_topology_cache.collect.records import RECORDS, Record
from nautobot_topology_cache.collect.results import Ask, Reply

ROOT = Path(__file__).parents[2] / "samples"


@attrs.frozen
class Sample:
    driver: str
    command: str
    path: Path

    @property
    def expected(self) -> dict[str, Any]:
        return json.loads(self.path.with_suffix(".json").read_text())

    @property
    def platform(self) -> Platform:
        return platforms()[self.driver]


def samples() -> Iterator[Sample]:
    for path in sorted(ROOT.glob("*/*/*.txt")):
        yield Sample(path.parents[1].name, unquote(path.parent.name), path)


def folder(driver: str, command: str) -> Path:
    return ROOT / driver / quote(command, safe=" {}")


def commands(platform: Platform) -> list[Command]:
    return [command for entry in platform.entries for command in entry.alternatives]


def judged(sample: Sample, *, context: str = "", vrf_of: dict[str, str] | None = None) -> Judged:
    """The sample, as if the device had just printed it."""
    command = next(command for command in commands(sample.platform) if command.text == sample.command)
    text = sample.path.read_bytes().decode("utf-8", "surrogateescape")
    ask = Ask(command.text.format(vrf=context), context)
    reply = Reply(text, datetime(2025, 3, 4, tzinfo=UTC))
    return judge(command, ask, reply, sample.platform, Facts(vrf_of=vrf_of or {}), unparsed_share=0.05)


def became(sample: Sample, given: dict[str, Any]) -> dict[str, Any]:
    """What the sample became, in the words of its .json; counts of zero and empty columns are left out."""
    result = judged(sample, context=given.get("context", ""), vrf_of=given.get("vrf_of"))
    found: dict[str, Any] = {"outcome": result.command.outcome}
    if result.command.reason:
        found["reason"] = result.command.reason
    if not result.serves:
        found["serves"] = False
    listing = next(command for command in commands(sample.platform) if command.text == sample.command).lists_vrfs
    if listing:
        found["vrfs"] = {name: list(ports) for name, ports in map(listing, result.rows)}
    for draft in result.drafts:
        if draft.fed.parsed:
            filled = [
                RECORDS[draft.result.table](**dict(zip(RECORDS[draft.result.table].KEY, key, strict=True)), **values)
                for key, values, _ in draft.fed.fills
            ]
            rows = [row(record) for record in draft.fed.records or filled]
            found.setdefault("tables", {}).setdefault(draft.result.table, []).extend(rows)
        if draft.result.outcome not in ("failed", "unsupported") and not draft.result.closes:
            found["closes"] = False
    counts = [result.counts for result in assemble(result.drafts) if not result.fills]
    for name in ("filtered", "rejected", "unparsed"):
        if total := sum(getattr(count, name) for count in counts):
            found[name] = total
    return found


def row(record: Record) -> dict[str, Any]:
    """A record's columns that say something; `valid`, `best` and the like are always shown."""
    return {name: value for name, value in attrs.asdict(record).items() if value not in ("", None)}
