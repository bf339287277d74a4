"""The app's panel on Nautobot's home page; Nautobot counts what the user may view."""

from nautobot.apps.ui import HomePageItem, HomePagePanel

from nautobot_topology_cache.models import CachedInterface, CachedNeighbor, CachedRoute, DiscoveryRun

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
                    (DiscoveryRun, "Discovery runs", "What was asked of which devices"),
                    (CachedInterface, "Cached interfaces", "As the devices list them"),
                    (CachedNeighbor, "Cached neighbors", "As heard by CDP and LLDP"),
                    (CachedRoute, "Cached routes", "Every next hop of every route"),
                ),
                1,
            )
        ),
    ),
)
