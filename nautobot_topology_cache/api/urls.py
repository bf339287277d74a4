"""Routes of the REST API: the catalog's names, with dashes."""

from django.urls import path
from nautobot.apps.api import OrderedDefaultRouter

from nautobot_topology_cache.api import views
from nautobot_topology_cache.api.statistics import StatisticsViewSet
from nautobot_topology_cache.api.topology import TopologyViewSet

router = OrderedDefaultRouter()
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

urlpatterns = [
    path("purge/", views.PurgeViewSet.as_view({"post": "create"}), name="purge"),
    path("rebuild/", views.RebuildViewSet.as_view({"post": "create"}), name="rebuild"),
    path("statistics/", StatisticsViewSet.as_view({"get": "retrieve"}), name="statistics"),
    *router.urls,
]
