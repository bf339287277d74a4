"""`python -m development.bench [--full] [--json FILE]`: ends with 1 if a row is void, whatever the times are."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from development.bench.nautobot import nautobot
from development.bench.report import Row, machine, printed, write


def measured(full: bool) -> Iterator[Row]:
    """All rows, in this order: what forks comes before Nautobot, which starts threads and takes memory."""
    with nautobot() as set_up:
        from development.bench import parsing, sessions

        yield from parsing.rows(full)
        yield from sessions.rows(full)
        set_up()
        from development.bench import fleet, graph, lookups, storing

        yield from storing.rows(full)
        # Before there are other devices, whose links would be drawn too.
        yield from graph.rows(full)
        yield from fleet.rows(full)
        yield from lookups.rows(full)


def main() -> int:
    parser = argparse.ArgumentParser(prog="invoke bench")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    print("; ".join(f"{name}: {value}" for name, value in machine().items()))
    print("ours, rival: median (least-largest); ratio: the rival's share over ours", flush=True)
    rows = []
    for row in measured(given.full):
        rows.append(row)
        print(printed(row), flush=True)
    if given.json:
        write(given.json, rows)
    told = [row.verdict for row in rows]
    print(f"{told.count('met')} bars met, {told.count('missed')} missed, {told.count('void')} rows void")
    return 1 if "void" in told else 0


if __name__ == "__main__":
    sys.exit(main())
