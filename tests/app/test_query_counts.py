"""No list asks the database once per row."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.models import CommandOutput, DeviceCache, DiscoveryRun
from tests.app import factories, walk
from tests.inventory import make_device

pytestmark = pytest.mark.django_db
MAKERS = {
    **{
        spec.model: lambda device, n, table=table: factories.make_row(table, device, n)
        for table, spec in CATALOG.items()
    },
    CommandOutput: factories.make_output,
    DeviceCache: lambda device, n: (factories.make_cache(device), factories.make_slice(device, "routes")),
    DiscoveryRun: lambda device, n: factories.make_run(device, options={"devices": [str(device.pk)]}),
}


@pytest.fixture
def ask(client):
    """How many queries a request costs, once caches are warm."""
    client.force_login(get_user_model().objects.create_superuser("root"))

    def count(url: str, **more) -> int:
        client.get(url, **more)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url, **more)
        assert answer.status_code == 200
        return len(queries)

    return count


def same_for_more(model: type, count) -> None:
    """`count` is the same for two devices' objects and for eight devices'."""
    for n in range(2):
        MAKERS[model](make_device(f"few-{n}"), n)
    few = count()
    for n in range(2, 8):
        MAKERS[model](make_device(f"more-{n}"), n)
    assert count() == few


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("query", ["", "?depth=1", "?format=csv", "?include=devices&include=raw"])
def test_rest_lists(ask, model, query):
    url = reverse(f"plugins-api:{walk.APP}-api:{model._meta.model_name}-list") + query
    same_for_more(model, lambda: ask(url))


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
def test_list_pages(ask, model):
    url = reverse(f"plugins:{walk.APP}:{model._meta.model_name}_list")
    same_for_more(model, lambda: ask(url, headers={"HX-Request": "true"}))


@pytest.mark.parametrize("table", CATALOG)
def test_graphql(client, table):
    client.force_login(get_user_model().objects.create_superuser("root"))
    name = f"cached_{table}"
    fields = "id source collected_at stale stale_reason device { name }"
    query = f"{{ {name} {{ {fields} }} devices {{ {name} {{ {fields} }} }} }}"

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            answer = client.post("/api/graphql/", {"query": query}, content_type="application/json").json()
        assert "errors" not in answer, answer
        return len(queries)

    count()
    same_for_more(CATALOG[table].model, count)
