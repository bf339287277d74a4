"""Layer 3: each test is a trap that somebody's routing map fell into."""

from nautobot_topology_cache.topology.evidence import Slice
from nautobot_topology_cache.topology.view import Selection, select
from tests.unit.topology.scene import adjacent, devices, ends, has, hears, kinds, layers, port, route

BOTH = ("r1", "r2")
WIRE = [has("r1 Gi1", "192.0.2.1/30"), has("r2 Gi2", "192.0.2.2/30")]
R1_HEARS_R2 = hears("r1 Gi1", "r2", "Gi2")


def relations(drawn, protocol=None):
    return [one for one in drawn.links if one.routing and protocol in (None, one.routing.protocol)]


def routed(drawn):
    """Relations other than shared subnets."""
    return [one for one in relations(drawn) if one.routing.protocol != "connected"]


def left_out(drawn):
    return [(one.reason, one.device_id, one.what) for one in drawn.left_out]


def test_two_devices_in_a_subnet_are_one_relation():
    (link,) = layers(BOTH, addresses=WIRE).links
    assert (link.source, link.target) == (("r1", "Gi1"), ("r2", "Gi2"))
    assert (link.layer, link.link_type, link.routing.protocol) == ("l3", "subnet", "connected")
    assert (link.routing.direction, link.routing.prefixes) == ("both", ("192.0.2.0/30",))


def test_all_subnets_of_a_pair_are_one_relation():
    second = [has("r1 Vlan7", "198.51.100.1/24"), has("r2 Vlan7", "198.51.100.2/24")]
    (link,) = layers(BOTH, addresses=[*second, *WIRE]).links
    assert link.routing.prefixes == ("192.0.2.0/30", "198.51.100.0/24")
    assert (link.source[1], link.target[1]) == ("", ""), "it goes by several interfaces"


def test_a_subnet_of_three_is_no_mesh():
    drawn = layers(("r1", "r2", "r3"), addresses=[has(f"r{n} Vlan1", f"198.51.100.{n}/24") for n in (1, 2, 3)])
    assert ends(drawn) == [f"r{n} Vlan1 - 198.51.100.0/24" for n in (1, 2, 3)]
    assert len({link.target for link in drawn.links}) == 1
    assert {link.label for link in drawn.links} == {"high"}


def test_a_subnet_for_two_that_four_have_is_used_at_two_places():
    far = [has("r3 Gi1", "192.0.2.1/30"), has("r4 Gi2", "192.0.2.2/30")]
    drawn = layers(("r1", "r2", "r3", "r4"), addresses=WIRE + far)
    assert drawn.links == ()
    assert {one.reason for one in drawn.left_out} == {"reused"}


def test_two_devices_with_one_address_are_no_relation():
    assert layers(BOTH, addresses=[has("r1 mgmt0", "192.0.2.1/24"), has("r2 mgmt0", "192.0.2.1/24")]).links == ()


def test_a_loopback_is_no_subnet():
    assert layers(BOTH, addresses=[has("r1 Lo0", "192.0.2.1/32"), has("r2 Lo0", "192.0.2.2/32")]).links == ()


def test_one_relation_for_a_pair_vrf_and_protocol_in_both_directions():
    said = [route("r1", "10.1.0.0/16", "192.0.2.2"), route("r1", "10.2.0.0/16", "192.0.2.2")]
    said += [route("r2", "10.9.0.0/16", "192.0.2.1"), route("r2", "10.8.0.0/16", "192.0.2.1", "static")]
    ospf, static = routed(layers(BOTH, addresses=WIRE, routes=said))
    assert (ospf.link_type, ospf.routing.direction, ospf.routing.prefix_count) == ("ospf_route", "both", 3)
    assert (static.link_type, static.routing.direction, static.routing.prefix_count) == ("static_route", "target", 1)
    assert kinds(ospf) == ["next_hop", "next_hop", "subnet"]


def test_a_routing_neighbor_alone_is_a_relation():
    (link,) = routed(layers(BOTH, addresses=WIRE, routing_neighbors=[adjacent("r1", "192.0.2.2", "bgp")]))
    assert (link.link_type, link.routing.direction, link.routing.prefix_count) == ("bgp_route", "source", 0)


def test_a_neighbor_that_is_not_up_is_none():
    for state in ("idle", "Active", "init", "down"):
        assert not routed(layers(BOTH, addresses=WIRE, routing_neighbors=[adjacent("r1", "192.0.2.2", state=state)]))


def test_overlapping_addresses_in_two_vrfs_are_kept_apart():
    red = [has("r1 Gi1.1", "192.0.2.1/30", "RED"), has("r2 Gi1.1", "192.0.2.2/30", "RED")]
    blue = [has("r1 Gi1.2", "192.0.2.1/30", "BLUE"), has("r3 Gi1.2", "192.0.2.2/30", "BLUE")]
    said = [route("r1", "10.0.0.0/8", "192.0.2.2", vrf=vrf) for vrf in ("RED", "BLUE")]
    drawn = layers(("r1", "r2", "r3"), addresses=red + blue, routes=said)
    assert [(link.target[0], link.routing.vrf) for link in routed(drawn)] == [("r2", "RED"), ("r3", "BLUE")]
    assert [(link.target[0], link.routing.vrf) for link in relations(drawn, "connected")] == [
        ("r2", "RED"),
        ("r3", "BLUE"),
    ]
    assert drawn.left_out == ()


def test_a_duplicate_management_address_is_ambiguous():
    same = [has("r2 mgmt0", "198.51.100.9/24", "mgmt"), has("r3 mgmt0", "198.51.100.9/24", "mgmt")]
    mine = has("r1 mgmt0", "198.51.100.1/24", "mgmt")
    said = [route("r1", "0.0.0.0/0", "198.51.100.9", "static", "mgmt")]
    drawn = layers(("r1", "r2", "r3"), addresses=[mine, *same], routes=said)
    assert routed(drawn) == []
    assert left_out(drawn) == [("ambiguous", "r1", "198.51.100.9")]


def test_an_address_that_one_of_two_owners_hides_is_ambiguous_too():
    drawn = layers(
        ("r1", "r2", "r3"),
        addresses=WIRE,
        owners=[has("r3 Gi1", "192.0.2.2/30")],
        routes=[route("r1", "10.0.0.0/8", "192.0.2.2")],
    )
    assert routed(drawn) == []


def test_a_next_hop_in_another_vrf_is_sought_there():
    both = [has("r1 Gi1", "192.0.2.1/30", "SHARED"), has("r2 Gi2", "192.0.2.2/30", "SHARED")]
    leaked = layers(BOTH, addresses=both, routes=[route("r1", "10.0.0.0/8", "192.0.2.2", "bgp", "RED", "", "SHARED")])
    assert [link.routing.vrf for link in routed(leaked)] == ["RED"]
    elsewhere = layers(BOTH, addresses=both, routes=[route("r1", "10.0.0.0/8", "192.0.2.2", "bgp", "RED")])
    assert routed(elsewhere) == []
    assert left_out(elsewhere) == [("unknown", "r1", "192.0.2.2")]


def test_a_next_hop_on_no_shared_subnet_is_nobodys():
    loopbacks = [has("r1 Lo0", "203.0.113.1/32"), has("r2 Lo0", "203.0.113.2/32")]
    drawn = layers(BOTH, addresses=WIRE + loopbacks, routes=[route("r1", "10.0.0.0/8", "203.0.113.2", "bgp")])
    assert routed(drawn) == []
    assert left_out(drawn) == [("unknown", "r1", "203.0.113.2")]


def test_a_next_hop_whose_length_nobody_prints_is_in_our_subnet():
    drawn = layers(
        BOTH, addresses=[WIRE[0], has("r2 Gi2", "192.0.2.2")], routes=[route("r1", "10.0.0.0/8", "192.0.2.2")]
    )
    assert [link.source[1] for link in routed(drawn)] == ["Gi1"]


def test_a_route_to_itself_is_no_relation():
    assert routed(layers(BOTH, addresses=WIRE, routes=[route("r1", "10.0.0.0/8", "192.0.2.1")])) == []


def test_ecmp_by_two_wires_is_one_relation_and_its_prefix_counts_once():
    second = [has("r1 Gi3", "192.0.2.5/30"), has("r2 Gi4", "192.0.2.6/30")]
    said = [route("r1", "10.0.0.0/8", hop) for hop in ("192.0.2.2", "192.0.2.6")]
    (link,) = routed(layers(BOTH, addresses=WIRE + second, routes=said))
    assert (link.routing.prefix_count, link.source[1]) == (1, "")
    assert kinds(link) == ["next_hop", "next_hop", "subnet", "subnet"]


def test_ecmp_to_two_devices_is_two_relations():
    second = [has("r1 Gi3", "192.0.2.5/30"), has("r3 Gi4", "192.0.2.6/30")]
    said = [route("r1", "10.0.0.0/8", hop) for hop in ("192.0.2.2", "192.0.2.6")]
    drawn = layers(("r1", "r2", "r3"), addresses=WIRE + second, routes=said)
    assert [(link.target[0], link.routing.prefix_count) for link in routed(drawn)] == [("r2", 1), ("r3", 1)]


def test_a_default_route_is_the_first_of_five_samples():
    prefixes = [f"10.{n}.0.0/16" for n in (100, 20, 3, 11, 9, 30)] + ["0.0.0.0/0"]
    (link,) = routed(layers(BOTH, addresses=WIRE, routes=[route("r1", one, "192.0.2.2") for one in prefixes]))
    assert link.routing.prefix_count == 7
    assert link.routing.prefixes == ("0.0.0.0/0", "10.3.0.0/16", "10.9.0.0/16", "10.11.0.0/16", "10.20.0.0/16")


def test_a_link_local_next_hop_is_who_has_it_on_the_interface_of_the_route():
    """Everybody's VRRP and many a static interface are called fe80::1."""
    wires = [has("r1 Gi1", "2001:db8:1::1/64"), has("r2 Gi9", "2001:db8:1::2/64")]
    wires += [has("r1 Gi2", "2001:db8:2::1/64"), has("r3 Gi9", "2001:db8:2::2/64")]
    wires += [has(f"r{n} Gi9", "fe80::1", role="link_local") for n in (2, 3)]
    drawn = layers(
        ("r1", "r2", "r3"), addresses=wires, routes=[route("r1", "2001:db8:9::/48", "fe80::1", interface="Gi2")]
    )
    assert [(link.source, link.target) for link in routed(drawn)] == [(("r1", "Gi2"), ("r3", "Gi9"))]


def test_members_of_a_virtual_chassis_are_its_master():
    known = devices("r1", "r2", "r2-b", r2_b={"master": "r2"})
    drawn = layers(
        known,
        addresses=[WIRE[0], WIRE[1]._replace(device="r2-b")],
        routes=[route("r1", "10.0.0.0/8", "192.0.2.2")],
    )
    assert {link.target[0] for link in drawn.links} == {"r2"}


def test_a_relation_of_which_nothing_is_fresh_is_stale():
    (gone,) = routed(layers(BOTH, addresses=WIRE, routes=[route("r1", "10.0.0.0/8", "192.0.2.2", missing=True)]))
    assert gone.stale
    assert "stale" in kinds(gone)
    old = [one._replace(slice="old") for one in WIRE]
    (link,) = layers(BOTH, addresses=old, slices={"old": Slice("show ip interface", None, "too old")}).links
    assert link.stale


def test_a_hidden_device_is_one_node_and_nothing_is_told_of_it():
    known = devices("r1", "r2", r2={"visible": False, "primary_ips": ("192.0.2.2",)})
    said = [route("r1", f"10.{n}.0.0/16", "192.0.2.2", protocol) for n in range(3) for protocol in ("ospf", "static")]
    whole = layers(known, addresses=WIRE[:1], owners=WIRE[1:], routes=said)
    drawn = select(whole, Selection(layers=("l3",)))
    (link,) = drawn.links
    assert (link.target, link.routing) == (("hidden:1", ""), None)
    assert drawn.nodes["hidden:1"].name == ""
    told = repr(drawn)
    assert "r2" not in told
    assert "192.0.2.2" not in told
    assert "3 " not in " ".join(one.detail for one in link.evidence)


def test_an_interface_that_the_user_may_not_view_is_not_named():
    drawn = layers(BOTH, addresses=WIRE[:1], owners=WIRE[1:], routes=[route("r1", "10.0.0.0/8", "192.0.2.2")])
    assert [(link.source, link.target) for link in routed(drawn)] == [(("r1", "Gi1"), ("r2", ""))]


def test_routes_and_neighbors_speak_for_the_link_between_their_ports():
    drawn = layers(
        BOTH,
        R1_HEARS_R2,
        addresses=WIRE,
        routes=[route("r1", "10.0.0.0/8", "192.0.2.2"), route("r1", "10.0.0.0/8", "192.0.2.2", "static")],
        routing_neighbors=[adjacent("r1", "192.0.2.2"), adjacent("r2", "192.0.2.1")],
    )
    (link,) = [one for one in drawn.links if one.layer == "physical"]
    assert kinds(link) == ["lldp", "subnet", "next_hop", "routing_neighbor", "routing_neighbor"]
    assert link.confidence > layers(BOTH, R1_HEARS_R2, addresses=WIRE).links[0].confidence


def test_routes_by_another_wire_do_not_speak_for_this_one():
    other = [has("r1 Gi3", "192.0.2.5/30"), has("r2 Gi4", "192.0.2.6/30")]
    said = [route("r1", "10.0.0.0/8", "192.0.2.6")]
    drawn = layers(BOTH, R1_HEARS_R2, addresses=WIRE + other, routes=said)
    assert kinds(drawn.links[0]) == ["lldp", "subnet"]


def test_routes_of_a_bundle_speak_for_its_members():
    bundled = [has("r1 Po1", "192.0.2.1/30"), has("r2 Po2", "192.0.2.2/30")]
    ports = [port("r1 Gi1", lag="Po1"), port("r2 Gi2", lag="Po2"), port("r1 Po1"), port("r2 Po2")]
    said = [route("r1", "10.0.0.0/8", "192.0.2.2")]
    drawn = layers(BOTH, R1_HEARS_R2, addresses=bundled, interfaces=ports, routes=said)
    assert kinds(drawn.links[0]) == ["lldp", "subnet", "next_hop"]


def test_tables_of_layer_3_make_no_physical_link():
    drawn = layers(
        BOTH,
        addresses=WIRE,
        routes=[route("r1", "10.0.0.0/8", "192.0.2.2")],
        routing_neighbors=[adjacent("r1", "192.0.2.2")],
    )
    assert {link.layer for link in drawn.links} == {"l3"}


def test_a_subnet_that_other_ports_are_in_too_is_no_subnet_for_two():
    drawn = layers((*BOTH, "r3"), R1_HEARS_R2, addresses=[*WIRE, has("r3 Gi1", "192.0.2.2/30")])
    assert kinds(drawn.links[0]) == ["lldp", "shared_subnet"]


def test_one_address_at_both_ends_is_no_evidence():
    drawn = layers(BOTH, R1_HEARS_R2, addresses=[WIRE[0], has("r2 Gi2", "192.0.2.1/30")])
    assert kinds(drawn.links[0]) == ["lldp"]


def test_the_same_rows_in_any_order_give_the_same_layers():
    addresses = [*WIRE, *(has(f"r{n} Vlan1", f"198.51.100.{n}/24") for n in (1, 2, 3))]
    routes = [route("r1", f"10.{n}.0.0/16", hop) for n in range(9) for hop in ("192.0.2.2", "198.51.100.3")]
    near = [adjacent("r2", "192.0.2.1", "bgp"), adjacent("r3", "198.51.100.1"), adjacent("r1", "192.0.2.2")]
    known = devices("r1", "r2", "r3")
    first = layers(known, addresses=addresses, routes=routes, routing_neighbors=near)
    for cut in range(1, 5):
        mixed = [rows[cut:][::-1] + rows[:cut] for rows in (addresses, routes, near)]
        again = layers(dict(reversed(known.items())), addresses=mixed[0], routes=mixed[1], routing_neighbors=mixed[2])
        assert repr(again) == repr(first)


def test_ports_that_are_down_speak_against_the_pair():
    held = [has("sw1 Gi1", "10.0.0.1/30"), has("sw2 Gi1", "10.0.0.2/30")]
    down = [port("sw1 Gi1", enabled=False), port("sw2 Gi1", oper_status="down")]
    (up,), (other,) = (layers(("sw1", "sw2"), addresses=held, interfaces=ports).links for ports in ((), down))
    assert kinds(other, supports=False) == ["port_down", "port_down"]
    assert other.confidence < up.confidence
