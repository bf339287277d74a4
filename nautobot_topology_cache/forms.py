"""Filter forms of the list views; nothing here is edited by hand."""

from __future__ import annotations

from django import forms
from nautobot.apps.forms import (
    BootstrapMixin,
    DynamicModelMultipleChoiceField,
    StaticSelect2,
    StaticSelect2Multiple,
)
from nautobot.core.forms.constants import BOOLEAN_WITH_BLANK_CHOICES
from nautobot.dcim.models import Device, Location, Platform
from nautobot.extras.models import Role

from nautobot_topology_cache import choices, models


def _yes_or_no(label: str) -> forms.NullBooleanField:
    return forms.NullBooleanField(required=False, label=label, widget=StaticSelect2(choices=BOOLEAN_WITH_BLANK_CHOICES))


class OfDeviceFilterForm(BootstrapMixin, forms.Form):
    """Whose rows."""

    q = forms.CharField(required=False, label="Search")
    device = DynamicModelMultipleChoiceField(queryset=Device.objects.all(), required=False)
    location = DynamicModelMultipleChoiceField(queryset=Location.objects.all(), required=False, to_field_name="name")
    device_role = DynamicModelMultipleChoiceField(
        queryset=Role.objects.all(), required=False, to_field_name="name", query_params={"content_types": "dcim.device"}
    )
    device_platform = DynamicModelMultipleChoiceField(
        queryset=Platform.objects.all(), required=False, to_field_name="name", label="Device platform"
    )


class CachedRowFilterForm(OfDeviceFilterForm):
    """Whose rows, and of when."""

    history = _yes_or_no("Closed rows too")


class CachedInterfaceFilterForm(CachedRowFilterForm):
    model = models.CachedInterface
    name = forms.CharField(required=False)
    mac_address = forms.CharField(required=False, label="MAC address", help_text="In any notation.")
    vrf = forms.CharField(required=False, label="VRF")
    enabled = _yes_or_no("Enabled")


class CachedIPAddressFilterForm(CachedRowFilterForm):
    model = models.CachedIPAddress
    address = forms.CharField(required=False)
    vrf = forms.CharField(required=False, label="VRF")


class CachedARPEntryFilterForm(CachedRowFilterForm):
    model = models.CachedARPEntry
    ip_address = forms.CharField(required=False, label="IP address")
    mac_address = forms.CharField(required=False, label="MAC address", help_text="In any notation.")
    vrf = forms.CharField(required=False, label="VRF")


class CachedMACAddressFilterForm(CachedRowFilterForm):
    model = models.CachedMACAddress
    mac_address = forms.CharField(required=False, label="MAC address", help_text="In any notation.")
    vlan = forms.IntegerField(required=False, label="VLAN")
    interface = forms.CharField(required=False)


class CachedNeighborFilterForm(CachedRowFilterForm):
    model = models.CachedNeighbor
    protocol = forms.MultipleChoiceField(
        choices=[("cdp", "CDP"), ("lldp", "LLDP")], required=False, widget=StaticSelect2Multiple()
    )
    local_interface = forms.CharField(required=False)
    neighbor_hostname = forms.CharField(required=False)


class CachedRoutingNeighborFilterForm(CachedRowFilterForm):
    model = models.CachedRoutingNeighbor
    protocol = forms.CharField(required=False)
    address = forms.CharField(required=False)
    vrf = forms.CharField(required=False, label="VRF")


class CachedRouteFilterForm(CachedRowFilterForm):
    model = models.CachedRoute
    prefix = forms.CharField(required=False)
    contains = forms.CharField(required=False, label="Contains address")
    protocol = forms.CharField(required=False)
    vrf = forms.CharField(required=False, label="VRF")


class CachedBGPRouteFilterForm(CachedRowFilterForm):
    model = models.CachedBGPRoute
    prefix = forms.CharField(required=False)
    contains = forms.CharField(required=False, label="Contains address")
    vrf = forms.CharField(required=False, label="VRF")
    best = _yes_or_no("Best")


class DeviceCacheFilterForm(OfDeviceFilterForm):
    model = models.DeviceCache
    polling_enabled = _yes_or_no("Polling enabled")


class CommandOutputFilterForm(OfDeviceFilterForm):
    model = models.CommandOutput
    command = forms.CharField(required=False)
    outcome = forms.MultipleChoiceField(choices=choices.OutcomeChoices, required=False, widget=StaticSelect2Multiple())


class DiscoveryRunFilterForm(BootstrapMixin, forms.Form):
    model = models.DiscoveryRun
    q = forms.CharField(required=False, label="Search")
    status = forms.MultipleChoiceField(choices=choices.RunStatusChoices, required=False, widget=StaticSelect2Multiple())
