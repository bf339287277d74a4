"""What a person sees while something takes seconds: each stage's name, its time, and on failure its log."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs

from development.processes import LaunchError


@attrs.frozen
class Report:
    """What a stage may still say of itself, behind its time."""

    notes: list[str] = attrs.field(factory=list)

    def note(self, text: str) -> None:
        self.notes.append(text)


@contextmanager
def stage(name: str, log: Path | None = None) -> Iterator[Report]:
    """Print `name`, then its time; a LaunchError leaves with the stage's name and its log added."""
    print(f"{name:<44}", end="", flush=True)
    began, report = time.monotonic(), Report()
    try:
        yield report
    except LaunchError as error:
        print("failed")
        where = f"\n  log: {log}" if log and str(log) not in str(error) else ""
        raise LaunchError(f"{name}: {error}{where}") from error
    print(f"{time.monotonic() - began:6.1f} s  {'; '.join(report.notes)}".rstrip())
