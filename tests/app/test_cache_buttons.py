"""Buttons on the page of a device's cache."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from nautobot.users.models import ObjectPermission, User

from nautobot_topology_cache.models import DeviceCache
from tests.app import factories
from tests.inventory import make_device

pytestmark = pytest.mark.django_db
APP = "plugins:nautobot_topology_cache"
ACTIONS = ("devicecache_poll", "devicecache_poll_no_more", "devicecache_forget_host_key")


@pytest.fixture
def cache():
    return factories.make_cache(make_device("a"), host_key="ssh-ed25519 AAAA")


def url(action: str, cache: DeviceCache) -> str:
    return reverse(f"{APP}:{action}", kwargs={"pk": cache.pk})


def let(user: User, model: str, *actions: str, **constraints: str) -> None:
    known = {"name": f"{model} {actions}", "actions": list(actions), "constraints": constraints or None}
    permission = ObjectPermission.objects.create(**known)
    permission.object_types.add(ContentType.objects.get(model=model))
    permission.users.add(user)


@pytest.fixture
def anybody(client):
    """A client whose user may view devices named `a` and all caches, and nothing else."""
    user = User.objects.create(username="anybody")
    let(user, "device", "view", name="a")
    let(user, "devicecache", "view")
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def root(client):
    client.force_login(User.objects.create(username="root", is_superuser=True, is_staff=True))
    return client


def test_polling_is_switched_off_and_on(root, cache):
    switches = ACTIONS[:2]
    for action, other, expected in ((*reversed(switches), False), (*switches, True)):
        page = root.get(cache.get_absolute_url()).content.decode()
        assert f'"{url(action, cache)}"' in page
        assert f'"{url(other, cache)}"' not in page
        for _ in range(2):
            answer = root.post(url(action, cache))
            cache.refresh_from_db()
            assert (answer.url, cache.polling_enabled) == (cache.get_absolute_url(), expected)


def test_a_host_key_is_forgotten(root, cache):
    assert url("devicecache_forget_host_key", cache) in root.get(cache.get_absolute_url()).content.decode()
    root.post(url("devicecache_forget_host_key", cache))
    cache.refresh_from_db()
    assert cache.host_key == ""
    assert url("devicecache_forget_host_key", cache) not in root.get(cache.get_absolute_url()).content.decode()


@pytest.mark.parametrize("action", ACTIONS)
def test_another_permission_is_not_enough(anybody, cache, action):
    let(anybody.user, "devicecache", "add", "delete")
    assert anybody.post(url(action, cache)).status_code == 403
    before = (cache.polling_enabled, cache.host_key)
    cache.refresh_from_db()
    assert (cache.polling_enabled, cache.host_key) == before
    page = anybody.get(cache.get_absolute_url()).content.decode()
    assert url(action, cache) not in page


@pytest.mark.parametrize("action", ACTIONS)
def test_the_permission_is_enough_for_devices_that_one_may_view(anybody, cache, action):
    hidden = factories.make_cache(make_device("hidden"), host_key="ssh-ed25519 AAAA")
    let(anybody.user, "devicecache", "change")
    assert anybody.post(url(action, hidden)).status_code == 404
    assert anybody.post(url(action, cache)).url == cache.get_absolute_url()
    assert [one.host_key for one in (again(hidden), again(cache))] == [
        "ssh-ed25519 AAAA",
        "" if action == "devicecache_forget_host_key" else "ssh-ed25519 AAAA",
    ]


def again(cache: DeviceCache) -> DeviceCache:
    return DeviceCache.objects.get(pk=cache.pk)


@pytest.mark.parametrize("actions", [["change"], ["add", "delete"], []], ids=["change", "add and delete", "view"])
def test_a_host_key_is_forgotten_over_rest_by_change_alone(anybody, cache, actions):
    if actions:
        let(anybody.user, "devicecache", *actions)
    where = reverse("plugins-api:nautobot_topology_cache-api:devicecache-forget-host-key", kwargs={"pk": cache.pk})
    allowed = actions == ["change"]
    assert anybody.post(where).status_code == (200 if allowed else 403)
    assert again(cache).host_key == ("" if allowed else "ssh-ed25519 AAAA")


@pytest.mark.parametrize("action", ACTIONS)
def test_looking_changes_nothing(root, cache, action):
    assert root.get(url(action, cache)).status_code == 405


def test_jobs_are_offered_with_the_device_chosen(root, cache):
    page = root.get(cache.get_absolute_url()).content.decode()
    for job in ("RebuildTables", "PurgeCache"):
        form = reverse("extras:job_run_by_class_path", kwargs={"class_path": f"nautobot_topology_cache.jobs.{job}"})
        assert f"{form}?devices={cache.device_id}" in page
        assert root.get(f"{form}?devices={cache.device_id}").context["job_form"].initial["devices"] == [
            str(cache.device_id)
        ]
