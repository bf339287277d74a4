"""Layer 1 replaces the wire, not the flow."""

import pytest
from nautobot.dcim.models import Device, VirtualChassis

from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.models import CachedSlice, CommandOutput
from tests.doors.conftest import DEVICE
from tests.doors.snapshot import everything, outputs, rows, slices, table_sizes
from tests.inventory import make_device

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(lab):
    (device,) = lab.devices(DEVICE)
    return device


def empty_layer_2(device):
    """As a purge of tables does: rows and slices together."""
    for spec in CATALOG.values():
        found = spec.model.versions.filter(device=device)
        found._raw_delete(found.db)
    CachedSlice.objects.filter(device=device).delete()


def test_the_use_case_fills_both_layers(expected):
    assert expected["item"]["status"] == ("completed", "completed")
    assert expected["outputs"]
    filled = {name for name, found in expected["rows"].items() if found}
    assert filled == {name for name, figures in expected["item"]["tables"].items() if figures["stored"]}
    assert filled >= set(CATALOG) - {"mac_addresses", "bgp_routes"}


def test_a_warm_layer_1_fills_an_emptied_layer_2_without_a_connection(lab, device, discover):
    first = everything(device, discover(devices=[device]))
    assert lab.counted(DEVICE)["connections"] == 1
    empty_layer_2(device)
    assert not any(rows(device).values())
    run = discover(devices=[device])
    assert everything(device, run) == first
    item = run.items.get()
    assert (item.connections, item.commands_sent) == (0, 0)
    assert item.cache_hits == len(item.commands) > 0
    assert {one["source"] for one in item.commands} == {"cache"}
    assert lab.counted(DEVICE)["connections"] == 1


def test_a_second_run_changes_nothing_and_connects_to_nothing(lab, device, discover):
    discover(devices=[device])
    before, sizes = everything(device, discover(devices=[device])), table_sizes()
    assert all(not (one["added"] or one["changed"] or one["removed"]) for one in before["item"]["tables"].values())
    assert table_sizes() == sizes
    assert lab.counted(DEVICE)["connections"] == 1


def test_one_login_and_each_command_once(lab, device, discover):
    item = discover(devices=[device]).items.get()
    asked = [(one["command"], one["context"]) for one in item.commands]
    assert len(asked) == len(set(asked))
    assert lab.counted(DEVICE) | {"setup_commands": 0} == {
        "connections": 1,
        "logins": 1,
        "commands": item.commands_sent,
        "setup_commands": 0,
    }
    assert item.commands_sent == len(asked)


def test_force_refresh_asks_the_device_and_renews_layer_1(lab, device, discover):
    discover(devices=[device])
    before = dict(CommandOutput.objects.values_list("command", "collected_at"))
    item = discover(devices=[device], force_refresh=True).items.get()
    assert (item.connections, item.cache_hits) == (1, 0)
    assert lab.counted(DEVICE)["connections"] == 2
    assert all(CommandOutput.objects.get(command=name).collected_at > at for name, at in before.items())
    assert {row["stale"] for table in rows(device).values() for row in table} == {False}


def test_an_expired_answer_is_asked_again(lab, device, discover):
    discover(devices=[device])
    item = discover(devices=[device], command_ttl_minutes=0).items.get()
    assert (item.connections, item.cache_hits) == (1, 0)
    assert lab.counted(DEVICE)["connections"] == 2


def test_what_layer_1_lacks_is_asked_and_nothing_else(lab, device, discover):
    first = discover(devices=[device]).items.get()
    CommandOutput.objects.filter(device=device, command="show version").delete()
    forgotten = CommandOutput.objects.filter(device=device).order_by("command").first()
    forgotten.delete()
    item = discover(devices=[device]).items.get()
    assert [one["command"] for one in item.commands if one["source"] == "device"] == [forgotten.command]
    assert (item.connections, item.commands_sent, item.cache_hits) == (1, 1, len(first.commands) - 1)


def test_a_run_that_does_not_cache_contacts_the_device_and_leaves_both_layers_alone(lab, device, discover):
    discover(devices=[device], tables=["interfaces"])
    before, states = table_sizes(), (slices(device), outputs(device))
    item = discover(devices=[device], cache_results=False).items.get()
    assert table_sizes() == before
    assert (slices(device), outputs(device)) == states
    assert (item.connections, item.cache_hits) == (1, 0)
    assert lab.counted(DEVICE)["connections"] == 2
    assert {name: len(found) for name, found in item.rows.items()} == {
        name: figures["stored"] for name, figures in item.tables.items()
    }


def test_the_rows_of_a_run_that_does_not_cache_are_those_that_it_would_have_stored(device, discover):
    item = discover(devices=[device], cache_results=False).items.get()
    discover(devices=[device])
    for name, spec in CATALOG.items():
        stored = list(spec.model.objects.filter(device=device).values(*spec.columns))
        told = [{column: row[column] for column in spec.columns} for row in item.rows.get(name, [])]
        assert sorted(map(repr, told)) == sorted(map(repr, stored)), name


def test_a_switch_chooses_commands_and_what_they_print_is_kept(lab, device, discover):
    item = discover(devices=[device], tables=["arp_entries"]).items.get()
    assert item.tables["arp_entries"]["outcome"] == "ok"
    assert lab.counted(DEVICE)["commands"] == len(item.commands) < 10
    assert {name for name, found in rows(device).items() if found} == {
        name for name, figures in item.tables.items() if figures["stored"]
    }


def test_the_members_of_a_virtual_chassis_cost_one_login(lab, device, discover):
    members = [device, *(make_device(f"{DEVICE}-{n}") for n in (2, 3))]
    chassis = VirtualChassis.objects.create(name="stack", master=device)
    Device.objects.filter(pk__in=[one.pk for one in members]).update(virtual_chassis=chassis)
    run = discover(devices=members)
    assert [(item.device_id, item.status, item.connections) for item in run.items.all()] == [
        (device.pk, "completed", 1)
    ]
    assert {kind: lab.counted(DEVICE)[kind] for kind in ("connections", "logins")} == {"connections": 1, "logins": 1}
