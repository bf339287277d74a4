"""Uplink or edge: a verdict for each port, with its reason."""

import pytest

from nautobot_topology_cache.topology.behind import Behind
from nautobot_topology_cache.topology.build import build
from nautobot_topology_cache.topology.edges import NOBODY, verdicts
from nautobot_topology_cache.topology.evidence import Device, Observations
from nautobot_topology_cache.topology.ports import Ports
from nautobot_topology_cache.topology.resolve import Directory
from tests.unit.topology.scene import devices, hears, learned, port, resolved

MAC = "02:00:00:00:00:02"
OF_SW2 = port("sw2 Vlan1", mac_address=MAC)
TWO = devices("sw1", "sw2")


def judged(*neighbors, more=(), known=None, **tables):
    """Port of sw1 -> (verdict, reason)."""
    found = known or TWO
    interfaces = [port("sw1 Gi1"), port("sw1 Gi2"), *more]
    seen = Observations(devices=found, neighbors=neighbors, interfaces=interfaces, **tables)
    behind = Behind(seen, Ports(interfaces), Directory(found))
    return {one.interface: (one.verdict, one.reason) for one in verdicts(build(seen), seen, behind, ["sw1"])}


def test_a_port_with_a_device_neighbor_is_an_uplink():
    assert judged(hears("sw1 Gi1", "sw2", "Gi9")) == {"Gi1": ("uplink", "neighbor: sw2"), "Gi2": ("edge", NOBODY)}


def test_a_port_that_only_the_other_end_hears_is_an_uplink():
    assert judged(hears("sw2 Gi9", "sw1", "Gi1"))["Gi1"] == ("uplink", "neighbor: sw2")


def test_a_port_behind_which_a_known_device_is_seen_is_an_uplink():
    for seen in ({"mac_entries": [learned("sw1 Gi1", MAC)]}, {"arp_entries": [resolved("sw1 Gi1", "192.0.2.2", MAC)]}):
        assert judged(more=[OF_SW2], **seen)["Gi1"] == ("uplink", "MAC addresses of sw2")


def test_hosts_and_outsiders_leave_a_port_an_edge():
    entries = [learned("sw1 Gi1", "02:00:00:00:09:09")]
    assert judged(hears("sw1 Gi1", "printer", "eth0"), more=[OF_SW2], mac_entries=entries)["Gi1"] == ("edge", NOBODY)


@pytest.mark.parametrize("mac", ["00:00:0C:07:AC:01", "00:00:0C:9F:F0:01", "00:00:5E:00:01:0A", "01:80:C2:00:00:0E"])
def test_virtual_and_multicast_macs_make_no_uplink(mac):
    entries = [learned("sw1 Gi1", mac)]
    assert judged(more=[port("sw2 Vlan7", mac_address=mac)], mac_entries=entries)["Gi1"] == ("edge", NOBODY)


def test_a_shared_segment_with_devices_is_an_uplink():
    found = judged(hears("sw1 Gi1", "sw2", "Gi9"), hears("sw1 Gi1", "printer", "eth0"))
    assert found["Gi1"] == ("uplink", "neighbor: sw2")


def test_a_bundle_and_its_members_have_one_verdict():
    more = [OF_SW2, port("sw1 Po1"), port("sw1 Gi3", lag="Po1")]
    found = judged(more=more, mac_entries=[learned("sw1 Po1", MAC)])
    assert found["Po1"] == found["Gi3"] == ("uplink", "MAC addresses of sw2")


def test_vlan_interfaces_and_units_have_none():
    more = [port("sw1 Vlan1"), port("sw1 Loopback0"), port("sw1 Gi1.100", parent="Gi1")]
    assert set(judged(more=more)) == {"Gi1", "Gi2"}


def test_a_device_that_may_not_be_viewed_is_not_named():
    known = {"sw1": Device("sw1", "sw1"), "sw2": Device("sw2", "sw2", visible=False)}
    found = judged(hears("sw1 Gi1", "sw2", "Gi9"), known=known)
    assert found["Gi1"] == ("uplink", "neighbor: a device that you may not view")
