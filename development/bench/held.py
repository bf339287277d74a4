"""What the database holds of a device, and what holding it cost. Needs Nautobot set up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import attrs
import psutil
from django.db import connection
from django.utils import timezone

from development.bench.measuring import Figures, timed
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.models import CachedSlice, CommandOutput

Told = list[tuple[Any, dict[str, Any], dict[str, Any]]]
"""(model, key, other values) of rows, as the rivals are told them."""
Content = dict[str, tuple[tuple[Any, ...], ...]]
"""Table -> its current rows, sorted."""


def content(device: Any, tables: Iterable[str] = CATALOG) -> Content:
    """The current rows of a device."""
    specs = [CATALOG[name] for name in tables]
    return {
        spec.name: tuple(
            sorted(spec.model.objects.filter(device=device).order_by().values_list(*spec.columns), key=repr)
        )
        for spec in specs
    }


def for_rival(device: Any, rows: Told) -> Told:
    """The rows with slices to point to, which the tables want and a rival has no use for."""
    known: dict[Any, CachedSlice] = {}
    for model, _key, _values in rows:
        if model not in known:
            known[model], _ = CachedSlice.objects.get_or_create(
                device=device, table=model._meta.model_name, defaults={"outcome": "ok", "attempted_at": timezone.now()}
            )
    return [(model, key, {**values, "slice": known[model]}) for model, key, values in rows]


def told(device: Any) -> Told:
    """The current rows of a device, for somebody else to write."""
    rows: Told = []
    for spec in CATALOG.values():
        own = ("row_key", "valid_from")
        for values in spec.model.objects.filter(device=device).order_by().values("open_key", *own, *spec.columns):
            key = {"open_key": values.pop("open_key")}
            rows.append((spec.model, key, values))
    return rows


def clear(device: Any, tables: Iterable[str] = CATALOG) -> None:
    """Forget everything about a device, as if it had never been asked."""
    forgotten = [CATALOG[name].model.versions for name in tables]
    forgotten += [CachedSlice.objects, CommandOutput.objects]
    for manager in forgotten:
        rows = manager.filter(device=device)
        rows._raw_delete(rows.db)


def counted(action: Callable[[], Any]) -> tuple[Figures, Any]:
    """One repetition with its result, its statements, its WAL, and the CPU of the server's process for us.

    The WAL is that of the whole server: let nobody else write.
    """
    statements = 0

    def count(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(sql, params, many, context)

    log, server = _log_position(), _server_seconds()
    with connection.execute_wrapper(count):
        figures, result = timed(action)
    server = _server_seconds() - server
    return attrs.evolve(figures, statements=statements, wal=_log_position() - log, cpu=figures.cpu + server), result


def _log_position() -> int:
    return _one("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint")


def _server_seconds() -> float:
    """CPU seconds of the process that serves our connection; 0 where the server is another machine's."""
    pid = _one("SELECT pg_backend_pid()")
    if not psutil.pid_exists(pid) or "postgres" not in psutil.Process(pid).name():
        return 0.0
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def _one(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]
