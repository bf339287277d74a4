"""The generated network is coherent, and what it prints agrees with itself."""

from __future__ import annotations

import ipaddress
import json
import re

import pytest

from development.lab.compare import KEYS, canonical
from development.lab.generate import generate
from development.lab.render import answer, table
from development.lab.state import World
from development.lab.truth import of


@pytest.fixture(scope="module")
def world():
    return World(generate())


@pytest.fixture(scope="module")
def truth(world):
    return of(world)


def answering(world):
    return [device for device in world.network.devices.values() if not device.answers]


def test_the_same_seed_gives_the_same_truth(truth):
    assert of(World(generate())) == truth
    assert of(World(generate(seed=2))) != truth


def test_fourteen_answer_one_rejects_one_is_silent(truth):
    answers = [device["answers"] for device in truth["devices"].values()]
    assert sorted(answers) == ["auth", "silent", *["yes"] * 14]
    assert {device["platform"] for device in truth["devices"].values()} == {
        "arista_eos",
        "cisco_ios",
        "cisco_nxos",
        "cisco_xe",
    }


def test_cables_end_at_ports_that_exist_and_are_used_once(world):
    ends = [end for link in world.network.links for end in (link.a, link.b)]
    assert len(ends) == len(set(ends))
    for name, port in ends:
        assert port in world.network.devices[name].interfaces


@pytest.mark.parametrize("name", KEYS)
def test_no_two_rows_of_a_device_share_a_key(truth, name):
    for device in truth["devices"].values():
        for rows in [device["tables"].get(name, {"rows": []})["rows"]]:
            keys = [tuple(canonical(row, name).get(column) for column in KEYS[name]) for row in rows]
            assert len(keys) == len(set(keys))


def test_every_ospf_next_hop_is_the_far_end_of_the_interface(world):
    for device in answering(world):
        for route in world.state(device.name).routes:
            if route.protocol == "ospf":
                far = world.network.far_logical(device, device.interfaces[route.interface])
                assert route.next_hop in [address.ip for address in far[1].addresses]


def test_every_packet_to_a_loopback_of_the_site_arrives(world):
    """Follows the longest match hop by hop, along every equal-cost way."""
    owners = {d.router_id: d.name for d in world.network.devices.values() if d.router_id}
    addresses = {
        address.ip: device.name
        for device in world.network.devices.values()
        for interface in device.interfaces.values()
        for address in interface.addresses
        if address.version == 4 and not interface.vrf
    }
    for target, owner in owners.items():
        for device in answering(world):
            if device.router_id and device.site == world.network.devices[owner].site:
                assert reaches(world, addresses, device.name, target, owner, 12)


def reaches(world, addresses, here, target, owner, steps):
    if here == owner:
        return True
    routes = [r for r in world.state(here).routes if not r.vrf and r.version == 4]
    covering = [r for r in routes if ipaddress.ip_address(target) in ipaddress.ip_network(r.prefix)]
    longest = max(ipaddress.ip_network(r.prefix).prefixlen for r in covering)
    hops = [r.next_hop for r in covering if r.prefix.endswith(f"/{longest}")]
    return steps > 0 and all(reaches(world, addresses, addresses[hop], target, owner, steps - 1) for hop in hops)


def test_what_is_promised_is_there(world, truth):
    tables = {name: device["tables"] for name, device in truth["devices"].items() if device["tables"]}
    routes = [row for t in tables.values() for row in t["routes"]["rows"]]
    assert {"connected", "local", "static", "ospf", "bgp", "hmm"} == {row["protocol"] for row in routes}
    assert {"IA", "E2", "inter", "type-2"} & {row["route_type"] for row in routes} >= {"IA", "E2", "type-2"}
    assert any(":" in row["prefix"] for row in routes)
    assert any(row.get("encapsulation") == "vxlan" for row in routes)
    arp = tables["ost-dist-01"]["arp_entries"]["rows"]
    both = {row["ip_address"] for row in arp if row["vrf"] == "GUEST"} & {r["ip_address"] for r in arp if not r["vrf"]}
    assert both, "the VRF's addresses overlap the default ones"
    assert tables["ost-dist-01"]["arp_entries"]["filtered"]
    assert any(link["lag"] for link in truth["links"])
    assert any(link["protocols"] == ["lldp"] and link["a"][0].startswith("ost") for link in truth["links"])
    assert {"phone", "access point", "server"} <= {row["kind"] for row in truth["outside"]}
    best = [row["prefix"] for row in tables["ost-border-01"]["bgp_routes"]["rows"]]
    assert len(best) > len(set(best)), "several paths to a prefix"


def commands(platform):
    """Each pattern of a platform as commands that it matches, one for each alternative."""
    for pattern, _renderer in table(platform):
        text = pattern.pattern.replace(r"(?P<vrf>\S+)", "GUEST" if "cisco_" in platform else "all")
        yield from (expand(part) for part in split(text))


def split(text):
    """Alternatives at the top level."""
    depth, start, found = 0, 0, []
    for index, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == "|" and not depth and text[index - 1] != "\\":
            found.append(text[start:index])
            start = index + 1
    return [*found, text[start:]]


def expand(text):
    """Optional groups are left out, of others the first alternative is taken."""
    while match := re.search(r"\((?:\?:)?((?:[^()|]|\\\|)*)((?:\|[^()]*)?)\)(\??)", text):
        text = text[: match.start()] + ("" if match[3] else match[1]) + text[match.end() :]
    return re.sub(r"(\w)\?", "", text).replace("\\", "")


def test_every_command_is_answered_by_every_device_that_can(world):
    for device in answering(world):
        unknown = []
        for command in commands(device.platform):
            text = answer(world.state(device.name), command)
            if text is None:
                unknown.append(command)
            elif command.endswith(("json", "json native")) and not text.startswith("%"):
                json.loads(text)
        expected = ["show interfaces switchport", "show mac address-table"] if device.role == "border" else []
        assert unknown == expected, device.name


def test_nonsense_is_not_answered(world):
    for device in answering(world):
        assert answer(world.state(device.name), "show nonsense") is None


def test_each_form_shows_every_route_and_mac(world):
    for device in answering(world):
        state = world.state(device.name)
        for forms, values in (
            (
                ("show ip route vrf all", "show ip route vrf all | json"),
                {r.prefix for r in state.routes if r.version == 4},
            ),
            (
                ("show mac address-table", "show mac address-table | json"),
                {m.mac.replace(":", "").lower() for m in state.macs},
            ),
        ):
            for form in forms:
                text = answer(state, form)
                if device.platform in ("arista_eos", "cisco_nxos"):
                    bare = text.replace(":", "").replace(".", "") if "mac" in form else text
                    assert not [value for value in values if value not in bare]


def test_size_must_be_possible():
    with pytest.raises(ValueError, match="smallest network has 14"):
        generate(size=5)


@pytest.mark.parametrize("size", [14, 15, 20, 33, 60, 120])
def test_any_size_is_met(size):
    network = generate(size=size)
    assert sum(not device.answers for device in network.devices.values()) == size


@pytest.mark.parametrize(
    ("device", "command", "line"),
    [
        ("ost-dist-01", "show ip route", r"^O +10\.1\.255\.5/32 \n +\[110/21\] via"),
        ("ost-dist-01", "show ip route", r"\n {16,}\[110/\d+\] via [\d.]+, \w+, TenGig"),
        ("ost-dist-01", "show ip arp", r"  Incomplete      ARPA   $"),
        ("ost-dist-01", "show mac address-table", r"^ All .* CPU$"),
        ("ost-border-01", "show ip arp", r"^Internet  203\.0\.113\.\d+ .*  ARPA   $"),
        ("ost-border-01", "show bgp ipv6 unicast", r"2001:DB8:1:1010::2\n {30,}"),
        ("ost-acc-02", "show lldp neighbors detail", r"^% LLDP is not enabled$"),
        ("ost-acc-02", "show ip route", r"^Default gateway is "),
        ("ost-acc-02", "show ip bgp summary", r"^% BGP not active$"),
        ("gnt-leaf-01", "show interfaces", r"^  Internet address is virtual 10\.2\.110\.1/24$"),
        ("gnt-leaf-01", "show ip route vrf all", r" via VTEP [\d.]+ VNI 50001 router-mac [\da-f:]+$"),
        ("gnt-leaf-01", "show arp vrf all", r" Vlan110, not learned$"),
        ("gnt-leaf-03", "show mac address-table", r"    vPC Peer-Link\(R\)$"),
        ("gnt-leaf-03", "show mac address-table", r"^\+ .*    vPC Peer-Link$"),
        ("gnt-leaf-03", "show ip arp vrf all", r"  INCOMPLETE  "),
        ("gnt-edge-01", "show cdp neighbors detail", r"^Device ID:ost-border-01\.ost\.example\.net\nSystem Name: $"),
        ("gnt-leaf-03", "show cdp neighbors detail", r"^Device ID:gnt-leaf-04\([0-9A-Z]{11}\)$"),
        ("gnt-edge-01", "show ipv6 neighbor vrf all", r"^2001:db8:1:1010::1\n {16}00:"),
    ],
)
def test_awkward_lines_are_printed_by_default(world, device, command, line):
    assert re.search(line, answer(world.state(device), command), re.MULTILINE)


def test_descriptions_hold_odd_characters(world):
    text = "".join(
        answer(world.state(d.name), "show interfaces") or "" for d in answering(world) if d.platform != "cisco_nxos"
    )
    for odd in ('"rack 7" <U32>', "Description: Vlan9 is up, line protocol is up", "50% | ticket", "Küche", "--More--"):
        assert odd in text
