"""The filters of the map: REST's, by the same names."""

from __future__ import annotations

from typing import Any

from django import forms
from nautobot.apps.forms import (
    BootstrapMixin,
    DynamicModelMultipleChoiceField,
    StaticSelect2,
    StaticSelect2Multiple,
)
from nautobot.core.forms.constants import BOOLEAN_WITH_BLANK_CHOICES
from nautobot.dcim.models import Device, Location, Platform
from nautobot.extras.models import DynamicGroup, Role, Tag

LAYERS = (("physical", "Physical"), ("l2", "Layer 2"), ("l3", "Layer 3"))
CONFIDENCES = (("", "Any"), ("0.5", "0.5 and more"), ("0.7", "0.7 and more"), ("0.9", "0.9 and more"))


def _objects(model: Any, label: str, **query: str) -> DynamicModelMultipleChoiceField:
    return DynamicModelMultipleChoiceField(
        queryset=model.objects.all(), required=False, label=label, query_params=query
    )


def _switch(label: str) -> forms.NullBooleanField:
    return forms.NullBooleanField(required=False, label=label, widget=StaticSelect2(choices=BOOLEAN_WITH_BLANK_CHOICES))


class TopologyFilterForm(BootstrapMixin, forms.Form):
    """What of the network, and which links. Offers only what `user` may view."""

    devices = _objects(Device, "Devices")
    location = _objects(Location, "Locations, with those below them")
    role = _objects(Role, "Roles", content_types="dcim.device")
    platform = _objects(Platform, "Platforms")
    tag = _objects(Tag, "Tags", content_types="dcim.device")
    dynamic_group = _objects(DynamicGroup, "Dynamic groups", content_type="dcim.device")
    focus = DynamicModelMultipleChoiceField(queryset=Device.objects.all(), required=False, label="Focus on")
    depth = forms.IntegerField(required=False, min_value=0, label="Hops from there")
    vlan = forms.IntegerField(required=False, min_value=1, max_value=4094, label="VLAN")
    vrf = forms.CharField(required=False, label="VRF", help_text="“default” for the one that has no other name.")
    layers = forms.MultipleChoiceField(required=False, label="Layers", choices=LAYERS, widget=StaticSelect2Multiple())
    include_cdp = _switch("CDP")
    include_lldp = _switch("LLDP")
    include_routing = _switch("Routing")
    include_layer2 = _switch("MAC and ARP tables")
    min_confidence = forms.ChoiceField(required=False, label="Confidence", choices=CONFIDENCES, widget=StaticSelect2())
    stale = _switch("Stale")

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if hasattr(field, "queryset"):
                field.queryset = field.queryset.restrict(user, "view")
