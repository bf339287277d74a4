"""A cut answer whose format has no end mark: nothing is lost to it, over real SSH and into the real tables."""

import pytest

from nautobot_topology_cache.models import CachedRoute, CachedSlice
from tests.doors.conftest import DEVICE

pytestmark = pytest.mark.django_db
COMMAND = "show ip route"


def test_a_cut_answer_closes_rows_only_when_the_next_one_agrees(lab, discover):
    (device,) = lab.devices(DEVICE)
    discover(devices=[device], tables=["routes"])
    routes = CachedRoute.objects.filter(device=device, slice__command=COMMAND)
    before = routes.count()
    assert before > 20

    lab.turn(DEVICE, truncate=0.3, truncate_command=COMMAND)
    sent = lab.counted(DEVICE)["commands"]
    run = discover(devices=[device], tables=["routes"], force_refresh=True)
    assert run.items.get().tables["routes"]["removed"] == 0
    assert routes.count() == before
    assert routes.filter(missing_since__isnull=False).count() > before / 2
    part = CachedSlice.objects.get(device=device, command=COMMAND)
    assert (part.outcome, part.reason.partition(":")[0], part.rows) == ("ok", "shrunk", before)
    asked = [one["command"] for one in run.items.get().commands]
    assert lab.counted(DEVICE)["commands"] - sent == len(asked) + 1, "the command is asked once more"

    discover(devices=[device], tables=["routes"])
    assert routes.count() == before, "the same answer from the cache agrees with nothing"

    discover(devices=[device], tables=["routes"], force_refresh=True)
    assert routes.count() < before / 2
    assert CachedSlice.objects.get(device=device, command=COMMAND).reason == ""


def test_a_whole_answer_after_a_cut_one_brings_all_rows_back(lab, discover):
    (device,) = lab.devices(DEVICE)
    discover(devices=[device], tables=["routes"])
    routes = CachedRoute.objects.filter(device=device)
    before = set(routes.values_list("pk", flat=True))
    lab.turn(DEVICE, truncate=0.3, truncate_command=COMMAND)
    discover(devices=[device], tables=["routes"], force_refresh=True)
    lab.turn(DEVICE, truncate=0)
    discover(devices=[device], tables=["routes"], force_refresh=True)
    assert set(routes.values_list("pk", flat=True)) == before
    assert not routes.filter(missing_since__isnull=False).exists()
