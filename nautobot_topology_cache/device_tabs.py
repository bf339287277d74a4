"""The tabs on a Device's page: one per question, each showing the rows of one table and how fresh they are."""

from __future__ import annotations

from typing import Any

import attrs
from django.db.models import QuerySet
from nautobot.apps.ui import DistinctViewTab, ObjectsTablePanel, SectionChoices

from nautobot_topology_cache import tables
from nautobot_topology_cache.catalog import CATALOG, TableSpec
from nautobot_topology_cache.map_panels import NeighborhoodPanel
from nautobot_topology_cache.panels import DISCOVER_NOW, StatePanel


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


LINKS = NeighborhoodPanel(weight=150, section=SectionChoices.FULL_WIDTH, label="Links", with_lists=True)
"""Whom the neighbors' announcements mean: the device, both ports, the evidence, and whether a cable documents it."""


def tab_component(tab: DeviceTab, weight: int) -> DistinctViewTab:
    """The tab for Nautobot's UI framework."""
    return DistinctViewTab(
        weight=weight,
        tab_id=tab.tab_id,
        label=tab.label,
        url_name=f"plugins:nautobot_topology_cache:device_{tab.table}",
        required_permissions=[tab.permission],
        panels=(
            StatePanel(
                (tab.table,), tab.choices, weight=100, label="Freshness", footer_content_template_path=DISCOVER_NOW
            ),
            *([LINKS] if tab.table == "neighbors" else []),
            RowsPanel(tab, weight=200, section=SectionChoices.FULL_WIDTH, tab_id=tab.tab_id),
        ),
    )
