"""All that a discovery leaves behind, as plain values: what two doors must agree in."""

from __future__ import annotations

from typing import Any

from nautobot.dcim.models import Device

from nautobot_topology_cache.catalog import CATALOG, TableSpec
from nautobot_topology_cache.models import CachedSlice, CommandOutput, DiscoveryRun, DiscoveryRunItem
from nautobot_topology_cache.models.rows import CachedRow

Row = dict[str, Any]
IDS_AND_TIMES = {"id", "device", "slice", "interface_id", "valid_from", "valid_to", "missing_since"}


def rows(device: Device) -> dict[str, list[Row]]:
    """Every column of every current row, with the slice it is from; of ids and times only whether they are set."""
    return {name: _rows(spec, device) for name, spec in CATALOG.items()}


def _rows(spec: TableSpec, device: Device) -> list[Row]:
    found = spec.model.objects.filter(device=device).select_related("slice").order_by("row_key")
    return [_row(row) for row in found]


def _row(row: CachedRow) -> Row:
    names = [field.attname for field in row._meta.concrete_fields]
    columns = {name: getattr(row, name) for name in names if name not in IDS_AND_TIMES | {"device_id", "slice_id"}}
    linked = row.interface.name if "interface_id" in names and row.interface else None
    unset = {name: getattr(row, name) is None for name in ("valid_to", "missing_since")}
    return {**columns, **unset, "linked": linked, "source": row.source, "stale": row.stale}


def contract_rows(device: Device) -> dict[str, list[Row]]:
    """The current rows in the columns that clients depend on."""
    return {
        name: list(spec.model.objects.filter(device=device).order_by().values(*spec.columns))
        for name, spec in CATALOG.items()
    }


def slices(device: Device) -> list[Row]:
    """Layer 2's state: outcomes, reasons, counts, digests."""
    found = CachedSlice.objects.filter(device=device).order_by("table", "command", "context")
    figures = (
        "table",
        "command",
        "context",
        "outcome",
        "reason",
        "stored",
        "filtered",
        "rejected",
        "unparsed",
        "digest",
    )
    return list(found.values(*figures))


def outputs(device: Device) -> list[Row]:
    """Layer 1: every stored answer, raw and parsed."""
    found = CommandOutput.objects.filter(device=device).order_by("command", "context")
    names = ("command", "context", "outcome", "reason", "raw", "parsed", "digest")
    return [{name: getattr(one, name) for name in names} for one in found]


def item(run: DiscoveryRun) -> Row:
    """What the run says of its only device, but for how long it took and where the answers came from."""
    found: DiscoveryRunItem = run.items.get()
    apart = {"duration", "source"}
    return {
        "status": (run.status, found.status),
        "error": found.error,
        "tables": found.tables,
        "commands": [{key: value for key, value in one.items() if key not in apart} for one in found.commands],
        "detail": found.detail,
        "rows": found.rows,
    }


def everything(device: Device, run: DiscoveryRun) -> Row:
    return {"rows": rows(device), "slices": slices(device), "outputs": outputs(device), "item": item(run)}


def table_sizes() -> dict[str, int]:
    """Rows, closed ones too, of both layers, of all devices."""
    sizes = {name: spec.model.versions.count() for name, spec in CATALOG.items()}
    return {**sizes, "slices": CachedSlice.objects.count(), "outputs": CommandOutput.objects.count()}
