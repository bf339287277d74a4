"""The page of the documentation that shows the last measurement; `--page` renews what is measured in it."""

from __future__ import annotations

import re

from development import ROOT
from development.fidelity.report import Report, matrix, totals
from development.reference import table

PAGE = ROOT / "docs" / "reference" / "fidelity.md"
PART = re.compile(r"(<!-- measured: (?P<name>\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def renew(report: Report) -> None:
    """Write the figures of this report into the page; without captures there is nothing to show."""
    if report.captured:
        text = PAGE.read_text("utf-8")
        PAGE.write_text(
            PART.sub(lambda found: f"{found[1]}\n{_part(found['name'], report)}\n\n{found[3]}", text), "utf-8"
        )


def _part(name: str, report: Report) -> str:
    if name == "totals":
        return "\n".join((*(f"- {line}" for line in totals(report)), f"- silent empty: {len(report.silent)}"))
    if name == "links":
        return "\n".join(
            f"- {network}: {'; '.join(line for one in found for line in str(one).splitlines())}"
            for network, found in report.topology.items()
        )
    header, *rows = matrix(report, name)
    named = [(f"`{row[0]}`", *row[1:]) for row in rows]
    return table((header[0], *(f"`{driver}`" for driver in header[1:])), named)
