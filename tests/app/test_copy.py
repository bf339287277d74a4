"""COPY, where the database has it, and the ORM, where not, put the same rows into every table."""

import attrs
import pytest

from nautobot_topology_cache import store
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.collect import records
from tests.inventory import make_device
from tests.rows import sample_records, store_sample

pytestmark = pytest.mark.django_db
ODD = (r"\N", r"\.", 'a\\b"c\td', "two\nlines\r", "é 日本 🂡", "NULL", " ")
"""What COPY would take for something else if it were sent as it is."""
OWN = {"id", "device", "slice"}


def odd_records() -> dict[str, tuple[records.Record, ...]]:
    """The sample, and more rows with odd text in a column that takes any."""
    samples = sample_records()

    def more(table: str, column: str, **key: str) -> tuple[records.Record, ...]:
        (name, start), first = next(iter(key.items())), samples[table][0]
        odd = [attrs.evolve(first, **{column: text, name: f"{start}{n}"}) for n, text in enumerate(ODD)]
        return *samples[table], *odd

    return samples | {
        "interfaces": more("interfaces", "description", name="Odd"),
        "neighbors": more("neighbors", "platform", port_id="odd"),
        "routes": more("routes", "encapsulation", interface="Odd"),
        "arp_entries": more("arp_entries", "interface", ip_address="192.0.2."),
    }


def stored(device) -> dict[str, list[tuple]]:
    """All columns that do not tell one device from another."""
    return {
        name: sorted(
            spec.model.versions.filter(device=device).values_list(
                *(field.name for field in spec.model._meta.concrete_fields if field.name not in OWN)
            ),
            key=repr,
        )
        for name, spec in CATALOG.items()
    }


def test_rows_are_the_same_whichever_way_they_are_written(monkeypatch):
    copied, modelled = make_device("copied"), make_device("modelled")
    store_sample(copied, **odd_records())
    monkeypatch.setattr(store, "COPY", "a method that no cursor has")
    store_sample(modelled, **odd_records())
    rows = stored(copied)
    assert rows == stored(modelled)
    assert {name: len(listed) for name, listed in rows.items()} == {
        name: len(told) for name, told in odd_records().items()
    }
    platforms = [
        row.platform for row in CATALOG["neighbors"].model.objects.filter(device=copied, port_id__startswith="odd")
    ]
    assert sorted(platforms) == sorted(
        attrs.evolve(sample_records()["neighbors"][0], platform=one).platform for one in ODD
    )


@pytest.mark.parametrize("way", ["copy_expert", "a method that no cursor has"])
def test_a_row_the_database_refuses_costs_its_slice_alone(monkeypatch, way):
    monkeypatch.setattr(store, "COPY", way)
    device = make_device("refusing")
    too_long = attrs.evolve(sample_records()["routes"][0], interface="x" * 300)
    store_sample(device, routes=(too_long,))
    assert {name: len(rows) for name, rows in stored(device).items()} == {
        name: 0 if name == "routes" else 3 for name in CATALOG
    }
