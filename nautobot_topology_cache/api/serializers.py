"""What REST shows. Rows are read-only: only discovery writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from nautobot.dcim.models import Device
from rest_framework import serializers

from nautobot_topology_cache import models, standing
from nautobot_topology_cache.api.spreadsheets import InertInCSVSerializer
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.choices import OutcomeChoices
from nautobot_topology_cache.progress import details_for
from nautobot_topology_cache.purging import LAYERS, LONGEST_AGE
from nautobot_topology_cache.queries import expires_at
from nautobot_topology_cache.requests import EVERY, MOST_HOPS, TIMEOUTS

OBJECT = ["id", "object_type", "display", "url", "natural_slug"]
BEFORE = [*OBJECT, "device", "source"]
AFTER = ["valid_from", "valid_to", "collected_at", "stale", "stale_reason"]


class CachedRowSerializer(InertInCSVSerializer):
    """What every row has besides its columns."""

    source = serializers.CharField(read_only=True, help_text="Command and context.")
    collected_at = serializers.DateTimeField(read_only=True)
    stale = serializers.BooleanField(read_only=True)
    stale_reason = serializers.CharField(read_only=True)


class CachedInterfaceSerializer(CachedRowSerializer):
    class Meta:
        model = models.CachedInterface
        fields = [*BEFORE, "interface", *CATALOG["interfaces"].columns, *AFTER]


class CachedIPAddressSerializer(CachedRowSerializer):
    class Meta:
        model = models.CachedIPAddress
        fields = [*BEFORE, *CATALOG["ip_addresses"].columns, *AFTER]


class CachedARPEntrySerializer(CachedRowSerializer):
    class Meta:
        model = models.CachedARPEntry
        fields = [*BEFORE, *CATALOG["arp_entries"].columns, *AFTER]


class CachedMACAddressSerializer(CachedRowSerializer):
    class Meta:
        model = models.CachedMACAddress
        fields = [*BEFORE, *CATALOG["mac_addresses"].columns, *AFTER]


class CachedNeighborSerializer(CachedRowSerializer):
    class Meta:
        model = models.CachedNeighbor
        fields = [*BEFORE, *CATALOG["neighbors"].columns, *AFTER]


class CachedRoutingNeighborSerializer(CachedRowSerializer):
    class Meta:
        model = models.CachedRoutingNeighbor
        fields = [*BEFORE, *CATALOG["routing_neighbors"].columns, *AFTER]


class CachedRouteSerializer(CachedRowSerializer):
    class Meta:
        model = models.CachedRoute
        fields = [*BEFORE, *CATALOG["routes"].columns, *AFTER]


class CachedBGPRouteSerializer(CachedRowSerializer):
    class Meta:
        model = models.CachedBGPRoute
        fields = [*BEFORE, *CATALOG["bgp_routes"].columns, *AFTER]


class TableStateSerializer(serializers.Serializer):
    """How one table of a device stands; sums over the slices that feed it."""

    outcome = serializers.ChoiceField(OutcomeChoices)
    reason = serializers.CharField()
    collected_at = serializers.DateTimeField(allow_null=True)
    stale = serializers.BooleanField()
    rows = serializers.IntegerField()
    filtered = serializers.IntegerField()
    rejected = serializers.IntegerField()
    unparsed = serializers.IntegerField()


class _OfAnAnswer(InertInCSVSerializer):
    """For what is read at once for all objects of an answer, and not for one after another."""

    @property
    def shown(self) -> list[Any]:
        """All objects that this answer shows."""
        return [self.instance] if self.parent is None else list(self.parent.instance)


class DeviceCacheSerializer(_OfAnAnswer):
    """A device with the state of those of its tables that the user may view."""

    tables = serializers.SerializerMethodField()

    class Meta:
        model = models.DeviceCache
        fields = [*OBJECT, "device", "driver", "polling_enabled", "host_key", "tables"]

    @extend_schema_field(serializers.DictField(child=TableStateSerializer()))
    def get_tables(self, cache: models.DeviceCache) -> dict[str, Any]:
        """None for an export by Nautobot's Job, which does not say who asks."""
        if self.context.get("request") is None:
            return {}
        return {name: TableStateSerializer(state).data for name, state in self._states[cache.device_id].items()}

    @cached_property
    def _states(self) -> dict[UUID, dict[str, standing.TableState]]:
        return standing.of_devices([cache.device_id for cache in self.shown], self.context["request"].user)


class PollingSerializer(serializers.Serializer):
    """What people decide about a device; all else in a DeviceCache is what sessions have found."""

    polling_enabled = serializers.BooleanField(help_text="Whether scheduled refreshes contact the device.")

    def to_internal_value(self, data: Any) -> Any:
        """Also refuses what cannot be changed, by name."""
        fixed = sorted(set(data) - set(self.fields)) if isinstance(data, Mapping) else []
        if fixed:
            raise serializers.ValidationError({name: ["This cannot be changed here."] for name in fixed})
        return super().to_internal_value(data)


class PollingOfOneSerializer(PollingSerializer):
    """One of several devices for which it is decided."""

    id = serializers.UUIDField(help_text="Of the device cache.")


class CommandOutputSerializer(InertInCSVSerializer):
    """One stored answer, without its text unless that is asked for."""

    raw = serializers.CharField(read_only=True)
    expires_at = serializers.SerializerMethodField()

    class Meta:
        model = models.CommandOutput
        fields = [
            *(*OBJECT, "device", "command", "context", "outcome", "reason"),
            *("raw", "parsed", "collected_at", "expires_at", "duration", "digest"),
        ]
        opt_in_fields = ["raw", "parsed"]

    def get_expires_at(self, output: models.CommandOutput) -> datetime:
        return expires_at(output)


class CommandOutputDetailSerializer(CommandOutputSerializer):
    """One stored answer with its text and rows."""

    class Meta(CommandOutputSerializer.Meta):
        opt_in_fields: list[str] = []


class DiscoveryRunItemSerializer(serializers.ModelSerializer):
    """How one device of a run stands."""

    device_id = serializers.UUIDField(read_only=True, allow_null=True)
    progress_percentage = serializers.IntegerField(read_only=True)

    class Meta:
        model = models.DiscoveryRunItem
        fields = [
            *("device_id", "device_name", "status", "progress_percentage", "current_task", "error", "connections"),
            *("commands_sent", "cache_hits", "started_at", "completed_at", "tables", "commands"),
        ]
        read_only_fields = fields


class DetailsSerializer(serializers.Serializer):
    """What could not be read of a device's answers, of the tables that the user may view."""

    rejected = serializers.ListField(child=serializers.DictField(), help_text="Rows that fit no record.")
    unparsed = serializers.ListField(child=serializers.DictField(), help_text="Lines that were not understood.")


class DiscoveryRunItemDetailSerializer(DiscoveryRunItemSerializer):
    """The same, with what could not be read."""

    detail = serializers.SerializerMethodField()

    class Meta(DiscoveryRunItemSerializer.Meta):
        fields = [*DiscoveryRunItemSerializer.Meta.fields, "detail"]
        read_only_fields = fields

    @extend_schema_field(DetailsSerializer)
    def get_detail(self, item: models.DiscoveryRunItem) -> dict[str, Any]:
        return details_for(self.context["request"].user, item.detail)


class DiscoveryRunSerializer(_OfAnAnswer):
    """A run as its requester watches it, in every state it can be in; of its devices, those the user may view."""

    unread = ("rows", "detail")
    """Columns of items that stay in the database."""

    status = serializers.CharField(source="shown_status", read_only=True)
    total_devices = serializers.IntegerField(read_only=True)
    completed_devices = serializers.IntegerField(read_only=True)
    failed_devices = serializers.IntegerField(read_only=True)
    skipped_devices = serializers.IntegerField(read_only=True)
    cancelled_devices = serializers.IntegerField(read_only=True)
    progress_percentage = serializers.IntegerField(read_only=True)
    options = serializers.SerializerMethodField()
    devices = serializers.SerializerMethodField()

    class Meta:
        model = models.DiscoveryRun
        fields = [
            *(*OBJECT, "status", "requested_by", "options", "error", "total_devices"),
            *("completed_devices", "failed_devices", "skipped_devices", "cancelled_devices", "progress_percentage"),
            *("created_at", "started_at", "completed_at", "job_result", "devices"),
        ]
        opt_in_fields = ["devices"]

    @extend_schema_field(DiscoveryRunItemSerializer(many=True))
    def get_devices(self, run: models.DiscoveryRun) -> list[dict[str, Any]]:
        return self._of_items(self._items[run.pk])

    def _of_items(self, items: list[models.DiscoveryRunItem]) -> list[dict[str, Any]]:
        return DiscoveryRunItemSerializer(items, many=True).data

    @extend_schema_field(serializers.DictField)
    def get_options(self, run: models.DiscoveryRun) -> dict[str, Any]:
        named = run.options.get("devices", [])
        return {**run.options, "devices": [pk for pk in named if pk in self._visible]}

    @cached_property
    def _items(self) -> dict[UUID, list[models.DiscoveryRunItem]]:
        items = models.DiscoveryRunItem.objects.of_visible_devices(self.context["request"].user)
        by_run: dict[UUID, list[models.DiscoveryRunItem]] = {run.pk: [] for run in self.shown}
        for item in items.filter(run__in=by_run).defer(*self.unread):
            by_run[item.run_id].append(item)
        return by_run

    @cached_property
    def _visible(self) -> set[str]:
        """Ids of the devices that runs name and that the user may view; none for an export, which has no request."""
        request = self.context.get("request")
        if request is None:
            return set()
        named = {pk for run in self.shown for pk in run.options.get("devices", [])}
        found = Device.objects.restrict(request.user, "view").filter(pk__in=named)
        return {str(pk) for pk in found.values_list("pk", flat=True)}


class DiscoveryRunDetailSerializer(DiscoveryRunSerializer):
    """A run with its devices, and what could not be read of their answers."""

    unread = ("rows",)

    class Meta(DiscoveryRunSerializer.Meta):
        opt_in_fields: list[str] = []

    @extend_schema_field(DiscoveryRunItemDetailSerializer(many=True))
    def get_devices(self, run: models.DiscoveryRun) -> list[dict[str, Any]]:
        return super().get_devices(run)

    def _of_items(self, items: list[models.DiscoveryRunItem]) -> list[dict[str, Any]]:
        return DiscoveryRunItemDetailSerializer(items, many=True, context=self.context).data


def _seconds(option: str) -> serializers.FloatField:
    text = "Seconds, for this run instead of the setting."
    return serializers.FloatField(required=False, max_value=TIMEOUTS[option], help_text=text)


class DiscoveryRequestSerializer(serializers.Serializer):
    """What a run may be asked for; `requests.Request` checks it, and names what is wrong."""

    devices = serializers.ListField(child=serializers.CharField(), required=False, help_text="Ids or names.")
    location = serializers.ListField(child=serializers.CharField(), required=False)
    role = serializers.ListField(child=serializers.CharField(), required=False)
    platform = serializers.ListField(child=serializers.CharField(), required=False)
    tag = serializers.ListField(child=serializers.CharField(), required=False)
    dynamic_group = serializers.ListField(child=serializers.CharField(), required=False)
    tables = serializers.ListField(child=serializers.ChoiceField(list(CATALOG)), required=False)
    cache_results = serializers.BooleanField(default=True)
    force_refresh = serializers.BooleanField(default=False)
    command_ttl_minutes = serializers.IntegerField(required=False, min_value=0, max_value=10080)
    secrets_group = serializers.CharField(required=False)
    concurrency = serializers.IntegerField(required=False, min_value=1, max_value=500)
    connect_timeout = _seconds("connect_timeout")
    auth_timeout = _seconds("auth_timeout")
    banner_timeout = _seconds("banner_timeout")
    command_timeout = _seconds("command_timeout")
    device_timeout = _seconds("device_timeout")
    dry_run = serializers.BooleanField(default=False)
    expand_depth = serializers.IntegerField(
        default=0, min_value=0, max_value=MOST_HOPS, help_text="Hops of neighbors that join the run."
    )


class RunResultSerializer(serializers.Serializer):
    """What the devices of a run said."""

    devices_data = serializers.DictField(help_text="Device id -> table -> rows.")
    errors = serializers.DictField(child=serializers.CharField(), help_text="Device id -> what went wrong.")


class PurgeSerializer(serializers.Serializer):
    """What to remove; `purging.Purge` checks it, and names what is wrong."""

    layers = serializers.ListField(child=serializers.ChoiceField(list(LAYERS)))
    devices = serializers.JSONField(help_text=f"Ids or names, or “{EVERY}”.")
    older_than_days = serializers.IntegerField(required=False, min_value=0, max_value=LONGEST_AGE)
    history_only = serializers.BooleanField(default=False)


class RebuildSerializer(serializers.Serializer):
    """Of which devices to read the stored answers anew."""

    devices = serializers.JSONField(help_text=f"Ids or names, or “{EVERY}”.")
    tables = serializers.ListField(child=serializers.ChoiceField(list(CATALOG)), required=False)
