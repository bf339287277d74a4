"""What is particular to IOS-XR's tables."""

import pytest

from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms.ios_interfaces import OWN
from nautobot_topology_cache.collect.platforms.xr_interfaces import spell
from nautobot_topology_cache.collect.platforms.xr_tables import Paths, Routes, uncounted

HEAD = "BGP router identifier 203.0.113.1, local AS number 64500\n"
TABLE = "   Network            Next Hop            Metric LocPrf Weight Path\n"


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("Te0/0/0/2.20", "TenGigE0/0/0/2.20"),
        ("TenGigE0/0/0/2", "TenGigE0/0/0/2"),
        ("TF0/0/0/9", "TwentyFiveGigE0/0/0/9"),
        ("Fo0/0/1/0", "FortyGigE0/0/1/0"),
        ("Hu0/0/1/0/3", "HundredGigE0/0/1/0/3"),
        ("FH0/0/0/1", "FourHundredGigE0/0/0/1"),
        ("GigabitEthernet 0/3/0/2", "GigabitEthernet0/3/0/2"),
        ("BE7.40", "Bundle-Ether7.40"),
        ("Bundle-Ether 8", "Bundle-Ether8"),
        ("BV30", "BVI30"),
        ("Lo0", "Loopback0"),
        ("Nu0", "Null0"),
        ("tt5", "tunnel-te5"),
        ("Mg0/RP0/CPU0/0", "MgmtEth0/RP0/CPU0/0"),
        ("MgmtEth0/RSP1/CPU0/1", "MgmtEth0/RSP1/CPU0/1"),
        ("BD id: 2", "BD id: 2"),
    ],
)
def test_names_are_spelled_like_in_show_interfaces(short: str, long: str) -> None:
    assert spell(short) == long
    assert spell(long) == long


@pytest.mark.parametrize(
    ("code", "protocol", "kind"),
    [
        ("S*  ", "static", ""),
        ("O*E2", "ospf", "E2"),
        ("i*L1", "isis", "L1"),
        ("i ia", "isis", "ia"),
        ("O N1", "ospf", "N1"),
        ("D EX", "eigrp", "EX"),
        ("U   ", "static", ""),
        ("t   ", "te", ""),
        ("a   ", "application", ""),
    ],
)
def test_codes(code: str, protocol: str, kind: str) -> None:
    (row,) = Routes().parse(f"{code} 10.0.0.0/8 [110/3] via 192.0.2.6, 2w1d, Bundle-Ether7").rows
    assert (row["protocol"], row["route_type"]) == (protocol, kind)


@pytest.mark.parametrize(
    ("way", "next_hop", "interface", "vrf"),
    [
        ("is directly connected, 3w2d, Null0", None, "Null0", ""),
        ("is directly connected, Null0", None, "Null0", ""),
        ("is directly connected, 1d, MgmtEth0/RP0/CPU0/0", None, "MgmtEth0/RP0/CPU0/0", ""),
        ("[200/0] via 203.0.113.2 (nexthop in vrf CORE), 04:11:09", "203.0.113.2", "", "CORE"),
        ("[200/0] via 203.0.113.2, never", "203.0.113.2", "", ""),
        ("[110/3] via 192.0.2.6, 00:00:09, tunnel-te5 (!)", "192.0.2.6", "tunnel-te5", ""),
    ],
)
def test_ways(way: str, next_hop: str | None, interface: str, vrf: str) -> None:
    (row,) = Routes().parse(f"B    10.0.0.0/8 {way}").rows
    assert (row["next_hop"], row["interface"], row["next_hop_vrf"]) == (next_hop, interface, vrf)


def test_only_a_backup_path_is_not_active() -> None:
    answer = """O    10.0.0.0/8 [110/0] via 192.0.2.6, 2w1d, Bundle-Ether7 (!)
                [110/3] via 192.0.2.0, 2w1d, TenGigE0/0/0/2
"""
    assert [row["active"] for row in Routes().parse(answer).rows] == [False, True]


def test_a_next_hop_below_a_lost_line_is_lost_too() -> None:
    parsed = Routes().parse("S    10.0.0.0/8 [1/0] via 192.0.2.0, 1d\n?? 10.1.0.0/16\n      [1/0] via 192.0.2.6, 1d\n")
    assert len(parsed.rows) == 1
    assert len(parsed.unparsed) == 2


def test_a_head_with_lines_not_understood_proves_nothing() -> None:
    assert Routes().parse("Gateway of last resort is not set\n").headed
    assert not Routes().parse("Gateway of last resort is not set\n\nZZ 10.0.0.0 somewhere\n").headed


def test_a_route_cut_in_its_line_is_not_lost_silently() -> None:
    assert Routes().parse("C    2001:db8::/64 is directly connected,\n").unparsed
    assert Routes().parse("B    10.0.0.0/8 [200/0] via\n").unparsed


def test_a_table_without_paths_is_empty_only_without_its_lines() -> None:
    assert Paths().parse(HEAD).headed
    assert not Paths().parse(HEAD + TABLE).headed
    assert not Paths().parse(HEAD + "*> 10.0.0.0/8 192.0.2.0 0 0 i\n").headed


def test_the_count_ends_a_table() -> None:
    assert uncounted(HEAD + TABLE)
    assert uncounted(HEAD + TABLE + "\nProcessed 3 prefixes, 4 paths\n") is None
    assert uncounted(HEAD) is None


def test_a_bundle_that_is_not_understood_takes_no_members() -> None:
    answer = "Bundle-POS9 (mLACP)\n  Te0/0/0/9   Local   Active   0x8000, 0x0002   10000000\n"
    parsed = Template("cisco_xr_show_bundle", OWN).parse(answer)
    assert parsed.fills_down
