"""Requests as doors hand them over: whatever a client sends, it is told what is wrong, in few queries."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from nautobot.dcim.models import Device, Location, LocationType
from nautobot.extras.models import DynamicGroup, SecretsGroup, Tag
from nautobot.users.models import User

from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.requests import SYNONYMS, BadRequest, Request
from tests.inventory import make_device, make_location

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return User.objects.create(username="asks", is_superuser=True)


@pytest.fixture
def device():
    return make_device("request-1")


@pytest.mark.parametrize(
    "wrong",
    [
        {"devices": [None]},
        {"devices": [{}]},
        {"devices": [{"id": 5}]},
        {"devices": [{"id": {}}]},
        {"devices": [["request-1"]]},
        {"devices": [True]},
        {"devices": 5},
        {"devices": ["a\x00b"]},
        {"devices": ["\ud800"]},
        {"devices": ["request-1"], "secrets_group": [{}]},
        {"devices": ["request-1"], "tables": 5},
        {"devices": ["request-1"], "tables": [["routes"]]},
        {"devices": ["request-1"], "tables": {"routes": True}},
        {"devices": ["request-1"], "command_ttl_minutes": 1.5},
        {"devices": ["request-1"], "command_ttl_minutes": "\u00b2"},
        {"devices": ["request-1"], "command_ttl_minutes": "--5"},
        {"devices": ["request-1"], "command_ttl_minutes": {"a": 1}},
        {"devices": ["request-1"], "concurrency": True},
        {"devices": ["request-1"], "cache_results": {"a": 1}},
        {"devices": ["request-1"], "include_arp": "perhaps"},
        {"location": {"name": None}},
    ],
    ids=str,
)
def test_whatever_is_sent_is_answered_by_what_is_wrong(user, device, wrong):
    Device.objects.create(
        name=None,
        device_type=device.device_type,
        role=device.role,
        status=device.status,
        location=device.location,
    )
    with pytest.raises(BadRequest) as caught:
        Request.from_names(wrong, user)
    assert set(caught.value.errors) <= set(wrong)
    assert str(caught.value).encode(), "an answer that cannot be sent"


def test_objects_are_named_by_id_by_name_or_in_person(user, device):
    for given in (device, device.pk, str(device.pk), "request-1", {"id": str(device.pk)}, {"name": "request-1"}):
        assert Request.from_names({"devices": [given]}, user).devices == (str(device.pk),)
    assert Request.from_names({"devices": "request-1"}, user).devices == (str(device.pk),)
    everything = [device, "request-1", str(device.pk)]
    assert Request.from_names({"devices": everything}, user).devices == (str(device.pk),)
    assert Request.from_names({"devices": Device.objects.all()}, user).devices == (str(device.pk),)


def test_the_number_of_queries_does_not_depend_on_the_number_of_objects(user):
    names = [make_device(f"request-{n}").name for n in range(20)]

    def made(chosen) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert len(Request.from_names({"devices": chosen}, user).devices) == len(chosen)
        return len(queries)

    assert made(names) == made(names[:1])


@pytest.mark.parametrize(
    ("given", "tables"),
    [
        ({}, set(CATALOG)),
        ({"include_arp": True}, {"arp_entries"}),
        ({"include_bgp_routes": True, "include_arp": False}, {"routes", "bgp_routes"}),
        ({"include_interfaces": True, "tables": ["neighbors"]}, {"interfaces", "ip_addresses", "neighbors"}),
        ({"include_interfaces": False}, set(CATALOG) - {"interfaces", "ip_addresses"}),
        ({"include_static_routes": False, "include_ospf_routes": True}, {"routes"}),
        (dict.fromkeys(SYNONYMS, False), {"routing_neighbors"}),
        (dict.fromkeys(SYNONYMS, "false"), {"routing_neighbors"}),
        (dict.fromkeys(SYNONYMS, True), set(CATALOG) - {"routing_neighbors"}),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_older_switches_stand_for_tables(user, device, given, tables):
    assert set(Request.from_names({"devices": [device], **given}, user).tables) == tables


def test_a_request_survives_the_database(user, device):
    request = Request.from_names({"devices": [device], "tables": ["routes"], "concurrency": "7"}, user)
    assert Request.from_options(request.as_options()) == request


def test_filters_narrow_each_other_and_named_devices_come_on_top(user):
    DynamicGroup.objects.create(
        name="far ones", content_type=ContentType.objects.get_for_model(Device), filter={"name": ["far"]}
    )
    site = make_location("Site")
    room = Location.objects.create(name="Room", location_type=room_type(site), status=site.status, parent=site)
    inside = [make_device("core", location=site), make_device("access", location=room)]
    elsewhere = make_device("far", "arista_eos", location=make_location("Elsewhere"))
    tag = Tag.objects.create(name="edge")
    tag.content_types.add(ContentType.objects.get_for_model(Device))
    for device in (inside[1], elsewhere):
        device.tags.add(tag)

    def selected(**options) -> list[str]:
        request = Request.from_names(options, user)
        request.count_members()
        return sorted(request.selected(user).values_list("name", flat=True))

    assert selected(location=["Site"]) == ["access", "core"]
    assert selected(location=["Room"]) == ["access"]
    assert selected(location=["Site", "Elsewhere"], tag=["edge"]) == ["access", "far"]
    assert selected(location=["Site"], tag=["edge"]) == ["access"]
    assert selected(location=["Site"], tag=["edge"], devices=["far"]) == ["access", "far"]
    assert selected(platform=["arista_eos"]) == ["far"]
    assert selected(role=["Switch"]) == ["access", "core", "far"]
    assert selected(dynamic_group=["far ones"]) == ["far"]
    assert selected(dynamic_group=["far ones"], location=["Site"]) == []


def test_dynamic_groups_have_the_members_that_nautobot_shows_until_they_are_counted_anew(user):
    group = DynamicGroup.objects.create(
        name="far ones", content_type=ContentType.objects.get_for_model(Device), filter={"name": ["far"]}
    )
    far = make_device("far")
    request = Request.from_names({"dynamic_group": [group]}, user)
    with CaptureQueriesContext(connection) as queries:
        assert not request.selected(user).exists()
    assert {one["sql"].split()[0] for one in queries} == {"SELECT"}
    request.count_members()
    assert list(request.selected(user)) == [far]


def test_credentials_come_from_one_secrets_group(user, device):
    groups = [SecretsGroup.objects.create(name=name) for name in ("mine", "yours")]
    with pytest.raises(BadRequest, match=r"secrets_group: Choose one\."):
        Request.from_names({"devices": [device], "secrets_group": groups}, user)
    assert Request.from_names({"devices": [device], "secrets_group": groups[:1]}, user).secrets_group


def room_type(site: Location) -> LocationType:
    kind = LocationType.objects.create(name="Room", parent=site.location_type)
    kind.content_types.add(ContentType.objects.get_for_model(Device))
    return kind
