"""Starts Nautobot for the tests that need it: their conftest imports the two hooks, `pytest_configure` and
`pytest_runtest_teardown`.

Name those folders on pytest's command line (`pytest tests/app`): a conftest found later, below `tests`, would leave
pytest-django's guard of the database off. `TOPOLOGY_CACHE_TEST_STATE` names another state folder, for two runs at once.
"""

import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import blocking_manager_key

from development import ROOT, TEST_STATE
from development.database import ensure_template
from development.environment import nautobot_environment
from development.processes import LaunchError, Processes, locked
from development.servers import ensure_servers

CONFIGURATION = ROOT / "tests" / "nautobot_config.py"


def test_processes() -> Processes:
    """The servers of the tests; they run on when pytest ends, until `invoke stop`."""
    return Processes(Path(os.environ.get("TOPOLOGY_CACHE_TEST_STATE") or TEST_STATE))


test_processes.__test__ = False


def pytest_configure(config: pytest.Config) -> None:
    """Servers and template once per run, then Nautobot in each process that runs tests."""
    if "TOPOLOGY_CACHE_TEST_TEMPLATE" not in os.environ:
        try:
            _prepare()
        except LaunchError as error:
            pytest.exit(str(error), returncode=pytest.ExitCode.INTERNAL_ERROR)
    if not config.getoption("numprocesses", None):
        _set_up_nautobot()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """A test with real transactions empties the database; the next one shall find what Nautobot begins with."""
    yield
    marker = item.get_closest_marker("django_db")
    if nextitem is not None and marker is not None and marker.kwargs.get("transaction"):
        with item.config.stash[blocking_manager_key].unblock():
            _sow()


def _sow() -> None:
    """The rows that Nautobot's migrations make, as far as tests need them."""
    from django.apps import apps
    from nautobot.extras.management import populate_role_choices, populate_status_choices
    from nautobot.extras.models import Status
    from nautobot.ipam.models import Namespace

    if not Status.objects.exists():
        populate_status_choices(apps, verbosity=0)
        populate_role_choices(apps, verbosity=0)
        Namespace.objects.get_or_create(name="Global")


def process_environment() -> dict[str, str]:
    """The environment in which a `nautobot-server` process sees this test's database; use it inside a test."""
    from django.db import connection

    return {**os.environ, "NAUTOBOT_CONFIG": str(CONFIGURATION), "NAUTOBOT_DB_NAME": connection.settings_dict["NAME"]}


def _prepare() -> None:
    processes = test_processes()
    with locked(processes.state):
        environment = nautobot_environment(processes.state, ensure_servers(processes))
        environment["NAUTOBOT_CONFIG"] = str(CONFIGURATION)
        server = ensure_servers(processes).database
        template = ensure_template(server, environment, processes.log("template"))
    os.environ.update(environment, TOPOLOGY_CACHE_TEST_TEMPLATE=template)


def _set_up_nautobot() -> None:
    import nautobot

    with warnings.catch_warnings():
        # Nautobot's own deprecations at import: pages of them, none of ours to mend.
        warnings.simplefilter("ignore")
        nautobot.setup(config_path=str(CONFIGURATION))
    # pytest-xdist's workers and child processes would try to import it as a module.
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
