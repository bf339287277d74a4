from tests.nautobot_env import pytest_configure, pytest_runtest_teardown  # noqa: F401
