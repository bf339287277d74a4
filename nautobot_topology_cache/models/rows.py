"""The Cached* tables. Columns are those of the records in `collect.records`; `catalog` checks that at import."""

from __future__ import annotations

from typing import Any

from django.db import models
from nautobot.apps.models import BaseModel, extras_features

from nautobot_topology_cache.models.keys import time_ordered_id
from nautobot_topology_cache.models.querysets import CurrentManager, VersionsManager, delete_rows_directly
from nautobot_topology_cache.models.slices import CachedSlice

MAC = 17
ADDRESS = 45
PREFIX = 49
NAME = 255


def _indexes(*columns: str) -> list[models.Index]:
    """An index per question: the equality column first, then the device, over current and closed rows alike."""
    return [models.Index(fields=[column, "device"]) for column in columns]


def _device(related_name: str) -> models.ForeignKey:
    """Whose row it is. No index of its own: the one that keeps current rows apart begins with the device."""
    return models.ForeignKey("dcim.Device", on_delete=delete_rows_directly, related_name=related_name, db_index=False)


class CachedRow(BaseModel):
    """What all rows share: whose they are, what said so, and from when to when they held."""

    id = models.UUIDField(primary_key=True, default=time_ordered_id, unique=True, editable=False)
    slice = models.ForeignKey(CachedSlice, on_delete=delete_rows_directly, related_name="+")
    row_key = models.UUIDField(editable=False)
    open_key = models.UUIDField(null=True, editable=False)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    missing_since = models.DateTimeField(null=True, blank=True)

    objects = CurrentManager()
    versions = VersionsManager()

    is_metadata_associable_model = False
    natural_key_field_names = ["pk"]

    class Meta:
        abstract = True
        base_manager_name = "versions"
        constraints = [models.UniqueConstraint(fields=["device", "open_key"], name="%(class)s_one_current")]

    @property
    def source(self) -> str:
        """Command and context that said so."""
        return str(self.slice)

    @property
    def collected_at(self) -> Any:
        """When the device gave the answer that shows this row."""
        return self.valid_to or self.slice.collected_at

    @property
    def stale_reason(self) -> str:
        """Why the row may not hold any more, or `""`. Closed rows are history, not stale."""
        if self.valid_to is not None:
            return ""
        if self.missing_since is not None and not self.slice.stale_reason:
            return f"missing from the answers since {self.missing_since:%Y-%m-%d %H:%M} UTC"
        return self.slice.stale_reason

    @property
    def stale(self) -> bool:
        """Whether the row may not hold any more."""
        return bool(self.stale_reason)

    @staticmethod
    def are_stale() -> models.Q:
        """In the database: rows that have a `stale_reason`."""
        slices = CachedSlice.objects.filter(CachedSlice.are_stale()).order_by().values("pk")
        return models.Q(valid_to__isnull=True) & (models.Q(missing_since__isnull=False) | models.Q(slice__in=slices))


@extras_features("custom_links", "export_templates")
class CachedInterface(CachedRow):
    """An interface as the device lists it."""

    device = _device("cached_interfaces")
    name = models.CharField(max_length=NAME, db_index=True)
    printed_name = models.CharField(max_length=NAME, blank=True)
    parent = models.CharField(max_length=NAME, blank=True)
    interface = models.ForeignKey("dcim.Interface", on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    enabled = models.BooleanField(null=True, blank=True)
    oper_status = models.CharField(max_length=64, blank=True, verbose_name="operational status")
    description = models.TextField(blank=True)
    mac_address = models.CharField(max_length=MAC, null=True, blank=True, verbose_name="MAC address")
    mtu = models.PositiveIntegerField(null=True, blank=True, verbose_name="MTU")
    speed = models.BigIntegerField(null=True, blank=True, help_text="kbit/s")
    duplex = models.CharField(max_length=32, blank=True)
    mode = models.CharField(max_length=64, blank=True)
    access_vlan = models.PositiveIntegerField(null=True, blank=True, verbose_name="access VLAN")
    native_vlan = models.PositiveIntegerField(null=True, blank=True, verbose_name="native VLAN")
    vrf = models.CharField(max_length=128, blank=True, verbose_name="VRF")
    lag = models.CharField(max_length=NAME, blank=True, verbose_name="LAG")
    type = models.CharField(max_length=128, blank=True)
    snmp_index = models.PositiveIntegerField(
        null=True, blank=True, verbose_name="SNMP ifIndex", help_text="Where the device prints it."
    )

    class Meta(CachedRow.Meta):
        abstract = False
        ordering = ["name", "id"]
        verbose_name = "cached interface"
        indexes = _indexes("mac_address")

    def __str__(self) -> str:
        return self.name


@extras_features("custom_links", "export_templates")
class CachedIPAddress(CachedRow):
    """An address on an interface of the device."""

    device = _device("cached_ip_addresses")
    interface = models.CharField(max_length=NAME)
    address = models.CharField(max_length=ADDRESS)
    prefix_length = models.PositiveSmallIntegerField(null=True, blank=True)
    ip_version = models.PositiveSmallIntegerField(verbose_name="IP version")
    vrf = models.CharField(max_length=128, blank=True, verbose_name="VRF")
    role = models.CharField(max_length=16)

    class Meta(CachedRow.Meta):
        abstract = False
        ordering = ["address", "id"]
        verbose_name = "cached IP address"
        verbose_name_plural = "cached IP addresses"
        indexes = _indexes("address")

    def __str__(self) -> str:
        return self.address if self.prefix_length is None else f"{self.address}/{self.prefix_length}"


@extras_features("custom_links", "export_templates")
class CachedARPEntry(CachedRow):
    """An ARP or IPv6 neighbor entry."""

    device = _device("cached_arp_entries")
    interface = models.CharField(max_length=NAME, blank=True)
    ip_address = models.CharField(max_length=ADDRESS, verbose_name="IP address")
    mac_address = models.CharField(max_length=MAC, verbose_name="MAC address")
    ip_version = models.PositiveSmallIntegerField(verbose_name="IP version")
    vrf = models.CharField(max_length=128, blank=True, verbose_name="VRF")
    entry_type = models.CharField(max_length=16)

    class Meta(CachedRow.Meta):
        abstract = False
        ordering = ["ip_address", "id"]
        verbose_name = "cached ARP entry"
        verbose_name_plural = "cached ARP entries"
        indexes = _indexes("ip_address", "mac_address")

    def __str__(self) -> str:
        return f"{self.ip_address} is at {self.mac_address}"


@extras_features("custom_links", "export_templates")
class CachedMACAddress(CachedRow):
    """An entry of the MAC address table."""

    device = _device("cached_mac_addresses")
    vlan = models.PositiveIntegerField(null=True, blank=True, verbose_name="VLAN")
    vlan_name = models.CharField(max_length=NAME, blank=True, verbose_name="VLAN name")
    mac_address = models.CharField(max_length=MAC, verbose_name="MAC address")
    interface = models.CharField(max_length=NAME, blank=True)
    entry_type = models.CharField(max_length=16)

    class Meta(CachedRow.Meta):
        abstract = False
        ordering = ["mac_address", "id"]
        verbose_name = "cached MAC address"
        verbose_name_plural = "cached MAC addresses"
        indexes = _indexes("mac_address")

    def __str__(self) -> str:
        return f"{self.mac_address} on {self.interface}"


@extras_features("custom_links", "export_templates")
class CachedNeighbor(CachedRow):
    """A CDP or LLDP neighbor as one port heard it."""

    device = _device("cached_neighbors")
    protocol = models.CharField(max_length=8)
    local_interface = models.CharField(max_length=NAME)
    neighbor_name = models.TextField(blank=True)
    neighbor_hostname = models.TextField(blank=True)
    neighbor_interface = models.CharField(max_length=NAME, blank=True)
    chassis_id = models.CharField(max_length=NAME, blank=True, verbose_name="chassis ID")
    port_id = models.CharField(max_length=NAME, blank=True, verbose_name="port ID")
    port_description = models.TextField(blank=True)
    neighbor_ip = models.CharField(max_length=ADDRESS, null=True, blank=True, verbose_name="neighbor IP")
    platform = models.TextField(blank=True)
    capabilities = models.TextField(blank=True)
    description = models.TextField(blank=True)
    native_vlan = models.PositiveIntegerField(null=True, blank=True, verbose_name="native VLAN")

    class Meta(CachedRow.Meta):
        abstract = False
        ordering = ["local_interface", "protocol", "id"]
        verbose_name = "cached neighbor"
        indexes = _indexes("neighbor_ip", "local_interface")

    def __str__(self) -> str:
        return f"{self.local_interface}: {self.neighbor_name or self.chassis_id}"


@extras_features("custom_links", "export_templates")
class CachedRoutingNeighbor(CachedRow):
    """A neighbor of a routing protocol."""

    device = _device("cached_routing_neighbors")
    protocol = models.CharField(max_length=8)
    vrf = models.CharField(max_length=128, blank=True, verbose_name="VRF")
    neighbor_id = models.CharField(max_length=NAME, blank=True, verbose_name="neighbor ID")
    address = models.CharField(max_length=ADDRESS, null=True, blank=True)
    interface = models.CharField(max_length=NAME, blank=True)
    state = models.CharField(max_length=64, blank=True)
    area = models.CharField(max_length=64, blank=True)
    remote_as = models.BigIntegerField(null=True, blank=True, verbose_name="remote AS")

    class Meta(CachedRow.Meta):
        abstract = False
        ordering = ["neighbor_id", "id"]
        verbose_name = "cached routing neighbor"
        indexes = _indexes("address", "neighbor_id")

    def __str__(self) -> str:
        return f"{self.protocol} {self.address or self.neighbor_id}"


@extras_features("custom_links", "export_templates")
class CachedRoute(CachedRow):
    """One next hop of one unicast route in the RIB."""

    device = _device("cached_routes")
    vrf = models.CharField(max_length=128, blank=True, verbose_name="VRF")
    prefix = models.CharField(max_length=PREFIX)
    protocol = models.CharField(max_length=32)
    next_hop = models.CharField(max_length=ADDRESS, null=True, blank=True)
    interface = models.CharField(max_length=NAME, blank=True)
    next_hop_vrf = models.CharField(max_length=128, blank=True, verbose_name="next hop VRF")
    encapsulation = models.TextField(blank=True)
    active = models.BooleanField(default=True)
    route_type = models.CharField(max_length=64, blank=True)
    area = models.CharField(max_length=64, blank=True)
    distance = models.PositiveIntegerField(null=True, blank=True)
    metric = models.BigIntegerField(null=True, blank=True)
    tag = models.BigIntegerField(null=True, blank=True)

    class Meta(CachedRow.Meta):
        abstract = False
        ordering = ["prefix", "id"]
        verbose_name = "cached route"
        indexes = [
            models.Index(fields=["device", "vrf", "prefix"]),
            *_indexes("prefix", "next_hop"),
            models.Index(fields=["device", "protocol"]),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} via {self.next_hop or self.interface or '-'}"


@extras_features("custom_links", "export_templates")
class CachedBGPRoute(CachedRow):
    """One path of the BGP table."""

    device = _device("cached_bgp_routes")
    vrf = models.CharField(max_length=128, blank=True, verbose_name="VRF")
    prefix = models.CharField(max_length=PREFIX)
    next_hop = models.CharField(max_length=ADDRESS, null=True, blank=True)
    metric = models.BigIntegerField(null=True, blank=True)
    local_pref = models.BigIntegerField(null=True, blank=True, verbose_name="local preference")
    weight = models.BigIntegerField(null=True, blank=True)
    as_path = models.TextField(blank=True, verbose_name="AS path")
    origin = models.CharField(max_length=16, blank=True)
    valid = models.BooleanField(default=True)
    best = models.BooleanField(default=False)

    class Meta(CachedRow.Meta):
        abstract = False
        ordering = ["prefix", "id"]
        verbose_name = "cached BGP route"
        indexes = [models.Index(fields=["device", "vrf", "prefix"]), *_indexes("prefix")]

    def __str__(self) -> str:
        return f"{self.prefix} via {self.next_hop or '-'}"
