"""Doors are tested on devices that answer over SSH; the lab that plays them runs once for all tests of a process."""

import json
from collections.abc import Callable, Iterator

import pytest
from django.db import transaction

from tests.nautobot_env import pytest_configure, pytest_runtest_teardown  # noqa: F401

DEVICE = "ost-core-01"
"""The device that goes through every door."""


@pytest.fixture(scope="session")
def lab_process(tmp_path_factory) -> Iterator:
    from tests.doors.played import playing

    with playing(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture
def lab(lab_process):
    """The lab without trouble, all counters at zero."""
    lab_process.reset()
    return lab_process


@pytest.fixture
def user(db):
    from nautobot.users.models import User

    return User.objects.create(username="door", is_superuser=True, is_staff=True)


@pytest.fixture
def discover(user) -> Callable:
    """Asks the one use case directly: `discover(devices=[...], force_refresh=True)` answers the run that has ended."""
    from nautobot_topology_cache import discovery

    def discover(by=user, **options):
        run = discovery.create_run(discovery.Request.from_names(options, by), by)
        discovery.execute(run, by)
        run.refresh_from_db()
        return run

    return discover


@pytest.fixture(scope="session")
def remembered() -> dict:
    """What `expected` found out, once for all tests."""
    return {}


@pytest.fixture
def expected(lab, discover, remembered):
    """What the use case itself leaves behind for DEVICE; computed in vain, so that a door finds nothing."""
    from tests.doors.played import configured
    from tests.doors.snapshot import everything

    if not remembered:
        # In this process: nobody else sees what is not committed.
        with configured(fan_out="threads"), transaction.atomic():
            (device,) = lab.devices(DEVICE)
            remembered.update(everything(device, discover(devices=[device])))
            transaction.set_rollback(True)
        lab.reset()
    return remembered


@pytest.fixture(scope="module")
def rq_workers(django_db_setup, tmp_path_factory) -> Iterator:
    """Two RQ workers for all tests of a module."""
    from tests.doors.crew import crew

    with crew(tmp_path_factory.mktemp("rq") / "rq.log") as pool:
        yield pool


@pytest.fixture(params=["threads", "rq"])
def executor(request, db, monkeypatch) -> Iterator[str]:
    """Who asks the devices, in this process and in those that a test starts."""
    from tests.doors.played import configured

    if request.param == "rq":
        request.getfixturevalue("rq_workers")
    monkeypatch.setenv("TOPOLOGY_CACHE_TEST_SETTINGS", json.dumps({"fan_out": request.param}))
    with configured(fan_out=request.param):
        yield request.param


@pytest.fixture
def network(db, monkeypatch) -> Iterator:
    """Devices that answer what the test says; see `scripted`."""
    from nautobot_topology_cache import visits
    from tests.doors.played import configured
    from tests.doors.scripted import PASSWORD, Network

    network = Network()
    monkeypatch.setattr(visits, "Wire", network.wire)
    monkeypatch.setenv("WORDY_USERNAME", "reader")
    monkeypatch.setenv("WORDY_PASSWORD", PASSWORD)
    with configured(platform_modules=["tests.doors.scripted"]):
        yield network


@pytest.fixture
def devices(network) -> list:
    """Three devices of that network."""
    from tests.doors.scripted import make_scripted_devices

    return make_scripted_devices(3)
