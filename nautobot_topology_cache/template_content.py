"""What the app adds to Nautobot's own pages."""

from nautobot.apps.ui import ButtonColorChoices, DistinctViewTab, PostButton, SectionChoices, TemplateExtension

from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.device_tabs import DEVICE_TABS, tab_component
from nautobot_topology_cache.map_panels import MAP_PERMISSIONS, LocationMapPanel, NeighborhoodPanel
from nautobot_topology_cache.panels import StatePanel


class DeviceContent(TemplateExtension):
    """Tabs, a summary and “Discover now” on the Device page."""

    model = "dcim.device"
    object_detail_tabs = [tab_component(tab, 1000 + 10 * at) for at, tab in enumerate(DEVICE_TABS)]
    object_detail_panels = [
        StatePanel(tuple(CATALOG), weight=1000, section=SectionChoices.RIGHT_HALF, label="Topology Cache"),
        NeighborhoodPanel(weight=1010, section=SectionChoices.RIGHT_HALF, label="Neighborhood"),
    ]
    object_detail_buttons = [
        PostButton(
            weight=1000,
            label="Discover now",
            icon="mdi-radar",
            color=ButtonColorChoices.BLUE,
            link_name="plugins:nautobot_topology_cache:device_discover",
            required_permissions=["nautobot_topology_cache.add_discoveryrun"],
        ),
    ]


class LocationContent(TemplateExtension):
    """A tab with the map on the Location page."""

    model = "dcim.location"
    object_detail_tabs = [
        DistinctViewTab(
            weight=1000,
            tab_id="topology",
            label="Topology",
            url_name="plugins:nautobot_topology_cache:location_topology",
            required_permissions=MAP_PERMISSIONS,
            panels=(
                LocationMapPanel(
                    weight=100, section=SectionChoices.FULL_WIDTH, label="Topology", large=True, with_lists=True
                ),
            ),
        )
    ]


template_extensions = [DeviceContent, LocationContent]
