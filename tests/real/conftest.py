"""Tests on real routers, which need root and Debian's packages."""

from __future__ import annotations

import os

import pytest

from development.lab.real import packages
from development.lab.real.routers import possible
from tests.doors.conftest import user  # noqa: F401
from tests.nautobot_env import pytest_configure, pytest_runtest_teardown  # noqa: F401
from tests.skips import NO_FRR, NO_ROOT


@pytest.fixture(scope="session")
def allowed() -> None:
    """Skip where no router can be built; half of the packages is a fault, not a reason."""
    if os.geteuid() != 0:
        pytest.skip(NO_ROOT)
    if {"frr", "lldpd", "openssh-server"} <= {*packages.missing()}:
        pytest.skip(NO_FRR)
    assert not packages.missing()
    if not possible():
        pytest.skip(NO_ROOT)
