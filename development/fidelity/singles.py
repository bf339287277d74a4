"""Single cases: one captured answer, judged as if the device had just printed it, against its identity rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs

from development.fidelity import captures
from development.fidelity.captures import TABLES, Case
from development.fidelity.cells import Measured
from nautobot_topology_cache.collect.assemble import assemble
from nautobot_topology_cache.collect.commands import Facts, Parser, Platform
from nautobot_topology_cache.collect.judge import Judged, judge
from nautobot_topology_cache.collect.parse.clean import clean
from nautobot_topology_cache.collect.parse.native import Json
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.results import Ask, Reply, SliceResult

WHEN = datetime(2025, 3, 4, tzinfo=UTC)
UNPARSED_SHARE = 0.05
"""The setting's default."""

Row = dict[str, Any]


def measure(folder: Path, platforms: Iterable[Platform]) -> Iterator[Measured]:
    """Every case whose identity rows are known."""
    for platform in platforms:
        for case in captures.told(folder, platform):
            yield measured(case, folder)


def measured(case: Case, folder: Path) -> Measured:
    """One case against its rows; an answer that failed has none."""
    table = case.identity["table"]
    found = [one for one in assemble(judged(case).drafts) if one.table == TABLES[table]]
    same = captures.comparison(folder).same
    rows = [row for one in found for record in one.records if (row := as_printed(attrs.asdict(record), case, same))]
    wanted = case.identity["rows"]
    missing, extra = same(table, case.platform.driver, wanted, rows, case.identity.get("optional", ()))
    worst = next((one for one in found if one.outcome in ("failed", "unsupported")), found[0] if found else None)
    return Measured(
        scope="single",
        platform=case.platform.driver,
        table=TABLES[table],
        label=case.label,
        expected=len(wanted),
        missing=tuple(map(str, missing)),
        extra=tuple(map(str, extra)),
        outcome=worst.outcome if worst else "absent",
        reason=worst.reason if worst else f"`{case.command.text}` does not feed this table",
        parser=parser_name(case.command.parser),
        line=breaking_line(worst) if worst else "",
    )


def judged(case: Case) -> Judged:
    """The answer, judged."""
    reply = Reply(case.text, WHEN)
    return judge(case.command, Ask(case.typed, case.context), reply, case.platform, Facts(), UNPARSED_SHARE)


def as_printed(row: Row, case: Case, same: Any) -> Row | None:
    """A row in the columns of the expectation, which takes what a neighbor announced for what it means."""
    table = case.identity["table"]
    if table.endswith("_neighbors"):
        if row["protocol"] != table.partition("_")[0]:
            return None
        for interface in (row["port_id"], row["neighbor_interface"]):
            row["neighbor_interface"] = interface
            if not same(table, case.platform.driver, case.identity["rows"], [row])[1]:
                break
    if table == "mac_table" and row["vlan"] is None:
        row["vlan"] = row["vlan_name"]
    if table == "routes":
        row["next_hop"] = row["next_hop"] or ""
    return row


def parser_name(parser: Parser) -> str:
    """Who reads the answer: a template, with whose it is, or a parser of ours."""
    if isinstance(parser, Template):
        return parser.name if parser.package == "ntc_templates" else f"{parser.name} of our own"
    return "the device's JSON" if isinstance(parser, Json) else f"{type(parser).__name__} of our own"


def breaking_line(result: SliceResult) -> str:
    """The first line that was not understood, else the first row that fits no record."""
    if result.unparsed_lines:
        return result.unparsed_lines[0].strip()
    if result.rejected:
        return f"{result.rejected[0].reason}: {dict(result.rejected[0].row)}"
    return result.reason


def silent(folder: Path, platforms: Iterable[Platform]) -> list[str]:
    """The cases, known rows or not, in which an answer that says something became `empty` without saying so."""
    return [case.label for platform in platforms for case in captures.all_cases(folder, platform) if is_silent(case)]


def is_silent(case: Case) -> bool:
    """`empty`, though no known words say that there is nothing, or though the source found rows in the answer."""
    ended = judged(case).command
    answer = clean(case.text, case.typed)
    if ended.outcome != "empty" or not answer.strip():
        return False
    verdicts = (*case.command.verdicts, *case.platform.verdicts)
    said = any(known.outcome == "empty" and known.pattern.search(answer) for known in verdicts)
    return not said or (captures.expects_rows(case) and not ended.reason)
