"""The store: what it writes, what it leaves alone, and that history tells what the network did."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nautobot_topology_cache import leases, queries, store
from nautobot_topology_cache.collect.records import ARPEntry, Interface
from nautobot_topology_cache.collect.results import CommandResult, Counts, DeviceResult, Failure, SliceResult
from nautobot_topology_cache.models import CachedARPEntry, CachedInterface, CachedSlice, CommandOutput
from tests.inventory import make_device

pytestmark = pytest.mark.django_db
NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
RUN = uuid4()


@pytest.fixture
def device():
    device = make_device("store-1")
    queries.device_caches([device.pk])
    assert leases.take(device.pk, RUN, 60)
    return device


def arp(ip: str, mac: str = "0000.5e00.5301") -> ARPEntry:
    return ARPEntry(interface="Vlan10", ip_address=ip, mac_address=mac)


def arp_slice(*records, at=NOON, context="", outcome="ok", **more) -> SliceResult:
    return SliceResult(
        table="arp_entries",
        command=f"show ip arp vrf {context}" if context else "show ip arp",
        context=context,
        outcome=outcome,
        collected_at=at if outcome in ("ok", "empty") else None,
        records=records,
        counts=Counts(parsed=len(records), stored=len(records)),
        **more,
    )


def save(device, *slices, tables=("arp_entries",), **more):
    return store.save_rows(device.pk, DeviceResult("cisco_xe", slices, **more), frozenset(tables), RUN)


def current() -> dict[str, str]:
    return {row.ip_address: row.mac_address for row in CachedARPEntry.objects.all()}


def test_first_answer_is_added_with_its_time(device):
    (written,) = save(device, arp_slice(arp("192.0.2.1"), arp("192.0.2.2")))
    assert (written.added, written.changed, written.removed, written.unchanged) == (2, 0, 0, 0)
    row = CachedARPEntry.objects.get(ip_address="192.0.2.1")
    assert (row.valid_from, row.valid_to, row.row_key) == (NOON, None, row.open_key)
    assert row.slice.collected_at == NOON


def test_unchanged_answer_writes_no_row_and_renews_collected_at(device):
    save(device, arp_slice(arp("192.0.2.1")))
    with CaptureQueriesContext(connection) as queries_made:
        (written,) = save(device, arp_slice(arp("192.0.2.1"), at=LATER))
    assert written.unchanged == 1
    assert not [one["sql"] for one in queries_made if "cachedarpentry" in one["sql"]]
    assert CachedARPEntry.objects.get().collected_at == LATER


def test_changed_row_is_closed_and_a_new_one_opened(device):
    save(device, arp_slice(arp("192.0.2.1")))
    (written,) = save(device, arp_slice(arp("192.0.2.1", "0000.5e00.53ff"), at=LATER))
    assert (written.added, written.changed) == (0, 1)
    old, new = CachedARPEntry.versions.order_by("valid_from")
    assert (old.valid_from, old.valid_to, old.open_key) == (NOON, LATER, None)
    assert (new.valid_from, new.valid_to, new.mac_address) == (LATER, None, "00:00:5E:00:53:FF")
    assert old.row_key == new.row_key


def test_vanished_row_is_closed_not_deleted(device):
    save(device, arp_slice(arp("192.0.2.1"), arp("192.0.2.2")))
    (written,) = save(device, arp_slice(arp("192.0.2.2"), at=LATER))
    assert written.removed == 1
    assert list(current()) == ["192.0.2.2"]
    assert CachedARPEntry.versions.get(ip_address="192.0.2.1").valid_to == LATER


def test_proven_empty_answer_closes_every_row(device):
    save(device, arp_slice(arp("192.0.2.1")))
    save(device, arp_slice(at=LATER, outcome="empty"))
    assert current() == {}


@pytest.mark.parametrize("outcome", ["failed", "unsupported"])
def test_other_outcomes_keep_the_rows_and_mark_them_stale(device, outcome):
    save(device, arp_slice(arp("192.0.2.1")))
    save(device, arp_slice(outcome=outcome, reason="timeout: too slow"), unlisted={"arp_entries": "timeout"})
    row = CachedARPEntry.objects.get()
    assert row.stale
    assert outcome in row.stale_reason
    assert row.collected_at == NOON


def test_incomplete_answer_adds_and_changes_but_closes_nothing(device):
    save(device, arp_slice(arp("192.0.2.1"), arp("192.0.2.2")))
    save(device, arp_slice(arp("192.0.2.2", "0000.5e00.53ff"), arp("192.0.2.3"), at=LATER, closes=False))
    assert set(current()) == {"192.0.2.1", "192.0.2.2", "192.0.2.3"}
    absent = CachedARPEntry.objects.get(ip_address="192.0.2.1")
    assert absent.missing_since == LATER
    assert absent.stale
    save(device, arp_slice(arp("192.0.2.1"), arp("192.0.2.3"), at=LATER + timedelta(hours=1)))
    assert CachedARPEntry.objects.get(ip_address="192.0.2.1").missing_since is None
    assert "192.0.2.2" not in current()


def test_the_same_answer_read_anew_corrects_rows_in_place(device):
    save(device, arp_slice(arp("192.0.2.1"), arp("192.0.2.2")))
    save(device, arp_slice(arp("192.0.2.1", "0000.5e00.53ff"), arp("192.0.2.3")))
    assert current() == {"192.0.2.1": "00:00:5E:00:53:FF", "192.0.2.3": "00:00:5E:00:53:01"}
    assert CachedARPEntry.versions.count() == 2


def test_an_older_answer_is_refused_and_leaves_the_slice_alone(device):
    save(device, arp_slice(arp("192.0.2.1"), at=LATER))
    (written,) = save(device, arp_slice(arp("192.0.2.9"), at=NOON))
    assert written.result.reason.startswith("older")
    assert list(current()) == ["192.0.2.1"]
    assert CachedSlice.objects.get().outcome == "ok"


def test_an_answer_dated_in_the_future_gives_way_to_the_next_one(device):
    now = timezone.now()
    save(device, arp_slice(arp("192.0.2.1"), at=now - timedelta(minutes=2)))
    save(device, arp_slice(arp("192.0.2.2"), arp("192.0.2.3"), at=now + timedelta(hours=1)))
    (written,) = save(device, arp_slice(arp("192.0.2.3"), at=now))
    assert (written.result.outcome, list(current()), CachedSlice.objects.get().collected_at) == (
        "ok",
        ["192.0.2.3"],
        now,
    )
    held = CachedARPEntry.versions.order_by("ip_address").values_list("ip_address", "valid_from", "valid_to")
    assert list(held) == [
        ("192.0.2.1", now - timedelta(minutes=2), now),
        ("192.0.2.2", now, now),
        ("192.0.2.3", now, None),
    ]


def test_a_slice_not_asked_any_more_is_closed(device):
    save(device, arp_slice(arp("192.0.2.1")), arp_slice(arp("198.51.100.1"), context="BLUE"))
    save(device, arp_slice(arp("192.0.2.1"), at=LATER))
    assert list(current()) == ["192.0.2.1"]
    assert CachedSlice.objects.get(context="BLUE").closed_at is not None


def test_a_slice_not_asked_because_the_list_failed_is_kept_and_stale(device):
    save(device, arp_slice(arp("192.0.2.1")), arp_slice(arp("198.51.100.1"), context="BLUE"))
    save(device, arp_slice(arp("192.0.2.1"), at=LATER), unlisted={"arp_entries": "timeout: show vrf"})
    row = CachedARPEntry.objects.get(ip_address="198.51.100.1")
    assert "timeout: show vrf" in row.stale_reason


def test_a_device_that_told_nothing_closes_nothing(device):
    save(device, arp_slice(arp("192.0.2.1")))
    save(device, failure=Failure("error", "ValueError in x.py:1"))
    row = CachedARPEntry.objects.get()
    assert row.stale


def test_columns_of_a_failed_filling_command_keep_their_values(device):
    def interfaces(at, mode, **more):
        record = Interface(name="Ethernet1", description=f"at {at.hour}", mode=mode)
        return SliceResult("interfaces", "show interfaces", "", "ok", "", at, (record,), **more)

    save(device, interfaces(NOON, "trunk"), tables=["interfaces"])
    save(device, interfaces(LATER, "", kept_columns=frozenset({"mode"})), tables=["interfaces"])
    row = CachedInterface.objects.get()
    assert (row.mode, row.description) == ("trunk", "at 13")


def test_a_slice_the_database_refuses_fails_alone(device):
    too_long = ARPEntry(interface="x" * 300, ip_address="192.0.2.1", mac_address="0000.5e00.5301")
    refused, kept = save(device, arp_slice(too_long), arp_slice(arp("198.51.100.1"), context="BLUE"))
    assert refused.result.outcome == "failed"
    assert refused.result.reason.startswith("store: ")
    assert kept.added == 1
    assert list(current()) == ["198.51.100.1"]
    assert CachedSlice.objects.get(context="").outcome == "failed"


def test_a_lost_lease_writes_nothing(device):
    leases.give_back(device.pk, RUN)
    assert leases.take(device.pk, uuid4(), 60)
    with pytest.raises(store.LeaseLost):
        save(device, arp_slice(arp("192.0.2.1")))
    with pytest.raises(store.LeaseLost):
        store.save_outputs(device.pk, [output("one")], RUN)
    assert not CachedSlice.objects.exists()
    assert not CommandOutput.objects.exists()


def output(raw, at=NOON, **more) -> CommandResult:
    given = {"outcome": "ok", "reason": "", "source": "device", "duration": 0.1, "parsed": ({"a": "b"},), **more}
    return CommandResult(command="show ip arp", context="", collected_at=at, raw=raw, **given)


def test_layer_1_keeps_the_last_complete_answer(device):
    store.save_outputs(device.pk, [output("one \udc80 two")], RUN)
    store.save_outputs(device.pk, [output("three", at=LATER)], RUN)
    stored = CommandOutput.objects.get()
    assert (stored.raw, stored.collected_at, stored.parsed) == ("three", LATER, [{"a": "b"}])


@pytest.mark.parametrize(
    "useless",
    [
        output(None, outcome="failed", reason="timeout: 60 s"),
        output("", outcome="failed", reason="blank: the device printed nothing"),
        output("% Authorization failed", outcome="failed", reason="denied: % Authorization failed"),
        output("half", outcome="failed", reason="truncated: no end"),
        output("cached", source="cache"),
        output("older", at=NOON - timedelta(seconds=1)),
    ],
    ids=["nothing", "blank", "denied", "truncated", "from the cache", "older"],
)
def test_layer_1_is_not_overwritten_by_less(device, useless):
    store.save_outputs(device.pk, [output("good")], RUN)
    store.save_outputs(device.pk, [useless], RUN)
    assert CommandOutput.objects.get().raw == "good"


def test_layer_1_neither_serves_nor_keeps_an_answer_dated_in_the_future(device):
    now = timezone.now()
    since = now - timedelta(minutes=30)
    store.save_outputs(device.pk, [output("early", at=now + timedelta(hours=1))], RUN)
    assert not queries.stored_outputs(device.pk, since)
    assert queries.stored_outputs(device.pk, None), "a rebuild reads whatever there is"
    store.save_outputs(device.pk, [output("right", at=now)], RUN)
    assert CommandOutput.objects.get().raw == "right"
    assert queries.stored_outputs(device.pk, since)


def test_layer_1_keeps_an_answer_whose_end_may_be_missing(device):
    store.save_outputs(device.pk, [output("good")], RUN)
    store.save_outputs(device.pk, [output("newer", at=LATER, reason="truncated: the footer is missing")], RUN)
    assert CommandOutput.objects.get().raw == "newer"
