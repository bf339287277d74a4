"""One link where there is one cable: each test is a trap that somebody's map fell into."""

from nautobot_topology_cache.topology.build import build
from nautobot_topology_cache.topology.evidence import Address, Cable, Device, Observations, Slice
from nautobot_topology_cache.topology.resolve import UNKNOWN
from tests.unit.topology.scene import devices, ends, hears, kinds, learned, picture, port, resolved

BOTH = ("sw1", "sw2")
A_HEARS_B = hears("sw1 Ethernet1", "sw2", "Ethernet2")
B_HEARS_A = hears("sw2 Ethernet2", "sw1", "Ethernet1")


def test_cdp_and_lldp_of_both_ends_are_one_link():
    every = [one._replace(protocol=protocol) for one in (A_HEARS_B, B_HEARS_A) for protocol in ("cdp", "lldp")]
    drawn = picture(BOTH, *every)
    assert ends(drawn) == ["sw1 Ethernet1 - sw2 Ethernet2"]
    (link,) = drawn.links
    assert (link.link_type, link.label) == ("cdp_neighbor", "high")
    assert sorted(kinds(link)) == ["both_ends", "cdp", "cdp", "second_protocol", "second_protocol"]


def test_a_one_sided_link_is_a_link_and_less_certain():
    one, both = picture(BOTH, A_HEARS_B), picture(BOTH, A_HEARS_B, B_HEARS_A)
    assert ends(one) == ends(both)
    assert one.links[0].label == "medium"
    assert one.links[0].confidence < both.links[0].confidence


def test_lldp_only():
    assert picture(BOTH, A_HEARS_B, B_HEARS_A).links[0].link_type == "lldp_neighbor"


def test_parallel_cables_are_links_of_their_own():
    second = [hears("sw1 Ethernet3", "sw2", "Ethernet4"), hears("sw2 Ethernet4", "sw1", "Ethernet3")]
    drawn = picture(BOTH, A_HEARS_B, B_HEARS_A, *second)
    assert ends(drawn) == ["sw1 Ethernet1 - sw2 Ethernet2", "sw1 Ethernet3 - sw2 Ethernet4"]


def test_members_of_a_lag_are_links_and_the_bundle_is_named():
    ports = [port("sw1 Ethernet1", lag="Port-Channel1"), port("sw2 Ethernet2", lag="port-channel7")]
    ports += [port("sw1 Port-Channel1"), port("sw2 port-channel7")]
    (link,) = picture(BOTH, A_HEARS_B, B_HEARS_A, interfaces=ports).links
    assert link.lag == ("Port-Channel1", "port-channel7")


def test_a_bundle_is_never_an_end():
    ports = [port(f"sw1 Ethernet{n}", lag="Port-Channel1") for n in (1, 2)] + [port("sw1 Port-Channel1")]
    drawn = picture(BOTH, hears("sw1 Port-Channel1", "sw2", "Ethernet2"), interfaces=ports)
    assert drawn.links == ()
    assert drawn.unresolved[0].reason.startswith("unplaced")
    on_its_member = picture(BOTH, hears("sw1 Port-Channel1", "sw2", "Ethernet2"), interfaces=ports[1:])
    assert ends(on_its_member) == ["sw1 Ethernet2 - sw2 Ethernet2"]


def test_a_vpc_peer_link_and_the_hosts_behind_both_peers():
    host = [hears(f"sw{n} Ethernet1/9", "server", "eno1", chassis_id="02:00:00:00:00:99") for n in (1, 2)]
    peer = [hears("sw1 Ethernet1/1", "sw2", "Ethernet1/1"), hears("sw2 Ethernet1/1", "sw1", "Ethernet1/1")]
    drawn = picture(BOTH, *host, *peer)
    assert ends(drawn) == [
        "sw1 Ethernet1/1 - sw2 Ethernet1/1",
        "sw1 Ethernet1/9 - server eno1",
        "sw2 Ethernet1/9 - server eno1",
    ]
    assert sum(node.node_type == "external" for node in drawn.nodes.values()) == 1


def test_a_bridged_management_segment_is_no_mesh():
    names = ("sw1", "sw2", "sw3", "sw4")
    every = [hears(f"{a} mgmt0", b, "mgmt0") for a in names for b in names if a != b]
    drawn = picture(names, *every)
    assert ends(drawn) == [f"{name} mgmt0 - segment" for name in names]
    assert {link.target for link in drawn.links} == {drawn.links[0].target}


def test_who_hears_only_one_of_a_segment_is_on_it_too():
    drawn = picture(
        ("sw1", "sw2", "sw3"),
        *(hears("sw1 Gi1", "sw2", "Gi1"), hears("sw1 Gi1", "sw3", "Gi1"), hears("sw3 Gi1", "sw1", "Gi1")),
    )
    assert ends(drawn) == ["sw1 Gi1 - segment", "sw2 Gi1 - segment", "sw3 Gi1 - segment"]


def test_a_hub_between_two_ports_of_one_switch():
    drawn = picture(
        BOTH,
        *(hears("sw1 Gi1", "sw2", "Gi1"), hears("sw1 Gi1", "sw2", "Gi2")),
        *(hears("sw2 Gi1", "sw1", "Gi1"), hears("sw2 Gi2", "sw1", "Gi1")),
    )
    assert ends(drawn) == ["sw1 Gi1 - segment", "sw2 Gi1 - segment", "sw2 Gi2 - segment"]


def test_a_phone_in_between_passes_on_what_is_plugged_into_it():
    drawn = picture(
        ("sw1",),
        hears("sw1 Gi1", "SEP020000000001", "Port 1", "cdp", capabilities="Host Phone"),
        hears("sw1 Gi1", "desk-7", "eth0", chassis_id="02:00:00:00:00:07"),
    )
    assert ends(drawn) == ["desk-7 - SEP020000000001", "sw1 Gi1 - SEP020000000001"]
    assert len(drawn.unresolved) == 2


def test_a_phone_in_two_protocols_is_one_phone():
    drawn = picture(
        ("sw1",),
        hears("sw1 Gi1", "SEP020000000001", "Port 1", "cdp", capabilities="Host Phone", neighbor_ip="192.0.2.9"),
        hears("sw1 Gi1", "Phone of reception", "", capabilities="B,T", chassis_id="192.0.2.9", neighbor_ip="192.0.2.9"),
    )
    assert len(drawn.links) == 1


def test_servers_that_are_all_called_localhost_are_not_one():
    drawn = picture(
        ("sw1",), *(hears(f"sw1 Gi{n}", "localhost", "eth0", chassis_id=f"02:00:00:00:00:0{n}") for n in (1, 2))
    )
    assert sum(node.node_type == "external" for node in drawn.nodes.values()) == 2


def test_a_port_id_that_is_an_ifindex_is_found_by_the_other_end():
    ports = [port("sw1 xe-0/0/1", parent=""), port("sw2 Ethernet2")]
    drawn = picture(
        BOTH,
        hears("sw2 Ethernet2", "sw1", "", port_id="517", port_description="to the spine"),
        hears("sw1 xe-0/0/1", "sw2", "Ethernet2"),
        interfaces=ports,
    )
    assert ends(drawn) == ["sw1 xe-0/0/1 - sw2 Ethernet2"]
    assert kinds(drawn.links[0]) == ["lldp", "lldp"], "one end alone names the other's port"


def test_a_port_id_that_is_an_ifindex_is_found_by_that_of_the_interface():
    ports = [port("sw1 xe-0/0/1", snmp_index=517), port("sw1 xe-0/0/2", snmp_index=518)]
    (link,) = picture(BOTH, hears("sw2 Ethernet2", "sw1", "", port_id="517"), interfaces=ports).links
    assert (link.source, link.target) == (("sw1", "xe-0/0/1"), ("sw2", "Ethernet2"))
    assert "port_unknown" not in kinds(link)


def test_a_port_id_that_is_an_ifindex_is_found_by_its_description():
    ports = [port("sw1 xe-0/0/1", description="to the spine"), port("sw1 xe-0/0/2")]
    heard = hears("sw2 Ethernet2", "sw1", "", port_id="517", port_description="to the spine")
    assert ends(picture(BOTH, heard, interfaces=ports)) == ["sw1 xe-0/0/1 - sw2 Ethernet2"]


def test_a_port_id_that_is_a_mac_address():
    ports = [port("sw2 Ethernet2", mac_address="02:00:00:00:00:22"), port("sw2 Ethernet3", mac_address=None)]
    heard = hears("sw1 Ethernet1", "sw2", "", port_id="0200.0000.0022")
    assert ends(picture(BOTH, heard, interfaces=ports)) == ["sw1 Ethernet1 - sw2 Ethernet2"]


def test_a_port_that_nobody_names_is_still_a_link_for_each_cable():
    drawn = picture(BOTH, hears("sw1 Ethernet1", "sw2"), hears("sw1 Ethernet3", "sw2"))
    assert ends(drawn) == ["sw1 Ethernet1 - sw2", "sw1 Ethernet3 - sw2"]
    assert "port_unknown" in kinds(drawn.links[0])


def test_two_ports_that_nobody_names_are_one_cable_when_no_other_is_left():
    drawn = picture(BOTH, hears("sw1 Ethernet1", "sw2"), hears("sw2 Ethernet2", "sw1"))
    assert ends(drawn) == ["sw1 Ethernet1 - sw2 Ethernet2"]


def test_a_junos_unit_is_its_port():
    ports = [port("sw2 ge-0/0/0"), port("sw2 ge-0/0/0.0", parent="ge-0/0/0")]
    drawn = picture(
        BOTH, hears("sw1 Ethernet1", "sw2", "ge-0/0/0.0"), hears("sw2 ge-0/0/0.0", "sw1", "Ethernet1"), interfaces=ports
    )
    assert ends(drawn) == ["sw1 Ethernet1 - sw2 ge-0/0/0"]


def test_spellings_of_one_port():
    ports = [port("sw2 TenGigE0/0/0/1"), port("sw1 mgmt0")]
    drawn = picture(
        BOTH,
        hears("sw1 mgmt0", "sw2", "TenGigabitEthernet0/0/0/1"),
        hears("sw2 TenGigE0/0/0/1", "sw1", "MGMT0"),
        interfaces=ports,
    )
    assert ends(drawn) == ["sw1 mgmt0 - sw2 TenGigE0/0/0/1"]


def test_an_announcement_without_a_name_is_known_by_its_chassis():
    drawn = picture(
        ("sw1", "sw2", "sw3"),
        hears("sw1 Ethernet1", "", "Gi2", chassis_id="0200.0000.0002"),
        hears("sw3 Ethernet1", "sw2", "Gi3", chassis_id="02:00:00:00:00:02"),
    )
    assert ends(drawn) == ["sw1 Ethernet1 - sw2 Gi2", "sw2 Gi3 - sw3 Ethernet1"]


def test_an_announcement_without_a_name_is_the_neighbor_of_the_other_protocol():
    drawn = picture(BOTH, hears("sw1 Ethernet1", "sw2", "Gi2", "cdp"), hears("sw1 Ethernet1", "", "Gi2"))
    assert ends(drawn) == ["sw1 Ethernet1 - sw2 Gi2"]
    assert drawn.unresolved == ()


def test_a_switch_that_lets_cdp_through_is_a_neighbor_of_its_own():
    drawn = picture(BOTH, hears("sw1 Gi1", "sw2", "Gi2", "cdp"), hears("sw1 Gi1", "other-make", "24"))
    assert sorted(ends(drawn)) == ["other-make - segment", "sw1 Gi1 - segment", "sw2 Gi2 - segment"]


def test_namesakes_are_told_apart_by_the_one_that_hears_this_port():
    known = {"1": Device("1", "twin"), "2": Device("2", "twin"), "sw1": Device("sw1", "sw1")}
    drawn = picture(known, hears("sw1 Gi1", "twin", "Gi9"), hears("2 Gi9", "sw1", "Gi1"))
    assert [(link.source[0], link.target[0]) for link in drawn.links] == [("sw1", "2")]
    assert drawn.unresolved == ()


def test_namesakes_that_nothing_tells_apart_are_shown_as_one_unknown():
    known = {"1": Device("1", "twin"), "2": Device("2", "twin"), "sw1": Device("sw1", "sw1")}
    drawn = picture(known, hears("sw1 Gi1", "twin", "Gi9"))
    (lost,) = drawn.unresolved
    assert (lost.candidates, lost.reason.partition(":")[0]) == (("1", "2"), "ambiguous")
    assert [drawn.nodes[link.target[0]].node_type for link in drawn.links] == ["external"]


def test_a_namesake_that_may_not_be_viewed_makes_nobody_ambiguous():
    known = {**devices("sw1", "twin"), "2": Device("2", "twin", visible=False)}
    drawn = picture(known, hears("sw1 Gi1", "twin", "Gi9"), hears("sw1 Gi2", "stranger", "Gi9"))
    assert [one.neighbor_name for one in drawn.unresolved] == ["twin", "stranger"]
    assert {(one.reason, one.candidates) for one in drawn.unresolved} == {(UNKNOWN, ())}
    assert {link.label for link in drawn.links} == {"medium"}


def test_a_namesake_that_itself_hears_this_port_is_meant_whoever_else_is_hidden():
    known = {**devices("sw1", "twin"), "2": Device("2", "twin", visible=False)}
    drawn = picture(known, hears("sw1 Gi1", "twin", "Gi9"), hears("twin Gi9", "sw1", "Gi1"))
    assert ends(drawn) == ["sw1 Gi1 - twin Gi9"]
    assert drawn.unresolved == ()


def test_an_address_that_may_not_be_viewed_is_no_conflict():
    known = {**devices("sw1", "sw2"), "3": Device("3", "sw3", visible=False)}
    heard = hears("sw1 Gi1", "sw2", "Gi2", neighbor_ip="192.0.2.3")
    drawn = picture(known, heard, owners=[Address("3", "Vlan1", "192.0.2.3", 24)])
    assert ([link.label for link in drawn.links], drawn.unresolved[0].reason) == (["medium"], UNKNOWN)


def test_where_a_device_that_may_not_be_viewed_is_plugged_in_is_as_unknown_as_who_it_is():
    known = {**devices("sw1"), "2": Device("2", "sw2", visible=False)}
    drawn = picture(known, hears("sw1 ", "sw2", "Gi9"), hears("sw1 ", "stranger", "Gi9"))
    assert {one.reason for one in drawn.unresolved if one.neighbor_name == "sw2"} == {UNKNOWN}
    assert len(drawn.unresolved) == 2


def test_name_and_address_of_two_devices_are_shown_as_a_conflict():
    addresses = [Address("sw3", "Vlan1", "192.0.2.3", 24)]
    heard = hears("sw1 Gi1", "sw2", "Gi2", neighbor_ip="192.0.2.3")
    drawn = picture(("sw1", "sw2", "sw3"), heard, addresses=addresses)
    assert drawn.links[0].label == "conflict"
    assert drawn.unresolved[0].candidates == ("sw2", "sw3")


def test_a_device_is_not_linked_with_itself():
    drawn = picture(BOTH, hears("sw1 Gi1", "sw1", "Gi2"), A_HEARS_B)
    assert ends(drawn) == ["sw1 Ethernet1 - sw2 Ethernet2"]
    assert drawn.unresolved[0].reason.startswith("self")


def test_the_other_end_says_something_else():
    moved = [hears("sw3 Gi1", "sw2", "Ethernet2"), hears("sw2 Ethernet2", "sw3", "Gi1")]
    drawn = picture((*BOTH, "sw3"), A_HEARS_B, *moved)
    labels = {one: link.label for one, link in zip(ends(drawn), drawn.links, strict=True)}
    assert labels == {"sw1 Ethernet1 - sw2 Ethernet2": "conflict", "sw2 Ethernet2 - sw3 Gi1": "high"}


def test_ports_that_differ_in_speed_or_are_down_are_doubted():
    ports = [port("sw1 Ethernet1", speed=1000, duplex="half"), port("sw2 Ethernet2", speed=100, duplex="full")]
    doubted = picture(BOTH, A_HEARS_B, B_HEARS_A, interfaces=ports).links[0]
    assert kinds(doubted, supports=False) == ["speed_differs", "duplex_differs"]
    down = [port("sw1 Ethernet1", oper_status="down"), port("sw2 Ethernet2", oper_status="up")]
    assert kinds(picture(BOTH, A_HEARS_B, interfaces=down).links[0], supports=False) == ["port_down"]


def test_stale_is_what_nothing_fresh_speaks_for():
    slices = {"old": Slice("show lldp neighbors", None, "too old"), "new": Slice("show lldp neighbors", None)}
    old, new = A_HEARS_B._replace(slice="old"), B_HEARS_A._replace(slice="new")
    assert not picture(BOTH, old, new, slices=slices).links[0].stale
    (link,) = picture(BOTH, old, slices=slices).links
    assert link.stale
    assert "stale" in kinds(link)


def test_a_subnet_for_two_and_a_documented_cable_speak_for_a_link():
    addresses = [Address("sw1", "Ethernet1", "192.0.2.0", 31), Address("sw2", "Ethernet2", "192.0.2.1", 31)]
    (link,) = picture(BOTH, A_HEARS_B, addresses=addresses).links
    assert "subnet" in kinds(link)
    (link,) = picture(BOTH, A_HEARS_B, cables=[Cable("7", "sw2", "Ethernet2", "sw1", "Ethernet1")]).links
    assert "cable" in kinds(link)
    (link,) = picture(BOTH, A_HEARS_B, cables=[Cable("7", "sw2", "Ethernet9", "sw1", "Ethernet1")]).links
    assert "other_cable" in kinds(link)


OWNED = [port("sw1 Ethernet1", mac_address="02:00:00:00:00:01"), port("sw2 Ethernet2", mac_address="02:00:00:00:00:02")]


def test_a_learned_mac_and_a_resolved_address_speak_for_a_link_and_make_none():
    told = {
        "interfaces": OWNED,
        "mac_entries": [learned("sw1 Ethernet1", "02:00:00:00:00:02", 7)],
        "arp_entries": [resolved("sw2 Ethernet2", "192.0.2.1", "02:00:00:00:00:01")],
        "addresses": [Address("sw1", "Ethernet1", "192.0.2.1", 24)],
    }
    (link,) = picture(BOTH, A_HEARS_B, **told).links
    assert kinds(link) == ["lldp", "mac_table", "arp"]
    assert picture(BOTH, **told).links == ()
    elsewhere = {**told, "mac_entries": [learned("sw1 Ethernet9", "02:00:00:00:00:02")], "arp_entries": []}
    assert kinds(picture(BOTH, A_HEARS_B, **elsewhere).links[0]) == ["lldp"]


def test_what_is_learned_on_a_bundle_speaks_for_its_members():
    members = [one._replace(lag="Po1") for one in OWNED]
    (link,) = picture(BOTH, A_HEARS_B, interfaces=members, mac_entries=[learned("sw1 Po1", "02:00:00:00:00:02")]).links
    assert kinds(link) == ["lldp", "mac_table"]


def test_a_mac_that_moves_speaks_for_the_link_on_which_it_is_learned():
    entries = [learned(f"sw1 Ethernet{n}", "02:00:00:00:00:02") for n in (1, 5)]
    drawn = picture(BOTH, A_HEARS_B, interfaces=OWNED, mac_entries=entries)
    assert ends(drawn) == ["sw1 Ethernet1 - sw2 Ethernet2"]
    assert kinds(drawn.links[0]) == ["lldp", "mac_table"]


def test_a_duplicate_management_address_leaves_the_name_alone():
    addresses = [Address(name, "Vlan1", "192.0.2.9", 24) for name in ("sw2", "sw3")]
    drawn = picture((*BOTH, "sw3"), A_HEARS_B._replace(neighbor_ip="192.0.2.9"), addresses=addresses)
    assert ends(drawn) == ["sw1 Ethernet1 - sw2 Ethernet2"]
    assert drawn.links[0].label == "medium"


def test_sw1_and_sw10_and_full_names_are_told_apart_on_the_map():
    known = ("core", "sw1", "sw10.example.net")
    heard = [hears("core Gi1", "sw1.example.net", "Gi9"), hears("core Gi2", "SW10", "Gi9")]
    assert ends(picture(known, *heard)) == ["core Gi1 - sw1 Gi9", "core Gi2 - sw10.example.net Gi9"]


def test_a_cable_alone_is_no_link():
    assert picture(BOTH, cables=[Cable("7", "sw2", "Ethernet2", "sw1", "Ethernet1")]).links == ()


def test_odd_names_are_drawn_as_they_are():
    odd = ["%", "_", "x" * 10_000, "\u200fsw1", '<img src=x onerror="alert(1)">', ""]
    drawn = picture(("sw1",), *(hears(f"sw1 Gi{n}", name, chassis_id=f"c{n}") for n, name in enumerate(odd)))
    assert len(drawn.links) == len(drawn.unresolved) == len(odd)
    assert [one.neighbor_name for one in drawn.unresolved] == odd


def test_the_same_rows_in_any_order_give_the_same_picture():
    names = ("sw1", "sw2", "sw3", "sw4")
    rows = [hears(f"{a} mgmt0", b, "mgmt0") for a in names for b in names if a != b]
    rows += [A_HEARS_B, B_HEARS_A, hears("sw3 Gi1", "printer"), hears("sw4 Gi1", "printer", chassis_id="c")]
    known = devices(*names)
    first = build(Observations(devices=known, neighbors=rows))
    for mixed in (rows[::-1], rows[5:] + rows[:5], sorted(rows, key=str), sorted(rows, key=lambda one: one.port_id)):
        backwards = dict(reversed(known.items()))
        assert repr(build(Observations(devices=backwards, neighbors=mixed))) == repr(first)
