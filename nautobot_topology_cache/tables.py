"""Tables of list views and tabs. Wherever a row is shown, it says whether it is stale."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from nautobot.apps.tables import BaseTable, BooleanColumn, ToggleColumn

from nautobot_topology_cache import models
from nautobot_topology_cache.choices import OutcomeChoices, StatusChoices

BEFORE = ("pk", "device")
AFTER = ("freshness", "source", "valid_from", "valid_to")


def badge(text: str, kind: str, hint: str = "") -> SafeString:
    """A Bootstrap badge; `kind` is a colour word of Nautobot's choice sets."""
    return format_html(
        '<span class="badge bg-{}" title="{}">{}</span>', {"default": "secondary"}.get(kind, kind), hint, text
    )


class OutcomeColumn(tables.Column):
    """An outcome as a badge, its reason as the hint."""

    def render(self, value: str, record: Any) -> SafeString:
        return badge(value, OutcomeChoices.CSS_CLASSES[value], record.reason)


class StatusColumn(tables.Column):
    """A status as a badge."""

    def render(self, value: str) -> SafeString:
        known = {label: status for status, label in StatusChoices.CHOICES}
        status = known.get(value, value)
        return badge(dict(StatusChoices.CHOICES)[status], StatusChoices.CSS_CLASSES[status])


class FreshnessColumn(tables.Column):
    """When the row was last seen, and why it may not hold any more."""

    def __init__(self) -> None:
        super().__init__(accessor="collected_at", verbose_name="Seen", orderable=False, empty_values=())

    def render(self, record: models.CachedRow) -> SafeString:
        seen = f"{record.collected_at:%Y-%m-%d %H:%M}" if record.collected_at else "never"
        if record.valid_to is not None:
            return format_html("{} {}", seen, badge("closed", "default", "does not hold any more"))
        return format_html("{} {}", seen, badge("stale", "warning", record.stale_reason)) if record.stale else seen

    def value(self, record: models.CachedRow) -> Any:
        """For CSV."""
        return record.collected_at


class CachedRowTable(BaseTable):
    """Device, row, freshness."""

    pk = ToggleColumn()
    device = tables.Column(linkify=True)
    freshness = FreshnessColumn()
    source = tables.Column(orderable=False, accessor="slice", verbose_name="Command")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if hasattr(self.data, "data") and hasattr(self.data.data, "select_related"):
            self.data.data = self.data.data.select_related("slice", "device")


class CachedInterfaceTable(CachedRowTable):
    name = tables.Column(linkify=True)
    interface = tables.Column(linkify=True, verbose_name="Nautobot interface")
    enabled = BooleanColumn()

    class Meta(BaseTable.Meta):
        model = models.CachedInterface
        fields = (
            *BEFORE,
            *("name", "interface", "enabled", "oper_status", "description", "mac_address", "mtu", "speed", "duplex"),
            *("mode", "access_vlan", "native_vlan", "vrf", "lag", "type", "parent", *AFTER),
        )
        default_columns = (
            *BEFORE,
            *(
                "name",
                "enabled",
                "oper_status",
                "description",
                "mac_address",
                "speed",
                "mode",
                "vrf",
                "lag",
                "freshness",
            ),
        )


class CachedIPAddressTable(CachedRowTable):
    address = tables.Column(linkify=True)

    class Meta(BaseTable.Meta):
        model = models.CachedIPAddress
        fields = (*BEFORE, "address", "prefix_length", "interface", "vrf", "role", "ip_version", *AFTER)
        default_columns = (*BEFORE, "address", "prefix_length", "interface", "vrf", "role", "freshness")


class CachedARPEntryTable(CachedRowTable):
    ip_address = tables.Column(linkify=True)

    class Meta(BaseTable.Meta):
        model = models.CachedARPEntry
        fields = (*BEFORE, "ip_address", "mac_address", "interface", "vrf", "entry_type", "ip_version", *AFTER)
        default_columns = (*BEFORE, "ip_address", "mac_address", "interface", "vrf", "entry_type", "freshness")


class CachedMACAddressTable(CachedRowTable):
    mac_address = tables.Column(linkify=True)

    class Meta(BaseTable.Meta):
        model = models.CachedMACAddress
        fields = (*BEFORE, "mac_address", "vlan", "vlan_name", "interface", "entry_type", *AFTER)
        default_columns = (*BEFORE, "mac_address", "vlan", "interface", "entry_type", "freshness")


class CachedNeighborTable(CachedRowTable):
    local_interface = tables.Column(linkify=True)

    class Meta(BaseTable.Meta):
        model = models.CachedNeighbor
        fields = (
            *BEFORE,
            *("local_interface", "protocol", "neighbor_hostname", "neighbor_name", "neighbor_interface", "neighbor_ip"),
            *("port_id", "port_description", "chassis_id", "platform", "capabilities", "description", "native_vlan"),
            *AFTER,
        )
        default_columns = (
            *BEFORE,
            *(
                "local_interface",
                "protocol",
                "neighbor_name",
                "neighbor_interface",
                "neighbor_ip",
                "platform",
                "freshness",
            ),
        )


class CachedRoutingNeighborTable(CachedRowTable):
    neighbor_id = tables.Column(linkify=True)
    address = tables.Column(linkify=True)

    class Meta(BaseTable.Meta):
        model = models.CachedRoutingNeighbor
        fields = (
            *BEFORE,
            *("protocol", "neighbor_id", "address", "interface", "state", "vrf", "area", "remote_as", *AFTER),
        )
        default_columns = (
            *BEFORE,
            *("protocol", "neighbor_id", "address", "interface", "state", "vrf", "remote_as", "freshness"),
        )


class CachedRouteTable(CachedRowTable):
    prefix = tables.Column(linkify=True)
    active = BooleanColumn()

    class Meta(BaseTable.Meta):
        model = models.CachedRoute
        fields = (
            *BEFORE,
            *("prefix", "protocol", "route_type", "next_hop", "interface", "vrf", "next_hop_vrf", "encapsulation"),
            *("distance", "metric", "area", "tag", "active", *AFTER),
        )
        default_columns = (
            *BEFORE,
            *("prefix", "protocol", "route_type", "next_hop", "interface", "vrf", "distance", "metric", "freshness"),
        )


class CachedBGPRouteTable(CachedRowTable):
    prefix = tables.Column(linkify=True)
    valid = BooleanColumn()
    best = BooleanColumn()

    class Meta(BaseTable.Meta):
        model = models.CachedBGPRoute
        fields = (
            *BEFORE,
            *(
                "prefix",
                "next_hop",
                "best",
                "valid",
                "metric",
                "local_pref",
                "weight",
                "as_path",
                "origin",
                "vrf",
                *AFTER,
            ),
        )
        default_columns = (
            *BEFORE,
            *("prefix", "next_hop", "best", "metric", "local_pref", "weight", "as_path", "origin", "vrf", "freshness"),
        )


class DeviceCacheTable(BaseTable):
    pk = ToggleColumn()
    device = tables.Column(linkify=True)
    detail = tables.Column(accessor="pk", verbose_name="Tables", linkify=True, orderable=False)
    polling_enabled = BooleanColumn()

    class Meta(BaseTable.Meta):
        model = models.DeviceCache
        fields = ("pk", "device", "detail", "driver", "polling_enabled", "host_key")
        default_columns = ("pk", "device", "detail", "driver", "polling_enabled")

    def render_detail(self) -> str:
        return "show"


class CommandOutputTable(BaseTable):
    pk = ToggleColumn()
    device = tables.Column(linkify=True)
    command = tables.Column(linkify=True)
    outcome = OutcomeColumn()

    class Meta(BaseTable.Meta):
        model = models.CommandOutput
        fields = ("pk", "device", "command", "context", "outcome", "reason", "collected_at", "duration", "digest")
        default_columns = ("pk", "device", "command", "context", "outcome", "collected_at", "duration")


class DiscoveryRunTable(BaseTable):
    pk = ToggleColumn()
    created_at = tables.DateTimeColumn(linkify=True, verbose_name="Requested")
    status = StatusColumn(accessor="shown_status", order_by="status")
    job_result = tables.Column(linkify=True)

    class Meta(BaseTable.Meta):
        model = models.DiscoveryRun
        fields = ("pk", "created_at", "status", "requested_by", "started_at", "completed_at", "error", "job_result")
        default_columns = ("pk", "created_at", "status", "requested_by", "started_at", "completed_at")


class DiscoveryRunItemTable(BaseTable):
    device_name = tables.Column(
        verbose_name="Device", linkify=lambda record: record.device and record.device.get_absolute_url()
    )
    status = StatusColumn()
    rows_stored = tables.Column(empty_values=(), orderable=False, verbose_name="Rows")

    class Meta(BaseTable.Meta):
        model = models.DiscoveryRunItem
        fields = (
            *("device_name", "status", "current_task", "error", "connections", "commands_sent", "cache_hits"),
            *("rows_stored", "started_at", "completed_at"),
        )
        default_columns = fields

    def render_rows_stored(self, record: models.DiscoveryRunItem) -> int:
        return sum(table.get("stored", 0) for table in record.tables.values())
