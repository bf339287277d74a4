"""The app's panel on Nautobot's home page; Nautobot counts what the user may view, so no table of routes is here."""

from nautobot.apps.ui import HomePageItem, HomePagePanel

from nautobot_topology_cache.models import CachedInterface, CachedNeighbor, DeviceCache, DiscoveryRun

layout = (
    HomePagePanel(
        name="Topology Cache",
        weight=560,
        items=tuple(
            HomePageItem(
                name=name,
                link=f"plugins:nautobot_topology_cache:{model._meta.model_name}_list",
                model=model,
                description=description,
                permissions=[f"nautobot_topology_cache.view_{model._meta.model_name}"],
                weight=weight,
            )
            for weight, (model, name, description) in enumerate(
                (
                    (DiscoveryRun, "Discovery Runs", "What was asked of which devices"),
                    (DeviceCache, "Device Caches", "How the tables of each device stand"),
                    (CachedInterface, "Cached Interfaces", "As the devices list them"),
                    (CachedNeighbor, "Cached Neighbors", "As heard by CDP and LLDP"),
                ),
                1,
            )
        ),
    ),
)
