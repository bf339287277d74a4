"""Every page answers, with rows, for a user who may see them."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from nautobot_topology_cache import discovery
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.device_tabs import DEVICE_TABS
from nautobot_topology_cache.models import CommandOutput, DeviceCache, DiscoveryRun, DiscoveryRunItem
from tests.inventory import make_device
from tests.rows import store_sample

pytestmark = pytest.mark.django_db
MODELS = [spec.model for spec in CATALOG.values()]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def device():
    device = make_device("pages-1")
    store_sample(device)
    return device


@pytest.fixture
def superuser():
    return get_user_model().objects.create_superuser("root", "root@example.com", "x")


@pytest.fixture
def client(superuser):
    client = Client()
    client.force_login(superuser)
    return client


@pytest.fixture
def api(superuser):
    api = APIClient()
    api.force_authenticate(superuser)
    return api


@pytest.fixture
def run(device, superuser):
    run = discovery.create_run(discovery.Request.from_names({"devices": [device]}, superuser), superuser)
    DiscoveryRunItem.objects.create(run=run, device=device, device_name=device.name)
    return run


def page(name: str, **kwargs) -> str:
    return reverse(f"plugins:nautobot_topology_cache:{name}", kwargs=kwargs or None)


@pytest.mark.parametrize("spec", CATALOG.values(), ids=CATALOG)
def test_list_page_shows_the_rows(client, device, spec):
    answer = client.get(page(f"{spec.model._meta.model_name}_list"), headers=HTMX)
    assert answer.status_code == 200
    content = answer.content.decode()
    for row in spec.model.objects.all():
        assert row.get_absolute_url() in content
    assert "stale" in content


@pytest.mark.parametrize("model", [*MODELS, CommandOutput, DeviceCache], ids=lambda model: model.__name__)
def test_detail_page(client, device, model):
    answer = client.get(model.objects.first().get_absolute_url())
    assert answer.status_code == 200
    assert device.name in answer.content.decode()


def test_command_output_shows_its_text(client, device):
    answer = client.get(CommandOutput.objects.get().get_absolute_url())
    assert "version of device 1" in answer.content.decode()


def test_run_page_shows_its_devices(client, device, run):
    answer = client.get(run.get_absolute_url())
    assert answer.status_code == 200
    assert device.name in answer.content.decode()


@pytest.mark.parametrize("tab", DEVICE_TABS, ids=lambda tab: tab.table)
def test_device_tab_shows_the_rows(client, device, tab):
    answer = client.get(page(f"device_{tab.table}", pk=device.pk))
    assert answer.status_code == 200
    content = answer.content.decode()
    for row in tab.spec.model.objects.all():
        assert str(row.get_absolute_url()) in content


def test_routes_tab_narrows_by_protocol(client, device):
    content = client.get(page("device_routes", pk=device.pk) + "?protocol=static").content.decode()
    assert "10.1.2.0/24" in content
    assert "10.1.1.0/24" not in content


def test_device_page_has_summary_tabs_and_button(client, device):
    content = client.get(device.get_absolute_url()).content.decode()
    assert "Discover now" in content
    assert page("device_interfaces", pk=device.pk) in content


@pytest.mark.parametrize("spec", CATALOG.values(), ids=CATALOG)
def test_rest_list_and_detail(api, device, spec):
    url = f"/api/plugins/topology-cache/{spec.path}/"
    listed = api.get(url, {"device": device.name})
    assert listed.status_code == 200, listed.content
    assert listed.data["count"] == 3
    row = listed.data["results"][0]
    for column in ("id", "device", "source", *spec.columns, "valid_from", "valid_to", "collected_at", "stale"):
        assert column in row
    assert api.get(row["url"]).status_code == 200


def test_rest_device_cache_and_outputs(api, device):
    cache = api.get("/api/plugins/topology-cache/device-caches/").data["results"][0]
    assert cache["tables"]["interfaces"]["rows"] == 3
    output = api.get("/api/plugins/topology-cache/command-outputs/").data["results"][0]
    assert "raw" not in output
    assert "raw" in api.get("/api/plugins/topology-cache/command-outputs/?include=raw").data["results"][0]
    assert api.get(output["url"]).data["raw"].startswith("version of device 1")


def test_rest_run(api, device, run):
    shown = api.get(f"/api/plugins/topology-cache/discovery-runs/{run.pk}/").data
    assert (shown["status"], shown["total_devices"], shown["progress_percentage"]) == ("pending", 1, 0)
    assert shown["devices"][0]["device_name"] == device.name
    result = api.get(f"/api/plugins/topology-cache/discovery-runs/{run.pk}/result/").data
    assert len(result["devices_data"][str(device.pk)]["interfaces"]) == 3
    cancelled = api.post(f"/api/plugins/topology-cache/discovery-runs/{run.pk}/cancel/")
    assert cancelled.data["status"] == "cancelled"
    assert DiscoveryRun.objects.get().status == "cancelled"


def test_rest_run_refuses_what_it_does_not_know(api, device):
    refused = api.post("/api/plugins/topology-cache/discovery-runs/", {"devices": ["nobody"], "x": 1}, format="json")
    assert refused.status_code == 400
    assert set(refused.data) == {"devices", "x"}


def test_rest_run_without_a_worker_is_503(api, device):
    answer = api.post("/api/plugins/topology-cache/discovery-runs/", {"devices": [device.name]}, format="json")
    assert answer.status_code == 503


@pytest.mark.parametrize("name", [f"cached_{name}" for name in CATALOG])
def test_graphql(api, device, name):
    query = f"{{ {name} {{ id device {{ name {name} {{ id }} }} }} }}"
    answer = api.post("/api/graphql/", {"query": query}, format="json")
    assert answer.status_code == 200, answer.content
    assert "errors" not in answer.data, answer.data
    assert len(answer.data["data"][name]) == 3
    assert len(answer.data["data"][name][0]["device"][name]) == 3


def test_mac_in_any_notation(api, device):
    url = "/api/plugins/topology-cache/mac-addresses/"
    assert api.get(url, {"mac_address": "0200.5e01.0002"}).data["count"] == 1
    assert api.get(url, {"mac_address": "nonsense"}).status_code == 400


def test_prefix_containing_an_address(api, device):
    assert api.get("/api/plugins/topology-cache/routes/", {"contains": "10.1.2.77"}).data["count"] == 1
