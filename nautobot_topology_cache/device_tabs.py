"""The tabs on a Device's page: one per question, each showing the rows of one table and how fresh they are."""

from __future__ import annotations

from typing import Any

import attrs
from django.db.models import QuerySet
from django.template import Context
from nautobot.apps.ui import DistinctViewTab, ObjectsTablePanel, Panel, SectionChoices
from nautobot.apps.views import get_obj_from_context

from nautobot_topology_cache import standing, tables
from nautobot_topology_cache.catalog import CATALOG, TableSpec
from nautobot_topology_cache.models import CachedSlice


@attrs.frozen
class DeviceTab:
    """A tab by the catalog name of its table; `choices` is the column by whose values its rows can be narrowed."""

    table: str
    label: str
    table_class: type
    choices: str = ""

    @property
    def spec(self) -> TableSpec:
        return CATALOG[self.table]

    @property
    def slug(self) -> str:
        return self.spec.path

    @property
    def tab_id(self) -> str:
        """HTML id; the prefix keeps it apart from Nautobot's own tabs."""
        return f"cached_{self.table}"

    @property
    def permission(self) -> str:
        return self.spec.permission


DEVICE_TABS = (
    DeviceTab("interfaces", "Cached Interfaces", tables.CachedInterfaceTable),
    DeviceTab("routes", "Cached Routes", tables.CachedRouteTable, choices="protocol"),
    DeviceTab("neighbors", "Cached Neighbors", tables.CachedNeighborTable, choices="protocol"),
    DeviceTab("arp_entries", "Cached ARP", tables.CachedARPEntryTable),
    DeviceTab("mac_addresses", "Cached MACs", tables.CachedMACAddressTable),
)


class RowsPanel(ObjectsTablePanel):
    """A device's current rows of one table, narrowed by the tab's `choices` column if the URL says so."""

    def __init__(self, tab: DeviceTab, **kwargs: Any) -> None:
        self.tab = tab
        super().__init__(
            table_class=tab.table_class,
            table_title=tab.label,
            exclude_columns=["device", "valid_to"],
            related_field_name="device",
            add_button_route=None,
            include_paginator=True,
            **kwargs,
        )

    def get_table_data_queryset(self, instance: Any, request: Any) -> QuerySet:
        rows = self.tab.spec.model.objects.filter(device=instance)
        wanted = request.GET.getlist(self.tab.choices) if self.tab.choices else []
        return rows.filter(**{f"{self.tab.choices}__in": wanted}) if wanted else rows


class StatePanel(Panel):
    """How the shown tables stand: outcome, rows, age, stale or not, and why."""

    def __init__(self, shown: tuple[str, ...], choices: str = "", **kwargs: Any) -> None:
        self.shown = shown
        self.choices = choices
        super().__init__(
            body_content_template_path="nautobot_topology_cache/inc/states.html",
            body_wrapper_template_path="components/panel/body_wrapper_table.html",
            **kwargs,
        )

    def should_render(self, context: Context) -> bool:
        return super().should_render(context) and bool(self._permitted(context["request"].user))

    def get_extra_context(self, context: Context) -> dict[str, Any]:
        device = self.device_of(context)
        states = standing.of_device(CachedSlice.objects.filter(device=device))
        permitted = self._permitted(context["request"].user)
        return {
            **super().get_extra_context(context),
            "states": [states[name] for name in permitted if name in states],
            "choices": self._values(device, context["request"]) if self.choices else [],
            "choice": context["request"].GET.get(self.choices, ""),
            "choice_name": self.choices,
        }

    def device_of(self, context: Context) -> Any:
        """The Device whose tables are shown."""
        return get_obj_from_context(context)

    def _permitted(self, user: Any) -> list[str]:
        return [name for name in self.shown if user.has_perm(CATALOG[name].permission)]

    def _values(self, device: Any, request: Any) -> list[str]:
        rows = CATALOG[self.shown[0]].model.objects.restrict(request.user, "view").filter(device=device)
        return sorted(rows.order_by().values_list(self.choices, flat=True).distinct())


def tab_component(tab: DeviceTab, weight: int) -> DistinctViewTab:
    """The tab for Nautobot's UI framework."""
    return DistinctViewTab(
        weight=weight,
        tab_id=tab.tab_id,
        label=tab.label,
        url_name=f"plugins:nautobot_topology_cache:device_{tab.table}",
        required_permissions=[tab.permission],
        panels=(
            StatePanel((tab.table,), tab.choices, weight=100, label="Freshness"),
            RowsPanel(tab, weight=200, section=SectionChoices.FULL_WIDTH, tab_id=tab.tab_id),
        ),
    )
