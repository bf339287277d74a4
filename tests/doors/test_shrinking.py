"""A cut answer whose format has no end mark: nothing is lost to it, over real SSH and into the real tables."""

import pytest

from nautobot_topology_cache.models import CachedARPEntry, CachedSlice

pytestmark = pytest.mark.django_db
DEVICE = "ost-dist-01"
COMMAND = "show ip arp"


def test_a_cut_answer_closes_rows_only_when_the_next_one_agrees(lab, discover):
    (device,) = lab.devices(DEVICE)
    discover(devices=[device], tables=["arp_entries"])
    entries = CachedARPEntry.objects.filter(device=device, slice__command=COMMAND)
    before = entries.count()
    assert before > 20

    lab.turn(DEVICE, truncate=0.3, truncate_command=COMMAND)
    sent = lab.counted(DEVICE)["commands"]
    run = discover(devices=[device], tables=["arp_entries"], force_refresh=True)
    assert run.items.get().tables["arp_entries"]["removed"] == 0
    assert entries.count() == before
    assert entries.filter(missing_since__isnull=False).count() > before / 2
    part = CachedSlice.objects.get(device=device, command=COMMAND)
    assert (part.outcome, part.reason.partition(":")[0], part.rows) == ("ok", "shrunk", before)
    asked = [one["command"] for one in run.items.get().commands]
    assert lab.counted(DEVICE)["commands"] - sent == len(asked) + 1, "the command is asked once more"

    discover(devices=[device], tables=["arp_entries"])
    assert entries.count() == before, "the same answer from the cache agrees with nothing"

    discover(devices=[device], tables=["arp_entries"], force_refresh=True)
    assert entries.count() < before / 2
    assert CachedSlice.objects.get(device=device, command=COMMAND).reason == ""


def test_a_whole_answer_after_a_cut_one_brings_all_rows_back(lab, discover):
    (device,) = lab.devices(DEVICE)
    discover(devices=[device], tables=["arp_entries"])
    entries = CachedARPEntry.objects.filter(device=device, slice__command=COMMAND)
    before = set(entries.values_list("pk", flat=True))
    lab.turn(DEVICE, truncate=0.3, truncate_command=COMMAND)
    discover(devices=[device], tables=["arp_entries"], force_refresh=True)
    lab.turn(DEVICE, truncate=0)
    discover(devices=[device], tables=["arp_entries"], force_refresh=True)
    assert set(entries.values_list("pk", flat=True)) == before
    assert not entries.filter(missing_since__isnull=False).exists()
