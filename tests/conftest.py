"""Shared by all tests: which skips are allowed, and how many there were."""

from collections import Counter

import pytest

from tests.skips import ALLOWED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for reason, count in _skips(terminalreporter).items():
        verdict = "" if reason in ALLOWED else "  NOT ALLOWED: see tests/skips.py"
        terminalreporter.write_line(f"skipped {count}: {reason}{verdict}")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    forbidden = [reason for reason in _skips(reporter) if reason not in ALLOWED] if reporter else []
    if forbidden and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _skips(reporter: pytest.TerminalReporter) -> Counter[str]:
    """Reasons and how often; a worker of pytest-xdist has none, it reports to its controller."""
    return Counter(
        report.longrepr[2].removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else str(report.longrepr)
        for report in reporter.stats.get("skipped", [])
    )
