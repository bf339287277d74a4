"""What cannot be discovered says why, and costs no row."""

import io

import pytest
from django.core.management import call_command
from nautobot.dcim.models import Platform
from nautobot.extras.models import Secret

from nautobot_topology_cache.models import DiscoveryRun
from nautobot_topology_cache.requests import BadRequest
from tests.doors.conftest import DEVICE
from tests.doors.played import configured
from tests.doors.snapshot import rows, table_sizes
from tests.inventory import make_device, make_location

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(lab):
    (device,) = lab.devices(DEVICE)
    return device


def without(**values):
    """A change of the Device's own columns."""

    def change(device):
        type(device).objects.filter(pk=device.pk).update(**values)

    return change


def of_driver(driver):
    def change(device):
        platform, _ = Platform.objects.get_or_create(name=f"of {driver}", defaults={"network_driver": driver})
        type(device).objects.filter(pk=device.pk).update(platform=platform)

    return change


def without_secret(secret_type):
    def change(device):
        device.secrets_group.secrets_group_associations.filter(secret_type=secret_type).delete()

    return change


def unreadable_secret(device):
    Secret.objects.update(parameters={"path": "/nowhere/password"})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (without(platform=None), "The device has no platform"),
        (of_driver(""), "has no network driver"),
        (of_driver("cisco_wlc"), "The network driver cisco_wlc is not supported"),
        (without(primary_ip4=None), "The device has no primary IP address"),
        (without(secrets_group=None), "The device has no secrets group"),
        (without_secret("username"), "gives no username with a password or a private key"),
        (without_secret("password"), "gives no username with a password or a private key"),
        (unreadable_secret, "cannot be read"),
    ],
)
def test_a_device_that_lacks_something_is_skipped_with_the_reason(lab, device, discover, change, reason):
    change(device)
    run = discover(devices=[device])
    item = run.items.get()
    assert (run.status, item.status, item.connections) == ("failed", "skipped", 0)
    assert reason in item.error
    assert not any(table_sizes().values())
    assert lab.counted(DEVICE)["connections"] == 0


def test_the_others_are_discovered_all_the_same(lab, device, discover):
    without(platform=None)(device)
    (other,) = lab.devices("ost-core-02")
    run = discover(devices=[device, other], tables=["interfaces"])
    assert dict(run.items.values_list("device_name", "status")) == {DEVICE: "skipped", "ost-core-02": "completed"}
    assert run.status == "completed_with_errors"


@pytest.mark.parametrize(
    ("trouble", "word", "connections"), [({"auth_failure": True}, "auth", 1), ({"refuse": True}, "unreachable", None)]
)
def test_a_device_that_does_not_let_us_in_keeps_its_rows_and_they_are_stale(
    lab, device, discover, trouble, word, connections
):
    discover(devices=[device], tables=["interfaces", "arp_entries"])
    before, sizes = unmarked(rows(device)), table_sizes()
    lab.reset()
    lab.turn(DEVICE, **trouble)
    run = discover(devices=[device], tables=["interfaces", "arp_entries"], force_refresh=True)
    item = run.items.get()
    assert (run.status, item.status, item.error.partition(":")[0]) == ("failed", "failed", word)
    assert {(figures["outcome"], figures["reason"].partition(":")[0]) for figures in item.tables.values()} == {
        ("failed", word)
    }
    assert unmarked(rows(device)) == before
    assert table_sizes() == sizes
    assert {row["stale"] for row in rows(device)["arp_entries"]} == {True}
    assert connections is None or lab.counted(DEVICE)["connections"] == connections


def unmarked(found):
    return {name: [{**row, "stale": None} for row in table] for name, table in found.items()}


def test_the_refused_password_is_nowhere(lab, device, discover):
    lab.turn(DEVICE, auth_failure=True)
    run = discover(devices=[device])
    said = [run.__dict__, *run.items.values()]
    assert lab.inventory["password"] not in str(said)
    assert lab.inventory["secret"] not in str(said)


def test_a_port_where_nobody_listens(lab, discover):
    (device,) = lab.devices(DEVICE, port=1)
    with configured(connect_retries=0):
        item = discover(devices=[device]).items.get()
    assert (item.status, item.error.partition(":")[0], item.connections) == ("failed", "unreachable", 0)


def test_a_dry_run_lists_the_commands_and_connects_to_nothing(lab, device, discover):
    item = discover(devices=[device], dry_run=True).items.get()
    assert (item.status, item.connections, item.commands_sent) == ("completed", 0, 0)
    assert {one["reason"] for one in item.commands} == {"dry run"}
    assert not any(table_sizes().values())
    assert lab.counted(DEVICE)["connections"] == 0
    printed = io.StringIO()
    call_command("topology_cache", "commands", DEVICE, stdout=printed)
    assert [line.partition("  (")[0] for line in printed.getvalue().splitlines()] == [
        one["command"] for one in item.commands
    ]


def test_a_dry_run_on_the_command_line_prints_what_it_would_ask(device, user, capsys):
    call_command("topology_cache", "discover", DEVICE, "--dry-run")
    device_line, *commands, run_line = capsys.readouterr().out.splitlines()
    assert device_line == f"{DEVICE}: dry run; {len(commands)} commands would be sent"
    assert [line.strip() for line in commands] == [
        one["command"] for one in DiscoveryRun.objects.get().items.get().commands
    ]
    assert run_line.startswith("run ")


def test_the_command_line_prints_the_tables_that_were_asked_for(device, user, capsys):
    call_command("topology_cache", "discover", DEVICE, "--tables", "routes")
    told = capsys.readouterr().out
    assert "\nroutes " in told
    assert "\ninterfaces " not in told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, {"devices": "Choose devices, or filters"}),
        ({"devices": ["nobody"]}, {"devices": "nobody: there is none that you may view"}),
        ({"devices": ["twice"]}, {"devices": "twice: more than one object bears this name"}),
        ({"location": ["Nowhere"]}, {"location": "Nowhere: there is none that you may view"}),
        ({"devices": [DEVICE], "tables": ["roads"]}, {"tables": "There is no table roads"}),
        ({"devices": [DEVICE], "colour": "red"}, {"colour": "There is no such option"}),
        ({"devices": [DEVICE], "force_refresh": "perhaps"}, {"force_refresh": "perhaps is neither true nor false"}),
        ({"devices": [DEVICE], "concurrency": 0}, {"concurrency": "0 is not a whole number from 1 to"}),
        ({"devices": [DEVICE], "secrets_group": "None"}, {"secrets_group": "None: there is none that you may view"}),
        ({"devices": ["nobody"], "tables": ["roads"]}, {"devices": "nobody", "tables": "roads"}),
    ],
)
def test_a_request_that_cannot_be_carried_out_names_what_is_wrong(lab, device, discover, options, told):
    for place in ("Here", "There"):
        make_device("twice", location=make_location(place))
    with pytest.raises(BadRequest) as caught:
        discover(**options)
    assert set(caught.value.errors) == set(told)
    for option, text in told.items():
        assert text in " ".join(caught.value.errors[option])


def test_devices_of_locations_that_the_user_may_not_view_do_not_exist(lab, device, user, discover):
    user.is_superuser = False
    user.save()
    with pytest.raises(BadRequest) as caught:
        discover(devices=[DEVICE])
    assert "there is none that you may view" in caught.value.errors["devices"][0]
