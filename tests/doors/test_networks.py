"""Captured networks, replayed over SSH, through the same door and the same comparison as the lab."""

import pytest
from django.db import transaction

from development.fidelity.captures import CAPTURES
from development.fidelity.networks import covered
from development.lab.compare import compare
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.queries import supported_platforms
from tests.doors.played import playing
from tests.doors.snapshot import contract_rows
from tests.skips import CAPTURES_ABSENT

NETWORKS = CAPTURES / "networks"
NAMES = ("eos9", "nxos9", "junos7")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not NETWORKS.is_dir(), reason=CAPTURES_ABSENT),
]


@pytest.fixture(scope="module", params=NAMES)
def network(request, django_db_setup, django_db_blocker, tmp_path_factory):
    """(Device -> what is true of it, device -> what one run found) of a replayed network."""
    folder = tmp_path_factory.mktemp(request.param)
    options = ("--replay", str(NETWORKS / request.param))
    with playing(folder, *options) as lab, django_db_blocker.unblock(), transaction.atomic():
        items = {item.device_name: item for item in lab.discovered().items.select_related("device")}
        found = {name: (item.status, item.error, contract_rows(item.device)) for name, item in items.items()}
        truth = lab.truth()["devices"]
        transaction.set_rollback(True)
    return truth, found


def test_a_device_is_skipped_only_for_want_of_its_platform(network):
    truth, found = network
    supported = supported_platforms()
    assert set(found) == set(truth)
    for name, (status, error, _) in found.items():
        assert (status == "skipped") == (truth[name]["platform"] not in supported), (name, error)


@pytest.mark.parametrize("table", CATALOG)
def test_every_known_row_and_nothing_else(network, table):
    truth, found = network
    told = []
    for name, device in truth.items():
        status, _, rows = found[name]
        if status == "skipped" or table not in device["tables"]:
            continue
        true = device["tables"][table]["rows"]
        difference = compare(true, covered(rows[table], true, table), table)
        if difference:
            told.append(f"{name}:\n{difference}")
    assert not told, "\n".join(told)
