from tests.nautobot_env import pytest_configure  # noqa: F401
