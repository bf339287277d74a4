"""The whole lab against its own truth: every row of every table, and nothing else."""

import pytest
from django.db import transaction

from development.lab.compare import compare
from nautobot_topology_cache.catalog import CATALOG
from tests.doors.played import configured
from tests.doors.snapshot import contract_rows

pytestmark = pytest.mark.django_db
FAILURES = {"auth": "auth", "silent": "unreachable"}
"""How a device that does not play along says so in the truth -> the first word of its failure."""


@pytest.fixture(scope="module")
def found(django_db_setup, django_db_blocker, lab_process):
    """Device -> what one discovery of the whole lab says of it; the database is left as it was."""
    lab_process.reset()
    # The silent device is not worth the time that a real one gets.
    quick = configured(banner_timeout=5, connect_retries=0)
    with django_db_blocker.unblock(), transaction.atomic(), quick:
        told = _discovered(lab_process)
        transaction.set_rollback(True)
    return told


def _discovered(lab):
    run = lab.discovered()
    return {
        item.device_name: {
            "status": item.status,
            "error": item.error,
            "connections": item.connections,
            "commands_sent": item.commands_sent,
            "counted": lab.counted(item.device_name),
            "tables": item.tables,
            "rows": contract_rows(item.device),
        }
        for item in run.items.select_related("device")
    }


def _ended(figures):
    """Outcome and counts; `not_enabled` is the one reason that the truth knows too."""
    word = figures["reason"].partition(":")[0]
    return (
        word if word == "not_enabled" else figures["outcome"],
        figures["filtered"],
        figures["rejected"],
        figures["unparsed"],
    )


@pytest.fixture(scope="module")
def truth(lab_process):
    return lab_process.truth()["devices"]


@pytest.mark.parametrize("table", CATALOG)
def test_every_row_and_nothing_else(table, found, truth):
    told = []
    for name, device in truth.items():
        true = device["tables"].get(table, {"rows": []})
        difference = compare(true["rows"], found[name]["rows"][table], table)
        if difference:
            told.append(f"{name}:\n{difference}")
    assert not told, "\n".join(told)


@pytest.mark.parametrize("table", CATALOG)
def test_every_table_ends_as_it_should(table, found, truth):
    ended = {
        name: (device["tables"][table]["outcome"], device["tables"][table]["filtered"], 0, 0)
        for name, device in truth.items()
        if table in device["tables"]
    }
    assert {name: _ended(found[name]["tables"][table]) for name in ended} == ended


def test_every_device_answers_or_says_why_not(found, truth):
    assert set(found) == set(truth)
    for name, device in truth.items():
        word = FAILURES.get(device["answers"])
        told = (found[name]["status"], found[name]["error"].partition(":")[0])
        assert told == (("failed", word) if word else ("completed", "")), name


def test_both_sides_counted_the_same(found):
    for name, told in found.items():
        counted = told["counted"]
        assert (told["connections"], told["commands_sent"]) == (counted["connections"], counted["commands"]), name


def test_one_connection_to_every_device_that_answers(found, truth):
    assert {found[name]["connections"] for name, device in truth.items() if device["answers"] == "yes"} == {1}


def test_a_lost_or_invented_row_is_seen(found, truth):
    rows = found["ost-core-01"]["rows"]["routes"]
    true = truth["ost-core-01"]["tables"]["routes"]["rows"]
    assert len(compare(true, rows[1:], "routes").missing) == 1
    assert len(compare(true[1:], rows, "routes").extra) == 1
    changed = [{**rows[0], "metric": -1}, *rows[1:]]
    assert compare(true, changed, "routes").differing
