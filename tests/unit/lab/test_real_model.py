"""The network of the real routers, without a router: what its configuration promises."""

from __future__ import annotations

from development.lab.real import configuration, paths, truth
from development.lab.real.model import FOREIGN_AS, LOCAL_AS, NETWORK, link_local


def routes(name: str, protocol: str) -> dict[str, set[tuple[object, object]]]:
    found: dict[str, set[tuple[object, object]]] = {}
    for row in truth.tables(NETWORK.router(name))["routes"]:
        if row["protocol"] == protocol:
            found.setdefault(str(row["prefix"]), set()).add((row["next_hop"], row["interface"]))
    return found


def test_a_link_local_address_is_made_of_the_mac() -> None:
    assert link_local("02:00:00:00:01:02") == "fe80::ff:fe00:102"


def test_the_far_side_of_the_triangle_is_reached_in_two_ways() -> None:
    far = NETWORK.links[0].ends[0].ipv4.partition("/")[0].rpartition(".")[0] + ".4/30"
    assert routes("cedar", "ospf")[far] == {("198.51.100.13", "eth2"), ("198.51.100.9", "eth1")}


def test_a_router_without_ospf_has_no_route_of_it() -> None:
    assert routes("dogwood", "ospf") == {}
    assert routes("dogwood", "bgp")["203.0.113.0/26"] == {("198.51.100.17", "eth1")}


def test_a_path_crosses_the_border_with_the_as_and_without_the_metric() -> None:
    tables = paths.bgp_paths(NETWORK)
    assert tables["alder"]["203.0.113.128/26"] == paths.Path("198.51.100.202", (FOREIGN_AS,), 0, internal=True)
    assert tables["dogwood"]["203.0.113.0/26"] == paths.Path("198.51.100.17", (LOCAL_AS,), None)
    assert tables["cedar"] == {}


def test_each_cable_is_heard_by_both_protocols_at_both_ends() -> None:
    heard = [row for router in NETWORK.routers for row in truth.tables(router)["neighbors"]]
    assert len(heard) == 2 * 2 * len(NETWORK.links)
    assert {row["protocol"] for row in heard} == {"cdp", "lldp"}


def test_what_is_true_is_configured() -> None:
    for router in NETWORK.routers:
        told = configuration.frr(router) + "\n".join(configuration.linux(router))
        tables = truth.tables(router)
        assert all(str(row["address"]) in told for row in tables["routing_neighbors"] if row["protocol"] == "bgp")
        own = [row for row in tables["ip_addresses"] if row["role"] == "primary"]
        assert all(str(row["address"]) in told for row in own if row["address"] not in ("127.0.0.1", "::1"))
