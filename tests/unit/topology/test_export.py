"""Every format holds what the picture holds, whatever devices call themselves."""

import csv
import io
import json

import networkx
import pytest
from defusedxml import ElementTree

from nautobot_topology_cache.topology import layout
from nautobot_topology_cache.topology.export import FORMATS, ROUTING_COLUMNS
from nautobot_topology_cache.topology.shown import shown
from tests.unit.topology.scene import has, hears, layers, picture, route

HOSTILE = [
    '<img src=x onerror="alert(1)">',
    "=HYPERLINK",
    "\x1b[2J\x0b]]>",
    'a"b\\',
    "two\nlines, and a comma",
    "x" * 10_000,
    "\u202egnp.exe",
    "\uff1dHYPERLINK",
]


@pytest.fixture(scope="module")
def drawn():
    named = [hears(f"sw1 Gi{n}", name, "Gi9", chassis_id=f"c{n}") for n, name in enumerate(HOSTILE)]
    found = picture(("sw1", "sw2"), *named, hears("sw1 Te1", "sw2", "Te2"), hears("sw1 Te3", "sw2", "Te4"))
    points = layout.positions("force_directed", found.nodes.values(), found.links)
    return shown(found, points, {"width": layout.WIDTH, "height": layout.HEIGHT})


def made(drawn, name):
    return FORMATS[name].make(drawn)


def test_json(drawn):
    assert json.loads(made(drawn, "json")) == json.loads(json.dumps(drawn))


def test_graphml_is_read_by_networkx(drawn):
    graph = networkx.parse_graphml(made(drawn, "graphml"), force_multigraph=True)
    assert graph.number_of_nodes() == len(drawn["nodes"])
    assert graph.number_of_edges() == len(drawn["links"])
    names = {data["device_name"] for _, data in graph.nodes(data=True)}
    assert {HOSTILE[0], HOSTILE[1], HOSTILE[3]} <= names
    assert {data["confidence_label"] for *_, data in graph.edges(data=True)} == {"medium"}


@pytest.mark.parametrize("name", ["graphml", "drawio", "svg"])
def test_xml_is_well_formed_and_holds_no_element_of_a_devices_making(drawn, name):
    root = ElementTree.fromstring(made(drawn, name))
    assert not [one for one in root.iter() if one.tag.rpartition("}")[2] in ("img", "script")]
    assert not [key for one in root.iter() for key in one.attrib if key.startswith("on")]


def test_drawio_has_a_cell_for_each_node_and_link(drawn):
    cells = list(ElementTree.fromstring(made(drawn, "drawio")).iter("mxCell"))
    assert sum(cell.get("vertex") == "1" for cell in cells) == len(drawn["nodes"])
    assert sum(cell.get("edge") == "1" for cell in cells) == len(drawn["links"])
    ids = {cell.get("id") for cell in cells}
    assert all({cell.get("source"), cell.get("target")} <= ids for cell in cells if cell.get("edge"))
    assert not any("html=1" in (cell.get("style") or "") for cell in cells)


def test_svg_shows_parallel_links_apart(drawn):
    paths = [
        one.get("d") for one in ElementTree.fromstring(made(drawn, "svg")).iter("{http://www.w3.org/2000/svg}path")
    ]
    assert len(set(paths)) == len(drawn["links"])


def test_dot_quotes_every_string(drawn):
    text = made(drawn, "dot")
    assert text.count(" -- ") == len(drawn["links"])
    for line in text.splitlines()[2:-1]:
        # Without escaped backslashes and quotes, those that are left open and close strings.
        assert line.replace("\\\\", "").replace('\\"', "").count('"') % 2 == 0, line


def test_relations_of_layer_3_say_their_vrf_and_protocol():
    tables = {"addresses": [has("sw1 Te1", "192.0.2.1/30", "RED"), has("sw2 Te2", "192.0.2.2/30", "RED")]}
    routed = layers(("sw1", "sw2"), **tables, routes=[route("sw1", "198.51.100.0/24", "192.0.2.2", vrf="RED")])
    told = shown(routed, layout.positions("circular", routed.nodes.values(), routed.links), {})
    lines = list(csv.DictReader(io.StringIO(made(told, "csv"), newline="")))
    about = [tuple(line[name] for name in ROUTING_COLUMNS) for line in lines]
    assert about == [("connected", "RED", "both", "1"), ("ospf", "RED", "source", "1")]
    edges = networkx.parse_graphml(made(told, "graphml"), force_multigraph=True).edges(data=True)
    assert {(data["protocol"], data["vrf"], data["prefix_count"]) for *_, data in edges} == {
        ("connected", "RED", 1),
        ("ospf", "RED", 1),
    }


def test_csv_opens_without_formulas(drawn):
    lines = list(csv.DictReader(io.StringIO(made(drawn, "csv"), newline="")))
    assert len(lines) == len(drawn["links"])
    assert "'=HYPERLINK" in {line["target_device_name"] for line in lines}
    assert not [value for line in lines for value in line.values() if value.startswith(("=", "+", "@", "-", "\uff1d"))]


def test_batfish_has_the_physical_links_with_both_ports(drawn):
    edges = json.loads(made(drawn, "batfish"))["edges"]
    assert {
        "node1": {"hostname": "sw1", "interfaceName": "Te1"},
        "node2": {"hostname": "sw2", "interfaceName": "Te2"},
    } in edges
    assert len(edges) == len(drawn["links"])


def test_the_same_picture_gives_the_same_bytes(drawn):
    for name in FORMATS:
        assert made(drawn, name) == made(drawn, name)
