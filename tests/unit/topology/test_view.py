"""What a selection shows: its devices, and whoever they are linked with, by a cable or on a segment."""

from nautobot_topology_cache.topology.evidence import Device
from nautobot_topology_cache.topology.graph import statistics
from nautobot_topology_cache.topology.view import Selection, select
from tests.unit.topology.scene import devices, ends, has, hears, layers, picture

ABC = ("a", "b", "c")
SWITCHED = [hears(f"{one} Gi1", other, "Gi1") for one in ABC for other in ABC if one != other]


def types(drawn):
    return sorted((node.name, node.node_type) for node in drawn.nodes.values())


def test_everything_on_a_segment_is_shown():
    drawn = select(picture(ABC, *SWITCHED, hears("a Gi1", "printer")), Selection())
    assert {"printer", "a", "b", "c"} <= {name for name, _ in types(drawn)}
    assert sum(end.startswith("printer") for end in ends(drawn)) == 1


def test_who_shares_a_segment_with_a_selected_device_is_outside_and_not_dropped():
    drawn = select(picture(ABC, *SWITCHED), Selection(devices=frozenset("a")))
    assert [kind for name, kind in types(drawn) if name in ("b", "c")] == ["boundary", "boundary"]
    assert len(drawn.links) == 3


def test_a_hidden_device_on_a_segment_is_one_hidden_node():
    known = {**devices("a", "b"), "c": Device("c", "c", visible=False)}
    drawn = select(picture(known, *SWITCHED), Selection())
    assert [kind for _, kind in types(drawn)].count("hidden") == 1
    assert "c" not in {node.name for node in drawn.nodes.values()}


def test_what_is_behind_a_phone_is_shown_with_it():
    heard = [
        hears("a Gi1", "SEP1", "Port 1", "cdp", capabilities="Host Phone"),
        hears("a Gi1", "desk-7", "eth0"),
    ]
    assert {"SEP1", "desk-7"} <= {name for name, _ in types(select(picture(("a",), *heard), Selection()))}


def test_a_subnet_of_three_shows_all_of_them():
    held = [has(f"{one} Vlan1", f"10.0.0.{n}/24") for n, one in enumerate(ABC, 1)]
    drawn = select(layers(ABC, addresses=held), Selection(devices=frozenset("a"), layers=("l3",)))
    assert {"a", "b", "c"} <= {name for name, _ in types(drawn)}


def test_whose_loss_splits_the_network_is_a_matter_of_the_whole_of_it():
    ring = picture(ABC, hears("a Gi1", "b", "Gi1"), hears("b Gi2", "c", "Gi2"), hears("c Gi3", "a", "Gi3"))
    part = select(ring, Selection(devices=frozenset("a")))
    figures = statistics(part, ring)
    assert (figures["articulation_points"], figures["bridges"]) == ([], [])
    assert statistics(part)["bridges"], "which the part alone would say"
