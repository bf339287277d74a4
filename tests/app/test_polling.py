"""Polling of many devices is switched at once: from the list of caches, and over REST."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone
from nautobot.users.models import ObjectPermission, User

from nautobot_topology_cache import models
from tests.app import factories
from tests.inventory import make_device

pytestmark = pytest.mark.django_db
EDIT = "plugins:nautobot_topology_cache:devicecache_bulk_edit"
LIST = "plugins:nautobot_topology_cache:devicecache_list"
REST = "plugins-api:nautobot_topology_cache-api:devicecache-list"
YES, NO, UNDECIDED = "2", "3", "1"


@pytest.fixture
def caches():
    """Of three devices; the last one is hidden from `editor`."""
    now = {"lease_holder": "00000000-0000-4000-8000-000000000001", "lease_expires_at": timezone.now()}
    return [factories.make_cache(make_device(name), host_key="ssh-ed25519 AAAA", **now) for name in ("a", "b", "c")]


def polled() -> dict[str, bool]:
    return dict(models.DeviceCache.objects.values_list("device__name", "polling_enabled"))


def untouched() -> list[tuple]:
    return list(models.DeviceCache.objects.order_by("pk").values_list("host_key", "lease_holder", "lease_expires_at"))


def let(user: User, kind: str, *actions: str, **constraints: str) -> None:
    permission = ObjectPermission.objects.create(
        name=f"{kind} {actions}", actions=list(actions), constraints=constraints or None
    )
    permission.object_types.add(ContentType.objects.get(model=kind))
    permission.users.add(user)


@pytest.fixture
def reader(client):
    """May view devices `a` and `b`, and all caches."""
    client.user = User.objects.create(username="reader")
    let(client.user, "device", "view", name__in=["a", "b"])
    let(client.user, "devicecache", "view")
    client.force_login(client.user)
    return client


@pytest.fixture
def editor(reader):
    """May change caches, too."""
    let(reader.user, "devicecache", "change")
    return reader


def edit(client, caches, choice: str, **more: str):
    return client.post(reverse(EDIT), {"pk": [cache.pk for cache in caches], "polling_enabled": choice, **more})


def test_the_list_leads_to_a_form_for_what_is_selected(editor, caches):
    assert reverse(EDIT) in editor.get(reverse(LIST)).content.decode()
    page = editor.post(reverse(EDIT), {"pk": [caches[0].pk], "_edit": "1"}).content.decode()
    assert 'name="polling_enabled"' in page
    assert ">a<" in page.replace("\n", "").replace(" ", "")


def test_what_is_selected_is_switched_and_nothing_else_written(editor, caches):
    before = untouched()
    assert edit(editor, caches[:1], NO, _apply="1").status_code == 302
    assert polled() == {"a": False, "b": True, "c": True}
    assert edit(editor, caches[:1], YES, _apply="1").status_code == 302
    assert polled() == {"a": True, "b": True, "c": True}
    assert untouched() == before


def test_all_are_those_of_devices_that_one_may_view(editor, caches):
    edit(editor, [], NO, _apply="1", _all="1")
    assert polled() == {"a": False, "b": False, "c": True}


def test_looking_at_the_form_leads_to_the_list(client, db):
    client.force_login(User.objects.create(username="root", is_superuser=True))
    assert client.get(reverse(EDIT)).url == reverse(LIST)


def test_no_choice_changes_nothing(editor, caches):
    assert "Choose whether" in edit(editor, caches, UNDECIDED, _apply="1").content.decode()
    assert set(polled().values()) == {True}


def test_to_view_is_not_to_change(reader, caches):
    assert edit(reader, caches, NO, _apply="1").status_code == 403
    assert patch(reader, (caches[0], False)).status_code == 403
    assert set(polled().values()) == {True}


def patch(client, *wanted):
    body = [{"id": str(cache.pk), "polling_enabled": enabled} for cache, enabled in wanted]
    return client.patch(reverse(REST), body, "application/json")


def test_rest_switches_several_at_once(editor, caches):
    one, other, _ = caches
    before = untouched()
    answer = patch(editor, (one, False), (other, True))
    assert answer.status_code == 200
    assert {row["id"]: row["polling_enabled"] for row in answer.json()} == {str(one.pk): False, str(other.pk): True}
    assert polled() == {"a": False, "b": True, "c": True}
    assert untouched() == before


def test_rest_names_what_is_not_there_and_switches_none(editor, caches):
    answer = patch(editor, (caches[0], False), (caches[2], False))
    assert (answer.status_code, answer.json()) == (400, {"id": [f"There is no device cache {caches[2].pk}."]})
    assert set(polled().values()) == {True}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "non_field_errors"),
        ([], "non_field_errors"),
        (["x"], "non_field_errors"),
        ([{"polling_enabled": True}], "id"),
        ([{"id": "x", "polling_enabled": True}], "id"),
        ([{"id": "00000000-0000-4000-8000-000000000001"}], "polling_enabled"),
        ([{"id": "00000000-0000-4000-8000-000000000001", "polling_enabled": True, "host_key": ""}], "host_key"),
    ],
)
def test_rest_names_what_is_wrong(editor, body, named):
    answer = editor.patch(reverse(REST), body, "application/json")
    assert answer.status_code == 400
    assert named in str(answer.json())
