"""FRR routers in namespaces, discovered by the Job, against what their configuration says."""

from __future__ import annotations

import pytest
from nautobot.apps.testing import run_job_for_testing
from nautobot.core.celery import app, setup_nautobot_job_logging
from nautobot.extras.models import Job

from development.lab.compare import compare
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.models import DiscoveryRun
from tests.doors.played import playing
from tests.doors.snapshot import contract_rows

PATIENCE = 180
"""Seconds: adjacencies take twenty, and longer beside other tests or another lab."""

pytestmark = [pytest.mark.real, pytest.mark.django_db(transaction=True, databases=["default", "job_logs"])]


@pytest.fixture(scope="module")
def routers(allowed, tmp_path_factory):
    with playing(tmp_path_factory.mktemp("real"), "--real", patience=PATIENCE) as lab:
        yield lab


@pytest.fixture
def run(routers, user):
    """One run of the Job over all routers."""
    setup_nautobot_job_logging(None, None, app.conf)
    job = Job.objects.get(job_class_name="DiscoverTopology")
    options = {"devices": [str(device.pk) for device in routers.devices()]}
    result = run_job_for_testing(job, username=user.username, job_kwargs=options)
    assert result.status == "SUCCESS", result.traceback
    return DiscoveryRun.objects.get()


def told(rows: list, table: str) -> list:
    """Which IPv6 neighbors a daemon has asked for is its own business: the configuration speaks of IPv4."""
    return [row for row in rows if row["ip_version"] == 4] if table == "arp_entries" else rows


def test_the_job_finds_what_the_configuration_says(routers, run):
    items = {item.device_name: item for item in run.items.select_related("device")}
    assert {name: (item.status, item.error) for name, item in items.items()} == dict.fromkeys(
        routers.names, ("completed", "")
    )
    differences = []
    for name, device in routers.truth()["devices"].items():
        found = contract_rows(items[name].device)
        assert set(items[name].tables) == set(device["tables"]) == set(CATALOG)
        for table, true in device["tables"].items():
            figures = items[name].tables[table]
            assert figures["outcome"] in ("ok", "ok" if true["rows"] else "empty"), (name, table, figures)
            assert (figures["rejected"], figures["unparsed"]) == (0, 0)
            if difference := compare(true["rows"], told(found[table], table), table):
                differences.append(f"{name}, {table}:\n{difference}")
    assert not differences, "\n".join(differences)
    assert_ipv6_neighbors_are_known(routers, items)


def assert_ipv6_neighbors_are_known(routers, items) -> None:
    """Whoever answered by IPv6 is at the other end of a cable."""
    macs = {
        (row["interface"], row["mac_address"].upper())
        for device in routers.truth()["devices"].values()
        for row in device["tables"]["arp_entries"]["rows"]
    }
    heard = [
        (row["interface"], row["mac_address"])
        for item in items.values()
        for row in contract_rows(item.device)["arp_entries"]
        if row["ip_version"] == 6
    ]
    assert heard
    assert set(heard) <= macs
