"""Which links carry a VLAN or are in a VRF."""

from nautobot_topology_cache.topology.carried import in_vrf, on_vlan, touching
from nautobot_topology_cache.topology.evidence import Observations
from tests.unit.topology.scene import devices, hears, learned, picture, port

PORTS = [
    *(port("sw1 Gi1", access_vlan=7), port("sw1 Gi2", native_vlan=8), port("sw1 Gi3", lag="Po1"), port("sw1 Po1")),
    *(port("sw1 Gi4", enabled=True), port("sw1 Gi4.100", parent="Gi4", vrf="RED", enabled=True), port("sw1 Gi5")),
]
SEEN = Observations(
    devices=devices("sw1", "sw2"), interfaces=PORTS, in_vlan=[learned("sw1 Po1", "02:00:00:00:00:09", 7)]
)


def test_a_vlan_is_on_its_access_and_native_ports_and_where_it_is_learned():
    assert on_vlan(SEEN, 7) == {("sw1", "Gi1"), ("sw1", "Po1"), ("sw1", "Gi3")}
    assert on_vlan(SEEN, 8) == {("sw1", "Gi2")}
    assert on_vlan(SEEN, 9) == set()


def test_a_vrf_is_on_the_port_of_its_subinterface():
    assert in_vrf(SEEN, "RED") == {("sw1", "Gi4")}
    assert in_vrf(SEEN, "") == {("sw1", "Gi4")}
    assert in_vrf(SEEN, "BLUE") == set()


def test_a_link_is_touched_at_either_end():
    (link,) = picture(("sw1", "sw2"), hears("sw1 Gi1", "sw2", "Gi9")).links
    assert touching({("sw1", "Gi1")})(link)
    assert touching({("sw2", "Gi9")})(link)
    assert not touching({("sw1", "Gi2")})(link)
