"""IOS's routing and BGP tables: what a lost line may not do to the lines around it."""

import pytest

from nautobot_topology_cache.collect.parse.bgp_table import BGPTable
from nautobot_topology_cache.collect.parse.routing_table import RoutingTable

HEADING = "     Network          Next Hop            Metric LocPrf Weight Path\n"


def test_a_mask_is_never_taken_from_another_network() -> None:
    parsed = RoutingTable().parse(
        "      10.0.0.0/24 is subnetted, 1 subnets\n"
        "C        10.1.1.0 is directly connected, Vlan1\n"
        "B        172.20.1.0 [20/0] via 10.1.1.2, 4d01h\n"
    )
    assert [row["prefix"] for row in parsed.rows] == ["10.1.1.0/24"]
    assert len(parsed.unparsed) == 1


def test_next_hops_below_a_route_that_was_not_understood_are_not_given_to_the_route_above() -> None:
    parsed = RoutingTable().parse(
        "S     192.0.2.0/24 [1/0] via 10.1.1.2\n"
        "this is a route of tomorrow to 198.51.100.0/24\n"
        "                   [1/0] via 10.1.1.3\n"
        "S     203.0.113.0/24 [1/0] via 10.1.1.4\n"
        "                     [1/0] via 10.1.1.5\n"
    )
    assert [(row["prefix"], row["next_hop"]) for row in parsed.rows] == [
        ("192.0.2.0/24", "10.1.1.2"),
        ("203.0.113.0/24", "10.1.1.4"),
        ("203.0.113.0/24", "10.1.1.5"),
    ]
    assert len(parsed.unparsed) == 2


def test_a_legend_alone_proves_nothing_and_a_gateway_line_does() -> None:
    legend = "Codes: L - local, C - connected\n       D - EIGRP\n"
    assert not RoutingTable().parse(legend).headed
    assert RoutingTable().parse(legend + "\nGateway of last resort is not set\n").headed


@pytest.mark.parametrize(
    ("code", "protocol", "kind"),
    [
        ("S*", "static", ""),
        ("O*E2", "ospf", "E2"),
        ("O IA", "ospf", "IA"),
        ("D EX", "eigrp", "EX"),
        ("i*L1", "isis", "L1"),
        ("i ia", "isis", "ia"),
        ("B   +", "bgp", ""),
        ("C   p", "connected", ""),
        ("n*Nd", "nat", "Nd"),
        ("o", "odr", ""),
        ("m", "omp", ""),
    ],
)
def test_codes(code: str, protocol: str, kind: str) -> None:
    (row,) = RoutingTable().parse(f"{code}   192.0.2.0/24 [1/0] via 10.1.1.2\n").rows
    assert (row["protocol"], row["route_type"]) == (protocol, kind)


def test_a_path_below_a_lost_network_is_not_given_to_the_network_above() -> None:
    parsed = BGPTable().parse(
        HEADING
        + " *>   10.20.1.0/24     10.20.0.2                0             0 65020 i\n"
        + "something new about 10.30.0.0/16\n"
        + " *                     10.20.0.6                0             0 65030 i\n"
        + " *>   10.20.2.0/24     10.20.0.2                0             0 65020 i\n"
        + " *                     10.20.0.6                0             0 65030 i\n"
    )
    assert [(row["prefix"], row["next_hop"]) for row in parsed.rows] == [
        ("10.20.1.0/24", "10.20.0.2"),
        ("10.20.2.0/24", "10.20.0.2"),
        ("10.20.2.0/24", "10.20.0.6"),
    ]
    assert len(parsed.unparsed) == 2


@pytest.mark.parametrize(
    ("network", "prefix"),
    [
        ("10.0.0.0", "10.0.0.0/8"),
        ("172.20.0.0", "172.20.0.0/16"),
        ("192.168.7.0", "192.168.7.0/24"),
        ("0.0.0.0", "0.0.0.0/0"),  # noqa: S104 - a route
    ],
)
def test_a_network_without_length_is_classful(network: str, prefix: str) -> None:
    parsed = BGPTable().parse(HEADING + f" *>   {network:<16} 10.20.0.2                0             0 65020 i\n")
    assert [row["prefix"] for row in parsed.rows] == [prefix]


def test_numbers_belong_to_the_heading_above_them() -> None:
    parsed = BGPTable().parse(
        HEADING
        + " *>   10.20.1.0/24     10.20.0.2       4294967295    200  32768 7 i\n"
        + " *>   10.20.2.0/24     10.20.0.2                            0 7 i\n"
        + " *>i  10.20.3.0/24     10.20.0.2                     200      0 7 7 i\n"
    )
    assert [(row.get("metric"), row.get("local_pref"), row["weight"], row["as_path"]) for row in parsed.rows] == [
        ("4294967295", "200", "32768", "7"),
        (None, None, "0", "7"),
        (None, "200", "0", "7 7"),
    ]
