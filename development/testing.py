"""`invoke test`: the pure tests, then those on Nautobot, and one line that tells how it went."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import attrs

from development import ROOT, TEST_STATE
from development.environment import python_environment
from development.processes import LaunchError, Processes
from development.servers import stop_servers

PURE = ("unit", "house")
"""Run apart and without pytest-django: they know no Nautobot, and must stay fast."""
ALONE = ("faults",)
"""Run last and by one process: they restart the servers of all tests."""
COVERAGE = ROOT / ".state" / "coverage"


@attrs.frozen
class Tally:
    """What a call of pytest counted."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        pairs = zip(attrs.astuple(self), attrs.astuple(other), strict=True)
        return Tally(*(one + another for one, another in pairs))

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def run_tests(*, coverage: bool = True) -> None:
    """All tests; a LaunchError if anything failed, or was skipped without a good reason."""
    shutil.rmtree(COVERAGE, ignore_errors=True)
    COVERAGE.mkdir(parents=True)
    pure = [ROOT / "tests" / name for name in PURE]
    others = sorted(
        {path.relative_to(ROOT / "tests").parts[0] for path in (ROOT / "tests").glob("*/**/test_*.py")}
        - {*PURE, *ALONE}
    )
    workers = ["-n", "2", "--dist", "loadscope"] if (os.cpu_count() or 1) > 1 else []
    tally, failed = Tally(), []
    try:
        for name, folders, options in (
            ("pure", pure, ["-p", "no:django", *workers]),
            ("nautobot", [ROOT / "tests" / name for name in others], workers),
            ("alone", [ROOT / "tests" / name for name in ALONE], []),
        ):
            code, counted = _pytest(name, folders, options, coverage=coverage)
            tally += counted
            failed += [name] if code else []
    finally:
        stop_servers(Processes(TEST_STATE))
    if coverage:
        _report_coverage()
    print(f"\n{tally}", flush=True)
    if failed:
        raise LaunchError(f"not all is well in: {', '.join(failed)}")


def _pytest(name: str, folders: list[Path], options: list[str], *, coverage: bool) -> tuple[int, Tally]:
    results = COVERAGE / f"{name}.xml"
    measure = ["coverage", "run", "-m"] if coverage else []
    command = [sys.executable, "-m", *measure, "pytest", *options, *map(str, folders), "-q", f"--junitxml={results}"]
    code = subprocess.run(command, cwd=ROOT, env=python_environment(), check=False).returncode
    return code, _tally(results) if results.exists() else Tally(failed=1)


def _tally(results: Path) -> Tally:
    suites = ElementTree.parse(results).getroot().iter("testsuite")  # noqa: S314
    told = [{key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")} for suite in suites]
    failed = sum(suite["failures"] + suite["errors"] for suite in told)
    skipped = sum(suite["skipped"] for suite in told)
    return Tally(sum(suite["tests"] for suite in told) - failed - skipped, failed, skipped)


def _report_coverage() -> None:
    for arguments in (["combine", "--quiet"], ["report"]):
        subprocess.run([sys.executable, "-m", "coverage", *arguments], cwd=ROOT, check=True)
