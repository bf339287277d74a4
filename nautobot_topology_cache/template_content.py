"""What the app adds to Nautobot's own pages."""

from django.template import Context
from nautobot.apps.ui import (
    Button,
    ButtonColorChoices,
    DistinctViewTab,
    PostButton,
    SectionChoices,
    TemplateExtension,
)
from nautobot.apps.views import get_obj_from_context

from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.device_tabs import DEVICE_TABS, tab_component
from nautobot_topology_cache.map_panels import MAP_PERMISSIONS, LocationMapPanel, NeighborhoodPanel
from nautobot_topology_cache.models import DiscoveryRun
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

    def list_buttons(self) -> str:
        """“Discover selected” above the list; it belongs to the form that the list's check boxes are in."""
        content: str = self.render("nautobot_topology_cache/inc/discover_selected.html")
        return content


class RunOfJobButton(Button):
    """From a Job's result to the run that it carried out."""

    def should_render(self, context: Context) -> bool:
        return super().should_render(context) and self._run(context) is not None

    def get_link(self, context: Context) -> str | None:
        run = self._run(context)
        return run.get_absolute_url() if run else None

    def _run(self, context: Context) -> DiscoveryRun | None:
        runs = DiscoveryRun.objects.restrict(context["request"].user, "view")
        found: DiscoveryRun | None = runs.filter(job_result=get_obj_from_context(context)).first()
        return found


class JobResultContent(TemplateExtension):
    """The way from a JobResult to its run."""

    model = "extras.jobresult"
    object_detail_buttons = [
        RunOfJobButton(weight=1000, label="Discovery run", icon="mdi-radar", color=ButtonColorChoices.BLUE),
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


template_extensions = [DeviceContent, JobResultContent, LocationContent]
