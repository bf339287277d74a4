"""Pages. No GET contacts a device or writes a row."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from nautobot.apps.ui import (
    Breadcrumbs,
    InstanceBreadcrumbItem,
    InstanceParentBreadcrumbItem,
    ModelBreadcrumbItem,
    ObjectDetailContent,
    ObjectFieldsPanel,
    SectionChoices,
    Titles,
)
from nautobot.apps.views import (
    GenericView,
    ObjectBulkUpdateViewMixin,
    ObjectDetailViewMixin,
    ObjectListViewMixin,
    ObjectPermissionRequiredMixin,
    ObjectView,
)
from nautobot.core.templatetags.helpers import humanize_speed, placeholder
from nautobot.core.views.utils import get_bulk_queryset_from_view
from nautobot.dcim.models import Device
from nautobot.dcim.views import DeviceUIViewSet

from nautobot_topology_cache import (
    cache_views,
    columns,
    decisions,
    filters,
    forms,
    models,
    panels,
    run_panels,
    statistics,
    tables,
)
from nautobot_topology_cache.api import serializers
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.device_tabs import DEVICE_TABS, DeviceTab
from nautobot_topology_cache.statistics_panels import FULL_WIDTH, LEFT_HALF, RIGHT_HALF

__all__ = ("DEVICE_TABS",)

OF_DEVICE = Breadcrumbs(
    items={"detail": [ModelBreadcrumbItem(), InstanceParentBreadcrumbItem(parent_key="device", parent_lookup_key="pk")]}
)


def row_content(table: str, table_class: type) -> ObjectDetailContent:
    """A row's page: its columns, its freshness, its history."""
    columns = ["device", *(["interface"] if table == "interfaces" else []), *CATALOG[table].columns]
    return ObjectDetailContent(
        panels=(
            ObjectFieldsPanel(
                weight=100,
                section=SectionChoices.LEFT_HALF,
                fields=columns,
                key_transforms={"interface": "Nautobot Interface"} if table == "interfaces" else {},
                value_transforms={"speed": [humanize_speed, placeholder]},
            ),
            panels.FreshnessPanel(weight=200, section=SectionChoices.RIGHT_HALF, label="Freshness"),
            panels.VersionsPanel(
                weight=300,
                section=SectionChoices.FULL_WIDTH,
                table_class=table_class,
                table_title="Other versions",
                exclude_columns=["device"],
                include_columns=["valid_from", "valid_to"],
                related_field_name="device",
                add_button_route=None,
                enable_related_link=False,
            ),
        )
    )


class CachedRowUIViewSet(ObjectDetailViewMixin, ObjectListViewMixin):
    """Read-only pages of a table; its rows are written by discovery alone."""

    action_buttons = ("export",)
    breadcrumbs = OF_DEVICE


class CachedInterfaceUIViewSet(CachedRowUIViewSet):
    queryset = models.CachedInterface.versions.select_related("slice", "device")
    filterset_class = filters.CachedInterfaceFilterSet
    filterset_form_class = forms.CachedInterfaceFilterForm
    serializer_class = serializers.CachedInterfaceSerializer
    table_class = tables.CachedInterfaceTable
    object_detail_content = row_content("interfaces", tables.CachedInterfaceTable)


class CachedIPAddressUIViewSet(CachedRowUIViewSet):
    queryset = models.CachedIPAddress.versions.select_related("slice", "device")
    filterset_class = filters.CachedIPAddressFilterSet
    filterset_form_class = forms.CachedIPAddressFilterForm
    serializer_class = serializers.CachedIPAddressSerializer
    table_class = tables.CachedIPAddressTable
    object_detail_content = row_content("ip_addresses", tables.CachedIPAddressTable)


class CachedARPEntryUIViewSet(CachedRowUIViewSet):
    queryset = models.CachedARPEntry.versions.select_related("slice", "device")
    filterset_class = filters.CachedARPEntryFilterSet
    filterset_form_class = forms.CachedARPEntryFilterForm
    serializer_class = serializers.CachedARPEntrySerializer
    table_class = tables.CachedARPEntryTable
    object_detail_content = row_content("arp_entries", tables.CachedARPEntryTable)


class CachedMACAddressUIViewSet(CachedRowUIViewSet):
    queryset = models.CachedMACAddress.versions.select_related("slice", "device")
    filterset_class = filters.CachedMACAddressFilterSet
    filterset_form_class = forms.CachedMACAddressFilterForm
    serializer_class = serializers.CachedMACAddressSerializer
    table_class = tables.CachedMACAddressTable
    object_detail_content = row_content("mac_addresses", tables.CachedMACAddressTable)


class CachedNeighborUIViewSet(CachedRowUIViewSet):
    queryset = models.CachedNeighbor.versions.select_related("slice", "device")
    filterset_class = filters.CachedNeighborFilterSet
    filterset_form_class = forms.CachedNeighborFilterForm
    serializer_class = serializers.CachedNeighborSerializer
    table_class = tables.CachedNeighborTable
    object_detail_content = row_content("neighbors", tables.CachedNeighborTable)


class CachedRoutingNeighborUIViewSet(CachedRowUIViewSet):
    queryset = models.CachedRoutingNeighbor.versions.select_related("slice", "device")
    filterset_class = filters.CachedRoutingNeighborFilterSet
    filterset_form_class = forms.CachedRoutingNeighborFilterForm
    serializer_class = serializers.CachedRoutingNeighborSerializer
    table_class = tables.CachedRoutingNeighborTable
    object_detail_content = row_content("routing_neighbors", tables.CachedRoutingNeighborTable)


class CachedRouteUIViewSet(CachedRowUIViewSet):
    queryset = models.CachedRoute.versions.select_related("slice", "device")
    filterset_class = filters.CachedRouteFilterSet
    filterset_form_class = forms.CachedRouteFilterForm
    serializer_class = serializers.CachedRouteSerializer
    table_class = tables.CachedRouteTable
    object_detail_content = row_content("routes", tables.CachedRouteTable)


class CachedBGPRouteUIViewSet(CachedRowUIViewSet):
    queryset = models.CachedBGPRoute.versions.select_related("slice", "device")
    filterset_class = filters.CachedBGPRouteFilterSet
    filterset_form_class = forms.CachedBGPRouteFilterForm
    serializer_class = serializers.CachedBGPRouteSerializer
    table_class = tables.CachedBGPRouteTable
    object_detail_content = row_content("bgp_routes", tables.CachedBGPRouteTable)


class DeviceCacheUIViewSet(ObjectDetailViewMixin, ObjectListViewMixin, ObjectBulkUpdateViewMixin):
    queryset = models.DeviceCache.objects.select_related("device")
    filterset_class = filters.DeviceCacheFilterSet
    filterset_form_class = forms.DeviceCacheFilterForm
    serializer_class = serializers.DeviceCacheSerializer
    table_class = tables.DeviceCacheTable
    bulk_update_form_class = forms.PollingForm
    action_buttons = ("export",)
    object_detail_content = ObjectDetailContent(
        panels=(
            ObjectFieldsPanel(
                weight=100,
                section=SectionChoices.LEFT_HALF,
                fields=["device", "driver", "polling_enabled", "host_key"],
                value_transforms={"host_key": [columns.breakable]},
            ),
            panels.CacheStatePanel(tuple(CATALOG), weight=200, section=SectionChoices.RIGHT_HALF, label="Tables"),
        ),
        extra_buttons=cache_views.BUTTONS,
    )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Where the router maps no GET, which is the address of the bulk edit: one begins in the list."""
        return redirect(self.get_return_url(request))

    def send_bulk_edit_objects_to_job(self, request: HttpRequest, form_data: dict[str, Any]) -> HttpResponse:
        """Done at once: Nautobot's Job for it saves whole objects, with leases that sessions may have renewed."""
        chosen = get_bulk_queryset_from_view(user=request.user, action="change", **self.key_params)
        changed = decisions.set_polling(chosen.values("pk"), form_data["polling_enabled"])
        messages.success(request, f"Updated {changed} {models.DeviceCache._meta.verbose_name_plural}")
        return redirect(self.get_return_url(request))


class CommandOutputUIViewSet(ObjectDetailViewMixin, ObjectListViewMixin):
    queryset = models.CommandOutput.objects.select_related("device")
    filterset_class = filters.CommandOutputFilterSet
    filterset_form_class = forms.CommandOutputFilterForm
    serializer_class = serializers.CommandOutputSerializer
    table_class = tables.CommandOutputTable
    action_buttons = ("export",)
    breadcrumbs = OF_DEVICE
    object_detail_content = ObjectDetailContent(
        panels=(
            panels.OutputPanel(
                weight=100,
                section=SectionChoices.LEFT_HALF,
                fields=["device", "command", "context", "outcome", "reason", "collected_at", "duration", "digest"],
            ),
            panels.FedTablesPanel(weight=200, section=SectionChoices.RIGHT_HALF, label="Tables it feeds"),
            panels.RawPanel(weight=300, section=SectionChoices.FULL_WIDTH, label="Answer"),
            panels.ParsedPanel(weight=400, section=SectionChoices.FULL_WIDTH, label="Parsed"),
        )
    )

    def get_queryset(self) -> Any:
        """The list leaves the texts in the database."""
        outputs = super().get_queryset()
        return outputs.defer("compressed", "parsed") if self.action == "list" else outputs


class DiscoveryRunUIViewSet(ObjectDetailViewMixin, ObjectListViewMixin):
    queryset = models.DiscoveryRun.objects.select_related("requested_by", "job_result")
    filterset_class = filters.DiscoveryRunFilterSet
    filterset_form_class = forms.DiscoveryRunFilterForm
    serializer_class = serializers.DiscoveryRunSerializer
    table_class = tables.DiscoveryRunTable
    action_buttons = ("export",)
    object_detail_content = ObjectDetailContent(
        panels=(
            run_panels.ProgressPanel(weight=100, section=SectionChoices.LEFT_HALF, label="Progress"),
            run_panels.RunPanel(
                weight=200,
                section=SectionChoices.LEFT_HALF,
                component_id="run-facts",
                fields=["requested_by", "job_result", "error"],
            ),
            run_panels.RequestPanel(weight=300, section=SectionChoices.RIGHT_HALF, label="Request"),
            run_panels.ItemsPanel(
                weight=400,
                section=SectionChoices.FULL_WIDTH,
                component_id="run-devices",
                table_class=tables.DiscoveryRunItemTable,
                table_title="Devices",
                related_field_name="run",
                add_button_route=None,
                enable_related_link=False,
                include_paginator=True,
            ),
        )
    )


class DiscoveryRunItemUIViewSet(ObjectDetailViewMixin):
    """One device in a run, for those who may view the run and the device."""

    queryset = models.DiscoveryRunItem.objects.select_related("run", "device")
    breadcrumbs = Breadcrumbs(
        items={
            "detail": [
                ModelBreadcrumbItem(model=models.DiscoveryRun),
                InstanceBreadcrumbItem(instance=lambda context: context["object"].run),
            ]
        }
    )
    object_detail_content = ObjectDetailContent(
        panels=(
            run_panels.ItemPanel(
                weight=100,
                section=SectionChoices.FULL_WIDTH,
                label="Device",
                fields=["device", "status", "error", "connections", "commands_sent", "cache_hits"],
            ),
            run_panels.ItemTablesPanel(weight=200, section=SectionChoices.FULL_WIDTH, label="Tables"),
            run_panels.RejectedPanel(weight=300, section=SectionChoices.FULL_WIDTH, label="Rejected rows"),
            run_panels.UnparsedPanel(weight=400, section=SectionChoices.FULL_WIDTH, label="Lines not understood"),
            run_panels.ItemCommandsPanel(weight=500, section=SectionChoices.FULL_WIDTH, label="Commands"),
            run_panels.NeighborsThatJoinedPanel(weight=550, section=SectionChoices.FULL_WIDTH, label="Neighbors"),
            run_panels.UncachedRowsPanel(weight=600, section=SectionChoices.FULL_WIDTH, label="Rows, not cached"),
        )
    )

    def get_required_permission(self) -> list[str]:
        """An item is a part of its run, as in REST, and has no permission of its own."""
        return self.get_permissions_for_model(models.DiscoveryRun, ["view"])

    def get_queryset(self) -> Any:
        runs = models.DiscoveryRun.objects.restrict(self.request.user, "view")
        return self.queryset.of_visible_devices(self.request.user).filter(run__in=runs.values("pk"))


class StatisticsView(ObjectPermissionRequiredMixin, GenericView):
    """How much is stored and how well it stands."""

    queryset = models.DeviceCache.objects.all()
    breadcrumbs = Breadcrumbs(items={"*": []})
    view_titles = Titles(titles={"*": "Statistics"})

    def get_required_permission(self) -> str:
        return statistics.PERMISSION

    def get(self, request: HttpRequest) -> HttpResponse:
        context: dict[str, Any] = {
            "breadcrumbs": self.get_breadcrumbs(),
            "view_titles": self.get_view_titles(),
            "obj": statistics.statistics(request.user),
            "left_half_panels": LEFT_HALF,
            "right_half_panels": RIGHT_HALF,
            "full_width_panels": FULL_WIDTH,
        }
        return render(request, "nautobot_topology_cache/statistics.html", context)


class DeviceTabView(ObjectView):
    """One of the app's tabs on a Device page, for those who may view its table's rows."""

    queryset = Device.objects.all()
    object_detail_content = DeviceUIViewSet.object_detail_content
    template_name = "dcim/device.html"
    tab: DeviceTab

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.additional_permissions = [self.tab.permission]

    def get_extra_context(self, request: HttpRequest, instance: Device) -> dict[str, Any]:
        return {**super().get_extra_context(request, instance), "active_tab": self.tab.tab_id}


DeviceTabView.tab = DEVICE_TABS[0]
