"""Which Device a neighbor means: each rule, and the traps that led to it."""

import pytest

from nautobot_topology_cache.topology.evidence import Address, Device, Interface
from nautobot_topology_cache.topology.resolve import Announced, Directory, is_shared_mac
from tests.unit.topology.scene import devices


def match(known, name="", address=None, macs=(), interfaces=(), addresses=(), vrf=""):
    found = Directory(known, interfaces, addresses).resolve(Announced(name, address, tuple(macs), vrf))
    return found.device, found.matched_by or found.reason.partition(":")[0]


def test_sw1_is_not_sw10():
    known = devices("sw1", "sw10")
    assert match(known, "sw10") == ("sw10", "name")
    assert match(known, "sw1") == ("sw1", "name")
    assert match(devices("sw10"), "sw1") == (None, "unknown")
    assert match(devices("sw1"), "sw10") == (None, "unknown")


def test_capitals_are_the_same_name():
    assert match(devices("Core-1"), "CORE-1") == ("Core-1", "name")


def test_a_full_name_against_a_short_one():
    assert match(devices("sw1"), "sw1.example.net") == ("sw1", "hostname")
    assert match(devices("sw1.example.net"), "sw1") == ("sw1.example.net", "hostname")


def test_the_same_host_in_another_domain_is_another_device():
    assert match(devices("sw1.a.example"), "sw1.b.example") == (None, "unknown")
    assert match(devices("sw1.a.example", "sw1.b.example"), "sw1") == (None, "ambiguous")
    assert match(devices("sw1.a.example", "sw1.b.example"), "sw1.b.example") == ("sw1.b.example", "name")


def test_nexus_adds_its_serial_number():
    assert match(devices("leaf-1"), "leaf-1(TEST0000001)") == ("leaf-1", "name")
    assert match(devices("leaf-1"), "leaf-1.example.net(TEST0000001)") == ("leaf-1", "hostname")


TWINS = {"1": Device("1", "twin", serial="TEST0000001"), "2": Device("2", "twin", serial="TEST0000002")}


def test_two_devices_with_one_name_are_no_answer():
    found = Directory(TWINS).resolve(Announced("twin"))
    assert (found.device, found.candidates) == (None, ("1", "2"))
    assert found.reason.startswith("ambiguous")


def test_a_serial_number_an_address_or_a_mac_tells_namesakes_apart():
    assert match(TWINS, "twin(TEST0000002)") == ("2", "serial")
    assert match(TWINS, "twin", "192.0.2.2", addresses=[Address("2", "Vlan1", "192.0.2.2", 24)]) == (
        "2",
        "management_address",
    )
    port = Interface("1", "Ethernet1", mac_address="02:00:00:00:00:01")
    assert match(TWINS, "twin", macs=["02:00:00:00:00:01"], interfaces=[port]) == ("1", "mac_address")


def test_a_duplicate_management_address_is_no_answer():
    both = [Address(name, "Vlan1", "192.0.2.1", 24) for name in ("sw1", "sw2")]
    assert match(devices("sw1", "sw2"), "", "192.0.2.1", addresses=both) == (None, "ambiguous")
    assert match(devices("sw1", "sw2"), "sw2", "192.0.2.1", addresses=both) == ("sw2", "name")


def test_one_address_in_two_vrfs_is_the_neighbor_s_in_the_vrf_of_the_port():
    both = [Address("sw1", "Vlan1", "192.0.2.1", 24), Address("sw2", "Vlan2", "192.0.2.1", 24, vrf="GUEST")]
    known = devices("sw1", "sw2")
    assert match(known, "", "192.0.2.1", addresses=both, vrf="GUEST") == ("sw2", "management_address")
    assert match(known, "", "192.0.2.1", addresses=both) == ("sw1", "management_address")


def test_a_virtual_address_is_nobodys_own():
    assert match(
        devices("sw1"), "", "192.0.2.1", addresses=[Address("sw1", "Vlan1", "192.0.2.1", 24, role="virtual")]
    ) == (
        None,
        "unknown",
    )


def test_name_and_address_of_different_devices_are_a_conflict():
    addresses = [Address("sw2", "Vlan1", "192.0.2.2", 24)]
    found = Directory(devices("sw1", "sw2"), (), addresses).resolve(Announced("sw1", "192.0.2.2"))
    assert (found.device, found.candidates) == (None, ("sw1", "sw2"))
    assert found.reason.startswith("conflict")


def test_a_mac_address_of_two_devices_is_no_answer():
    ports = [Interface(name, "Ethernet1", mac_address="02:00:00:00:00:01") for name in ("sw1", "sw2")]
    assert match(devices("sw1", "sw2"), macs=["02:00:00:00:00:01"], interfaces=ports) == (None, "ambiguous")


@pytest.mark.parametrize("mac", ["00:00:0C:07:AC:01", "00:00:0C:9F:F0:01", "00:00:5E:00:01:0A", "01:80:C2:00:00:0E"])
def test_shared_macs_name_nobody(mac):
    assert is_shared_mac(mac)
    assert not is_shared_mac("02:00:00:00:00:01")


def test_members_of_a_virtual_chassis_are_its_master():
    stack = {
        "m": Device("m", "stack-1", chassis="stack", master="m"),
        "b": Device("b", "stack-1:2", serial="TEST0000002", chassis="stack", master="m"),
    }
    assert match(stack, "stack-1:2") == ("m", "virtual_chassis")
    assert match(stack, "stack") == ("m", "virtual_chassis")
    assert match(stack, "stack-1") == ("m", "name")


@pytest.mark.parametrize("name", ["%", "_", "sw_", "sw%", "", " ", ".", "()", "x" * 10_000, "\u200fsw1", "sw1\u200f"])
def test_odd_names_mean_nobody(name):
    assert match(devices("sw1", "swx"), name) == (None, "unknown")


def test_a_device_without_a_name_is_nobodys_neighbor():
    assert match({"1": Device("1", "")}, "") == (None, "unknown")
