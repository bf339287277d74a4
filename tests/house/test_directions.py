import pytest

from tests.house.rules.directions import LAYERS, violations
from tests.house.source import package

APP = "nautobot_topology_cache"


def test_the_package_keeps_its_directions():
    assert violations(package()) == []


@pytest.mark.parametrize(
    ("path", "line", "told"),
    [
        ("collect/flow.py", "from django.db import models", "`django`"),
        ("collect/flow.py", "import nautobot.apps", "`nautobot`"),
        ("collect/parse/clean.py", f"from {APP}.choices import OutcomeChoices", "`choices`"),
        ("collect/parse/clean.py", "from ...models import CachedRow", "`models`"),
        ("topology/build.py", f"from {APP}.collect.flow import plan", "`collect.flow`"),
        ("topology/build.py", "import netmiko", "`netmiko`"),
        ("models/rows.py", f"from {APP} import discovery", "`discovery`"),
        ("catalog.py", f"from {APP}.store import save_rows", "`store`"),
        ("store.py", f"def late():\n    from {APP}.discovery import execute", "`discovery`"),
        ("store.py", f"from {APP}.collect import wire", "`collect.wire`"),
        ("views.py", f"import {APP}.store", "`store`"),
        ("api/views.py", f"from {APP}.collect.wire import Wire", "`collect.wire`"),
        ("__init__.py", f"from {APP} import jobs", "`jobs`"),
        ("helpers.py", "", "`helpers` has no place"),
    ],
)
def test_a_wrong_import_is_reported(path, line, told):
    found = violations({**dict.fromkeys(package(), ""), path: line})
    assert any(one.startswith(path) and told in one for one in found), found


def test_modules_that_import_each_other_are_reported():
    files = {
        "collect/a.py": f"from {APP}.collect import b",
        "collect/b.py": f"import {APP}.collect.a",
        "collect/__init__.py": "",
    }
    assert violations(files) == [f"collect.{name} imports itself by way of others" for name in "ab"]


def test_allowed_imports_are_not_reported():
    files = {
        "catalog.py": "",
        "models/__init__.py": "",
        "collect/records.py": "import attrs\nfrom ipaddress import ip_address",
    }
    files["store.py"] = (
        f"from django.db import models\nfrom {APP}.models import CachedRow\nfrom {APP}.catalog import CATALOG"
    )
    files["topology/build.py"] = f"from {APP}.collect.records import Route\nimport networkx"
    assert violations(files) == []


def test_no_part_has_two_places():
    parts = [part for layer in LAYERS for part in layer]
    assert len(parts) == len(set(parts))
