"""Routes of the REST API: the catalog's names, with dashes."""

from typing import Any

from django.urls import path
from nautobot.apps.api import OrderedDefaultRouter

from nautobot_topology_cache.api import views
from nautobot_topology_cache.api.statistics import StatisticsViewSet
from nautobot_topology_cache.api.topology import TopologyViewSet

DOORS = [
    path("purge/", views.PurgeViewSet.as_view({"post": "create"}), name="purge"),
    path("rebuild/", views.RebuildViewSet.as_view({"post": "create"}), name="rebuild"),
    path("statistics/", StatisticsViewSet.as_view({"get": "retrieve"}), name="statistics"),
]
"""What is no list of anything."""


class Router(OrderedDefaultRouter):  # type: ignore[misc]  # Nautobot's classes are untyped
    """Its root leads to the doors too."""

    def get_api_root_view(self, api_urls: Any = None) -> Any:
        lists = {prefix: self.routes[0].name.format(basename=basename) for prefix, _, basename in self.registry}
        return self.APIRootView.as_view(api_root_dict={**lists, **{one.name: one.name for one in DOORS}})


router = Router()
router.register("interfaces", views.CachedInterfaceViewSet)
router.register("ip-addresses", views.CachedIPAddressViewSet)
router.register("arp-entries", views.CachedARPEntryViewSet)
router.register("mac-addresses", views.CachedMACAddressViewSet)
router.register("neighbors", views.CachedNeighborViewSet)
router.register("routing-neighbors", views.CachedRoutingNeighborViewSet)
router.register("routes", views.CachedRouteViewSet)
router.register("bgp-routes", views.CachedBGPRouteViewSet)
router.register("device-caches", views.DeviceCacheViewSet)
router.register("command-outputs", views.CommandOutputViewSet)
router.register("discovery-runs", views.DiscoveryRunViewSet)
router.register("topology", TopologyViewSet, basename="topology")

urlpatterns = [*DOORS, *router.urls]
