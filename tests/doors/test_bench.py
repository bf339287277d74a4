"""The benchmark's whole chain in its small form: all sides come to the rows that the devices told."""

import pytest

from development.bench import fleet, played
from development.inventory import document

pytestmark = pytest.mark.django_db(transaction=True)


def test_everybody_comes_to_the_rows_that_the_devices_told(monkeypatch, tmp_path):
    monkeypatch.setattr(played, "LATENCY", 0)
    with played.lab(tmp_path) as inventory:
        documented = document(inventory, tmp_path, cables=False)
        (asked,) = fleet.askable(documented, inventory)[:1]
        rows = list(fleet.chain([asked], 1))
    assert len(rows) == 4
    assert [row.void for row in rows] == [""] * 4
    assert all(row.n > 50 for row in rows)
