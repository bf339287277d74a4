"""Tables of list views and tabs. Wherever a row is shown, it says whether it is stale."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import Any
from uuid import UUID

import django_tables2 as tables
from django.utils.safestring import SafeString
from nautobot.apps.tables import BaseTable, BooleanColumn, ToggleColumn
from nautobot.core.templatetags.helpers import HTML_NONE

from nautobot_topology_cache import models, standing
from nautobot_topology_cache.columns import (
    ONE_LINE,
    AgeColumn,
    DurationColumn,
    FreshnessColumn,
    OutcomeColumn,
    SpeedColumn,
    StatusColumn,
    YesColumn,
    age,
    badge,
    outcome_badges,
    time_taken,
    trouble,
)

BEFORE = ("device",)
AFTER = ("freshness", "source", "valid_from", "valid_to")


class CachedRowTable(BaseTable):
    """Device, row, freshness."""

    device = tables.Column(linkify=True, attrs=ONE_LINE)
    freshness = FreshnessColumn()
    source = tables.Column(orderable=False, accessor="slice", verbose_name="Command")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if hasattr(self.data, "data") and hasattr(self.data.data, "select_related"):
            self.data.data = self.data.data.select_related("slice", "device")


class CachedInterfaceTable(CachedRowTable):
    name = tables.Column(linkify=True, attrs=ONE_LINE)
    interface = tables.Column(linkify=True, verbose_name="Nautobot interface")
    enabled = BooleanColumn()
    oper_status = tables.Column(verbose_name="Status")
    speed = SpeedColumn()
    vrf = tables.Column(attrs=ONE_LINE)
    lag = tables.Column(attrs=ONE_LINE)

    class Meta(BaseTable.Meta):
        model = models.CachedInterface
        fields = (
            *BEFORE,
            *("name", "interface", "enabled", "oper_status", "description", "mac_address", "mtu", "speed", "duplex"),
            *("mode", "access_vlan", "native_vlan", "vrf", "lag", "type", "parent", "snmp_index", *AFTER),
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
    address = tables.Column(linkify=True, attrs=ONE_LINE)
    vrf = tables.Column(attrs=ONE_LINE)

    class Meta(BaseTable.Meta):
        model = models.CachedIPAddress
        fields = (*BEFORE, "address", "prefix_length", "interface", "vrf", "role", "ip_version", *AFTER)
        default_columns = (*BEFORE, "address", "prefix_length", "interface", "vrf", "role", "freshness")


class CachedARPEntryTable(CachedRowTable):
    ip_address = tables.Column(linkify=True)
    vrf = tables.Column(attrs=ONE_LINE)

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
    local_interface = tables.Column(linkify=True, attrs=ONE_LINE)

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
    neighbor_id = tables.Column(linkify=True, attrs=ONE_LINE)
    address = tables.Column(linkify=True, attrs=ONE_LINE)
    vrf = tables.Column(attrs=ONE_LINE)

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
    prefix = tables.Column(linkify=True, attrs=ONE_LINE)
    active = BooleanColumn()
    vrf = tables.Column(attrs=ONE_LINE)

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
    prefix = tables.Column(linkify=True, attrs=ONE_LINE)
    valid = BooleanColumn()
    best = YesColumn()
    vrf = tables.Column(attrs=ONE_LINE)

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
    device = tables.Column(linkify=True, attrs=ONE_LINE)
    states = tables.Column(accessor="pk", verbose_name="Tables", orderable=False, linkify=True)
    stale = tables.Column(accessor="pk", orderable=False)
    rows_known = tables.Column(accessor="pk", verbose_name="Rows", orderable=False, linkify=True)
    answered = tables.Column(accessor="pk", orderable=False)
    polling_enabled = BooleanColumn()

    class Meta(BaseTable.Meta):
        model = models.DeviceCache
        fields = ("pk", "device", "states", "stale", "rows_known", "answered", "driver", "polling_enabled", "host_key")
        default_columns = fields[:-1]
        order_by = ("device",)

    def before_render(self, request: Any) -> None:
        self._user = request.user

    @cached_property
    def _states(self) -> dict[UUID, list[standing.TableState]]:
        """Device -> the states of the tables that the user may view, read at once for the devices of a page."""
        known = standing.of_devices([row.record.device_id for row in self.paginated_rows], self._user)
        return {device: list(states.values()) for device, states in known.items()}

    def render_states(self, record: models.DeviceCache) -> SafeString:
        return outcome_badges(Counter(state.outcome for state in self._states[record.device_id]))

    def render_stale(self, record: models.DeviceCache) -> Any:
        stale = [state for state in self._states[record.device_id] if state.stale]
        names = ", ".join(state.verbose_name for state in stale)
        return badge(f"{len(stale)} stale", "warning", names) if stale else HTML_NONE

    def render_rows_known(self, record: models.DeviceCache) -> int:
        return sum(state.rows for state in self._states[record.device_id])

    def render_answered(self, record: models.DeviceCache) -> Any:
        """The oldest answer that its rows show."""
        answers = [state.collected_at for state in self._states[record.device_id] if state.collected_at]
        return age(min(answers, default=None), "never")


class CommandOutputTable(BaseTable):
    device = tables.Column(linkify=True, attrs=ONE_LINE)
    command = tables.Column(linkify=True)
    outcome = OutcomeColumn()
    collected_at = AgeColumn(verbose_name="Answered")
    duration = DurationColumn()

    class Meta(BaseTable.Meta):
        model = models.CommandOutput
        fields = ("device", "command", "context", "outcome", "reason", "collected_at", "duration", "digest")
        default_columns = fields[:-1]


class DiscoveryRunTable(BaseTable):
    created_at = tables.DateTimeColumn(linkify=True, verbose_name="Requested", attrs=ONE_LINE)
    status = StatusColumn(accessor="shown_status", order_by="status")
    total_devices = tables.Column(verbose_name="Devices")
    completed_devices = tables.Column(verbose_name="Completed")
    failed_devices = tables.Column(verbose_name="Failed")
    skipped_devices = tables.Column(verbose_name="Skipped")
    took = tables.Column(accessor="started_at", empty_values=(), orderable=False, verbose_name="Time taken")
    job_result = tables.Column(linkify=True)

    class Meta(BaseTable.Meta):
        model = models.DiscoveryRun
        fields = (
            *("created_at", "status", "requested_by", "total_devices", "completed_devices", "failed_devices"),
            *("skipped_devices", "took", "error", "job_result", "started_at", "completed_at"),
        )
        default_columns = fields[:9]

    def render_took(self, record: models.DiscoveryRun) -> Any:
        return time_taken(record)


class DiscoveryRunItemTable(BaseTable):
    device_name = tables.Column(verbose_name="Device", linkify=True, attrs=ONE_LINE)
    status = StatusColumn()
    commands_sent = tables.Column(verbose_name="Commands")
    outcomes = tables.Column(accessor="tables", empty_values=(), orderable=False, verbose_name="Tables", attrs=ONE_LINE)
    stored = tables.Column(accessor="tables", empty_values=(), orderable=False, verbose_name="Rows")
    rejected = tables.Column(accessor="tables", empty_values=(), orderable=False, verbose_name="Rejected")
    unparsed = tables.Column(accessor="tables", empty_values=(), orderable=False, verbose_name="Not understood")
    took = tables.Column(
        accessor="started_at", empty_values=(), orderable=False, verbose_name="Time taken", attrs=ONE_LINE
    )
    note = tables.Column(
        accessor="error", empty_values=(), orderable=False, verbose_name="Note", attrs={"td": {"class": "w-25"}}
    )

    class Meta(BaseTable.Meta):
        model = models.DiscoveryRunItem
        fields = (
            *("device_name", "status", "outcomes", "stored", "rejected", "unparsed", "commands_sent", "cache_hits"),
            *("took", "note", "connections", "started_at", "completed_at"),
        )
        default_columns = fields[:10]

    def render_outcomes(self, record: models.DiscoveryRunItem) -> SafeString:
        return outcome_badges(Counter(table["outcome"] for table in record.tables.values()))

    def render_stored(self, record: models.DiscoveryRunItem) -> int:
        return _total(record, "stored")

    def render_rejected(self, record: models.DiscoveryRunItem) -> Any:
        return trouble(_total(record, "rejected"))

    def render_unparsed(self, record: models.DiscoveryRunItem) -> Any:
        return trouble(_total(record, "unparsed"))

    def render_took(self, record: models.DiscoveryRunItem) -> Any:
        return time_taken(record)

    def render_note(self, record: models.DiscoveryRunItem) -> Any:
        """What is being asked, or why nothing more was."""
        return record.error or record.current_task or HTML_NONE


def _total(item: models.DiscoveryRunItem, figure: str) -> int:
    """A figure over all tables of a device."""
    return sum(table.get(figure, 0) for table in item.tables.values())
