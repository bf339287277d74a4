"""The picture through REST: its parameters, and that nobody learns from it what Nautobot does not show them."""

from itertools import pairwise

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from nautobot.dcim.models import Cable, Device, FrontPort, Interface, RearPort
from nautobot.extras.models import Status

from nautobot_topology_cache.models import (
    CachedInterface,
    CachedIPAddress,
    CachedMACAddress,
    CachedNeighbor,
    CachedRoute,
)
from nautobot_topology_cache.topology.export import FORMATS
from tests.app.factories import make_row
from tests.app.test_permissions import grant, logged_in
from tests.inventory import make_device, make_location

pytestmark = pytest.mark.django_db
URL = "/api/plugins/topology-cache/topology/"


def cable(a, a_port, b, b_port):
    """Both ends hear each other in LLDP."""
    for near, port, far, far_port in ((a, a_port, b, b_port), (b, b_port, a, a_port)):
        told = {"local_interface": port, "neighbor_interface": far_port, "port_id": far_port, "neighbor_ip": None}
        names = {"neighbor_name": far.name, "neighbor_hostname": far.name, "chassis_id": ""}
        make_row("neighbors", near, capabilities="", **told, **names)


@pytest.fixture
def chain():
    """hall-1 - hall-2 - attic-1 - attic-2, in two locations."""
    hall, attic = make_location("Hall"), make_location("Attic")
    made = [make_device(f"{place.name.lower()}-{n}", location=place) for place in (hall, attic) for n in (1, 2)]
    for one, other in pairwise(made):
        cable(one, "Ethernet2", other, "Ethernet1")
    return made


@pytest.fixture
def root():
    return logged_in(get_user_model().objects.create_superuser(username="root"))


def get(client, path="", **query):
    answer = client.get(URL + path, query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def types(picture):
    return {node["device_name"]: node["node_type"] for node in picture["nodes"]}


def test_one_link_for_each_cable_with_the_names_of_the_contract(chain, root):
    picture = get(root)
    assert set(picture) == {"nodes", "links", "unresolved", "metadata"}
    ends = [(link["source_device_name"], link["target_device_name"]) for link in picture["links"]]
    assert ends == [("attic-1", "hall-2"), ("attic-1", "attic-2"), ("hall-1", "hall-2")]
    (_, link, _) = picture["links"]
    assert (link["source_interface"], link["target_interface"]) == ("Ethernet2", "Ethernet1")
    assert (link["layer"], link["link_type"], link["confidence_label"]) == ("physical", "lldp_neighbor", "high")
    assert [one["kind"] for one in link["evidence"]] == ["lldp", "lldp", "both_ends"]
    assert picture == get(root), "the same question has the same answer"


def test_a_neighbor_outside_the_selection_is_a_boundary(chain, root):
    picture = get(root, location="Hall")
    assert types(picture) == {"hall-1": "device", "hall-2": "device", "attic-1": "boundary"}
    assert len(picture["links"]) == 2


def test_focus_and_depth(chain, root):
    assert types(get(root, focus="hall-1", depth=0)) == {"hall-1": "device", "hall-2": "boundary"}
    near = types(get(root, focus="hall-1"))
    assert near == {"hall-1": "device", "hall-2": "device", "attic-1": "boundary"}
    assert set(types(get(root, focus="hall-1", depth=3)).values()) == {"device"}


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"layout": "spiral"}, "layout"),
        ({"depth": "deep"}, "depth"),
        ({"min_confidence": "2"}, "min_confidence"),
        ({"location": "Nowhere"}, "location"),
        ({"focus": "nobody"}, "focus"),
        ({"layers": "l4"}, "layers"),
        ({"colour": "red"}, "colour"),
        ({"stale": "perhaps"}, "stale"),
        ({"vlan": "5000"}, "vlan"),
    ],
)
def test_a_wrong_parameter_is_named(chain, root, query, named):
    for path in ("", "statistics/"):
        answer = root.get(URL + path, query)
        assert answer.status_code == 400
        assert set(answer.json()) == {named}


def test_evidence_that_is_not_wanted_makes_no_links(chain, root):
    assert get(root, include_lldp="false")["links"] == []
    assert len(get(root, include_cdp="false")["links"]) == 3
    assert get(root, min_confidence="0.99")["links"] == []
    assert get(root, stale="true")["links"] == []


@pytest.fixture
def limited(chain):
    """Somebody who may view the devices of the Hall, and every row of theirs."""
    user = get_user_model().objects.create_user(username="limited")
    grant(user, CachedNeighbor, CachedInterface, CachedIPAddress, CachedRoute, actions=["view"])
    grant(user, Device, actions=["view"], constraints={"location__name": "Hall"})
    return logged_in(user)


def test_a_neighbor_that_may_not_be_seen_is_a_node_without_a_name(chain, limited):
    answer = limited.get(URL)
    picture = answer.json()
    (hidden,) = [node for node in picture["nodes"] if node["node_type"] == "hidden"]
    assert (hidden["device_id"], hidden["device_name"], hidden["primary_ip"]) == (None, "", None)
    (link,) = [link for link in picture["links"] if link["target"] == hidden["id"] or link["source"] == hidden["id"]]
    assert "attic" not in answer.content.decode()
    assert str(chain[2].pk) not in answer.content.decode()
    assert len(picture["links"]) == 2
    assert "Ethernet1" not in (link["source_interface"], link["target_interface"])


def has(device, interface, address, vrf=""):
    told = {"interface": interface, "address": address, "prefix_length": 30, "vrf": vrf, "role": "primary"}
    make_row("ip_addresses", device, **told)


def points(device, prefix, next_hop, protocol, vrf=""):
    told = {"prefix": prefix, "next_hop": next_hop, "protocol": protocol, "vrf": vrf, "active": True}
    make_row("routes", device, interface="", next_hop_vrf="", **told)


@pytest.fixture
def routed(chain):
    """hall-1 and hall-2 route to each other, and hall-2 to attic-1: in two VRFs, with the same addresses."""
    for near, far, vrf in ((chain[0], chain[1], ""), (chain[1], chain[2], "RED")):
        has(near, "Ethernet2", "192.0.2.1", vrf)
        has(far, "Ethernet1", "192.0.2.2", vrf)
        points(near, "10.1.0.0/16", "192.0.2.2", "ospf", vrf)
        points(near, "0.0.0.0/0", "192.0.2.2", "ospf", vrf)
        points(near, "10.2.0.0/16", "192.0.2.2", "static", vrf)
    points(chain[1], "10.9.0.0/16", "192.0.2.1", "ospf")
    make_row("routing_neighbors", chain[0], protocol="ospf", vrf="", address="192.0.2.2", interface="", state="full")
    points(chain[3], "10.7.0.0/16", "192.0.2.77", "bgp")
    return chain


def relations(picture):
    about = ("protocol", "vrf", "direction", "prefix_count")
    return [
        (link["source_device_name"], link["target_device_name"], *(link["routing"][name] for name in about))
        for link in picture["links"]
        if link["layer"] == "l3"
    ]


def test_layer_3_is_one_link_for_each_pair_vrf_and_protocol(routed, root):
    picture = get(root, layers="l3")
    assert relations(picture) == [
        ("attic-1", "hall-2", "connected", "RED", "both", 1),
        ("attic-1", "hall-2", "ospf", "RED", "target", 2),
        ("attic-1", "hall-2", "static", "RED", "target", 1),
        ("hall-1", "hall-2", "connected", "", "both", 1),
        ("hall-1", "hall-2", "ospf", "", "both", 3),
        ("hall-1", "hall-2", "static", "", "source", 1),
    ]
    assert {link["layer"] for link in picture["links"]} == {"l3"}
    (ospf,) = [link for link in picture["links"] if link["id"].endswith("|ospf|")]
    assert ospf["routing"]["prefixes"] == ["0.0.0.0/0", "10.1.0.0/16", "10.9.0.0/16"]
    assert (ospf["link_type"], ospf["confidence_label"]) == ("ospf_route", "high")
    assert picture["metadata"]["left_out"] == {"ambiguous": 0, "unknown": 1, "reused": 0}
    assert picture == get(root, layers="l3")


def test_route_types_and_vrf_narrow_layer_3(routed, root):
    only_static = relations(get(root, layers="l3", route_types="static"))
    assert {protocol for _, _, protocol, *_ in only_static} == {"connected", "static"}
    assert {vrf for _, _, _, vrf, *_ in relations(get(root, layers="l3", vrf="RED"))} == {"RED"}
    assert {vrf for _, _, _, vrf, *_ in relations(get(root, layers="l3", vrf="default"))} == {""}


def test_routing_speaks_for_physical_links_when_it_is_asked_for(routed, root):
    def kinds(**query):
        links = [link for link in get(root, **query)["links"] if link["layer"] == "physical"]
        assert len(links) == 3
        (link,) = [link for link in links if link["source_device_name"] == "hall-1"]
        return [one["kind"] for one in link["evidence"]]

    assert kinds() == ["lldp", "lldp", "both_ends", "subnet"]
    assert kinds(include_routing="true")[4:] == ["next_hop", "routing_neighbor", "next_hop"]
    assert kinds(include_routing="true", route_types="bgp") == kinds()


def test_layer_3_is_no_way_around_a_cable(routed, root):
    physical, every = get(root, "statistics/"), get(root, "statistics/", include_routing="true")
    assert every["link_types_breakdown"]["ospf_route"] == 2
    for name in ("bridges", "articulation_points"):
        assert len(physical[name]) > 1
        assert every[name] == physical[name]


def test_layer_3_tells_nothing_of_a_device_that_may_not_be_seen(routed, limited):
    has(routed[3], "Ethernet1", "192.0.2.2")
    answer = limited.get(URL, {"layers": "l3"})
    (link,) = [link for link in answer.json()["links"] if not link["target_device_name"] or not link["routing"]]
    assert (link["routing"], sorted((link["source_interface"], link["target_interface"]))) == (None, ["", "Ethernet2"])
    told = answer.content.decode()
    assert "attic" not in told
    assert not [str(one.pk) for one in routed[2:] if str(one.pk) in told]
    assert "192.0.2.2" not in str(link)
    assert "10.1.0.0/16" not in str(link)
    ambiguous = [one for one in answer.json()["links"] if one["routing"] and one["routing"]["protocol"] == "static"]
    assert ambiguous == [], "a hidden device has the address as well"


def test_layer_3_costs_the_same_queries_for_more_devices(routed, root):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            get(root, include_routing="true")
        return len(queries)

    cost()
    few = cost()
    for n in range(6):
        more = make_device(f"more-{n}", location=routed[0].location)
        has(more, "Ethernet2", f"198.51.100.{n + 1}")
        points(more, "10.1.0.0/16", "192.0.2.2", "ospf")
    assert cost() == few


def test_a_namesake_that_may_not_be_seen_is_nowhere_even_as_a_word(chain, limited):
    make_device("hall-2", location=chain[3].location)
    has(chain[3], "Ethernet1", "192.0.2.9")
    for port, name in (("Ethernet3", "stranger"), ("Ethernet4", "hall-2")):
        told = {"neighbor_name": name, "neighbor_hostname": name, "neighbor_ip": None, "chassis_id": ""}
        make_row("neighbors", chain[0], local_interface=port, **told)
    answer = limited.get(URL)
    told = answer.content.decode()
    assert "ambiguous" not in told.replace('"ambiguous":0', "")
    reasons = {one["neighbor_name"]: one["reason"] for one in answer.json()["unresolved"]}
    assert reasons["hall-2"] == reasons["stranger"]
    assert resolved(limited, neighbor_name="hall-2")["device_id"] == str(chain[1].pk), "the one that may be seen"
    asked = [{"neighbor_name": "attic-1"}, {"neighbor_ip": "192.0.2.9"}, {"neighbor_name": "stranger"}]
    about = ("device_id", "device_name", "matched_by", "confidence", "reason", "candidates")
    answers = [resolved(limited, **one) for one in asked]
    assert [[one[name] for name in about] for one in answers] == [[answers[2][name] for name in about]] * len(asked)


def resolved(api, **asked):
    return get(api, "resolve-neighbor/", **asked)


def test_what_may_not_be_seen_changes_no_answer_about_what_may(chain, limited):
    """Or any name and any address could be tried out beside one that is known."""
    hidden = chain[3]
    has(hidden, "Ethernet1", "192.0.2.9")
    for address in ("192.0.2.9", "192.0.2.200"):
        assert resolved(limited, neighbor_name="hall-1", neighbor_ip=address)["device_name"] == "hall-1"
    has(chain[0], "Loopback0", "192.0.2.1")
    for name in (hidden.name, "nobody"):
        assert resolved(limited, neighbor_name=name, neighbor_ip="192.0.2.1")["device_name"] == "hall-1"


def test_an_address_that_a_hidden_device_has_as_well_is_unknown_and_not_ambiguous(routed, limited, root):
    has(routed[3], "Ethernet1", "192.0.2.2")
    assert get(root, layers="l3")["metadata"]["left_out"]["ambiguous"] == 1
    assert get(limited, layers="l3")["metadata"]["left_out"] == {"ambiguous": 0, "unknown": 1, "reused": 0}


def test_rows_that_may_not_be_seen_are_no_evidence(chain):
    user = get_user_model().objects.create_user(username="deviceless")
    grant(user, Device, actions=["view"])
    picture = get(logged_in(user))
    assert len(picture["nodes"]) == 4
    assert picture["links"] == []


def test_nobody_without_a_login(client):
    assert client.get(URL).status_code in (401, 403)


def test_a_cable_through_a_patch_panel_is_documented(chain, root):
    one, other, panel = chain[0], chain[1], make_device("panel", location=chain[0].location)
    status = Status.objects.get_for_model(Interface).first()
    ports = [
        Interface.objects.create(device=device, name=name, type="other", status=status)
        for device, name in ((one, "Ethernet2"), (other, "Ethernet1"))
    ]
    rear = RearPort.objects.create(device=panel, name="1", type="8p8c", positions=1)
    front = FrontPort.objects.create(device=panel, name="1", type="8p8c", rear_port=rear, rear_port_position=1)
    connected = Status.objects.get_for_model(Cable).get(name="Connected")
    for label, end, pin in (("W1", ports[0], front), ("W2", ports[1], rear)):
        Cable.objects.create(label=label, termination_a=end, termination_b=pin, status=connected)
    found = {(link["source_device_name"], link["target_device_name"]): link for link in get(root)["links"]}
    told = [one["detail"] for one in found["hall-1", "hall-2"]["evidence"] if one["kind"] == "cable"]
    assert told in (["cable W1, W2"], ["cable W2, W1"])
    assert len(get(root, include_cables="true")["links"]) == len(found)


def test_statistics_name_what_splits_the_network(chain, root):
    figures = get(root, "statistics/")
    assert (figures["total_devices"], figures["total_links"], figures["isolated_devices"]) == (4, 3, [])
    assert figures["link_types_breakdown"] == {"lldp_neighbor": 3}
    assert [one["device_name"] for one in figures["articulation_points"]] == ["attic-1", "hall-2"]
    assert len(figures["bridges"]) == 3
    assert figures["average_connections_per_device"] == 1.5


def test_resolving_explains_itself(chain, root, limited):
    found = get(root, "resolve-neighbor/", neighbor_name="HALL-1.example.net")
    assert (found["device_name"], found["matched_by"], found["reason"]) == ("hall-1", "hostname", "")
    assert get(root, "resolve-neighbor/", neighbor_name="hall-11")["reason"].startswith("unknown")
    hidden = get(limited, "resolve-neighbor/", neighbor_name="attic-1")
    assert (hidden["device_id"], hidden["candidates"]) == (None, [])
    assert root.get(f"{URL}resolve-neighbor/").status_code == 400
    assert root.get(f"{URL}resolve-neighbor/", {"neighbor_ip": "nonsense"}).status_code == 400


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "json"])
def test_every_export_is_a_file_of_its_kind(chain, root, name):
    answer = root.get(URL, {"format": name, "layout": "circular"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith(FORMATS[name].media_type)
    assert FORMATS[name].filename in answer["Content-Disposition"]
    assert "attic-1" in answer.content.decode()
    wrong = root.get(URL, {"format": name, "depth": "deep"})
    assert (wrong.status_code, list(wrong.json())) == (400, ["depth"])


def test_a_format_that_there_is_none_of_is_named(chain, root):
    answer = root.get(URL, {"format": "visio"})
    assert (answer.status_code, list(answer.json())) == (400, ["format"])


def test_the_names_of_the_routes():
    base = "plugins-api:nautobot_topology_cache-api:topology"
    assert reverse(f"{base}-list") == URL
    assert reverse(f"{base}-statistics") == f"{URL}statistics/"
    assert reverse(f"{base}-resolve-neighbor") == f"{URL}resolve-neighbor/"


SAME_AS_REST = """{ topology(%s) {
  nodes { id node_type device_id device_name primary_ip platform role location position_x position_y }
  links { id source target source_device_id target_device_id source_device_name target_device_name source_interface
          target_interface layer link_type confidence confidence_label stale lag { source target }
          routing { protocol vrf direction prefix_count prefixes }
          evidence { kind device_id source collected_at supports detail } }
  unresolved { device_id device_name local_interface protocol neighbor_name neighbor_interface reason candidates }
  metadata
} }"""


def graphql(client, arguments):
    query = (SAME_AS_REST % arguments).replace("topology()", "topology")
    answer = client.post("/api/graphql/", {"query": query}, content_type="application/json")
    return answer.json()


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        ("", {}),
        ('devices: ["hall-1"]', {"devices": "hall-1"}),
        ('focus: ["hall-1"], depth: 2, layout: "circular"', {"focus": "hall-1", "depth": 2, "layout": "circular"}),
        ('layers: ["physical", "l3"], vrf: "RED"', {"layers": ["physical", "l3"], "vrf": "RED"}),
        ("min_confidence: 0.9, include_lldp: false", {"min_confidence": 0.9, "include_lldp": "false"}),
    ],
)
def test_graphql_gives_what_rest_gives(routed, root, limited, arguments, query):
    for client in (root, limited):
        answer = graphql(client, arguments)
        assert "errors" not in answer
        assert answer["data"]["topology"] == get(client, **query)


def test_graphql_names_a_wrong_parameter(chain, root):
    for arguments, named in (('layout: "spiral"', "layout"), ('focus: ["nobody"]', "focus"), ("depth: 99", "depth")):
        (error,) = graphql(root, arguments)["errors"]
        assert error["message"].startswith(f"{named}: ")


def test_graphql_tells_nothing_of_a_device_that_may_not_be_seen(routed, limited):
    answer = graphql(limited, 'layers: ["physical", "l2", "l3"]')
    assert [node for node in answer["data"]["topology"]["nodes"] if node["node_type"] == "hidden"]
    assert "attic" not in str(answer)
    assert not [str(one.pk) for one in routed[2:] if str(one.pk) in str(answer)]


MACS = ("02:00:00:00:00:01", "02:00:00:00:00:02", "02:00:00:00:00:03", "02:00:00:00:00:04")


@pytest.fixture
def bridged(chain):
    """Each device has a VLAN interface with a MAC address, and hall-1 learned those of hall-2 and attic-2."""
    for device, mac in zip(chain, MACS, strict=True):
        make_row("interfaces", device, name="Vlan1", mac_address=mac, parent="", lag="", vrf="")
        for name in ("Ethernet1", "Ethernet2", "Ethernet7"):
            make_row("interfaces", device, name=name, mac_address=None, parent="", lag="", vrf="")
    for port, mac in (("Ethernet2", MACS[1]), ("Ethernet7", MACS[3])):
        make_row("mac_addresses", chain[0], vlan=7, vlan_name="", mac_address=mac, interface=port)
    make_row("mac_addresses", chain[1], vlan=7, vlan_name="", mac_address=MACS[0], interface="Ethernet1")
    return chain


def test_layer_2_shows_who_is_bridged_with_whom(bridged, root):
    picture = get(root, layers="l2")
    about = ("source_device_name", "source_interface", "target_device_name", "target_interface", "link_type")
    assert [tuple(link[name] for name in about) for link in picture["links"]] == [
        ("attic-2", "", "hall-1", "Ethernet7", "mac_table"),
        ("hall-1", "Ethernet2", "hall-2", "Ethernet1", "mac_table"),
    ]
    assert [one["kind"] for one in picture["links"][1]["evidence"]] == ["wire", "mac_table", "mac_table"]
    physical = [link for link in get(root, include_layer2="true")["links"] if link["layer"] == "physical"]
    assert sum(one["kind"] == "mac_table" for link in physical for one in link["evidence"]) == 2
    assert len(get(root, layers="l2", vlan=7)["links"]) == 2
    assert get(root, layers="l2", vlan=8)["links"] == []


def test_ports_are_uplinks_or_edges_with_a_reason(bridged, root, limited):
    ports = get(root, "ports/", devices="hall-1")["ports"]
    found = {one["interface"]: (one["verdict"], one["reason"]) for one in ports}
    assert found["Ethernet2"] == ("uplink", "neighbor: hall-2")
    assert found["Ethernet7"] == ("uplink", "MAC addresses of attic-2")
    assert found["Ethernet1"][0] == "edge"
    assert {one["device_name"] for one in get(root, "ports/")["ports"]} == {one.name for one in bridged}
    grant(get_user_model().objects.get(username="limited"), CachedMACAddress, actions=["view"])
    answer = limited.get(f"{URL}ports/")
    told = {(one["device_name"], one["interface"]): one for one in answer.json()["ports"]}
    assert told["hall-1", "Ethernet7"]["reason"] == "MAC addresses of a device that you may not view"
    assert told["hall-1", "Ethernet7"]["devices"] == []
    assert "attic" not in answer.content.decode()
    assert MACS[3] not in limited.get(URL, {"layers": "l2"}).content.decode()
    assert root.get(f"{URL}ports/", {"depth": 1}).status_code == 400
