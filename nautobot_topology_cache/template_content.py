"""What the app adds to Nautobot's own pages."""

from nautobot.apps.ui import ButtonColorChoices, PostButton, SectionChoices, TemplateExtension

from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.device_tabs import DEVICE_TABS, tab_component
from nautobot_topology_cache.panels import StatePanel


class DeviceContent(TemplateExtension):
    """Tabs, a summary and “Discover now” on the Device page."""

    model = "dcim.device"
    object_detail_tabs = [tab_component(tab, 1000 + 10 * at) for at, tab in enumerate(DEVICE_TABS)]
    object_detail_panels = [
        StatePanel(tuple(CATALOG), weight=1000, section=SectionChoices.RIGHT_HALF, label="Topology Cache"),
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


template_extensions = [DeviceContent]
