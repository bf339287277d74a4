"""Small maps on Nautobot's own pages: a device's neighborhood, a location's devices. The browser asks REST for both."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.template import Context
from django.urls import reverse
from nautobot.apps.ui import Panel
from nautobot.apps.views import get_obj_from_context

from nautobot_topology_cache.catalog import CATALOG

SPACE = "plugins:nautobot_topology_cache"
MAP_PERMISSIONS = [CATALOG["neighbors"].permission]
NOBODY = UUID(int=0)
"""Stands in addresses for the id that the browser fills in."""


def map_config(user: Any) -> dict[str, Any]:
    """What the browser needs besides REST's answers: where to ask, where to lead, what to offer."""
    return {
        "urls": {
            "topology": f"{reverse('plugins-api:nautobot_topology_cache-api:api-root')}topology/",
            "device_caches": reverse("plugins-api:nautobot_topology_cache-api:devicecache-list"),
            "discovery_runs": reverse("plugins-api:nautobot_topology_cache-api:discoveryrun-list"),
            "map": reverse(f"{SPACE}:topology"),
            "run": reverse(f"{SPACE}:discoveryrun", kwargs={"pk": NOBODY}),
            "device": reverse("dcim:device", kwargs={"pk": NOBODY}),
            "placeholder": str(NOBODY),
        },
        "may_discover": user.has_perm("nautobot_topology_cache.add_discoveryrun"),
    }


class MapPanel(Panel, ABC):
    """A map of what `query` selects around the shown object; with lists of the same links where there is room."""

    body_content_template_path = "nautobot_topology_cache/inc/map.html"

    def __init__(self, *, large: bool = False, with_lists: bool = False, **kwargs: Any) -> None:
        self.large = large
        self.with_lists = with_lists
        super().__init__(required_permissions=MAP_PERMISSIONS, **kwargs)

    @abstractmethod
    def query(self, shown: Any) -> dict[str, str]:
        """REST's parameters."""

    def device_id(self, shown: Any) -> str:
        """The device from which links are told, if it is one device's map."""
        return ""

    def get_extra_context(self, context: Context) -> dict[str, Any]:
        shown = get_obj_from_context(context)
        query = {"layout": "hierarchical", **self.query(shown)}
        return {
            **super().get_extra_context(context),
            "map_config": {**map_config(context["request"].user), "query": query, "device": self.device_id(shown)},
            "map_name": self.label,
            "map_class": "topology-large" if self.large else "topology-small",
            "with_lists": self.with_lists,
            "full_map": f"{reverse(f'{SPACE}:topology')}?{urlencode(query)}",
        }


class NeighborhoodPanel(MapPanel):
    """A device and whom it is linked with."""

    def query(self, shown: Any) -> dict[str, str]:
        return {"focus": str(shown.pk), "depth": "1"}

    def device_id(self, shown: Any) -> str:
        return str(shown.pk)


class LocationMapPanel(MapPanel):
    """The devices of a location and of those below it."""

    def query(self, shown: Any) -> dict[str, str]:
        return {"location": str(shown.pk)}
