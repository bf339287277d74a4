"""What devices say is shown as text, searched by what it means, and is no formula in a spreadsheet."""

import csv
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nautobot_topology_cache.api.spreadsheets import inert
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.models import CommandOutput, DeviceCache, DiscoveryRun
from tests.app import factories, walk
from tests.app.test_permissions import export
from tests.inventory import make_device, make_location

pytestmark = pytest.mark.django_db
MARKUP = "<b>x</b>"
FORMULA = "=1+cmd|' /C calc'!A0"
EVALUATED = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
SHOWN = [*(spec.model for spec in CATALOG.values()), CommandOutput, DeviceCache, DiscoveryRun]


@pytest.fixture
def browser(client):
    client.force_login(get_user_model().objects.create_superuser("root"))
    return client


def test_markup_is_shown_and_not_run(browser):
    device = make_device("a")
    for table in CATALOG:
        factories.make_row(table, device, word=MARKUP)
        factories.make_slice(device, table, context=MARKUP, outcome="failed", reason=MARKUP)
    factories.make_output(device, word=MARKUP, reason=MARKUP, outcome="failed")
    factories.make_cache(device, host_key=MARKUP)
    tables = {"routes": {"outcome": "failed", "reason": MARKUP}}
    command = {"command": MARKUP, "context": MARKUP, "outcome": "failed", "reason": MARKUP, "source": "device"}
    detail = {
        "rejected": [{"table": "routes", "command": MARKUP, "context": "", "reason": MARKUP, "row": {"A": MARKUP}}]
    }
    item = {"error": MARKUP, "current_task": MARKUP, "tables": tables, "commands": [command], "detail": detail}
    factories.make_item(factories.make_run(error=MARKUP), device, **item)
    shown = 0
    for name, pattern in walk.routes():
        if not name.startswith("plugins:") or name.endswith(("docs", "device_discover")):
            continue
        model = walk.model_of(pattern)
        about = {"pk": device.pk if ":device_" in name else model.objects.first().pk} if "pk" in str(pattern) else {}
        url = reverse(name, kwargs=about)
        for headers in ({}, {"HX-Request": "true"}):
            page = browser.get(url, headers=headers).content.decode()
            assert MARKUP not in page, url
            shown += "&lt;b&gt;x" in page
    assert shown > 2 * len(CATALOG)
    page = browser.get(device.get_absolute_url()).content.decode()
    assert MARKUP not in page
    assert "&lt;b&gt;x" in page


@pytest.mark.parametrize("value", [FORMULA, "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1", "\uff1d1", "\uff20SUM(A1)"])
def test_formulas_become_text(value):
    assert inert(value) == f"'{value}"


@pytest.mark.parametrize("value", ["GigabitEthernet0/1", "10.0.0.0/8", "", None, -1, True])
def test_other_values_stay(value):
    assert inert(value) == value


def test_a_description_is_no_formula_in_csv_and_itself_in_json(browser):
    factories.make_row("interfaces", make_device("a"), description=FORMULA)
    url = reverse(f"plugins-api:{walk.APP}-api:cachedinterface-list")
    (row,) = csv.DictReader(StringIO(browser.get(url, {"format": "csv"}).content.decode()))
    assert row["description"] == f"'{FORMULA}"
    assert browser.get(url).json()["results"][0]["description"] == FORMULA


@pytest.fixture
def formulas(browser):
    """A device, rows, outputs, caches and runs in which every text is a formula."""
    device = make_device("=device", location=make_location("@place"))
    for table in CATALOG:
        factories.make_row(table, device, word="=1+", slice=factories.make_slice(device, table, context="+1"))
    factories.make_output(device, word="@x", reason="-1", outcome="failed", context="=1")
    factories.make_cache(device, host_key="=1", driver="+1")
    factories.make_item(factories.make_run(error="=1"), device, error="=1")
    return browser


def evaluated(text: str) -> list[str]:
    """Cells that a spreadsheet would evaluate."""
    return [cell for line in csv.reader(StringIO(text, newline="")) for cell in line if cell.startswith(EVALUATED)]


@pytest.mark.django_db(transaction=True, databases=["default", "job_logs"])
@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model._meta.model_name)
def test_no_cell_of_a_csv_is_a_formula(formulas, model):
    """As REST answers it, and as the list's button exports it."""
    url = reverse(f"plugins-api:{walk.APP}-api:{model._meta.model_name}-list")
    by_rest = formulas.get(url, {"format": "csv"}).content.decode()
    by_button = export(model, get_user_model().objects.get(), "")
    for text in (by_rest, by_button):
        assert "'" in text
        assert evaluated(text) == []


def search(browser, model: str, term: str) -> str:
    params = {"q": term, "model": f"{walk.APP}.{model}"}
    return browser.get(reverse("search"), params, headers={"HX-Request": "true"}).content.decode()


@pytest.mark.parametrize(
    ("table", "term"),
    [
        ("interfaces", "0200.0000.0007"),
        ("interfaces", "Ethernet7/7"),
        ("interfaces", "Ethernet7"),
        ("ip_addresses", "10.0.0.7"),
        ("arp_entries", "10.0.0.7"),
        ("arp_entries", "02-00-00-00-00-07"),
        ("mac_addresses", "020000000007"),
        ("neighbors", "10.0.0.7"),
        ("neighbors", "PEER-7"),
        ("routes", "10.0.7.0/24"),
        ("routes", "10.0.0.7"),
    ],
)
def test_search_finds_what_a_term_means(browser, table, term):
    device = make_device("a")
    names = {"interfaces": {"name": "Ethernet7/7"}, "neighbors": {"neighbor_name": "peer-7.example.net"}}
    wanted = factories.make_row(table, device, 7, **names.get(table, {}))
    other = factories.make_row(table, device, 9)
    found = search(browser, wanted._meta.model_name, term)
    assert wanted.get_absolute_url() in found
    assert other.get_absolute_url() not in found


def test_search_never_scans_for_a_text_inside(browser):
    with CaptureQueriesContext(connection) as queries:
        for model in apps.get_app_config(walk.APP).searchable_models:
            for term in ("10.0.0.7", "020000000007", "10.0.0.0/8", "core"):
                search(browser, model, term)
    assert not [one["sql"] for one in queries if "_cached" in one["sql"] and "LIKE '%" in one["sql"]]
