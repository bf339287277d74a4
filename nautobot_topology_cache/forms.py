"""Forms of the list views: filters, and the one thing that is edited by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from nautobot.apps.forms import (
    BootstrapMixin,
    BulkEditForm,
    BulkEditNullBooleanSelect,
    DynamicModelMultipleChoiceField,
    StaticSelect2,
    StaticSelect2Multiple,
)
from nautobot.core.forms.constants import BOOLEAN_WITH_BLANK_CHOICES
from nautobot.dcim.models import Device, Location, Platform
from nautobot.extras.models import Role

from nautobot_topology_cache import choices, models

ROUTE_PROTOCOLS = ("connected", "local", "static", "ospf", "bgp", "isis", "eigrp", "rip", "hsrp", "vrrp")
NEIGHBOR_PROTOCOLS = ("ospf", "bgp", "isis", "eigrp")
LINK_PROTOCOLS = ("cdp", "lldp")
"""Those to choose from; a URL may name any other that a device has."""
POLLED = models.DeviceCache._meta.get_field("polling_enabled").help_text


def _yes_or_no(label: str) -> forms.NullBooleanField:
    return forms.NullBooleanField(required=False, label=label, widget=StaticSelect2(choices=BOOLEAN_WITH_BLANK_CHOICES))


def _text(label: str, help_text: str = "") -> forms.CharField:
    """Always with a label: Nautobot makes the placeholder of it."""
    return forms.CharField(required=False, label=label, help_text=help_text)


def _several(label: str, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(required=False, label=label, choices=choices, widget=StaticSelect2Multiple())


def _protocol(words: tuple[str, ...]) -> forms.MultipleChoiceField:
    return _several("Protocol", [(word, word) for word in words])


def _mac_address() -> forms.CharField:
    return _text("MAC address", "In any notation.")


def _vrf() -> forms.CharField:
    return _text("VRF", "“default” for the one that has no other name.")


class OfDeviceFilterForm(BootstrapMixin, forms.Form):
    """Whose rows."""

    q = _text("Search")
    device = DynamicModelMultipleChoiceField(queryset=Device.objects.all(), required=False, label="Device")
    location = DynamicModelMultipleChoiceField(
        queryset=Location.objects.all(), required=False, to_field_name="name", label="Location"
    )
    device_role = DynamicModelMultipleChoiceField(
        queryset=Role.objects.all(),
        required=False,
        to_field_name="name",
        query_params={"content_types": "dcim.device"},
        label="Device role",
    )
    device_platform = DynamicModelMultipleChoiceField(
        queryset=Platform.objects.all(), required=False, to_field_name="name", label="Device platform"
    )


class CachedRowFilterForm(OfDeviceFilterForm):
    """Whose rows, and of when."""

    history = _yes_or_no("Closed rows too")
    stale = _yes_or_no("Stale")


class CachedInterfaceFilterForm(CachedRowFilterForm):
    model = models.CachedInterface
    name = _text("Name")
    mac_address = _mac_address()
    vrf = _vrf()
    enabled = _yes_or_no("Enabled")


class CachedIPAddressFilterForm(CachedRowFilterForm):
    model = models.CachedIPAddress
    address = _text("Address")
    vrf = _vrf()


class CachedARPEntryFilterForm(CachedRowFilterForm):
    model = models.CachedARPEntry
    ip_address = _text("IP address")
    mac_address = _mac_address()
    vrf = _vrf()


class CachedMACAddressFilterForm(CachedRowFilterForm):
    model = models.CachedMACAddress
    mac_address = _mac_address()
    vlan = forms.IntegerField(required=False, label="VLAN")
    interface = _text("Interface")


class CachedNeighborFilterForm(CachedRowFilterForm):
    model = models.CachedNeighbor
    protocol = _protocol(LINK_PROTOCOLS)
    local_interface = _text("Local interface")
    neighbor_hostname = _text("Neighbor hostname")


class CachedRoutingNeighborFilterForm(CachedRowFilterForm):
    model = models.CachedRoutingNeighbor
    protocol = _protocol(NEIGHBOR_PROTOCOLS)
    address = _text("Address")
    vrf = _vrf()


class CachedRouteFilterForm(CachedRowFilterForm):
    model = models.CachedRoute
    prefix = _text("Prefix")
    contains = _text("Contains address")
    protocol = _protocol(ROUTE_PROTOCOLS)
    vrf = _vrf()


class CachedBGPRouteFilterForm(CachedRowFilterForm):
    model = models.CachedBGPRoute
    prefix = _text("Prefix")
    contains = _text("Contains address")
    vrf = _vrf()
    best = _yes_or_no("Best")


class DeviceCacheFilterForm(OfDeviceFilterForm):
    model = models.DeviceCache
    stale = _yes_or_no("Has stale tables")
    polling_enabled = _yes_or_no("Polling enabled")


class PollingForm(BootstrapMixin, BulkEditForm):
    """What may be decided for many devices at once."""

    pk = forms.ModelMultipleChoiceField(queryset=models.DeviceCache.objects.all(), widget=forms.MultipleHiddenInput())
    polling_enabled = forms.NullBooleanField(
        required=False, label="Polling enabled", widget=BulkEditNullBooleanSelect(), help_text=POLLED
    )

    class Meta:
        nullable_fields: list[str] = []

    def clean_polling_enabled(self) -> bool:
        """A choice: there is nothing else to edit."""
        enabled = self.cleaned_data["polling_enabled"]
        if enabled is None:
            raise forms.ValidationError("Choose whether scheduled refreshes contact these devices.")
        return enabled


class CommandOutputFilterForm(OfDeviceFilterForm):
    model = models.CommandOutput
    command = _text("Command")
    outcome = _several("Outcome", choices.OutcomeChoices)


class DiscoveryRunFilterForm(BootstrapMixin, forms.Form):
    model = models.DiscoveryRun
    q = _text("Search")
    status = _several("Status", choices.RunStatusChoices)
