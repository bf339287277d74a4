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


@pytest.mark.parametrize(
    "model", [*(spec.model for spec in CATALOG.values()), DeviceCache, DiscoveryRun, CommandOutput]
)
def test_a_switch_that_is_neither_on_nor_off(root, model):
    assert root.get(where(model), {"exclude_m2m": "perhaps"}).status_code == 400
    assert root.get(where(model), {"exclude_m2m": "false"}).status_code == 200
