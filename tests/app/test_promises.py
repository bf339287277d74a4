"""Where the store's promises are hard to keep: rows that two commands show, answers that do not say all, odd bytes."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nautobot_topology_cache import leases, progress, queries, store
from nautobot_topology_cache.collect.records import ARPEntry, Interface, Route
from nautobot_topology_cache.collect.results import CommandResult, Counts, DeviceResult, Rejected, SliceResult
from nautobot_topology_cache.models import CachedARPEntry, CachedInterface, CachedRoute, CachedSlice, CommandOutput
from tests.inventory import make_device

pytestmark = pytest.mark.django_db
NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
RUN = uuid4()
JSON, TEXT = "show ip arp | json", "show ip arp"


def at(hours: int) -> datetime:
    return NOON + timedelta(hours=hours)


@pytest.fixture
def device():
    device = make_device("promises-1")
    queries.device_caches([device.pk])
    assert leases.take(device.pk, RUN, 60)
    return device


def arp(n: int, mac: str = "0000.5e00.5301") -> ARPEntry:
    return ARPEntry(interface="Vlan10", ip_address=f"192.0.2.{n}", mac_address=mac)


def part(command: str, hour: int, *records, outcome: str = "ok", table: str = "arp_entries", **more) -> SliceResult:
    """What one command said at an hour about one table."""
    return SliceResult(
        table=table,
        command=command,
        context=more.pop("context", ""),
        outcome=outcome,
        collected_at=at(hour) if outcome in ("ok", "empty") else None,
        records=records,
        counts=Counts(parsed=len(records), stored=len(records)),
        **more,
    )


def save(device, *slices, tables=("arp_entries",), **more) -> list[store.Written]:
    return store.save_rows(device.pk, DeviceResult("cisco_xe", slices, **more), frozenset(tables), RUN)


def figures(written: list[store.Written]) -> tuple[int, int, int, int]:
    return tuple(sum(getattr(one, kind) for one in written) for kind in ("added", "changed", "removed", "unchanged"))


def addresses() -> list[str]:
    return sorted(CachedARPEntry.objects.values_list("ip_address", flat=True))


def test_an_alternative_that_takes_over_leaves_the_rows_as_they_are(device):
    save(device, part(JSON, 0, arp(1), arp(2), arp(3)))
    written = save(device, part(TEXT, 1, arp(1), arp(2), arp(4)))
    assert figures(written) == (1, 0, 1, 2)
    assert addresses() == ["192.0.2.1", "192.0.2.2", "192.0.2.4"]
    assert CachedARPEntry.versions.count() == 4
    taken = CachedARPEntry.objects.get(ip_address="192.0.2.1")
    assert (taken.valid_from, taken.source, taken.collected_at) == (NOON, TEXT, at(1))
    save(device, part(JSON, 2, arp(1), arp(2), arp(3)))
    assert addresses() == ["192.0.2.1", "192.0.2.2", "192.0.2.3"]
    assert CachedARPEntry.objects.get(ip_address="192.0.2.1").valid_from == NOON


def test_rows_of_a_slice_that_is_not_asked_any_more_count_as_removed(device):
    save(device, part(TEXT, 0, arp(1)), part("show ip arp vrf RED", 0, arp(2), context="RED"))
    written = save(device, part(TEXT, 1, arp(1)))
    assert figures(written) == (0, 0, 1, 1)
    assert progress.tables_of(written)["arp_entries"]["outcome"] == "ok"


def test_a_row_goes_back_to_the_command_that_showed_it_first(device):
    save(device, part("first", 0, arp(1)), part("second", 0, arp(2)))
    save(device, part("second", 1, arp(1), arp(2)), tables=())
    assert CachedARPEntry.objects.get(ip_address="192.0.2.1").source == "second"
    written = save(device, part("first", 2, arp(1)), part("second", 2, arp(2)))
    assert figures(written) == (0, 0, 0, 2)
    row = CachedARPEntry.objects.get(ip_address="192.0.2.1")
    assert (row.source, row.valid_from) == ("first", NOON)


def test_a_row_that_moves_to_a_later_command_is_neither_closed_nor_new(device):
    save(device, part("first", 0, arp(1), arp(2)), part("second", 0, arp(3)))
    written = save(device, part("first", 1, arp(1)), part("second", 1, arp(2), arp(3)))
    assert figures(written) == (0, 0, 0, 3)
    assert CachedARPEntry.versions.count() == 3


def test_a_row_may_move_away_from_a_command_that_has_nothing_left(device):
    save(device, part("first", 0, arp(1)), part("second", 0, outcome="empty"))
    written = save(device, part("first", 1, outcome="empty"), part("second", 1, arp(1)))
    assert figures(written) == (0, 0, 0, 1)
    assert CachedARPEntry.versions.count() == 1


def test_a_row_that_vanishes_from_two_commands_in_turn_is_closed(device):
    save(device, part("first", 0, arp(1), arp(2)), part("second", 0))
    save(device, part("first", 1, arp(1)), part("second", 1, arp(2)))
    written = save(device, part("first", 2, arp(1)), part("second", 2))
    assert figures(written) == (0, 0, 1, 1)
    assert addresses() == ["192.0.2.1"]


def test_a_missing_row_is_closed_even_if_the_complete_answer_is_an_old_acquaintance(device):
    save(device, part(TEXT, 0, arp(1), arp(2)))
    save(device, part(TEXT, 1, arp(1), closes=False))
    save(device, part(TEXT, 2, arp(1)))
    assert addresses() == ["192.0.2.1"]


def test_a_row_that_is_back_is_not_missing_even_if_the_answer_is_an_old_acquaintance(device):
    save(device, part(TEXT, 0, arp(1), arp(2)))
    save(device, part(TEXT, 1, arp(1), closes=False))
    save(device, part(TEXT, 2, arp(1), arp(2)))
    assert not CachedARPEntry.objects.filter(missing_since__isnull=False).exists()
    assert CachedARPEntry.versions.count() == 2


def test_slices_of_vrfs_are_kept_when_the_device_does_not_list_its_vrfs_any_more(device):
    red = part("show ip arp vrf RED", 0, arp(2), context="RED")
    save(device, part(JSON, 0, arp(1)), red)
    save(device, part(TEXT, 1, arp(1)), unlisted_vrfs="`show vrf` is not supported")
    assert addresses() == ["192.0.2.1", "192.0.2.2"]
    assert "`show vrf` is not supported" in CachedARPEntry.objects.get(ip_address="192.0.2.2").stale_reason
    assert CachedSlice.objects.get(command=JSON).closed_at == CachedSlice.objects.get(command=TEXT).attempted_at


def test_kept_columns_are_compared_once_and_renewed_when_their_command_is_back(device):
    def interfaces(hour, mode, kept=()):
        record = Interface(name="Ethernet1", mode=mode)
        return part("show interfaces", hour, record, table="interfaces", kept_columns=frozenset(kept))

    save(device, interfaces(0, "trunk"), tables=["interfaces"])
    save(device, interfaces(1, "", ["mode"]), tables=["interfaces"])
    with CaptureQueriesContext(connection) as made:
        save(device, interfaces(2, "", ["mode"]), tables=["interfaces"])
    assert not [one for one in made if '"row_key"' in one["sql"]]
    assert CachedInterface.objects.get().mode == "trunk"
    save(device, interfaces(3, ""), tables=["interfaces"])
    assert CachedInterface.objects.get().mode == ""


def routes(vrf: str, hour: int, *numbers: int, metric: int = 1) -> SliceResult:
    records = [Route(vrf=vrf, prefix=f"10.{n}.0.0/16", protocol="ospf", metric=metric) for n in numbers]
    return part(f"show ip route vrf {vrf}", hour, *records, table="routes", context=vrf)


def queries_of(device, *slices) -> int:
    with CaptureQueriesContext(connection) as made:
        save(device, *slices, tables=["routes"])
    return len(made)


def test_the_number_of_queries_depends_on_what_changed_not_on_what_there_is(device):
    def answers(hour, vrfs, changed=0):
        return [routes(f"V{n}", hour, *range(50), metric=2 if n < changed else 1) for n in range(vrfs)]

    assert queries_of(device, *answers(0, 40)) <= 40 * 3 + 10
    unchanged = queries_of(device, *answers(1, 40))
    assert unchanged <= 10
    assert queries_of(device, *answers(2, 40, changed=1)) <= unchanged + 6
    assert CachedRoute.versions.count() == 40 * 50 + 50


def test_a_table_is_read_once_however_many_of_its_slices_changed(device):
    save(device, *(routes(f"V{n}", 0, 1, 2) for n in range(5)), tables=["routes"])
    with CaptureQueriesContext(connection) as made:
        save(device, *(routes(f"V{n}", 1, 2, 3, metric=n) for n in range(5)), tables=["routes"])
    assert len([one for one in made if '"nautobot_topology_cache_cachedroute"."row_key")::text' in one["sql"]]) == 1
    current = CachedRoute.objects.order_by("vrf", "prefix").values_list("vrf", "prefix", "metric")
    assert list(current) == [(f"V{n}", f"10.{m}.0.0/16", n) for n in range(5) for m in (2, 3)]


def test_after_a_refused_slice_the_others_see_the_table_as_it_is(device):
    save(device, part("first", 0, arp(1)), part("second", 0, arp(2)))
    too_long = ARPEntry(interface="x" * 300, ip_address="192.0.2.9", mac_address="0000.5e00.5301")
    refused, written = save(device, part("first", 1, arp(3), too_long), part("second", 1, arp(3)))
    assert (refused.result.outcome, written.added, written.removed) == ("failed", 1, 1)
    assert addresses() == ["192.0.2.1", "192.0.2.3"]


def test_a_command_s_rows_stay_when_the_alternative_that_took_over_is_refused(device):
    save(device, part(JSON, 0, arp(1), arp(2)))
    too_long = ARPEntry(interface="x" * 300, ip_address="192.0.2.9", mac_address="0000.5e00.5301")
    save(device, part(TEXT, 1, arp(1), too_long))
    assert addresses() == ["192.0.2.1", "192.0.2.2"]
    assert all(
        row.stale_reason.startswith("the last attempt ended failed: store: ") for row in CachedARPEntry.objects.all()
    )


def test_a_table_of_which_slices_could_not_be_asked_has_failed_in_the_run_too(device):
    save(device, part(TEXT, 0, arp(1)), part("show ip arp vrf RED", 0, arp(2), context="RED"))
    written = save(device, part(TEXT, 1, arp(1)), unlisted={"arp_entries": "timeout: show vrf"})
    assert progress.tables_of(written)["arp_entries"]["outcome"] == "failed"


def test_many_rows_are_written_in_batches(device):
    many = [Route(prefix=f"10.{n // 250}.{n % 250}.0/24", protocol="bgp", metric=n) for n in range(3000)]
    (written,) = save(device, part("show ip route", 0, *many, table="routes"), tables=["routes"])
    assert written.added == CachedRoute.objects.count() == 3000
    churned = [*many[30:], *(Route(prefix=f"172.16.{n}.0/24", protocol="bgp") for n in range(30))]
    (written,) = save(device, part("show ip route", 1, *churned, table="routes"), tables=["routes"])
    assert figures([written]) == (30, 0, 30, 2970)


ODD = "caf\udce9 \ud800 \x00 \u20ac"


def test_odd_bytes_of_a_device_reach_both_layers(device):
    """NUL and lone surrogates, which neither text nor JSON columns of PostgreSQL take."""
    rows = ({"NAME": ODD, ODD: [ODD, {"nested": ODD}], "ratio": float("nan"), "n": 3},)
    result = CommandResult("show", "", "failed", f"unparsed: {ODD}", "device", 0.1, NOON, ODD, rows)
    store.save_outputs(device.pk, [result], RUN)
    stored = CommandOutput.objects.get()
    assert stored.raw == ODD
    assert stored.parsed[0]["NAME"] == "caf\ufffd \ufffd \ufffd \u20ac"
    assert (stored.parsed[0]["n"], stored.parsed[0]["ratio"]) == (3, None)
    save(device, part(TEXT, 0, outcome="failed", reason=ODD))
    assert CachedSlice.objects.get().reason == "caf\ufffd \ufffd \ufffd \u20ac"


def test_odd_bytes_of_a_device_reach_the_run_s_detail():
    found = part(TEXT, 0, rejected=(Rejected({ODD: [ODD]}, ODD),), unparsed_lines=(f"  {ODD}",))
    detail = progress.details_of([found])
    assert "caf\ufffd" in detail["unparsed"][0]["line"]
    assert not any(odd in str(detail) for odd in ("\udce9", "\ud800", "\x00"))
