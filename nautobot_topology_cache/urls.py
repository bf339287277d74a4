"""Routes of the pages."""

from django.templatetags.static import static
from django.urls import path
from django.views.generic import RedirectView
from nautobot.apps.urls import NautobotUIViewSetRouter

from nautobot_topology_cache import cache_views, map_views, run_views, views

app_name = "nautobot_topology_cache"

router = NautobotUIViewSetRouter()
router.register("interfaces", views.CachedInterfaceUIViewSet)
router.register("ip-addresses", views.CachedIPAddressUIViewSet)
router.register("arp-entries", views.CachedARPEntryUIViewSet)
router.register("mac-addresses", views.CachedMACAddressUIViewSet)
router.register("neighbors", views.CachedNeighborUIViewSet)
router.register("routing-neighbors", views.CachedRoutingNeighborUIViewSet)
router.register("routes", views.CachedRouteUIViewSet)
router.register("bgp-routes", views.CachedBGPRouteUIViewSet)
router.register("device-caches", views.DeviceCacheUIViewSet)
router.register("command-outputs", views.CommandOutputUIViewSet)
router.register("discovery-runs", views.DiscoveryRunUIViewSet)
router.register("discovery-run-items", views.DiscoveryRunItemUIViewSet)

urlpatterns = [
    path("docs/", RedirectView.as_view(url=static("nautobot_topology_cache/docs/index.html")), name="docs"),
    path("devices/discover/", run_views.DiscoverDevicesView.as_view(), name="devices_discover"),
    path("devices/<uuid:pk>/discover/", run_views.DiscoverDeviceView.as_view(), name="device_discover"),
    path("discovery-runs/<uuid:pk>/retry/", run_views.RetryRunView.as_view(), name="discoveryrun_retry"),
    path("discovery-runs/<uuid:pk>/cancel/", run_views.CancelRunView.as_view(), name="discoveryrun_cancel"),
    path("device-caches/<uuid:pk>/poll/", cache_views.PollingView.as_view(), name="devicecache_poll"),
    path(
        "device-caches/<uuid:pk>/poll-no-more/",
        cache_views.PollingView.as_view(enabled=False),
        name="devicecache_poll_no_more",
    ),
    path(
        "device-caches/<uuid:pk>/forget-host-key/",
        cache_views.ForgetHostKeyView.as_view(),
        name="devicecache_forget_host_key",
    ),
    path("topology/", map_views.TopologyView.as_view(), name="topology"),
    path("statistics/", views.StatisticsView.as_view(), name="statistics"),
    path("locations/<uuid:pk>/topology/", map_views.LocationMapView.as_view(), name="location_topology"),
    *(
        path(f"devices/<uuid:pk>/{tab.slug}/", views.DeviceTabView.as_view(tab=tab), name=f"device_{tab.table}")
        for tab in views.DEVICE_TABS
    ),
    *router.urls,
]
