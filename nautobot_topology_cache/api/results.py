"""What each device of a run said, table by table."""

from __future__ import annotations

from typing import Any

from nautobot.apps.api import get_serializer_for_model
from rest_framework.request import Request as HttpRequest

from nautobot_topology_cache import progress
from nautobot_topology_cache.catalog import CATALOG, TableSpec
from nautobot_topology_cache.models import DiscoveryRun, DiscoveryRunItem


def of_run(run: DiscoveryRun, request: HttpRequest) -> dict[str, Any]:
    """`devices_data.<device id>.<table>` and `errors.<device id>`, of the devices and tables that the user may view."""
    items = list(run.items.of_visible_devices(request.user).filter(device__isnull=False))
    return {
        "devices_data": {str(item.device_id): _tables(item, run, request) for item in items},
        "errors": {str(item.device_id): item.error for item in items if item.error},
    }


def _tables(item: DiscoveryRunItem, run: DiscoveryRun, request: HttpRequest) -> dict[str, list[dict[str, Any]]]:
    wanted = [spec for name, spec in CATALOG.items() if name in run.options.get("tables", CATALOG)]
    if item.rows is None:
        permitted = [spec for spec in wanted if request.user.has_perm(spec.permission)]
        return {spec.name: _current(spec, item, request) for spec in permitted}
    whole = progress.viewed_whole(request.user)
    return {spec.name: item.rows.get(spec.name, []) for spec in wanted if spec.name in whole}


def _current(spec: TableSpec, item: DiscoveryRunItem, request: HttpRequest) -> list[dict[str, Any]]:
    rows = spec.model.objects.restrict(request.user, "view").filter(device=item.device_id)
    serializer = get_serializer_for_model(spec.model)
    related = ["slice", "device", *(["interface"] if spec.name == "interfaces" else [])]
    return serializer(rows.select_related(*related), many=True, context={"request": request, "depth": 0}).data
