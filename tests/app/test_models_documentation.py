"""Nautobot's help links: a page for each model, with exactly its columns and its key."""

import re

import pytest
from django.apps import apps
from django.db.models import Model

from development import ROOT
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.models import CachedRow

MODELS = list(apps.get_app_config("nautobot_topology_cache").get_models())
FIRST_CELL = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


def columns_on(page: str) -> list[str]:
    return FIRST_CELL.findall((ROOT / "docs" / page).read_text("utf-8"))


def own_columns(model: type[Model]) -> set[str]:
    shared = {field.name for field in CachedRow._meta.fields} | {"device"} if issubclass(model, CachedRow) else set()
    return {field.name for field in model._meta.concrete_fields} - shared


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_a_models_page_has_its_columns(model: type[Model]) -> None:
    documented = columns_on(f"models/{model._meta.model_name}.md")
    assert sorted(documented) == sorted(own_columns(model))


@pytest.mark.parametrize("spec", CATALOG.values(), ids=lambda spec: spec.name)
def test_a_tables_page_has_its_key(spec: object) -> None:
    page = (ROOT / "docs" / "models" / f"{spec.model._meta.model_name}.md").read_text("utf-8")
    stated = re.search(r"^\*\*Key within a device:\*\* (.+)$", page, re.MULTILINE)
    assert stated
    assert tuple(re.findall(r"`(\w+)`", stated[1])) == spec.key
    assert f"`{spec.name}`" in page


def test_what_all_rows_share_is_documented() -> None:
    shared = {field.name for field in CachedRow._meta.fields} | {"device"}
    assert shared <= set(columns_on("reference/rows.md"))
