"""A value in a URL that means nothing is the client's mistake: 400, and not a server error."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.models import CommandOutput, DeviceCache, DiscoveryRun
from tests.app import factories, walk
from tests.inventory import make_device

pytestmark = pytest.mark.django_db(transaction=True)
MODELS = [*(spec.model for spec in CATALOG.values()), DeviceCache, DiscoveryRun, CommandOutput]


@pytest.fixture
def root(client):
    client.force_login(get_user_model().objects.create_superuser("root"))
    return client


def where(model) -> str:
    return reverse(f"plugins-api:{walk.APP}-api:{model._meta.model_name}-list")


def test_a_regular_expression_that_is_none(root):
    factories.make_row("interfaces", make_device("a"))
    answer = root.get(where(CATALOG["interfaces"].model), {"name__re": "("})
    assert (answer.status_code, "regular expression" in str(answer.json())) == (400, True)


def test_nothing_where_a_text_is_compared(root):
    answer = root.get(where(CATALOG["routes"].model), {"route_type__nic": "null"})
    assert (answer.status_code, "None" in str(answer.json())) == (400, True)


@pytest.mark.parametrize("model", MODELS)
def test_a_switch_that_is_neither_on_nor_off(root, model):
    assert root.get(where(model), {"exclude_m2m": "perhaps"}).status_code == 400
    assert root.get(where(model), {"exclude_m2m": "false"}).status_code == 200


def test_a_text_with_nul(root):
    answer = root.get(where(CATALOG["routes"].model), {"vrf": "a\x00b"})
    assert (answer.status_code, "NUL" in str(answer.json())) == (400, True)


@pytest.mark.parametrize("action", ["discovery-runs", "purge", "rebuild"])
@pytest.mark.parametrize("body", [{"devices": ["a\x00b"]}, {"\x00": {"a": [1]}}, [], {"devices": {"a": 1}}])
def test_a_body_that_means_nothing_is_refused_in_json_by_whatever_format(root, action, body):
    answer = root.post(f"{walk.REST}{action}/?format=csv", body, "application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/json")
    assert answer.json()


def test_a_run_with_devices_is_shown_as_csv(root):
    run = factories.make_run(make_device("a"))
    answer = root.get(f"{walk.REST}discovery-runs/{run.pk}/", {"format": "csv"})
    assert answer.status_code == 200
    assert str(run.pk) in answer.content.decode()
