"""`invoke faults`: makes every fault happen and tells, for each, what is stated and what was observed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from development import ROOT, TEST_STATE
from development.environment import python_environment
from development.faults import FAULTS
from development.processes import LaunchError, Processes
from development.servers import stop_servers

RESULTS = ROOT / ".state" / "faults.xml"
ABSENT = "not observed"
LARGE = "TOPOLOGY_CACHE_LARGE_RUN"
"""Names the number of devices of the large run to its test."""


def report(target: Path | None, size: int = 0) -> None:
    """Run tests/faults and print the table, into `target` as JSON too; a LaunchError unless all is as stated.

    `size` is the number of devices of the large run in which a worker is killed; 0 takes the tests' own, a small one.
    """
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.unlink(missing_ok=True)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "tests/faults",
        f"--junitxml={RESULTS}",
        "-o",
        "junit_family=xunit1",
    ]
    environment = python_environment() | ({LARGE: str(size)} if size else {})
    try:
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    finally:
        stop_servers(Processes(TEST_STATE))
    found = rows(observations(RESULTS) if RESULTS.exists() else {})
    for row in found:
        print(f"{'passed' if row['passed'] else 'FAILED'}  {row['id']}: {row['observed']}")
    for told in figures(RESULTS) if RESULTS.exists() else []:
        print(told)
    if target:
        target.write_text(json.dumps({"faults": found}, indent=1))
    failed = [row["id"] for row in found if not row["passed"]]
    print(f"{len(found) - len(failed)} of {len(found)} faults end as stated", flush=True)
    if failed or code:
        raise LaunchError(f"not as stated: {', '.join(failed) or 'a test that is no fault of the table'}")


def rows(observed: dict[str, tuple[str, bool]]) -> list[dict[str, Any]]:
    """One row for each fault of the table, whether it was observed or not."""
    told = []
    for fault in FAULTS:
        seen, passed = observed.get(fault.id, (ABSENT, False))
        told.append(
            {"id": fault.id, "stated": fault.stated, "observed": seen, "passed": passed and seen == fault.stated}
        )
    return told


def figures(results: Path) -> list[str]:
    """What tests have measured beside the faults."""
    properties = ElementTree.parse(results).getroot().iter("property")  # noqa: S314
    return [one.get("value") or "" for one in properties if one.get("name") == "figures"]


def observations(results: Path) -> dict[str, tuple[str, bool]]:
    """Fault -> what its test observed, and whether that test passed as a whole."""
    found = {}
    for case in ElementTree.parse(results).getroot().iter("testcase"):  # noqa: S314
        told = {one.get("name"): one.get("value") or "" for one in case.iter("property")}
        if "fault" in told:
            passed = not any(case.find(kind) is not None for kind in ("failure", "error", "skipped"))
            found[told["fault"] or ""] = (told.get("observed", ABSENT), passed)
    return found
