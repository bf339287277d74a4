"""Filter sets of lists, REST and GraphQL: a row's columns, and what a network engineer would ask for."""

from __future__ import annotations

import ipaddress
from functools import reduce
from operator import or_
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from nautobot.apps.filters import (
    BaseFilterSet,
    MultiValueCharFilter,
    NaturalKeyOrPKMultipleChoiceFilter,
    TreeNodeMultipleChoiceFilter,
    multivalue_field_factory,
)
from nautobot.dcim.models import Device, Location, Platform
from nautobot.extras.models import Role

from nautobot_topology_cache import models
from nautobot_topology_cache.choices import RunStatusChoices
from nautobot_topology_cache.collect import normalize
from nautobot_topology_cache.models.runs import shown_status


class _CanonicalField(forms.CharField):
    """Text in any notation, read into ours; what is none of it is a form error that says so."""

    notation: ClassVar[Any]

    def to_python(self, value: Any) -> Any:
        try:
            return type(self).notation(super().to_python(value))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class _MACField(_CanonicalField):
    notation = staticmethod(normalize.required_mac)


class _AddressField(_CanonicalField):
    notation = staticmethod(normalize.address)


class _PrefixField(_CanonicalField):
    notation = staticmethod(normalize.prefix)


class _VRFField(_CanonicalField):
    notation = staticmethod(normalize.vrf)


class _CanonicalFilter(MultiValueCharFilter):
    """Exact matches in any notation. Lookups of parts and patterns match the canonical text."""

    canonical_field_class: ClassVar[type[forms.Field]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.lookup_expr == "exact":
            self.field_class = self.canonical_field_class


class MACFilter(_CanonicalFilter):
    """A MAC address in any notation."""

    canonical_field_class = multivalue_field_factory(_MACField)


class AddressFilter(_CanonicalFilter):
    """An IPv4 or IPv6 address in any notation."""

    canonical_field_class = multivalue_field_factory(_AddressField)


class PrefixFilter(_CanonicalFilter):
    """A prefix in any notation."""

    canonical_field_class = multivalue_field_factory(_PrefixField)


class VRFFilter(_CanonicalFilter):
    """A VRF; `default` and its other names mean the one that rows call `""`."""

    canonical_field_class = multivalue_field_factory(_VRFField)


def covering(address: str) -> list[str]:
    """Every prefix that contains an address, longest first: 33 or 129, of which an index finds those that exist."""
    longest = ipaddress.ip_address(address).max_prefixlen
    return [normalize.prefix(f"{address}/{length}") for length in range(longest, -1, -1)]


class OfDeviceFilterSet(BaseFilterSet):
    """Filters by the Device that a row belongs to."""

    device = NaturalKeyOrPKMultipleChoiceFilter(
        queryset=Device.objects.all(), to_field_name="name", label="Device (name or ID)"
    )
    location = TreeNodeMultipleChoiceFilter(
        queryset=Location.objects.all(),
        field_name="device__location",
        to_field_name="name",
        label="Location (name or ID)",
    )
    device_role = NaturalKeyOrPKMultipleChoiceFilter(
        queryset=Role.objects.all(), field_name="device__role", to_field_name="name", label="Device role (name or ID)"
    )
    device_platform = NaturalKeyOrPKMultipleChoiceFilter(
        queryset=Platform.objects.all(),
        field_name="device__platform",
        to_field_name="name",
        label="Device platform (name or ID)",
    )


class CachedRowFilterSet(OfDeviceFilterSet):
    """What all tables' filter sets share. Closed rows come only with `history=true`."""

    q = django_filters.CharFilter(method="search", label="Search")
    history = django_filters.BooleanFilter(method="with_history", label="Closed rows too")
    stale = django_filters.BooleanFilter(method="by_staleness", label="Stale")

    mac_columns: ClassVar[tuple[str, ...]] = ()
    address_columns: ClassVar[tuple[str, ...]] = ()
    prefix_columns: ClassVar[tuple[str, ...]] = ()
    name_lookups: ClassVar[tuple[str, ...]] = ()

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Current rows, unless history is wanted."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("history") else rows.filter(valid_to__isnull=True)

    def with_history(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        """Decided for all filters together in `filter_queryset`."""
        return queryset

    def by_staleness(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        """Rows that may not hold any more, or those that do."""
        are_stale = self._meta.model.are_stale()
        return queryset.filter(are_stale if value else ~are_stale)

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """A MAC, an address or a prefix is matched exactly, anything else as the beginning of a name.

        This runs for each table at every search in Nautobot: an index answers every match but that of a neighbor's
        name, whose table is small.
        """
        matches = [Q(**{column: exact}) for columns, exact in self._exact(value.strip()) for column in columns]
        if not matches:
            matches = [Q(**{lookup: value.strip()}) for lookup in self.name_lookups]
        return queryset.filter(reduce(or_, matches)) if matches else queryset.none()

    def _exact(self, value: str) -> list[tuple[tuple[str, ...], str]]:
        """(columns, canonical value) of everything that a search term may mean exactly."""
        readings = (
            (self.mac_columns, normalize.required_mac),
            (self.address_columns, normalize.address),
            (self.prefix_columns, normalize.prefix),
        )
        found = []
        for columns, reading in readings:
            try:
                found.append((columns, reading(value)))
            except ValueError:
                continue
        return found


ROW = ["id", "device", "location", "device_role", "device_platform", "valid_from", "valid_to", "missing_since"]


class CachedInterfaceFilterSet(CachedRowFilterSet):
    mac_address = MACFilter()
    vrf = VRFFilter()
    mac_columns = ("mac_address",)
    name_lookups = ("name__startswith",)

    class Meta:
        model = models.CachedInterface
        fields = [
            *ROW,
            *("name", "parent", "interface", "enabled", "oper_status", "description", "mac_address", "mtu", "speed"),
            *("duplex", "mode", "access_vlan", "native_vlan", "vrf", "lag", "type", "snmp_index"),
        ]


class CachedIPAddressFilterSet(CachedRowFilterSet):
    address = AddressFilter()
    vrf = VRFFilter()
    address_columns = ("address",)

    class Meta:
        model = models.CachedIPAddress
        fields = [*ROW, "interface", "address", "prefix_length", "ip_version", "vrf", "role"]


class CachedARPEntryFilterSet(CachedRowFilterSet):
    ip_address = AddressFilter()
    mac_address = MACFilter()
    vrf = VRFFilter()
    mac_columns = ("mac_address",)
    address_columns = ("ip_address",)

    class Meta:
        model = models.CachedARPEntry
        fields = [*ROW, "interface", "ip_address", "mac_address", "ip_version", "vrf", "entry_type"]


class CachedMACAddressFilterSet(CachedRowFilterSet):
    mac_address = MACFilter()
    mac_columns = ("mac_address",)

    class Meta:
        model = models.CachedMACAddress
        fields = [*ROW, "vlan", "vlan_name", "mac_address", "interface", "entry_type"]


class CachedNeighborFilterSet(CachedRowFilterSet):
    neighbor_ip = AddressFilter()
    address_columns = ("neighbor_ip",)
    name_lookups = ("neighbor_hostname__istartswith", "neighbor_name__istartswith", "chassis_id__iexact")

    class Meta:
        model = models.CachedNeighbor
        fields = [
            *ROW,
            *("protocol", "local_interface", "neighbor_name", "neighbor_hostname", "neighbor_interface", "chassis_id"),
            *("port_id", "neighbor_ip", "platform", "capabilities", "native_vlan"),
        ]


class CachedRoutingNeighborFilterSet(CachedRowFilterSet):
    address = AddressFilter()
    vrf = VRFFilter()
    address_columns = ("address", "neighbor_id")

    class Meta:
        model = models.CachedRoutingNeighbor
        fields = [*ROW, "protocol", "vrf", "neighbor_id", "address", "interface", "state", "area", "remote_as"]


class _PrefixesFilterSet(CachedRowFilterSet):
    """Filters of the two tables whose rows are about prefixes."""

    prefix = PrefixFilter()
    next_hop = AddressFilter()
    vrf = VRFFilter()
    contains = AddressFilter(method="containing", label="Prefix contains address")
    prefix_columns = ("prefix",)
    address_columns = ("next_hop",)

    def containing(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        """Rows whose prefix contains one of the addresses."""
        return queryset.filter(prefix__in=[one for address in value for one in covering(address)])


class CachedRouteFilterSet(_PrefixesFilterSet):
    class Meta:
        model = models.CachedRoute
        fields = [
            *ROW,
            *("vrf", "prefix", "protocol", "next_hop", "interface", "next_hop_vrf", "encapsulation", "active"),
            *("route_type", "area", "distance", "metric", "tag"),
        ]


class CachedBGPRouteFilterSet(_PrefixesFilterSet):
    class Meta:
        model = models.CachedBGPRoute
        fields = [
            *ROW,
            *("vrf", "prefix", "next_hop", "metric", "local_pref", "weight", "as_path", "origin", "valid", "best"),
        ]


class DeviceCacheFilterSet(OfDeviceFilterSet):
    q = django_filters.CharFilter(method="search", label="Search")
    stale = django_filters.BooleanFilter(method="by_staleness", label="Has stale tables")

    class Meta:
        model = models.DeviceCache
        fields = ["id", "device", "location", "device_role", "device_platform", "driver", "polling_enabled"]

    def by_staleness(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        """Devices with a table that may not hold any more, or those without."""
        slices = models.CachedSlice.objects.filter(models.CachedSlice.are_stale()).order_by()
        having = Q(device__in=slices.values("device"))
        return queryset.filter(having if value else ~having)

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """By the device's name."""
        return queryset.filter(device__name__icontains=value.strip())


class CommandOutputFilterSet(OfDeviceFilterSet):
    q = django_filters.CharFilter(method="search", label="Search")

    class Meta:
        model = models.CommandOutput
        fields = [
            *("id", "device", "location", "device_role", "device_platform", "command", "context", "outcome", "reason"),
            *("collected_at", "duration", "digest"),
        ]

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """By the command or the device's name."""
        return queryset.filter(Q(command__icontains=value.strip()) | Q(device__name__icontains=value.strip()))


class DiscoveryRunFilterSet(BaseFilterSet):
    q = django_filters.CharFilter(method="search", label="Search")
    status = django_filters.MultipleChoiceFilter(
        choices=RunStatusChoices, method="as_shown", label="Status, `failed` for a run that was left behind"
    )

    class Meta:
        model = models.DiscoveryRun
        fields = ["id", "status", "requested_by", "created_at", "started_at", "completed_at", "job_result"]

    def as_shown(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        """By the status that pages and REST show."""
        return queryset.alias(shown=shown_status()).filter(shown__in=value) if value else queryset

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """By the status, or by who asked for it."""
        return queryset.filter(Q(status__icontains=value.strip()) | Q(requested_by__username__icontains=value.strip()))
