"""Cables that are documented and not seen."""

from nautobot_topology_cache.topology.build import build
from nautobot_topology_cache.topology.documented import with_cables
from nautobot_topology_cache.topology.evidence import Cable, Device, Observations
from tests.unit.topology.scene import hears

SEEN = Observations(
    devices={"a": Device("a", "sw1"), "b": Device("b", "sw2")}, cables=[Cable("W1", "a", "Ethernet1", "b", "Ethernet2")]
)


def test_a_cable_that_nothing_shows_is_a_link_with_the_cable_as_its_only_evidence():
    (link,) = with_cables(build(SEEN), SEEN).links
    assert {link.source, link.target} == {("a", "Ethernet1"), ("b", "Ethernet2")}
    assert link.link_type == "cable"
    assert [one.kind for one in link.evidence] == ["cable"]


def test_a_cable_to_a_device_that_is_not_in_the_picture_is_left_out():
    picture = build(Observations(devices={"a": SEEN.devices["a"]}))
    assert with_cables(picture, SEEN).links == ()


def test_a_cable_is_that_of_a_link_of_which_one_port_is_not_known():
    heard = [hears("a Ethernet1", "sw2")]
    seen = Observations(devices=SEEN.devices, cables=SEEN.cables, neighbors=heard)
    (link,) = with_cables(build(seen), seen).links
    assert "cable" in [one.kind for one in link.evidence]


def test_a_cable_between_two_ports_of_a_segment_is_no_link_besides():
    others = {**SEEN.devices, "c": Device("c", "sw3")}
    heard = [hears("a Ethernet1", name, "Ethernet2") for name in ("sw2", "sw3")]
    seen = Observations(devices=others, cables=SEEN.cables, neighbors=heard)
    assert {link.target[0].partition(":")[0] for link in with_cables(build(seen), seen).links} == {"segment"}
