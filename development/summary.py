"""What `invoke demo` prints at its end: the run's counts beside the lab's own, and how to log in."""

from collections import Counter
from pathlib import Path
from typing import Any

Counts = dict[str, Any]
"""The lab's answer to GET /counters; it counts since its start, so a run is the difference of two."""

KINDS = {"connections": "connections", "commands_sent": "commands"}
"""A run's word and the lab's word for the same thing."""


def print_run(run: dict[str, Any], before: Counts, after: Counts) -> None:
    """Two tables: what the run did against what the lab saw, and the rows of each table."""
    print(f"\n{'':<28}{'the run':>12}{'the lab':>12}")
    for ours, theirs in KINDS.items():
        told = sum(entry[ours] for entry in run["devices"])
        print(f"{theirs:<28}{told:>12}{after[theirs] - before[theirs]:>12}")
    differences = disagreements(run, before, after)
    print("  they agree, device by device" if not differences else "  THEY DO NOT AGREE:")
    for difference in differences:
        print(f"    {difference}")
    statuses = Counter(entry["status"] for entry in run["devices"])
    print(f"\n{run['total_devices']} devices: " + ", ".join(f"{count} {status}" for status, count in statuses.items()))
    for entry in run["devices"]:
        if entry["error"]:
            print(f"    {entry['device_name']}: {entry['error']}")
    _print_rows(run)


def disagreements(run: dict[str, Any], before: Counts, after: Counts) -> list[str]:
    """One line for each device of which the run and the lab tell different counts."""
    return [
        f"{entry['device_name']}: the run says {entry[ours]} {theirs}, the lab {seen}"
        for entry in run["devices"]
        for ours, theirs in KINDS.items()
        if entry[ours] != (seen := _seen(after, entry, theirs) - _seen(before, entry, theirs))
    ]


def _seen(counts: Counts, entry: dict[str, Any], kind: str) -> int:
    return counts["devices"].get(entry["device_name"], {}).get(kind, 0)


def _print_rows(run: dict[str, Any]) -> None:
    columns = ("parsed", "stored", "filtered", "rejected", "unparsed")
    tables: dict[str, Counter[str]] = {}
    for entry in run["devices"]:
        for table, told in entry["tables"].items():
            tables.setdefault(table, Counter()).update({column: told[column] for column in columns})
    print(f"\n{'rows':<20}" + "".join(f"{column:>10}" for column in columns))
    for table, counts in sorted(tables.items()):
        print(f"{table:<20}" + "".join(f"{counts[column]:>10}" for column in columns))


def print_access(url: str, username: str, password: str, logs: Path) -> None:
    lines = {"Nautobot": url, "login": f"{username} / {password}", "logs": logs, "to end it": "uv run invoke stop"}
    print("\n" + "\n".join(f"  {name:<12}{value}" for name, value in lines.items()) + "\n")
