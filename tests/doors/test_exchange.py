"""Layer 1 to a folder and back: the same rows, at the same times."""

import json
import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from nautobot.dcim.models import Device

from nautobot_topology_cache import exchange, purging
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.collect.anonymize import Anonymizer
from nautobot_topology_cache.models import CachedInterface, CachedSlice, CommandOutput, DiscoveryRun
from tests.app import factories
from tests.doors.conftest import DEVICE
from tests.doors.snapshot import outputs, rows, slices
from tests.inventory import make_device

pytestmark = pytest.mark.django_db


def run_command(*given: str) -> None:
    call_command("topology_cache", *given)


def emptied(user) -> None:
    purging.purge(purging.Purge.from_names({"layers": ["tables", "commands"], "devices": "all"}, user), user)


def times(device) -> dict[str, list]:
    """When what was collected, and since when it holds."""
    spans = {
        name: sorted(map(str, spec.model.objects.filter(device=device).values_list("row_key", "valid_from")))
        for name, spec in CATALOG.items()
    }
    stored = CommandOutput.objects.filter(device=device).order_by("command")
    return {**spans, "outputs": list(stored.values_list("command", "collected_at"))}


def test_an_export_is_imported_as_the_same_rows_at_the_same_times(lab, discover, user, tmp_path, capsys):
    (device,) = lab.devices(DEVICE)
    discover(devices=[device])
    before = (rows(device), slices(device), outputs(device), times(device))
    folder = str(tmp_path / "there")
    run_command("export", folder, DEVICE)
    assert f"of 1 device in {folder}" in capsys.readouterr().out
    emptied(user)
    assert not any(rows(device).values())
    run_command("import", folder)
    assert (rows(device), slices(device), outputs(device), times(device)) == before
    assert lab.counted(DEVICE)["connections"] == 1
    item = DiscoveryRun.objects.latest("created_at").items.get()
    assert (item.status, item.connections, item.commands_sent) == ("completed", 0, 0)


def test_an_anonymized_export_has_the_same_structure_and_none_of_the_names(lab, discover, user, tmp_path):
    (device,) = lab.devices(DEVICE)
    discover(devices=[device])
    before = {name: len(found) for name, found in rows(device).items()}
    secret = {row["ip_address"] for row in rows(device)["arp_entries"]}
    secret |= {row["mac_address"].lower() for row in rows(device)["arp_entries"]}
    secret |= {row["neighbor_hostname"].lower() for row in rows(device)["neighbors"]} | {DEVICE}
    run_command("export", str(tmp_path), DEVICE, "--anonymize", "--key", "ours")
    told = "".join(path.read_text().lower() for path in tmp_path.rglob("*.*") if path.is_file())
    assert {word for word in secret if f"{word} " in told or f"{word}\n" in told} == set()
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert folder.name == Anonymizer(b"ours", frozenset()).name(DEVICE)
    emptied(user)
    folder.rename(tmp_path / DEVICE)
    (tmp_path / exchange.INVENTORY).unlink()
    run_command("import", str(tmp_path))
    assert {name: len(found) for name, found in rows(device).items()} == before


@pytest.fixture
def folder(network, devices, discover, user, tmp_path):
    """An export of wordy-1, of which nothing is stored any more."""
    discover(devices=[devices[0]])
    run_command("export", str(tmp_path), "--all")
    emptied(user)
    return tmp_path


def test_what_is_older_than_what_is_stored_changes_nothing(folder, devices, discover, capsys):
    discover(devices=[devices[0]], force_refresh=True)
    before = (rows(devices[0]), outputs(devices[0]), times(devices[0]))
    run_command("import", str(folder), "--collected-at", "2020-01-01T00:00:00Z", "--json")
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["devices"][0]["tables"]["interfaces"]["reason"] == "older: a newer answer is stored"
    assert (rows(devices[0]), outputs(devices[0]), times(devices[0])) == before


def test_a_moment_that_is_given_is_when_the_answers_were_given(folder, devices):
    run_command("import", str(folder), "--collected-at", "2026-01-02T03:04:05Z")
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert set(CommandOutput.objects.values_list("collected_at", flat=True)) == {at}
    assert set(CachedInterface.objects.values_list("valid_from", flat=True)) == {at}


def test_a_file_from_the_future_is_from_now(folder, devices):
    future = (timezone.now() + timedelta(days=400)).timestamp()
    for path in folder.rglob("*.txt"):
        os.utime(path, (future, future))
    run_command("import", str(folder))
    assert all(at <= timezone.now() for at in CommandOutput.objects.values_list("collected_at", flat=True))


def test_a_command_without_a_file_is_not_asked(folder, devices, discover):
    discover(devices=[devices[0]], force_refresh=True)
    before = slices(devices[0])
    for path in folder.rglob("*.txt"):
        if path.stem != "ports":
            path.unlink()
    os.utime(folder / "wordy-1" / "ports.txt")
    run_command("import", str(folder))
    changed = [
        one for one, was in zip(slices(devices[0]), before, strict=True) if {**one, "digest": 0} != {**was, "digest": 0}
    ]
    assert changed == []
    assert CachedSlice.objects.get(device=devices[0], command="ports").outcome == "ok"


def test_folders_are_devices_by_the_inventory(folder, devices, capsys):
    (folder / "wordy-1").rename(folder / "rack 7")
    shutil.copytree(folder / "rack 7", folder / "nobody")
    (folder / exchange.INVENTORY).write_text("devices:\n- hostname: rack 7\n  device: wordy-2\n")
    run_command("import", str(folder))
    assert "nobody: left out, there is no device nobody." in capsys.readouterr().err
    assert CachedInterface.objects.filter(device=devices[1]).count() == 2
    assert not CachedInterface.objects.exclude(device=devices[1]).exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["import", "{folder}/absent"], "is no folder"),
        (["import", "{folder}/wordy-1"], "bears the name of a device"),
        (["import", "{folder}", "--collected-at", "yesterday"], "is no moment"),
        (["import", "{folder}", "--collected-at", "2126-01-01T00:00:00Z"], "in the future"),
        (["export", "{folder}", "--all"], "No command output is stored"),
        (["export", "{folder}/new", "nobody"], "nobody: there is none"),
        (["rebuild", "wordy-1", "--all"], "Either --all or devices"),
        (["rebuild"], "Choose devices, or filters"),
        (["purge", "--all"], "Choose what to remove"),
        (["purge", "--layer", "tables"], "Name devices, or say"),
        (["commands", "nobody"], "nobody: there is none"),
    ],
)
def test_what_cannot_be_done_is_said(folder, given, said):
    with pytest.raises(CommandError, match=said) as refused:
        run_command(*(word.format(folder=folder) for word in given))
    assert refused.value.returncode == 1


def test_a_broken_inventory_is_said(folder):
    (folder / exchange.INVENTORY).write_text("devices: {")
    with pytest.raises(CommandError, match=r"devices\.yml is no list"):
        run_command("import", str(folder))


def test_an_export_does_not_mix_with_what_is_there(folder, devices, discover):
    discover(devices=[devices[0]])
    with pytest.raises(CommandError, match="is not empty"):
        run_command("export", str(folder), "--all")


def test_purge_and_rebuild_tell_scripts_what_they_did(network, devices, discover, capsys):
    discover(devices=devices)
    capsys.readouterr()
    run_command("purge", "wordy-1", "--layer", "tables", "--json")
    assert json.loads(capsys.readouterr().out)["interfaces"] == 2
    run_command("rebuild", "--all", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["status"], [one["connections"] for one in told["devices"]]) == ("completed", [0, 0, 0])
    run_command("purge", "--all", "--layer", "commands")
    assert "Removed 18 commands." in capsys.readouterr().out
    assert Device.objects.count() == 3


def test_the_commands_of_a_device_as_a_script_wants_them(network, devices, user, capsys):
    run_command("commands", "wordy-1", "--json")
    assert ["ports"] in json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", ["_core", ".hidden", "..", "a/b", "a (2)"])
def test_whatever_a_device_is_called_its_folder_is_found_again(user, tmp_path, name):
    device = make_device(name)
    factories.make_output(device)
    written = exchange.export(tmp_path / "out", [device.pk], user)
    assert exchange.found_in(tmp_path / "out", user).folders == {device.pk: tmp_path / "out" / next(iter(written))}
