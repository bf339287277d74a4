"""One menu for everything the app shows."""

from nautobot.apps.ui import NavigationIconChoices, NavMenuGroup, NavMenuItem, NavMenuTab
from nautobot.core.templatetags.helpers import bettertitle

from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.statistics import PERMISSION


def _item(model_name: str, name: str, weight: int) -> NavMenuItem:
    return NavMenuItem(
        link=f"plugins:nautobot_topology_cache:{model_name}_list",
        name=name,
        weight=weight,
        permissions=[f"nautobot_topology_cache.view_{model_name}"],
    )


menu_items = (
    NavMenuTab(
        name="Topology Cache",
        icon=NavigationIconChoices.ROUTING,
        weight=520,
        groups=(
            NavMenuGroup(
                name="Topology",
                weight=50,
                items=(
                    NavMenuItem(
                        link="plugins:nautobot_topology_cache:topology",
                        name="Map",
                        weight=100,
                        permissions=["nautobot_topology_cache.view_cachedneighbor"],
                    ),
                ),
            ),
            NavMenuGroup(
                name="Tables",
                weight=100,
                items=tuple(
                    _item(
                        spec.model._meta.model_name,
                        bettertitle(spec.model._meta.verbose_name_plural.removeprefix("cached ")),
                        100 * at,
                    )
                    for at, spec in enumerate(CATALOG.values(), 1)
                ),
            ),
            NavMenuGroup(
                name="Discovery",
                weight=200,
                items=(
                    _item("discoveryrun", "Runs", 100),
                    _item("devicecache", "Device Caches", 200),
                    _item("commandoutput", "Command Outputs", 300),
                    NavMenuItem(
                        link="plugins:nautobot_topology_cache:statistics",
                        name="Statistics",
                        weight=400,
                        permissions=[PERMISSION],
                    ),
                ),
            ),
        ),
    ),
)
