"""The comparison with the truth must be able to fail."""

from __future__ import annotations

import pytest

from development.lab.compare import KEYS, compare, compare_links
from development.lab.generate import generate
from development.lab.state import World
from development.lab.truth import of


@pytest.fixture(scope="module")
def truth():
    return of(World(generate()))


def table(truth, device, name):
    return [dict(row) for row in truth["devices"][device]["tables"][name]["rows"]]


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("device", ["ost-dist-01", "gnt-leaf-01", "gnt-leaf-03"])
def test_rows_equal_themselves_and_a_lost_one_is_missed(truth, device, name):
    rows = table(truth, device, name)
    assert not compare(rows, rows, name)
    for index in range(0, len(rows), 5):
        rest = rows[:index] + rows[index + 1 :]
        assert len(compare(rows, rest, name).missing) == 1
        assert len(compare(rest, rows, name).extra) == 1


@pytest.mark.parametrize(("name", "column"), [("mac_addresses", "interface"), ("neighbors", "local_interface")])
def test_two_swapped_ports_are_seen(truth, name, column):
    rows = table(truth, "ost-dist-01", name)
    first, second = next((a, b) for a in rows for b in rows if a[column] != b[column])
    got = [dict(row) for row in rows]
    got[rows.index(first)][column], got[rows.index(second)][column] = second[column], first[column]
    assert compare(rows, got, name)


def test_half_an_answer_is_missed(truth):
    rows = table(truth, "ost-border-01", "routes")
    assert len(compare(rows, rows[: len(rows) // 2], "routes").missing) == len(rows) - len(rows) // 2


def test_another_value_outside_the_key_differs(truth):
    rows = table(truth, "gnt-leaf-03", "routes")
    got = [dict(row) for row in rows]
    got[3]["metric"] = 4711
    ((row, columns),) = compare(rows, got, "routes").differing
    assert row == rows[3]
    assert columns == {"metric": (rows[3]["metric"], 4711)}


def test_notation_does_not_matter():
    truth = [{"vrf": "", "ip_address": "10.0.0.1", "interface": "Vlan1", "mac_address": "02:00:5E:AA:00:01"}]
    got = [{"vrf": "default", "ip_address": "10.0.0.1", "interface": "Vlan1", "mac_address": "0200.5eaa.0001"}]
    assert not compare(truth, got, "arp_entries")


def test_a_column_that_the_truth_does_not_name_is_not_compared():
    assert not compare([{"name": "Ethernet1"}], [{"name": "Ethernet1", "mtu": 9214}], "interfaces")
    assert compare([{"name": "Ethernet1", "mtu": None}], [{"name": "Ethernet1", "mtu": 9214}], "interfaces")


def test_a_row_that_is_found_twice_is_extra():
    row = {"name": "Ethernet1"}
    assert compare([row], [row, row], "interfaces").extra == [row]


def test_links_lost_and_invented(truth):
    links = [(tuple(link["a"]), tuple(link["b"])) for link in truth["links"] if link["protocols"]]
    assert compare_links(truth["links"], links) == ([], [])
    missing, extra = compare_links(truth["links"], [*links[1:], (("a", "x"), ("b", "y"))])
    assert len(missing) == 1
    assert extra == [[("a", "x"), ("b", "y")]]
    near, far = links[0], links[1]
    assert compare_links(truth["links"], [(near[0], far[1]), (far[0], near[1]), *links[2:]])[0]
