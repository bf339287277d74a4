"""Faults of a device and of its answers, all in one run; each id is looked at apart."""

import pytest

from development import faults
from nautobot_topology_cache.catalog import CATALOG
from tests.faults.photograph import STATE, changed_tables, differences
from tests.faults.storm import ARP, EDITS, KNOBS, UNHURT, storm

pytestmark = pytest.mark.django_db
TABLES_OF_ANSWERS = {"blank": "interfaces"}
"""The table that the fault concerns, where it is not arp_entries."""
DEVICE_CACHE = "nautobot_topology_cache_devicecache"
SIMPLE = [one for one in faults.FAULTS if one.rows in (faults.KEPT, faults.RIGHT) and one.id in KNOBS | EDITS]


@pytest.fixture(scope="module")
def seen(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), storm(tmp_path_factory.mktemp("storm")) as seen:
        pass
    return seen


def ending(item) -> str:
    """Status and reason, in the words of the table of faults."""
    word = item.error.partition(":")[0]
    if item.status == "failed":
        return f"failed: {word}"
    told = [
        f"{name}: {figures['reason'].partition(':')[0]}"
        for name, figures in item.tables.items()
        if figures["outcome"] == "failed"
    ]
    told += [
        f"`{ARP}` unsupported" for one in item.commands if (one["command"], one["outcome"]) == (ARP, "unsupported")
    ]
    return f"{item.status}: {', '.join(told)}" if told else item.status


def stale_tables(seen, fault) -> set[str]:
    return {name for name, found in seen.stale[fault].items() if found and found != {False}}


def filled(seen, fault) -> set[str]:
    return {name for name, rows in seen.rows[fault].items() if rows}


def rows_seen(seen, fault, stated) -> str:
    """What is true of the device's rows, in the table's words where one of them fits."""
    changed = changed_tables(seen.before, seen.after, seen.devices[fault].pk)
    stale = stale_tables(seen, fault)
    if changed or seen.untrue[fault]:
        return f"changed are {sorted(changed)}, untrue {seen.untrue[fault]}, stale {sorted(stale)}"
    if not stale:
        return faults.RIGHT
    concerned = (
        filled(seen, fault) if stated.ends.startswith("failed") else {TABLES_OF_ANSWERS.get(fault, "arp_entries")}
    )
    return faults.KEPT if stale == concerned else f"kept, stale are {sorted(stale)}"


@pytest.mark.parametrize("fault", [one.id for one in SIMPLE])
def test_a_fault_ends_as_stated(seen, fault, observe):
    stated = faults.BY_ID[fault]
    observe(fault, ending(seen.items[fault]), rows_seen(seen, fault, stated))


def test_a_device_that_knows_only_sha_1_is_reached_where_that_is_allowed(seen, observe):
    allowed = "sha1_only, ssh_legacy"
    shut, opened = (rows_seen(seen, one, faults.BY_ID["sha1_only"]) for one in ("sha1_only", allowed))
    told = {faults.KEPT: "its rows are kept", faults.RIGHT: "right"}
    observe(
        "sha1_only",
        f"{ending(seen.items['sha1_only'])}, and with `ssh_legacy` {ending(seen.items[allowed])}",
        f"{told.get(shut, shut)}, and with `ssh_legacy` {told.get(opened, opened)}",
    )
    assert "ssh_legacy" in seen.items["sha1_only"].error


def test_a_description_in_another_encoding(seen, observe):
    fault = "wrong_encoding"
    rows = [row for row in seen.rows[fault]["interfaces"] if row["description"].startswith("B\ufffdro ")]
    changed = changed_tables(seen.before, seen.after, seen.devices[fault].pk)
    figures = seen.items[fault].tables["interfaces"]
    as_stated = len(rows) == figures["changed"] == 1 and changed == {"interfaces"} and not stale_tables(seen, fault)
    observe(fault, ending(seen.items[fault]), faults.BY_ID[fault].rows if as_stated else f"{rows} {figures}")


def test_a_row_that_does_not_fit(seen, observe):
    fault = "misfit_row"
    item = seen.items[fault]
    figures = item.tables["arp_entries"]
    missing = [row for row in seen.missing[fault]["arp_entries"] if row]
    changed = changed_tables(seen.before, seen.after, seen.devices[fault].pk)
    as_stated = len(missing) == figures["rejected"] == 1 and not figures["removed"] and changed == {"arp_entries"}
    observe(fault, ending(item), faults.BY_ID[fault].rows if as_stated else f"{missing} {figures} {changed}")
    (rejected,) = item.detail["rejected"]
    assert "10.1.99.300" in str(rejected["row"])


def test_printed_twice_is_counted(seen):
    figures = seen.items["duplicate_rows"].tables["arp_entries"]
    assert figures["filtered"] == figures["stored"] == figures["unchanged"] > 10


def test_nothing_else_in_the_database_has_changed(seen):
    """No row of Nautobot's, no row of another device, no known key and no lease."""
    changing = {"wrong_encoding": {"interfaces"}, "misfit_row": {"arp_entries"}}
    known = {str(device.pk): fault for fault, device in seen.devices.items()}
    for table, owner in differences(seen.before, seen.after):
        fault = known.get(owner)
        assert fault, (table, owner)
        if table in STATE:
            continue
        if table == DEVICE_CACHE:
            # The driver of the last session, and a key that is seen for the first time.
            assert fault in {"template_missing", "template_raises", "sha1_only, ssh_legacy"}, fault
            continue
        tables = {CATALOG[name].model._meta.db_table for name in changing.get(fault, ())}
        assert table in tables, (table, fault)


@pytest.mark.parametrize("fault", [one.id for one in faults.REACHING])
def test_a_device_that_was_not_reached_keeps_its_stored_answers(seen, fault):
    place = ("nautobot_topology_cache_commandoutput", str(seen.devices[fault].pk))
    assert place not in differences(seen.before, seen.after)


@pytest.mark.parametrize("fault", UNHURT)
def test_devices_without_a_fault_are_right(seen, fault):
    assert ending(seen.items[fault]) == "completed"
    assert not changed_tables(seen.before, seen.after, seen.devices[fault].pk)
    assert not stale_tables(seen, fault)
    assert not seen.untrue[fault]


def test_the_run_says_how_it_went(seen):
    assert seen.run.status == "completed_with_errors"
    assert set(seen.items) == {*KNOBS, *EDITS, *UNHURT}


@pytest.mark.parametrize("fault", ["bad_password", "locked_out", "enable_refused"])
def test_a_refused_login_is_tried_once(seen, fault):
    assert seen.counted[fault]["connections"] == 1


def test_a_changed_host_key_gets_no_password(seen):
    assert seen.counted["host_key_changed"]["logins"] == 0


def test_no_secret_was_logged(seen):
    assert not [secret for secret in seen.secrets if secret in seen.heard]
