"""Which ports are on one wire when answers are of different age, or name no port."""

from nautobot_topology_cache.topology.build import build
from nautobot_topology_cache.topology.evidence import Observations, Slice
from tests.unit.topology.scene import devices, ends, hears, kinds, learned, picture, port, resolved


def test_a_port_that_was_plugged_elsewhere_is_where_the_fresh_answers_say():
    drawn = picture(
        ("a", "b", "c", "d"),
        hears("a E1", "b", "E1", "cdp", missing=True),
        hears("b E1", "a", "E1", "cdp", missing=True),
        hears("a E1", "c", "E1"),
        hears("c E1", "a", "E1"),
        hears("b E1", "d", "E1"),
        hears("d E1", "b", "E1"),
    )
    assert ends(drawn) == ["a E1 - c E1", "b E1 - d E1"]
    assert not any(link.stale for link in drawn.links)
    assert [kinds(link, supports=False) for link in drawn.links] == [["superseded"], ["superseded"]]
    assert "hears b E1, in an older answer" in drawn.links[0].evidence[-1].detail


def test_a_slice_that_is_stale_is_older_than_one_that_is_fresh():
    rows = [hears("a E1", "b", "E5", "cdp", slice="old"), hears("a E1", "b", "E1", slice="new")]
    slices = {
        "old": Slice("show cdp", "2026-01-01", "the last attempt ended failed"),
        "new": Slice("show lldp", "2026-01-02"),
    }
    drawn = build(Observations(devices=devices("a", "b"), neighbors=rows, slices=slices))
    assert ends(drawn) == ["a E1 - b E1"]
    assert drawn.links[0].label != "conflict"


def test_the_far_end_that_was_plugged_elsewhere_makes_no_second_link():
    drawn = picture(("a", "b"), hears("a E1", "b", "E5", missing=True), hears("b E1", "a", "E1"))
    assert ends(drawn) == ["a E1 - b E1"]


def test_who_fell_silent_on_a_segment_is_still_on_it():
    names = ("a", "b", "c")
    rows = [hears(f"{x} m0", y, "m0", missing=x == "c" or y == "c") for x in names for y in names if x != y]
    rows += [hears(f"{x} m0", "d", "m0") for x in "ab"] + [hears("d m0", x, "m0") for x in "ab"]
    drawn = picture((*names, "d"), *rows)
    assert {drawn.nodes[link.source[0]].name for link in drawn.links} == {"a", "b", "c", "d"}


def test_what_is_not_fresh_and_not_contradicted_stays():
    drawn = picture(("a", "b"), hears("a E1", "b", "E1", missing=True))
    assert (ends(drawn), drawn.links[0].stale) == (["a E1 - b E1"], True)


def test_ports_that_are_only_left_are_no_agreement_of_both_ends():
    ports = [port(f"{device} E{n}") for device in ("a", "b") for n in (1, 2)]
    (link,) = picture(("a", "b"), hears("a E1", "b"), hears("b E2", "a"), interfaces=ports).links
    assert "both_ends" not in kinds(link)
    assert "elimination" in kinds(link, supports=False)
    assert link.label != "high"
    assert not [one.detail for one in link.evidence if "E2" in one.detail and "E1" in one.detail]


def test_entries_in_any_order_are_the_same_evidence():
    known, ports = devices("a", "b"), [port(f"b E{n}", mac_address=f"02:00:00:00:00:0{n}") for n in range(1, 4)]
    macs = [learned("a E1", f"02:00:00:00:00:0{n}") for n in range(1, 4)]
    arps = [resolved("a E1", f"192.0.2.{n}", f"02:00:00:00:00:0{n}") for n in range(1, 4)]
    rows = [hears("a E1", "b", "E1")]

    def drawn(macs, arps, ports):
        seen = Observations(devices=known, neighbors=rows, interfaces=ports, mac_entries=macs, arp_entries=arps)
        return repr(build(seen))

    assert drawn(macs, arps, ports) == drawn(macs[::-1], arps[::-1], ports[::-1])


def test_what_names_the_port_goes_before_what_describes_it():
    ports = [port("b Gi0/1", mac_address="02:00:00:00:00:01"), port("b Gi0/2", mac_address="02:00:00:00:00:02")]
    heard = hears("a E1", "b", "", port_id="0200.0000.0001", port_description="Gi0/2")
    assert ends(picture(("a", "b"), heard, interfaces=ports)) == ["a E1 - b Gi0/1"]


def test_two_neighbors_whose_chassis_id_is_nothing_are_two():
    nothing = {"chassis_id": "00:00:00:00:00:00"}
    drawn = picture(("a",), hears("a E1", "srv1", **nothing), hears("a E2", "srv2", **nothing))
    assert {node.name for node in drawn.nodes.values()} == {"a", "srv1", "srv2"}


def test_a_neighbor_called_by_its_address_is_no_device_called_by_a_part_of_it():
    drawn = picture(("10", "a"), hears("a E1", "10.1.2.3"))
    assert [node.node_type for node in drawn.nodes.values() if node.name == "10.1.2.3"] == ["external"]
