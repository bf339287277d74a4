"""The report: measured once, shown as text, as JSON, and as the matrix of the documentation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from development.fidelity import networks, singles
from development.fidelity.captures import CAPTURES
from development.fidelity.cells import MEASURED, Cell, Measured, cells, worst
from development.topology_check import Verdict
from nautobot_topology_cache.collect.platforms import platforms
from nautobot_topology_cache.collect.records import RECORDS

SCOPES = ("lab", "network", "single")
FIRST_CLASS = ("cisco_ios", "cisco_xe", "cisco_nxos", "cisco_xr", "arista_eos", "juniper_junos")


@attrs.frozen(kw_only=True)
class Report:
    """All that was measured."""

    measured: tuple[Measured, ...]
    silent: tuple[str, ...]
    """Labels of the single cases that became a silent `empty`."""
    captured: bool
    """Whether there were captures to measure."""
    topology: Mapping[str, Sequence[Verdict]] = attrs.field(factory=dict)
    """Network -> what is wrong with the links that are drawn of it, and with the relations of layer 3."""

    @property
    def cells(self) -> list[Cell]:
        """The cells, by scope, platform and table."""
        tables = list(RECORDS)
        return sorted(
            cells(self.measured), key=lambda one: (SCOPES.index(one.scope), one.platform, tables.index(one.table))
        )

    def document(self) -> dict[str, Any]:
        """The report in the form that `--json` writes."""
        return {
            "cells": [attrs.asdict(cell) for cell in self.cells],
            "silent_empty": len(self.silent),
            "silent_empty_cases": list(self.silent),
            "worst": worst(self.measured),
            "topology": {name: [attrs.asdict(one) for one in found] for name, found in self.topology.items()},
        }


def measure(folder: Path = CAPTURES) -> Report:
    """Everything that is there to be measured."""
    known = platforms()
    captured = (folder / "compare.py").is_file()
    asked = [networks.lab(known)]
    asked += [networks.captured(one, known) for one in networks.networks(folder)] if captured else []
    measured = [one for network in asked for one in network.tables()]
    measured += singles.measure(folder, known.values()) if captured else []
    return Report(
        measured=tuple(measured),
        silent=tuple(singles.silent(folder, known.values()) if captured else ()),
        captured=captured,
        topology={network.name: tuple(network.topology()) for network in asked},
    )


def shown(report: Report) -> str:
    """The report as text."""
    lines = []
    for scope in SCOPES:
        found = [cell for cell in report.cells if cell.scope == scope]
        if found:
            lines += ["", scope, *_columns(("platform", "table", *HEADINGS, "outcomes", "parser"), map(_texts, found))]
    lines += ["", *(f"drawn, {name}: {one}" for name, found in report.topology.items() for one in found)]
    lines += ["", *totals(report), "", f"silent empty: {len(report.silent)}", *(f"  {one}" for one in report.silent)]
    wrong = worst(report.measured)
    lines += ["", f"wrong: {sum(not one.right for one in report.measured)}"] if wrong else ["", "wrong: none"]
    for one in wrong:
        lines += [f"  {one['label']}: {one['outcome']} {one['reason']}".rstrip(), f"    line: {one['line']}"]
        lines += [f"    {word}: {row}" for word in ("missing", "extra") for row in one[word][:2]]
    if not report.captured:
        lines += ["", "skipped: the captures are not there, only the lab was measured"]
    return "\n".join(lines).lstrip()


HEADINGS = ("cases", "equal", "expected", "found", "missing", "extra")


def _texts(cell: Cell) -> tuple[str, ...]:
    outcomes = " ".join(f"{word} {count}" for word, count in cell.outcomes.items())
    return (cell.platform, cell.table, *(str(getattr(cell, name)) for name in HEADINGS), outcomes, cell.parser)


def _columns(*rows: Any) -> list[str]:
    head, body = rows
    whole = [head, *body]
    widths = [max(len(row[number]) for row in whole) for number in range(len(head) - 1)]
    return ["  ".join([*map(str.ljust, row, widths), row[-1]]).rstrip() for row in whole]


def totals(report: Report) -> list[str]:
    """How many single cases of each platform are equal."""
    lines = []
    for name, group in by_platform(report, "single").items():
        right = sum(one.right for one in group)
        lines.append(f"single, {name}: {right} of {len(group)} cases equal, {right / len(group):.1%}")
    return lines


def by_platform(report: Report, scope: str) -> dict[str, list[Measured]]:
    """The cases of a scope by platform, and those of the first-class platforms together at the end."""
    found: dict[str, list[Measured]] = {}
    for one in report.measured:
        if one.scope == scope:
            found.setdefault(one.platform, []).append(one)
    together = [one for name in FIRST_CLASS for one in found.get(name, ())]
    return {**found, "all six first-class platforms": together} if together else found


def matrix(report: Report, scope: str) -> list[tuple[str, ...]]:
    """Platform x table: equal of all cases, `not measured` below three."""
    found = {(cell.platform, cell.table): cell for cell in report.cells if cell.scope == scope}
    drivers = [name for name in _ordered(platforms()) if any(name == platform for platform, _ in found)]
    rows = [(table, *(_cell(found.get((name, table))) for name in drivers)) for table in RECORDS]
    return [("Table", *drivers), *rows]


def _ordered(names: Iterable[str]) -> list[str]:
    return [*FIRST_CLASS, *(name for name in names if name not in FIRST_CLASS)]


def _cell(cell: Cell | None) -> str:
    if cell is None or cell.cases < MEASURED:
        return "not measured"
    return f"{cell.equal} of {cell.cases}"
