"""Runs that follow neighbors: who joins by whom, who cannot, and where it ends."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from nautobot.users.models import ObjectPermission, User

from nautobot_topology_cache.models import DiscoveryRun
from nautobot_topology_cache.requests import BadRequest
from tests.inventory import make_device, make_location

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(network, devices):
    """wordy-1 hears wordy-2 and strangers, wordy-2 hears wordy-1 and wordy-3, wordy-3 hears wordy-2."""
    make_device("bare", "strange_os")
    hears = {
        "wordy-1": ("wordy-2", "stranger", "bare"),
        "wordy-2": ("wordy-1", "wordy-3.example.net"),
        "wordy-3": ("wordy-2",),
    }
    for name, others in hears.items():
        said = "\n".join(f"here=Gi{n} who={other} there=Gi9" for n, other in enumerate(others, 1))
        network.scripts[name] = {"heard detail": said}
    return devices


def asked(run) -> dict[str, str]:
    return dict(run.items.values_list("device_name", "status"))


def told(run, name: str, part: str) -> list[str]:
    return [one["neighbor"] for one in run.items.get(device_name=name).detail.get(part, ())]


@pytest.mark.parametrize(
    ("depth", "names"),
    [(0, {"wordy-1"}), (1, {"wordy-1", "wordy-2"}), (2, {"wordy-1", "wordy-2", "wordy-3"})],
)
def test_as_many_hops_as_were_asked_for(chain, discover, depth, names):
    run = discover(devices=chain[:1], expand_depth=depth)
    assert asked(run) == dict.fromkeys(names, "completed")
    assert run.status == "completed"


def test_the_command_line_follows_as_many(chain, user):
    call_command("topology_cache", "discover", "wordy-1", "--expand-depth", "1")
    assert set(asked(DiscoveryRun.objects.get())) == {"wordy-1", "wordy-2"}


def test_it_ends_where_nobody_new_is_heard_and_asks_each_device_once(chain, network, discover):
    run = discover(devices=chain[:1], expand_depth=9)
    assert set(asked(run)) == {"wordy-1", "wordy-2", "wordy-3"}
    assert {name: network.connections(name) for name in asked(run)} == dict.fromkeys(asked(run), 1)


def test_the_run_tells_who_was_added_by_whom_and_who_could_not_be(chain, discover):
    run = discover(devices=chain[:1], expand_depth=2)
    assert told(run, "wordy-1", "joined") == ["wordy-2"]
    assert told(run, "wordy-2", "joined") == ["wordy-3.example.net"]
    left = {one["neighbor"]: one["reason"] for one in run.items.get(device_name="wordy-1").detail["left_out"]}
    assert left.keys() == {"stranger", "bare"}
    assert left["stranger"].startswith("unknown")
    assert "strange_os is not supported" in left["bare"]


def test_a_device_that_the_user_may_not_view_is_unknown(chain, discover):
    user = User.objects.create(username="limited")
    for model, constraints in (("device", {"name": "wordy-1"}), ("cachedneighbor", None), ("cachedinterface", None)):
        permission = ObjectPermission.objects.create(name=model, actions=["view"], constraints=constraints)
        permission.object_types.add(ContentType.objects.get(model=model))
        permission.users.add(user)
    run = discover(by=user, devices=chain[:1], expand_depth=2)
    assert set(asked(run)) == {"wordy-1"}
    reasons = {one["neighbor"]: one["reason"] for one in run.items.get().detail["left_out"]}
    assert reasons["wordy-2"] == reasons["stranger"]


def test_a_namesake_that_the_user_may_not_view_makes_nobody_ambiguous(chain, discover):
    user = User.objects.create(username="limited")
    make_device("Wordy-2", location=make_location("Elsewhere"))
    for model, constraints in (("device", {"name__startswith": "wordy"}), ("cachedneighbor", None)):
        permission = ObjectPermission.objects.create(name=model, actions=["view"], constraints=constraints)
        permission.object_types.add(ContentType.objects.get(model=model))
        permission.users.add(user)
    run = discover(by=user, devices=chain[:1], expand_depth=1)
    left = run.items.get(device_name="wordy-1").detail["left_out"]
    reasons = {one["neighbor"]: one["reason"] for one in left}
    assert reasons["wordy-2"] == reasons["stranger"]


@pytest.mark.parametrize(
    "options", [{"cache_results": False}, {"tables": ["routes"]}, {"expand_depth": 33}, {"expand_depth": -1}]
)
def test_what_cannot_be_followed_is_refused(chain, discover, options):
    with pytest.raises(BadRequest) as refused:
        discover(**{"devices": chain[:1], "expand_depth": 1, **options})
    assert "expand_depth" in refused.value.errors
