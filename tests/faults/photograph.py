"""All rows of all tables of the database, as PostgreSQL prints them, to see what a run has changed and what not."""

from __future__ import annotations

from django.db import connection

Photograph = dict[tuple[str, str], frozenset[str]]
"""(table, device or "") -> its rows."""

RUNS = {"nautobot_topology_cache_discoveryrun", "nautobot_topology_cache_discoveryrunitem"}
"""A run writes down itself."""
STATE = {"nautobot_topology_cache_cachedslice", "nautobot_topology_cache_commandoutput"}
"""Outcomes and answers: what an attempt is to leave behind."""


def photograph() -> Photograph:
    taken: dict[tuple[str, str], set[str]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = {column.name for column in connection.introspection.get_table_description(cursor, table)}
            device = "device_id::text" if "device_id" in columns else "''"
            cursor.execute(f'SELECT {device}, one::text FROM "{table}" AS one')  # noqa: S608
            for owner, row in cursor.fetchall():
                taken.setdefault((table, owner or ""), set()).add(row)
    return {place: frozenset(rows) for place, rows in taken.items()}


def differences(before: Photograph, after: Photograph) -> set[tuple[str, str]]:
    """The places whose rows are not the same, a run's own tables left out."""
    places = {place for place in before.keys() | after.keys() if place[0] not in RUNS}
    return {place for place in places if before.get(place) != after.get(place)}


def changed_tables(before: Photograph, after: Photograph, device: object) -> set[str]:
    """Catalog names of the tables in which a device's rows, closed ones too, are not what they were."""
    from nautobot_topology_cache.catalog import CATALOG

    changed = {table for table, owner in differences(before, after) if owner == str(device)}
    return {name for name, spec in CATALOG.items() if spec.model._meta.db_table in changed}
