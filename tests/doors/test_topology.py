"""The map of the lab and of every captured network that is there, against what is true of their cables."""

import pytest
from django.db import transaction
from nautobot.users.models import User

from development import ROOT
from development.topology_check import check
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
    question = drawing.Question()
    picture = drawing.draw(question, User.objects.get(username="whole-lab"))
    return drawing.as_shown(picture, question), lab.truth()


@pytest.fixture(scope="module")
def of_the_lab(django_db_setup, django_db_blocker, lab_process):
    lab_process.reset()
    with django_db_blocker.unblock(), transaction.atomic():
        found = drawn(lab_process)
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
    verdict = check(*of_the_lab)
    assert verdict.expected > 30
    assert not verdict, verdict


def test_every_cable_of_a_replayed_network_is_one_link_and_there_is_no_other(replayed):
    verdict = check(*replayed)
    assert verdict.expected >= 10
    assert not verdict, verdict


def test_a_lost_and_an_invented_link_are_seen(of_the_lab):
    picture, truth = of_the_lab
    direct = [link for link in picture["links"] if link["target_device_id"]]
    assert check({**picture, "links": picture["links"] * 2}, truth).duplicates
    assert check({**picture, "links": []}, truth).missing
    assert check({**picture, "links": [{**direct[0], "target_interface": "nowhere"}]}, truth).false
    assert check({**picture, "unresolved": []}, truth).missing_outside
