import pytest

from tests.house.rules.one_writer import ERASER, WRITER, violations
from tests.house.source import package


def test_only_the_store_writes_rows():
    assert violations(package()) == []


def test_the_rule_sees_the_writes_of_the_store():
    assert len(violations({"elsewhere.py": package()[WRITER]})) >= 8


@pytest.mark.parametrize(
    "statement",
    [
        "CachedRoute.objects.bulk_create(rows)",
        "CachedRoute(device=device).save()",
        "models.CachedARPEntry.versions.filter(device=device).delete()",
        "CATALOG[name].model.versions.filter(slice=known).update(valid_to=now)",
        "spec.model.objects.update_or_create(name=name, defaults=values)",
        "for spec in CATALOG.values():\n        spec.model.versions.all()._raw_delete('default')",
        "rows = CachedRoute.objects.all()\n    rows.update(tag=1)",
        "run = CachedRoute.objects.first()\n    run.save()",
        "[row.delete() for row in CachedRoute.objects.all()]",
        "CommandOutput.objects.get_or_create(device=device)",
        "CachedSlice.objects.filter(pk=1).update(**values)",
        "connection.cursor().execute('DELETE FROM nautobot_topology_cache_cachedroute')",
    ],
)
def test_a_second_writer_is_reported(statement):
    source = f"def cache_routes(device, spec):\n    {statement}\n"
    assert violations({"second.py": source})[0].startswith("second.py:")


@pytest.mark.parametrize(
    "source",
    [
        "DiscoveryRun.objects.filter(pk=1).update(status='failed')",
        "def end(item: DiscoveryRunItem):\n    item.save()",
        "def close(pk):\n    runs = DiscoveryRun.objects.filter(pk=pk)\n    runs.exclude(pk=1).update(status='y')",
        "class Waiting:\n    item: DiscoveryRunItem\n\ndef begin(one):\n    one.item.save(update_fields=['status'])",
        "seen = {}\nseen.update({'a': 1})\nhash.update(b'')",
    ],
)
def test_other_writes_are_not_reported(source):
    assert violations({"discovery.py": source}) == []


def test_a_second_writer_is_reported_in_every_place_but_one():
    second = "def cache_routes(rows):\n    CachedRoute.objects.bulk_create(rows)\n"
    found = violations(dict.fromkeys(package(), second))
    assert [one.partition(":")[0] for one in found] == [path for path in package() if path != WRITER]


def test_a_second_writer_is_reported_in_the_middle_of_a_module():
    at = "        item.tables = "
    source = package()["visits.py"].replace(at, f"        one.device.cached_routes.all().delete()\n{at}")
    assert len(violations({"visits.py": source})) == 1


def test_a_purge_removes_and_no_more():
    assert violations({ERASER: "def _remove(rows):\n    return rows._raw_delete(rows.db)\n"}) == []
    (found,) = violations({ERASER: "def correct():\n    CachedRoute.objects.update(tag=1)\n"})
    assert found.startswith(f"{ERASER}:2: ")
