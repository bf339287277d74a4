"""The pages of the map. They carry no device: the browser asks REST, which knows what the user may see."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from nautobot.apps.ui import Breadcrumbs, Titles
from nautobot.apps.views import GenericView, ObjectPermissionRequiredMixin, ObjectView
from nautobot.dcim.models import Location
from nautobot.dcim.views import LocationUIViewSet

from nautobot_topology_cache.map_forms import TopologyFilterForm
from nautobot_topology_cache.map_panels import MAP_PERMISSIONS, map_config
from nautobot_topology_cache.models import CachedNeighbor

SELECTS = (
    (
        "layout",
        "Layout",
        (
            ("hierarchical", "Hierarchical"),
            ("force_directed", "Force-directed"),
            ("circular", "Circular"),
        ),
        True,
    ),
    ("colour", "Colour", (("role", "Role"), ("location", "Location"), ("platform", "Platform"), ("age", "Age")), False),
    ("group", "Group", (("", "None"), ("location", "Location"), ("role", "Role")), False),
    ("ports", "Ports", (("auto", "When near"), ("on", "Up to 400 links"), ("off", "Never")), False),
)
"""Parameter, label, choices, and whether another choice is another question to REST."""
VIEWS = (("map", "Map"), ("links", "Links"), ("unresolved", "Unresolved"))
EXPORTS = (
    ("drawio", "draw.io"),
    ("graphml", "GraphML"),
    ("dot", "Graphviz (DOT)"),
    ("csv", "Links (CSV)"),
    ("batfish", "Batfish"),
    ("json", "JSON"),
)
"""REST's formats; as pictures people save what they see."""
DEPTHS = range(1, 7)


class TopologyView(ObjectPermissionRequiredMixin, GenericView):
    """The map of all that REST's filters in the address select."""

    queryset = CachedNeighbor.objects.all()
    breadcrumbs = Breadcrumbs(items={"*": []})
    view_titles = Titles(titles={"*": "Topology"})

    def get_required_permission(self) -> str:
        return MAP_PERMISSIONS[0]

    def get(self, request: HttpRequest) -> HttpResponse:
        context: dict[str, Any] = {
            "breadcrumbs": self.get_breadcrumbs(),
            "view_titles": self.get_view_titles(),
            "map_config": {**map_config(request.user), "token": get_token(request)},
            "filter_form": TopologyFilterForm(request.user, request.GET),
            "selects": SELECTS,
            "views": VIEWS,
            "depths": DEPTHS,
            "exports": EXPORTS,
        }
        return render(request, "nautobot_topology_cache/topology.html", context)


class LocationMapView(ObjectView):
    """The tab on a Location's page."""

    queryset = Location.objects.all()
    additional_permissions = MAP_PERMISSIONS
    object_detail_content = LocationUIViewSet.object_detail_content
    breadcrumbs = LocationUIViewSet.breadcrumbs
    view_titles = LocationUIViewSet.view_titles
    template_name = "generic/object_retrieve.html"

    def get_extra_context(self, request: HttpRequest, instance: Location) -> dict[str, Any]:
        return {**super().get_extra_context(request, instance), "active_tab": "topology"}
