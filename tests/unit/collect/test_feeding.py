"""Printed rows to records: every row ends as a record, as filtered or as rejected."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nautobot_topology_cache.collect.commands import Column as Printed
from nautobot_topology_cache.collect.commands import (
    Const,
    Context,
    Either,
    Facts,
    Feed,
    Made,
    Port,
    Scope,
    Skip,
    VrfOf,
    Word,
)
from nautobot_topology_cache.collect.interface_names import spelling
from nautobot_topology_cache.collect.parse.feeding import apply, expand

SCOPE = Scope("RED", spelling({}), Facts(vrfs=("RED",), vrf_of={"Vlan20": "BLUE"}))

ARP = Feed(
    "arp_entries",
    {"ip_address": "address", "mac_address": "mac", "interface": Port("port"), "vrf": Context()},
    skip=(Skip("incomplete", lambda row: row["mac"] == "Incomplete"),),
)


def printed(address: str = "192.0.2.1", mac: str = "0011.2233.4455", port: str = "Vl20") -> dict[str, str]:
    return {"address": address, "mac": mac, "port": port}


def test_a_row_becomes_a_record() -> None:
    (record,) = apply(ARP, [printed()], SCOPE).records
    assert (record.vrf, record.ip_address, record.mac_address, record.interface, record.ip_version) == (
        "RED",
        "192.0.2.1",
        "00:11:22:33:44:55",
        "Vlan20",
        4,
    )


def test_what_is_skipped_is_counted() -> None:
    fed = apply(ARP, [printed(mac="Incomplete"), printed()], SCOPE)
    assert (fed.filtered, len(fed.records), fed.parsed) == (1, 1, 2)


def test_a_row_of_which_nobody_can_tell_whether_it_is_skipped_is_rejected_alone() -> None:
    without = {name: value for name, value in printed().items() if name != "mac"}
    fed = apply(ARP, [without, printed(mac="Incomplete"), printed()], SCOPE)
    assert (fed.filtered, len(fed.records), fed.parsed) == (1, 1, 3)
    assert [rejected.row for rejected in fed.rejected] == [without]


def test_a_value_that_fits_no_column_rejects_its_row_with_the_reason() -> None:
    fed = apply(ARP, [printed(mac="0011.2233"), printed()], SCOPE)
    (rejected,) = fed.rejected
    assert rejected.row == printed(mac="0011.2233")
    assert "0011.2233" in rejected.reason
    assert len(fed.records) == 1


@given(st.lists(st.sampled_from(["0011.2233.4455", "Incomplete", "nonsense", "", None])))
def test_every_row_is_accounted_for(macs: list[str]) -> None:
    fed = apply(ARP, [printed(mac=mac) for mac in macs], SCOPE)
    assert fed.parsed == len(macs) == len(fed.records) + fed.filtered + len(fed.rejected)


def test_parallel_lists_become_rows() -> None:
    feed = Feed("interfaces", {"name": Port("member"), "lag": Port("bundle")}, each=("member", "flag"), fills=True)
    rows = list(expand(feed, [{"bundle": "Po1", "member": ["Gi1", "Gi2"], "flag": ["P"]}]))
    assert rows == [{"bundle": "Po1", "member": "Gi1", "flag": "P"}, {"bundle": "Po1", "member": "Gi2", "flag": ""}]
    assert list(expand(feed, [{"bundle": "Po1", "member": [], "flag": []}])) == []


def test_a_filling_feed_gives_keys_and_values() -> None:
    feed = Feed("interfaces", {"name": Port("member"), "lag": Port("bundle")}, fills=True)
    ((key, values, row),) = apply(feed, [{"bundle": "Po1", "member": "Gi1"}], SCOPE).fills
    assert key == ("GigabitEthernet1",)
    assert values == {"lag": "Port-channel1"}
    assert row == {"bundle": "Po1", "member": "Gi1"}
    assert feed.filled == {"lag"}


def test_reshaping_comes_first() -> None:
    feed = Feed("arp_entries", ARP.sources, reshape=lambda row: ({**row, "port": port} for port in ("Gi1", "Gi2")))
    assert [record.interface for record in apply(feed, [printed()], SCOPE).records] == [
        "GigabitEthernet1",
        "GigabitEthernet2",
    ]


def test_sources() -> None:
    row = {"port": "Vl20", "word": "Full", "other": "odd", "a": "1", "b": "2"}
    assert VrfOf("port").value(row, SCOPE) == "BLUE"
    assert VrfOf("word").value(row, SCOPE) == ""
    assert Port("absent").value(row, SCOPE) == ""
    assert Const(7).value(row, SCOPE) == 7
    assert Word("word", {"full": "f"}).value(row, SCOPE) == "f"
    assert Word("other", {"full": "f"}).value(row, SCOPE) == "odd"
    assert Word("other", {"full": "f"}, otherwise="").value(row, SCOPE) == ""
    assert Made(lambda a, b: a + b, ("a", "b")).value(row, SCOPE) == "12"
    assert Either(Printed("absent"), Context()).value(row, SCOPE) == "RED"
    assert Either(Printed("a"), Context()).value(row, SCOPE) == "1"


@pytest.mark.parametrize("unfit", [[], {"a": 1}, 3.5])
def test_a_value_of_another_kind_rejects_its_row_alone(unfit: object) -> None:
    """NX-OS prints a key several times now and then, and a list of texts takes the place of a text."""
    feed = Feed("interfaces", {"name": "name", "mac_address": "mac"})
    fed = apply(feed, [{"name": "Gi1", "mac": unfit}, {"name": "Gi2", "mac": "0200.5e10.0001"}], SCOPE)
    assert [record.name for record in fed.records] == ["Gi2"]
    assert [rejected.row["name"] for rejected in fed.rejected] == ["Gi1"]


def test_a_row_that_cannot_be_reshaped_is_rejected_alone() -> None:
    feed = Feed("interfaces", {"name": "name"}, reshape=lambda row: [{"name": row["names"][0]}])
    fed = apply(feed, [{"names": []}, {"names": ["Gi2"]}], SCOPE)
    assert [record.name for record in fed.records] == ["Gi2"]
    assert fed.rejected[0].reason == "IndexError: list index out of range"
