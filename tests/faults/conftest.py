"""Faults happen to real runs: a lab over SSH, a real PostgreSQL, real processes."""

from collections.abc import Callable

import pytest

from development import faults
from tests.doors.conftest import discover, user  # noqa: F401
from tests.nautobot_env import pytest_configure, pytest_runtest_teardown  # noqa: F401


@pytest.fixture
def observe(record_property) -> Callable[[str, str, str], None]:
    """Tells the report what came of a fault, and compares it with what is stated."""

    def observe(fault: str, ends: str, rows: str) -> None:
        observed = f"{ends}; {rows}"
        record_property("fault", fault)
        record_property("observed", observed)
        assert observed == faults.BY_ID[fault].stated

    return observe
