"""The map of the lab and of every captured network that is there, against what is true of their cables."""

import json
from collections import Counter

import pytest
from django.db import transaction
from nautobot.users.models import User

from development import ROOT
from development.lab.generate import generate
from development.lab.relations import relations
from development.lab.state import World
from development.topology_check import check, check_layer3
from nautobot_topology_cache import drawing
from tests.doors.played import configured, playing
from tests.skips import CAPTURES_ABSENT

NETWORKS = ROOT.parent / "shared" / "captures" / "networks"
REPLAYED = sorted(one.name for one in NETWORKS.glob("*") if (one / "truth.yml").is_file()) or ["none"]

pytestmark = pytest.mark.django_db


def drawn(lab):
    """(picture, truth) after one discovery of everything."""
    with configured(banner_timeout=5, connect_retries=0):
        lab.discovered()
    return shown(drawing.Question()), lab.truth()


def shown(question):
    """What REST shows of the lab."""
    return drawing.shown(question, User.objects.get(username="whole-lab"))


@pytest.fixture(scope="module")
def of_the_lab(django_db_setup, django_db_blocker, lab_process):
    lab_process.reset()
    with django_db_blocker.unblock(), transaction.atomic():
        questions = [drawing.Question(include_routing=True)] * 2
        questions += [drawing.Question(include_cables=True), drawing.Question(include_layer2=True)]
        found = (*drawn(lab_process), *map(shown, questions))
        transaction.set_rollback(True)
    return found


@pytest.fixture(scope="module", params=REPLAYED)
def replayed(request, django_db_setup, django_db_blocker, tmp_path_factory):
    if request.param == "none":
        pytest.skip(CAPTURES_ABSENT)
    folder = tmp_path_factory.mktemp(request.param)
    options = ("--replay", str(NETWORKS / request.param))
    with playing(folder, *options) as lab, django_db_blocker.unblock(), transaction.atomic():
        found = drawn(lab)
        transaction.set_rollback(True)
    return found


def test_every_cable_of_the_lab_is_one_link_and_there_is_no_other(of_the_lab):
    verdict = check(*of_the_lab[:2])
    assert verdict.expected > 30
    assert not verdict, verdict


def test_layer_3_leaves_the_cables_of_the_lab_as_they_are(of_the_lab):
    _, truth, routed, again, *_ = of_the_lab
    assert not check(routed, truth), check(routed, truth)
    assert json.dumps(routed) == json.dumps(again), "the same rows are drawn the same, byte for byte"
    physical = [link for link in routed["links"] if link["layer"] == "physical"]
    kinds = {one["kind"] for link in physical for one in link["evidence"]}
    assert {"subnet", "routing_neighbor", "next_hop"} <= kinds


@pytest.fixture(scope="module")
def related():
    """The relations of layer 3 that the lab's own network has."""
    return relations(World(generate()))


def test_layer_3_is_what_the_lab_routes(of_the_lab, related):
    verdict = check_layer3(of_the_lab[2], related)
    assert verdict.expected > 60
    assert not verdict, verdict


def test_a_lost_an_invented_and_a_wrong_relation_are_seen(of_the_lab, related):
    routed = of_the_lab[2]
    first = next(link for link in routed["links"] if link["layer"] == "l3")
    other = {**first, "routing": {**first["routing"], "vrf": "NOWHERE"}}
    counted = {**first, "routing": {**first["routing"], "prefix_count": 99}}
    assert check_layer3({**routed, "links": []}, related).missing
    assert check_layer3({**routed, "links": [other]}, related).false
    assert check_layer3({**routed, "links": [first, first]}, related).duplicates
    assert check_layer3({**routed, "links": [counted]}, related).differing


def test_each_pair_of_the_lab_is_one_relation_in_a_vrf_and_a_protocol(of_the_lab):
    _, _, routed, *_ = of_the_lab
    relations = [link for link in routed["links"] if link["layer"] == "l3"]
    about = Counter(
        (link["source"], link["target"], *map(link["routing"].get, ("vrf", "protocol"))) for link in relations
    )
    assert {"connected", "ospf", "bgp", "static"} <= {protocol for *_, protocol in about}
    assert set(about.values()) == {1}
    assert len({link["id"] for link in routed["links"]}) == len(routed["links"])


def test_every_cable_of_a_replayed_network_is_one_link_and_there_is_no_other(replayed):
    verdict = check(*replayed)
    assert verdict.expected >= 10
    assert not verdict, verdict


def test_the_cables_of_the_lab_are_documented_but_for_a_forgotten_one_and_a_wrong_one(of_the_lab):
    compared = of_the_lab[4]["links"]
    kinds = [{one["kind"] for one in link["evidence"]} for link in compared if link["target_device_id"]]
    agreeing = sum("cable" in found and len(found) > 1 for found in kinds)
    assert agreeing > 20
    assert [found for found in kinds if found == {"cable"}] == [{"cable"}]
    assert sum("other_cable" in found for found in kinds) == 2
    assert [found for found in kinds if not found & {"cable", "other_cable"}] != []


def test_layer_2_of_the_lab_joins_nobody_that_no_cable_joins(of_the_lab):
    _, truth, *_, bridged = of_the_lab
    cables = {frozenset((cable["a"][0], cable["b"][0])) for cable in truth["links"]}
    joined = [link for link in bridged["links"] if link["layer"] == "l2"]
    assert len(joined) > 10
    assert {frozenset((one["source_device_name"], one["target_device_name"])) for one in joined} <= cables
    assert not check(bridged, truth)


def test_a_lost_and_an_invented_link_are_seen(of_the_lab):
    picture, truth, *_ = of_the_lab
    direct = [link for link in picture["links"] if link["target_device_id"]]
    assert check({**picture, "links": picture["links"] * 2}, truth).duplicates
    assert check({**picture, "links": []}, truth).missing
    assert check({**picture, "links": [{**direct[0], "target_interface": "nowhere"}]}, truth).false
    assert check({**picture, "unresolved": []}, truth).missing_outside
