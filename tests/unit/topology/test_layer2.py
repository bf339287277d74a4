"""Layer 2: what MAC tables and resolved addresses say of who is bridged with whom."""

import pytest

from nautobot_topology_cache.topology.evidence import Device, Slice
from tests.unit.topology.scene import bridged, devices, ends, hears, kinds, learned, port, resolved

MAC = {name: f"02:00:00:00:00:{number:02X}" for number, name in enumerate(("sw1", "sw2", "sw3", "sw4", "r1"), 1)}


def switch(name, *ports):
    """A switch whose VLAN interface has its MAC address, with bare ports."""
    return [port(f"{name} Vlan1", mac_address=MAC[name]), *(port(f"{name} {one}") for one in ports)]


def drawn_of(*names, mac_entries=(), **tables):
    interfaces = [one for name in names for one in switch(name, "Gi1", "Gi2", "Gi3")]
    interfaces += tables.pop("more", [])
    neighbors = tables.pop("neighbors", ())
    return bridged(names, *neighbors, interfaces=interfaces, mac_entries=mac_entries, **tables)


def bridges(drawn):
    return [one for one, link in zip(ends(drawn), drawn.links, strict=True) if link.layer == "l2"]


PAIR = [learned("sw1 Gi1", MAC["sw2"]), learned("sw2 Gi2", MAC["sw1"])]


def test_two_ports_that_learned_each_other_are_one_link():
    drawn = drawn_of("sw1", "sw2", mac_entries=PAIR)
    assert bridges(drawn) == ["sw1 Gi1 - sw2 Gi2"]
    (link,) = drawn.links
    assert (kinds(link), link.link_type, link.label) == (["mac_table", "mac_table"], "mac_table", "medium")
    assert link.evidence[0].detail == f"learned {MAC['sw2']} in VLAN 1 on Gi1"


def test_one_sided_learning_is_a_link_whose_other_port_nobody_knows():
    drawn = drawn_of("sw1", "sw2", mac_entries=PAIR[:1])
    assert bridges(drawn) == ["sw1 Gi1 - sw2"]
    assert drawn.links[0].label == "low"


def test_the_port_that_owns_the_mac_is_the_other_end():
    more = [port("r1 Gi0/0", mac_address=MAC["r1"]), port("r1 Gi0/1", mac_address="02:00:00:00:01:00")]
    drawn = bridged(
        ("sw1", "r1"), interfaces=[*switch("sw1", "Gi1"), *more], mac_entries=[learned("sw1 Gi1", MAC["r1"])]
    )
    assert bridges(drawn) == ["r1 Gi0/0 - sw1 Gi1"]


def test_a_switch_in_between_keeps_what_is_behind_it():
    entries = [learned("sw1 Gi1", MAC["sw2"]), learned("sw1 Gi1", MAC["sw3"])]
    entries += [learned("sw2 Gi1", MAC["sw1"]), learned("sw2 Gi2", MAC["sw3"])]
    entries += [learned("sw3 Gi1", MAC["sw2"]), learned("sw3 Gi1", MAC["sw1"])]
    assert bridges(drawn_of("sw1", "sw2", "sw3", mac_entries=entries)) == ["sw1 Gi1 - sw2 Gi1", "sw2 Gi2 - sw3 Gi1"]


def test_a_bridge_that_nobody_knows_is_a_segment_and_no_mesh():
    names = ("sw1", "sw2", "sw3", "sw4")
    entries = [learned(f"{here} Gi1", MAC[there]) for here in names for there in names if here != there]
    drawn = drawn_of(*names, mac_entries=entries)
    assert bridges(drawn) == [f"{name} Gi1 - segment" for name in names]
    assert len({link.target for link in drawn.links}) == 1


def test_a_router_that_learns_nothing_is_on_the_segment_too():
    entries = [learned("sw1 Gi1", MAC["sw2"]), learned("sw2 Gi1", MAC["sw1"])]
    entries += [learned("sw1 Gi1", MAC["r1"]), learned("sw2 Gi1", MAC["r1"])]
    more = [port("r1 Gi0/0", mac_address=MAC["r1"])]
    drawn = bridged(
        ("r1", "sw1", "sw2"), interfaces=[*switch("sw1", "Gi1"), *switch("sw2", "Gi1"), *more], mac_entries=entries
    )
    assert bridges(drawn) == ["r1 Gi0/0 - segment", "sw1 Gi1 - segment", "sw2 Gi1 - segment"]
    assert all(kinds(link) == ["mac_table"] for link in drawn.links)


def test_two_ports_towards_a_router_whose_port_nobody_knows_are_not_one_wire():
    entries = [learned(f"{name} Gi1", MAC["r1"]) for name in ("sw1", "sw2")]
    assert bridges(drawn_of("sw1", "sw2", "r1", mac_entries=entries)) == ["r1 - sw1 Gi1", "r1 - sw2 Gi1"]


def test_a_physical_link_says_through_whom_the_rest_is_seen():
    neighbors = [hears("sw1 Gi1", "sw2", "Gi2"), hears("sw2 Gi2", "sw1", "Gi1")]
    entries = [*PAIR, learned("sw1 Gi1", MAC["sw3"])]
    drawn = drawn_of("sw1", "sw2", "sw3", neighbors=neighbors, mac_entries=entries)
    assert bridges(drawn) == ["sw1 Gi1 - sw2 Gi2"]
    assert kinds(drawn.links[1]) == ["wire", "mac_table", "mac_table"]
    assert (drawn.links[1].link_type, drawn.links[1].label) == ("mac_table", "high")
    beyond = drawn_of("sw1", "sw2", "sw3", neighbors=neighbors, mac_entries=[learned("sw1 Gi1", MAC["sw3"])])
    assert (bridges(beyond), kinds(beyond.links[1])) == (["sw1 Gi1 - sw2 Gi2"], ["wire", "mac_beyond"])


def test_members_of_a_bundle_are_one_port_of_layer_2():
    neighbors = [hears(f"sw1 Gi{n}", "sw2", f"Gi{n}") for n in (1, 2)]
    more = [port(f"{name} Gi{n}", lag="Po1") for name in ("sw1", "sw2") for n in (1, 2)]
    more += [port("sw1 Po1"), port("sw2 Po1"), port("sw2 Vlan1", mac_address=MAC["sw2"])]
    drawn = bridged(("sw1", "sw2"), *neighbors, interfaces=more, mac_entries=[learned("sw1 Po1", MAC["sw2"])])
    assert bridges(drawn) == ["sw1 Po1 - sw2 Po1"]


@pytest.mark.parametrize("mac", ["00:00:0C:07:AC:01", "00:00:0C:9F:F0:01", "00:00:5E:00:01:0A", "01:80:C2:00:00:0E"])
def test_virtual_and_multicast_macs_name_nobody(mac):
    more = [port("sw2 Vlan7", mac_address=mac)]
    assert drawn_of("sw1", "sw2", mac_entries=[learned("sw1 Gi1", mac)], more=more).links == ()


def test_a_mac_that_two_devices_have_names_nobody():
    more = [port("sw3 Vlan9", mac_address=MAC["sw2"])]
    assert drawn_of("sw1", "sw2", "sw3", mac_entries=PAIR[:1], more=more).links == ()


@pytest.mark.parametrize("where", ["CPU", "Vlan1", "nve1(192.0.2.1)", "vPC Peer-Link(R)", "sup-eth1(R)"])
def test_what_is_no_port_is_no_end(where):
    assert drawn_of("sw1", "sw2", mac_entries=[learned(f"sw1 {where}", MAC["sw2"])]).links == ()


def test_a_flapping_mac_is_doubted_at_both_ports():
    entries = [learned("sw1 Gi1", MAC["sw2"]), learned("sw1 Gi3", MAC["sw2"])]
    drawn = drawn_of("sw1", "sw2", mac_entries=entries)
    assert bridges(drawn) == ["sw1 Gi1 - sw2", "sw1 Gi3 - sw2"]
    assert [kinds(link, supports=False) for link in drawn.links] == [["mac_elsewhere"]] * 2
    apart = [entries[0], learned("sw1 Gi3", MAC["sw2"], vlan=2)]
    assert {kinds(link, supports=False) == [] for link in drawn_of("sw1", "sw2", mac_entries=apart).links} == {True}


def test_a_resolved_address_joins_routed_ports():
    ports = [port("sw1 Gi1", mac_address=MAC["sw1"]), port("sw2 Gi2", mac_address=MAC["sw2"])]
    entries = [resolved("sw1 Gi1", "192.0.2.2", MAC["sw2"]), resolved("sw2 Gi2", "192.0.2.1", MAC["sw1"])]
    drawn = bridged(("sw1", "sw2"), interfaces=ports, arp_entries=entries)
    assert bridges(drawn) == ["sw1 Gi1 - sw2 Gi2"]
    assert (kinds(drawn.links[0]), drawn.links[0].link_type) == (["arp", "arp"], "arp_discovered")


def test_what_only_old_tables_say_is_stale():
    slices = {"old": Slice("show mac address-table", None, "too old")}
    old = [one._replace(slice="old") for one in PAIR]
    assert drawn_of("sw1", "sw2", mac_entries=old, slices=slices).links[0].stale
    assert not drawn_of("sw1", "sw2", mac_entries=[old[0], PAIR[1]], slices=slices).links[0].stale


def test_members_of_a_virtual_chassis_are_one():
    known = {**devices("sw1"), "m": Device("m", "stack", chassis="s", master="m"), "b": Device("b", "b", master="m")}
    interfaces = [*switch("sw1", "Gi1"), port("b Vlan1", mac_address=MAC["sw2"])]
    assert bridges(bridged(known, interfaces=interfaces, mac_entries=PAIR[:1])) == ["stack - sw1 Gi1"]


def test_the_same_rows_in_any_order_give_the_same_picture():
    names = ("sw1", "sw2", "sw3", "sw4")
    entries = [learned(f"{here} Gi1", MAC[there], vlan) for here in names for there in names for vlan in (1, 2)]
    entries += [learned("sw1 Gi2", MAC["r1"]), learned("sw2 Gi3", MAC["r1"])]
    first = repr(drawn_of(*names, "r1", mac_entries=entries))
    for mixed in (
        entries[::-1],
        entries[7:] + entries[:7],
        sorted(entries, key=lambda one: (one.mac_address, one.vlan)),
    ):
        assert repr(drawn_of(*names, "r1", mac_entries=mixed)) == first
