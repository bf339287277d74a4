"""One device as a conversation: what is asked, in which order, and what becomes of the answers."""

from __future__ import annotations

import json

import attrs
import pytest

from nautobot_topology_cache.collect.commands import Feed, entry
from nautobot_topology_cache.collect.flow import converse, device_flow, plan
from nautobot_topology_cache.collect.platforms import platforms
from nautobot_topology_cache.collect.results import ABSENT, DeviceResult, Failure
from tests.unit.collect.a_platform import ADJACENT, MODES, PLATFORM, PORTS, Answers
from tests.unit.collect.a_platform import VRFS as VRFS_COMMAND

VRFS = "name=RED ports=Gi7,Vl20\nname=BLUE ports="
ROUTE = "to=192.0.2.0/24 by=static out=Gi1"
ALL = {
    "ports": "name=Gi1\nname=Gi7",
    "modes": "name=Gi1 mode=trunk",
    "vrfs": VRFS,
    "routes": ROUTE,
    "routes in RED": ROUTE,
    "routes in BLUE": "",
    "heard detail": "here=Gi1 who=sw2 there=Gi9",
}


def discovered(texts: dict[str, str | Failure], *tables: str) -> tuple[DeviceResult, list[str]]:
    session = Answers(texts)
    result = converse(device_flow(PLATFORM, tables or PLATFORM.tables(), unparsed_share=0.05), session)
    return result, [ask.command for ask in session.asked]


def test_every_command_is_asked_once_and_the_vrfs_first() -> None:
    _, asked = discovered(ALL)
    assert asked == ["vrfs", "ports", "modes", "routes", "routes in BLUE", "routes in RED", "heard detail"]


def test_the_vrfs_are_asked_only_if_something_depends_on_them() -> None:
    _, asked = discovered(ALL, "neighbors")
    assert asked == ["heard detail"]
    assert [item.alternatives[0].text for item in plan(PLATFORM, ["interfaces"])] == ["vrfs", "ports", "modes"]


def test_interfaces_learn_their_vrf_from_the_list() -> None:
    result, _ = discovered(ALL, "interfaces")
    (ports, _) = result.slices
    assert {record.name: record.vrf for record in ports.records} == {"GigabitEthernet1": "", "GigabitEthernet7": "RED"}


def test_a_slice_for_each_vrf() -> None:
    result, _ = discovered(ALL, "routes")
    assert [(found.command, found.context, found.outcome) for found in result.slices] == [
        ("routes", "", "ok"),
        ("routes in BLUE", "BLUE", "empty"),
        ("routes in RED", "RED", "ok"),
    ]
    assert result.unlisted == {}


def test_without_the_list_of_vrfs_no_unasked_slice_may_be_closed() -> None:
    result, asked = discovered({**ALL, "vrfs": Failure("timeout", "30 s")}, "routes")
    assert asked == ["vrfs", "routes"]
    assert result.unlisted == {"routes": "timeout: 30 s"}


def test_a_device_that_lists_no_vrfs_any_more_keeps_what_it_told_about_them() -> None:
    for supported, told in (("name=RED ports=", ""), ("", ""), ("% unknown", "does not list its VRFs")):
        result, _ = discovered({**ALL, "vrfs": supported}, "routes")
        assert result.unlisted == {}
        assert bool(told) == bool(result.unlisted_vrfs)
        assert told in result.unlisted_vrfs


def test_columns_that_this_run_does_not_ask_for_keep_their_values() -> None:
    both = attrs.evolve(PORTS, feeds=(*PORTS.feeds, Feed("ip_addresses", {"address": "ip", "interface": "name"})))
    platform = attrs.evolve(PLATFORM, entries=(entry(both), entry(MODES), entry(VRFS_COMMAND)))
    for tables, kept in ((["ip_addresses"], {"mode"}), (["ip_addresses", "interfaces"], set())):
        session = Answers({**ALL, "ports": "name=Gi1 ip=192.0.2.1"})
        result = converse(device_flow(platform, tables, unparsed_share=0.05), session)
        (ports,) = (found for found in result.slices if found.table == "interfaces" and not found.fills)
        assert ports.kept_columns == kept


def test_odd_bytes_in_names_and_reasons_can_be_stored() -> None:
    result, asked = discovered({**ALL, "vrfs": "name=R\udce9D ports=", "routes": "! \udce9\x00"}, "routes")
    assert asked == ["vrfs", "routes"]
    assert "R\ufffdD" in result.unlisted["routes"]
    result, _ = discovered({**ALL, "routes": "? \udce9 \x00"}, "routes")
    assert "? \ufffd" in result.slices[0].reason
    assert "? \ufffd" in result.commands[1].reason


@pytest.mark.parametrize(
    "name", ["x|redirect", "x;reload", "x&reload", "x*", "x?", "x>flash:", '"x"', "x`y`", "$(x)", "-x", "x" * 129]
)
def test_no_command_is_made_of_a_vrf_name_that_could_be_one(name: str) -> None:
    result, asked = discovered({**ALL, "vrfs": f"name={name} ports=Gi2\nname=RED ports=Gi3"}, "routes")
    assert {"vrfs", "routes", "routes in RED"} >= set(asked)
    assert "routes in RED" in asked
    assert "no command is made of the VRF name" in result.unlisted["routes"]


@pytest.mark.parametrize("name", ["x\nreload", "x reload", "x\r", "\u202ex", "x\x1bE", "x;reload"])
def test_a_name_in_a_document_may_hold_anything_and_becomes_no_command(name: str) -> None:
    listed = [{"ifname": name, "linkinfo": {"info_kind": "vrf"}}, {"ifname": "RED", "linkinfo": {"info_kind": "vrf"}}]
    session = Answers({"ip -j -d link show": json.dumps(listed)})
    converse(device_flow(platforms()["linux"], ["routes"], unparsed_share=0.05), session)
    asked = [ask.command for ask in session.asked]
    assert [one for one in asked if "RED" in one]
    assert not [one for one in asked if "reload" in one or not one.isprintable()]


def test_a_table_tells_that_there_are_vrfs_it_lacks() -> None:
    for listed, told in (("name=x&reload ports=", "denied: no command"), (Failure("timeout", "30 s"), "timeout: 30 s")):
        result, _ = discovered({**ALL, "vrfs": listed}, "routes")
        assert [found.outcome for found in result.slices if found.table == "routes"] == ["ok", "failed"]
        assert result.slices[-1].reason.startswith(told)
    result, _ = discovered({**ALL, "vrfs": "name=x&reload ports=", "routes": Failure("timeout")}, "routes")
    assert len(result.slices) == 1, "the table tells already"
    result, _ = discovered({**ALL, "vrfs": ABSENT}, "routes")
    assert [found.outcome for found in result.slices] == ["ok"], "files without the list may lack the VRFs too"


def test_without_the_list_of_vrfs_what_is_looked_up_in_it_keeps_its_value() -> None:
    (ports, _) = discovered({**ALL, "vrfs": Failure("timeout", "30 s")}, "interfaces")[0].slices
    assert (ports.outcome, ports.kept_columns) == ("ok", {"vrf"})
    assert discovered(ALL, "interfaces")[0].slices[0].kept_columns == frozenset()


def test_a_key_that_cannot_be_looked_up_fails_the_slice() -> None:
    platform = attrs.evolve(PLATFORM, entries=(*PLATFORM.entries[2:4], entry(ADJACENT)))
    session = Answers({**ALL, "vrfs": Failure("timeout", "30 s"), "adjacent": "here=Gi7 id=192.0.2.7"})
    result = converse(device_flow(platform, ["routing_neighbors"], unparsed_share=0.05), session)
    (found,) = result.slices
    assert (found.outcome, found.reason, found.records) == ("failed", "timeout: 30 s", ())


def test_a_list_of_vrfs_with_an_unknown_line_is_used_but_not_trusted() -> None:
    many = "\n".join(f"name=V{n:02} ports=" for n in range(30))
    result, asked = discovered({**ALL, "vrfs": f"{many}\n? what"}, "routes")
    assert len(asked) == 32
    assert result.unlisted["routes"].startswith("unparsed: 1 lines of the list of VRFs")


def test_the_default_vrf_is_not_asked_about_twice() -> None:
    _, asked = discovered({**ALL, "vrfs": "name=default ports=Gi1\nname=RED ports=Gi7"}, "routes")
    assert asked == ["vrfs", "routes", "routes in RED"]


def test_a_failed_command_keeps_its_table_s_unasked_slices() -> None:
    result, _ = discovered({**ALL, "routes in RED": Failure("timeout")}, "routes")
    assert result.unlisted == {"routes": "timeout"}


def test_a_device_without_vrfs_is_asked_about_none() -> None:
    for nothing in ("", "% unknown"):
        _, asked = discovered({**ALL, "vrfs": nothing}, "routes")
        assert asked == ["vrfs", "routes"]


def test_the_next_alternative_is_asked_only_after_unsupported() -> None:
    old = {"heard": "here=Gi1 who=sw2 there=Gi9"}
    result, asked = discovered(old, "neighbors")
    assert asked == ["heard detail", "heard"]
    assert [(found.command, found.outcome) for found in result.slices] == [("heard", "ok")]
    _, asked = discovered({**old, "heard detail": Failure("timeout")}, "neighbors")
    assert asked == ["heard detail"]


def test_an_older_release_that_leaves_a_column_out_is_asked_the_next_alternative() -> None:
    texts: dict[str, str | Failure] = {"heard detail": "who=sw2 there=Gi9", "heard": "here=Gi1 who=sw2 there=Gi9"}
    result, _ = discovered(texts, "neighbors")
    (found,) = result.slices
    assert [(record.local_interface, record.neighbor_name) for record in found.records] == [("GigabitEthernet1", "sw2")]


def test_where_no_alternative_exists_each_of_them_says_so() -> None:
    result, _ = discovered({}, "neighbors")
    assert [(found.command, found.outcome) for found in result.slices] == [
        ("heard detail", "unsupported"),
        ("heard", "unsupported"),
    ]


def test_what_the_first_alternative_said_stands_when_the_next_has_nothing_better() -> None:
    for worse in ("% unknown", "% heard is off", Failure("timeout")):
        result, _ = discovered({"heard detail": "who=sw2 there=Gi9", "heard": worse}, "neighbors")
        (found,) = result.slices
        assert [(record.local_interface, record.neighbor_name) for record in found.records] == [("", "sw2")]
        assert len(result.commands) == 2


def test_a_device_that_answers_nothing_has_failed() -> None:
    lost = Failure("disconnected", "the session is gone")
    result, _ = discovered(dict.fromkeys(ALL, lost), "interfaces")
    assert result.failure == lost


def test_a_device_that_answers_something_has_not() -> None:
    result, _ = discovered({"ports": "% forbidden"}, "interfaces")
    assert result.failure is None
    assert [found.outcome for found in result.slices] == ["failed", "unsupported"]


def test_a_result_says_which_driver_was_used() -> None:
    assert discovered(ALL)[0].driver == attrs.asdict(PLATFORM, recurse=False)["driver"]
