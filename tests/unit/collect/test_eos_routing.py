"""Next hops, peers and states as EOS writes them."""

import pytest

from nautobot_topology_cache.collect.platforms.eos_routing import (
    adjacency,
    origin,
    peer_state,
    via,
    without_origin,
    zone,
)


@pytest.mark.parametrize(
    ("printed", "address", "interface", "vtep", "vrf"),
    [
        ("via 192.0.2.1, Ethernet1", "192.0.2.1", "Ethernet1", False, ""),
        ("via 2001:db8::1, Po1", "2001:db8::1", "Port-Channel1", False, ""),
        ("via VTEP 192.0.2.9 VNI 7 router-mac 02:00:00:00:00:09", "192.0.2.9", "", True, ""),
        ("is directly connected, Null0", None, "Null0", False, ""),
        ("is directly connected, Tunnel6, Static Interface GRE tunnel", None, "Tunnel6", False, ""),
        ("via Ethernet1, directly connected", None, "Ethernet1", False, ""),
        ("via 192.0.2.1/32, Vlan7 label 100", "192.0.2.1", "Vlan7", False, ""),
        ("via 192.0.2.1, Vlan7 (egress VRF RED)", "192.0.2.1", "Vlan7", False, "RED"),
    ],
)
def test_next_hops(printed: str, address: str | None, interface: str, vtep: bool, vrf: str) -> None:
    found = via(printed)
    assert (found.address, found.interface, found.vtep, found.vrf) == (address, interface, vtep, vrf)


def test_an_unknown_next_hop_rejects_its_row() -> None:
    with pytest.raises(ValueError, match="by magic"):
        via("by magic")


def test_the_origin_is_the_end_of_the_path_or_a_word() -> None:
    assert (origin("65001 65002 i", None), without_origin("65001 65002 i")) == ("i", "65001 65002")
    assert (origin("65001", "Incomplete"), without_origin("65001")) == ("?", "65001")


def test_states() -> None:
    assert [adjacency(word) for word in ("FULL/BDR", "2Ways", "exchStart")] == ["full", "2way", "exstart"]
    assert [peer_state(*words) for words in (("Estab",), ("", "12"), ("Idle(Admin)",))] == [
        "established",
        "established",
        "idle (admin)",
    ]


def test_a_link_local_peer_names_its_interface() -> None:
    assert (zone("fe80::1%Et5"), zone("192.0.2.1")) == ("Ethernet5", "")
