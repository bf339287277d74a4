"""What is particular to Junos: its words for nothing, its routing tables, its lost headings."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from nautobot_topology_cache.collect.commands import Command, Facts
from nautobot_topology_cache.collect.judge import Judged, judge
from nautobot_topology_cache.collect.platforms import junos_json
from nautobot_topology_cache.collect.platforms import junos_routing as routing
from nautobot_topology_cache.collect.platforms.juniper_junos import PLATFORM
from nautobot_topology_cache.collect.platforms.junos_neighbors import kind_of, vlan_number
from nautobot_topology_cache.collect.results import Ask, Reply
from tests.unit.collect.samples import commands


def judged(text: str, answer: str) -> Judged:
    command: Command = next(command for command in commands(PLATFORM) if command.text == text)
    return judge(command, Ask(text), Reply(answer, datetime(2025, 3, 4, tzinfo=UTC)), PLATFORM, Facts(), 0.05)


@pytest.mark.parametrize(
    ("answer", "outcome", "word"),
    [
        ("                ^\nsyntax error, expecting <command>.\n", "unsupported", ""),
        ("error: syntax error, expecting <command>: display\n", "unsupported", ""),
        ("           ^\nunknown command.\n", "unsupported", ""),
        ("error: the l2-learning subsystem is not responding to management requests\n", "unsupported", ""),
        ("error: permission denied: route\n", "failed", "denied"),
        ("OSPF instance is not running\n", "empty", "not_enabled"),
        ('{\n"output" : [{"data" : "BGP is not running"}]\n}\n', "empty", "not_enabled"),
        ("warning: lldp subsystem not running - not needed by configuration.\n", "empty", "not_enabled"),
        ("LLDP is not enabled\n", "empty", "not_enabled"),
    ],
)
def test_words_in_place_of_a_table(answer: str, outcome: str, word: str) -> None:
    result = judged("show bgp neighbor | display json", answer).command
    assert (result.outcome, result.reason.partition(":")[0]) == (outcome, word)


def test_a_document_that_ends_early_is_truncated() -> None:
    result = judged("show route | display json", '{"route-information" : [\n{"route-table" : [\n').command
    assert (result.outcome, result.reason.partition(":")[0]) == ("failed", "truncated")


def test_a_document_of_another_kind_is_not_taken_for_an_empty_table() -> None:
    result = judged("show route | display json", '{"software-information" : []}').command
    assert (result.outcome, result.reason.partition(":")[0]) == ("failed", "unparsed")


def test_the_members_of_a_chassis_are_read_one_after_the_other() -> None:
    members = [
        {
            "arp-table-information": [
                {
                    "arp-table-entry": [
                        {
                            "mac-address": [{"data": f"02:00:5e:00:53:0{number}"}],
                            "ip-address": [{"data": f"192.0.2.{number}"}],
                            "interface-name": [{"data": "me0.0"}],
                        }
                    ]
                }
            ]
        }
        for number in (1, 2)
    ]
    answer = json.dumps({"multi-routing-engine-results": [{"multi-routing-engine-item": members}]})
    assert [row["address"] for row in judged("show arp | display json", answer).rows] == ["192.0.2.1", "192.0.2.2"]


def test_a_path_below_a_lost_prefix_is_no_path_of_the_prefix_before() -> None:
    answer = (
        "inet.0: 2 destinations, 2 routes (2 active, 0 holddown, 0 hidden)\n\n"
        "192.0.2.0/24       *[Static/5] 1d 02:03:04\n                    >  to 198.51.100.1 via ge-0/0/0.0\n"
        "203.0.1!3.0/24 ?? broken\n"
        "                   *[OSPF/10] 1d 02:03:04, metric 2\n                    >  to 198.51.100.2 via ge-0/0/0.0\n"
    )
    parsed = junos_routes(answer)
    assert [row["prefix"] for row in parsed] == ["192.0.2.0/24"]
    assert parsed[0]["next_hop"] == ["198.51.100.1"]


def junos_routes(answer: str) -> list[dict[str, object]]:
    parser = next(command.parser for command in commands(PLATFORM) if command.text == "show route")
    return [dict(row) for row in parser.parse(answer).rows]


@pytest.mark.parametrize(
    ("rib", "vrf"), [("inet.0", ""), ("inet6.0", ""), ("RED.inet.0", "RED"), ("a.b.inet6.0", "a.b"), ("", "")]
)
def test_a_routing_table_names_its_vrf(rib: str, vrf: str) -> None:
    assert junos_json.vrf_of(rib) == vrf


@pytest.mark.parametrize("rib", ["inet.2", "inet.3", "mpls.0", ":vxlan.inet.0", "bgp.l3vpn.0", "RED.evpn.0"])
def test_a_table_that_is_no_unicast_table_is_left_out(rib: str) -> None:
    assert routing.OTHER_TABLE.when({"table": rib})


@pytest.mark.parametrize(
    ("printed", "path", "origin"),
    [
        ("64500 64501 I", "64500 64501", "i"),
        ("I", "", "i"),
        ("64500 ?", "64500", "?"),
        ("(65001) {7 8} E", "(65001) {7 8}", "e"),
    ],
)
def test_the_origin_stands_behind_the_path(printed: str, path: str, origin: str) -> None:
    assert (routing.path_of(printed), routing.origin_of(printed)) == (path, origin)


@pytest.mark.parametrize(("name", "number"), [("Vlan20", "20"), ("v7", "7"), ("servers", None), ("BD-903", None)])
def test_a_vlan_is_numbered_only_if_its_name_is_a_number(name: str, number: str | None) -> None:
    assert vlan_number(name) == number


@pytest.mark.parametrize(
    ("flags", "kind"),
    [("D", "dynamic"), ("DR", "dynamic"), ("SE", "dynamic"), ("S", "static"), ("in_hash,static", "static")],
)
def test_flags_of_a_mac_address(flags: str, kind: str) -> None:
    assert kind_of(flags) == kind


@pytest.mark.parametrize(
    ("line", "port_id", "name"),
    [
        ("ge-0/0/0           -                   02:00:5e:00:53:30   ge-0/0/7           core1", "ge-0/0/7", "core1"),
        ("ge-0/0/0           -                   02:00:5e:00:53:30   HundredGigabitEthernet1/0/25 sw1", None, "sw1"),
        ("ge-0/0/0           -                   02:00:5e:00:53:30   Slot 2 Port 3      sw 2", "Slot 2 Port 3", "sw 2"),
        ("ge-0/0/0.0  02:00:5e:00:53:30   ge-0/0/7  core1", "ge-0/0/7", "core1"),
    ],
)
def test_columns_of_the_short_lldp_table(line: str, port_id: str | None, name: str) -> None:
    (row,) = judged("show lldp neighbors", f"Local Interface    Parent Interface    Chassis Id\n{line}\n").rows
    assert (row["port_id"], row["name"]) == (port_id or "HundredGigabitEthernet1/0/25", name)
