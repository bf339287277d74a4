"""Cables that are documented and not seen."""

from nautobot_topology_cache.topology.build import build
from nautobot_topology_cache.topology.documented import with_cables
from nautobot_topology_cache.topology.evidence import Cable, Device, Observations

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
