"""A purge removes what was asked for, of whom the user may purge, and nothing else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from nautobot.dcim.models import Device

from nautobot_topology_cache import leases, purging
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.models import (
    CachedRow,
    CachedSlice,
    CommandOutput,
    DeviceCache,
    DiscoveryRun,
    DiscoveryRunItem,
)
from nautobot_topology_cache.requests import BadRequest
from tests.app import factories
from tests.app.test_permissions import grant
from tests.inventory import make_device, make_location

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=100)


@pytest.fixture
def root():
    return get_user_model().objects.create_superuser("root")


@pytest.fixture
def devices():
    """Two devices with a current and a closed row in every table, an output each, and a run over both."""
    devices = [make_device(f"purged-{n}", location=make_location(f"Place {n}")) for n in (1, 2)]
    for n, device in enumerate(devices, 1):
        factories.make_cache(device, polling_enabled=False, host_key="ssh-ed25519 AAAA")
        factories.make_output(device, n)
        for table in CATALOG:
            factories.make_row(table, device, 10 * n)
            factories.make_row(table, device, 10 * n + 1, valid_to=timezone.now() - timedelta(days=10))
    factories.make_run(*devices)
    return devices


def purge(user, **given) -> dict[str, int]:
    return purging.purge(purging.Purge.from_names({"devices": "all", **given}, user), user)


def kept(device: Device) -> dict[str, int]:
    """What is stored of a device."""
    tables = {name: spec.model.versions.filter(device=device).count() for name, spec in CATALOG.items()}
    models = {"slices": CachedSlice, "commands": CommandOutput, "caches": DeviceCache, "run_items": DiscoveryRunItem}
    return tables | {name: model.objects.filter(device=device).count() for name, model in models.items()}


def aged(device: Device, by: timedelta) -> None:
    """As if all that is known of the device had been collected so long ago."""
    then = timezone.now() - by
    CachedSlice.objects.filter(device=device).update(collected_at=then, attempted_at=then)
    CommandOutput.objects.filter(device=device).update(collected_at=then)


def test_tables_go_with_their_slices_and_leave_layer_1_alone(root, devices):
    before = kept(devices[0])
    removed = purge(root, layers=["tables"], devices=[devices[0].name])
    assert removed == {**dict.fromkeys(CATALOG, 2), "slices": len(CATALOG), "busy_devices": 0}
    gone = dict.fromkeys((*CATALOG, "slices"), 0)
    assert kept(devices[0]) == before | gone
    assert kept(devices[1]) == before


def test_commands_go_and_leave_layer_2_alone(root, devices):
    before = kept(devices[0])
    assert purge(root, layers=["commands"]) == {"commands": 2, "busy_devices": 0}
    assert kept(devices[0]) == before | {"commands": 0}


def test_what_people_and_sessions_decided_outlives_every_purge(root, devices):
    purge(root, layers=["commands", "tables", "runs"], older_than_days=0)
    purge(root, layers=["commands", "tables", "runs"])
    for cache in DeviceCache.objects.all():
        assert (cache.polling_enabled, cache.host_key, cache.driver) == (False, "ssh-ed25519 AAAA", "cisco_xe")
    assert Device.objects.filter(pk__in=[one.pk for one in devices]).count() == 2


def test_history_alone_goes_by_the_day_it_was_closed(root, devices):
    assert sum(purge(root, layers=["tables"], history_only=True).values()) == 0
    removed = purge(root, layers=["tables"], history_only=True, older_than_days=9)
    assert removed == {**dict.fromkeys(CATALOG, 2), "slices": 0, "busy_devices": 0}
    assert kept(devices[0]) == {**dict.fromkeys(CATALOG, 1), **_states()}


def _states() -> dict[str, int]:
    return {"slices": len(CATALOG), "commands": 1, "caches": 1, "run_items": 1}


def test_history_goes_after_the_days_of_the_setting(root, devices):
    for spec in CATALOG.values():
        spec.model.versions.filter(valid_to__isnull=False).update(valid_to=timezone.now() - timedelta(days=91))
    assert purge(root, layers=["tables"], history_only=True)["routes"] == 2
    assert kept(devices[0]) == {**dict.fromkeys(CATALOG, 1), **_states()}


def test_a_slice_that_is_not_asked_any_more_is_history(root, devices):
    factories.make_slice(devices[0], "routes", context="RED", closed_at=timezone.now() - LONG_AGO)
    assert purge(root, layers=["tables"], history_only=True)["slices"] == 1


def test_an_age_spares_what_was_heard_since(root, devices):
    aged(devices[0], LONG_AGO)
    removed = purge(root, layers=["commands", "tables"], older_than_days=30)
    assert removed == {**dict.fromkeys(CATALOG, 2), "slices": len(CATALOG), "commands": 1, "busy_devices": 0}
    assert not any(kept(devices[0])[name] for name in (*CATALOG, "slices", "commands"))
    assert kept(devices[1]) == {**dict.fromkeys(CATALOG, 2), **_states()}


def test_runs_go_after_the_days_of_the_setting_and_those_in_progress_stay(root, devices):
    old, working = DiscoveryRun.objects.get(), factories.make_run(devices[0], status="in_progress", completed_at=None)
    assert purge(root, layers=["runs"]) == {"runs": 0, "run_items": 0}
    DiscoveryRun.objects.update(created_at=timezone.now() - timedelta(days=31))
    assert purge(root, layers=["runs"]) == {"runs": 1, "run_items": 2}
    assert list(DiscoveryRun.objects.all()) == [working]
    assert not DiscoveryRunItem.objects.filter(run=old.pk).exists()


def test_a_run_with_other_devices_keeps_theirs(root, devices):
    assert purge(root, layers=["runs"], devices=[devices[0]], older_than_days=0) == {"runs": 0, "run_items": 1}
    assert DiscoveryRun.objects.get().items.get().device == devices[1]


def test_a_device_that_a_run_holds_is_left_alone_until_its_lease_is_over(root, devices):
    holder, before = uuid4(), kept(devices[0])
    leases.take(devices[0].pk, holder, 60)
    removed = purge(root, layers=["tables", "commands"])
    assert (removed["busy_devices"], removed["commands"], removed["routes"]) == (1, 1, 2)
    assert kept(devices[0]) == before
    leases.give_back(devices[0].pk, holder)
    assert purge(root, layers=["tables"])["routes"] == 2


def test_a_purge_reaches_the_devices_that_its_user_may_view_and_purge(devices):
    user = get_user_model().objects.create_user("limited")
    before = kept(devices[1])
    grant(user, Device, actions=["view"], constraints={"location": str(devices[0].location_id)})
    assert not any(purge(user, layers=["tables", "commands", "runs"], older_than_days=0).values())
    grant(user, DeviceCache, actions=["delete"])
    user = get_user_model().objects.get(pk=user.pk)
    removed = purge(user, layers=["tables", "commands"])
    assert (removed["commands"], removed["routes"]) == (1, 2)
    assert purge(user, layers=["runs"], older_than_days=0) == {"runs": 0, "run_items": 1}
    assert kept(devices[1]) == before
    with pytest.raises(BadRequest, match="purged-2: there is none that you may view"):
        purge(user, layers=["tables"], devices=["purged-2"])


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({"layers": []}, "layers"),
        ({"layers": ["rows"]}, "layers"),
        ({"layers": ["tables"], "devices": []}, "devices"),
        ({"layers": ["tables"], "devices": ["nobody"]}, "devices"),
        ({"layers": ["tables"], "older_than_days": -1}, "older_than_days"),
        ({"layers": ["tables"], "older_than_days": "soon"}, "older_than_days"),
        ({"layers": ["tables"], "history_only": "perhaps"}, "history_only"),
        ({"layers": ["commands"], "history_only": True}, "history_only"),
        ({"layers": ["tables"], "tables": ["routes"]}, "tables"),
    ],
)
def test_a_wrong_option_is_named_and_nothing_goes(root, devices, given, option):
    before = kept(devices[0])
    with pytest.raises(BadRequest) as refused:
        purge(root, **given)
    assert list(refused.value.errors) == [option]
    assert kept(devices[0]) == before


def test_the_number_of_statements_does_not_grow_with_rows_or_devices(root, devices):
    with CaptureQueriesContext(
        connection,
    ) as few:
        purge(root, layers=["tables", "commands"])
    for n in range(10):
        device = make_device(f"more-{n}")
        factories.make_cache(device)
        for at in range(5):
            factories.make_row("routes", device, at)
    with CaptureQueriesContext(connection) as many:
        assert purge(root, layers=["tables", "commands"])["routes"] == 50
    assert len(many) == len(few)


def test_nothing_refers_to_rows_that_a_purge_removes_without_asking():
    """It removes with plain statements, which would leave references behind."""
    for model in (
        *(spec.model for spec in CATALOG.values()),
        CommandOutput,
        CachedSlice,
        DiscoveryRun,
        DiscoveryRunItem,
    ):
        found = {relation.related_model for relation in model._meta.related_objects}
        if model is CachedSlice:
            assert all(issubclass(one, CachedRow) for one in found)
        elif model is DiscoveryRun:
            assert found == {DiscoveryRunItem}
        else:
            assert not found, model
