"""What the page of statistics shows: the same value as REST's, in words. The page's `obj` is the value."""

from __future__ import annotations

from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.template import Context
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from nautobot.apps.ui import KeyValueTablePanel
from nautobot.apps.views import get_obj_from_context
from nautobot.core.templatetags.helpers import bettertitle

from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.choices import StatusChoices
from nautobot_topology_cache.columns import age, outcome_badges, status_badge, trouble
from nautobot_topology_cache.panels import PlainTablePanel
from nautobot_topology_cache.statistics import Statistics

SPACE = "plugins:nautobot_topology_cache"


def _list_of(model_name: str, text: Any, query: str = "") -> Any:
    """A link to the list of a model of the app."""
    return format_html('<a href="{}{}">{}</a>', reverse(f"{SPACE}:{model_name}_list"), query, text)


class TablesPanel(PlainTablePanel):
    """A line for each table that the user may view."""

    headers = {
        "table": "Table",
        "rows": "Rows",
        "outcomes": "Commands by outcome",
        "valid": "Valid",
        "stale": "Stale",
        "failed": "Failed",
        "oldest": "Oldest answer",
        "newest": "Newest answer",
    }

    def get_data(self, shown: Statistics, context: Context) -> list[dict[str, Any]]:
        return [
            {
                "table": self._link(name),
                "rows": intcomma(table.rows),
                "outcomes": outcome_badges(table.slices),
                "valid": intcomma(table.valid),
                "stale": intcomma(table.stale),
                "failed": trouble(table.failed),
                "oldest": age(table.oldest_collected_at, "never"),
                "newest": age(table.newest_collected_at, "never"),
            }
            for name, table in shown.tables.items()
        ]

    def _link(self, name: str) -> Any:
        meta = CATALOG[name].model._meta
        return _list_of(meta.model_name, bettertitle(meta.verbose_name_plural.removeprefix("cached ")))


class DevicesPanel(KeyValueTablePanel):
    """Devices with and without a cache, polled or not."""

    def get_data(self, context: Context) -> dict[str, Any]:
        devices = get_obj_from_context(context).devices
        return {
            "devices": intcomma(devices.total),
            "with_a_device_cache": _list_of("devicecache", intcomma(devices.cached)),
            "without_one": intcomma(devices.not_cached),
            "polling_enabled": _list_of("devicecache", intcomma(devices.polling_enabled), "?polling_enabled=True"),
            "polling_disabled": _list_of("devicecache", intcomma(devices.polling_disabled), "?polling_enabled=False"),
        }


class OutputsPanel(KeyValueTablePanel):
    """Layer 1, for those who may view it."""

    def get_data(self, context: Context) -> dict[str, Any]:
        outputs = get_obj_from_context(context).command_outputs
        if outputs is None:
            return {}
        return {
            "command_outputs": _list_of("commandoutput", intcomma(outputs.total)),
            "stored_size": filesizeformat(outputs.bytes),
            "valid": intcomma(outputs.valid),
            "expired": intcomma(outputs.expired),
        }


class RunsPanel(KeyValueTablePanel):
    """Runs by status, for those who may view runs."""

    def get_data(self, context: Context) -> dict[str, Any]:
        runs = get_obj_from_context(context).runs
        if runs is None:
            return {}
        counts = {dict(StatusChoices.CHOICES)[status]: intcomma(count) for status, count in runs.by_status.items()}
        share = "nothing was asked" if runs.hit_rate is None else f"{runs.hit_rate:.0%}"
        return {**counts, "served_by_stored_answers_in_24_hours": share}


class LastRunsPanel(PlainTablePanel):
    """The runs that were started last."""

    headers = {
        "run": "Run",
        "status": "Status",
        "total_devices": "Devices",
        "completed_devices": "Completed",
        "failed_devices": "Failed",
    }

    def get_data(self, shown: Statistics, context: Context) -> list[dict[str, Any]]:
        return [
            {
                "run": format_html(
                    '<a href="{}">{}</a>', reverse(f"{SPACE}:discoveryrun", kwargs={"pk": run.id}), age(run.created_at)
                ),
                "status": status_badge(run.status),
                "total_devices": run.total_devices,
                "completed_devices": run.completed_devices,
                "failed_devices": trouble(run.failed_devices),
            }
            for run in (shown.runs.last if shown.runs else ())
        ]


class LargestDevicesPanel(PlainTablePanel):
    """The devices with most rows."""

    headers = {"device": "Device", "rows": "Rows"}

    def get_data(self, shown: Statistics, context: Context) -> list[dict[str, Any]]:
        return [
            {
                "device": format_html(
                    '<a href="{}">{}</a>', reverse("dcim:device", kwargs={"pk": large.device_id}), large.device_name
                ),
                "rows": intcomma(large.rows),
            }
            for large in shown.largest_devices
        ]


FULL_WIDTH = (TablesPanel(weight=100, label="Tables"),)
LEFT_HALF = (
    DevicesPanel(weight=100, label="Devices"),
    OutputsPanel(weight=200, label="Command outputs"),
    RunsPanel(weight=300, label="Runs"),
)
RIGHT_HALF = (
    LastRunsPanel(weight=100, label="Last runs"),
    LargestDevicesPanel(weight=200, label="Largest devices"),
)
