"""REST for the picture of the network: `topology/`, its figures, and what a neighbor's name and address mean."""

from __future__ import annotations

import json
from typing import Any

import attrs
from django.http import Http404, QueryDict
from drf_spectacular.utils import extend_schema
from nautobot.core.api.renderers import FormlessBrowsableAPIRenderer, NautobotJSONRenderer
from nautobot.dcim.models import Device
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request as HttpRequest
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from nautobot_topology_cache import discovery, drawing, requests
from nautobot_topology_cache.observations import NEXT_HOPS
from nautobot_topology_cache.topology.edges import EDGE, UPLINK
from nautobot_topology_cache.topology.export import FORMATS, Format
from nautobot_topology_cache.topology.layout import LAYOUTS

LAYERS = ("physical", "l2", "l3")
DEEPEST = 20
NOT_PARAMETERS = ("format", "api_version", "limit", "offset")
"""What Nautobot and Django REST framework read from the query themselves."""


def _names(what: str) -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(), required=False, help_text=what)


class PortsQuerySerializer(serializers.Serializer):
    """Whose ports. Filters narrow each other; `devices` are added to what they select."""

    devices = _names("Devices, by id or name.")
    location = _names("Locations, by id or name, with those below them.")
    role = _names("Device roles, by id or name.")
    platform = _names("Platforms, by id or name.")
    tag = _names("Tags, by id or name.")
    dynamic_group = _names("Dynamic groups of devices, by id or name.")


class TopologyQuerySerializer(PortsQuerySerializer):
    """What a picture may be asked for. Filters narrow each other; `devices` are added to what they select."""

    focus = _names("Show what is at most `depth` links away from these devices, by id or name.")
    depth = serializers.IntegerField(default=1, min_value=0, max_value=DEEPEST)
    layers = serializers.ListField(child=serializers.ChoiceField(LAYERS), default=["physical"])
    vlan = serializers.IntegerField(required=False, min_value=1, max_value=4094, help_text="Links that carry a VLAN.")
    vrf = serializers.CharField(required=False, help_text="Links of ports in a VRF; `default` is one as well.")
    include_cdp = serializers.BooleanField(default=True)
    include_lldp = serializers.BooleanField(default=True)
    include_layer2 = serializers.BooleanField(
        default=False, help_text="Layer 2 besides, and MAC and ARP entries as evidence for physical links."
    )
    include_routing = serializers.BooleanField(
        default=False, help_text="Layer 3 besides, and routes and routing neighbors as evidence for physical links."
    )
    include_cables = serializers.BooleanField(default=False, help_text="Documented cables too that nothing shows.")
    route_types = serializers.ListField(
        child=serializers.ChoiceField(NEXT_HOPS),
        default=list(NEXT_HOPS),
        help_text="Protocols whose routes and neighbors count.",
    )
    min_confidence = serializers.FloatField(default=0.0, min_value=0.0, max_value=1.0)
    stale = serializers.BooleanField(default=None, allow_null=True, help_text="Only stale links, or none of them.")
    layout = serializers.ChoiceField(list(LAYOUTS), default="force_directed")


class NodeSerializer(serializers.Serializer):
    id = serializers.CharField()
    node_type = serializers.ChoiceField(("device", "external", "segment", "boundary", "hidden"))
    device_id = serializers.UUIDField(allow_null=True)
    device_name = serializers.CharField()
    primary_ip = serializers.CharField(allow_null=True)
    platform = serializers.CharField()
    role = serializers.CharField()
    location = serializers.CharField()
    position_x = serializers.FloatField()
    position_y = serializers.FloatField()


class EvidenceSerializer(serializers.Serializer):
    kind = serializers.CharField()
    device_id = serializers.UUIDField(allow_null=True)
    source = serializers.CharField()
    collected_at = serializers.DateTimeField(allow_null=True)
    supports = serializers.BooleanField()
    detail = serializers.CharField()


class BundlesSerializer(serializers.Serializer):
    """The bundles of a link's two ports."""

    source = serializers.CharField()
    target = serializers.CharField()


class RoutingSerializer(serializers.Serializer):
    protocol = serializers.CharField()
    vrf = serializers.CharField()
    direction = serializers.ChoiceField(("source", "target", "both"))
    prefix_count = serializers.IntegerField()
    prefixes = serializers.ListField(child=serializers.CharField())


class LinkSerializer(serializers.Serializer):
    id = serializers.CharField()
    source = serializers.CharField()
    target = serializers.CharField()
    source_device_id = serializers.UUIDField(allow_null=True)
    target_device_id = serializers.UUIDField(allow_null=True)
    source_device_name = serializers.CharField()
    target_device_name = serializers.CharField()
    source_interface = serializers.CharField()
    target_interface = serializers.CharField()
    layer = serializers.ChoiceField(LAYERS)
    link_type = serializers.CharField()
    confidence = serializers.FloatField()
    confidence_label = serializers.ChoiceField(("high", "medium", "low", "conflict"))
    stale = serializers.BooleanField()
    lag = BundlesSerializer(allow_null=True)
    routing = RoutingSerializer(allow_null=True)
    evidence = EvidenceSerializer(many=True)


class UnresolvedSerializer(serializers.Serializer):
    device_id = serializers.UUIDField()
    device_name = serializers.CharField()
    local_interface = serializers.CharField()
    protocol = serializers.CharField()
    neighbor_name = serializers.CharField()
    neighbor_interface = serializers.CharField()
    reason = serializers.CharField()
    candidates = serializers.ListField(child=serializers.UUIDField())


class TopologySerializer(serializers.Serializer):
    """The picture."""

    nodes = NodeSerializer(many=True)
    links = LinkSerializer(many=True)
    unresolved = UnresolvedSerializer(many=True)
    metadata = serializers.DictField()


class TopologyStatisticsSerializer(serializers.Serializer):
    """Figures over the devices of the picture."""

    total_devices = serializers.IntegerField()
    total_links = serializers.IntegerField()
    link_types_breakdown = serializers.DictField(child=serializers.IntegerField())
    devices_by_platform = serializers.DictField(child=serializers.IntegerField())
    isolated_devices = serializers.ListField(child=serializers.DictField())
    average_connections_per_device = serializers.FloatField()
    unresolved_neighbors = serializers.IntegerField()
    articulation_points = serializers.ListField(child=serializers.DictField())
    bridges = serializers.ListField(child=serializers.DictField())


class PortSerializer(serializers.Serializer):
    """A port or a bundle, and whether it leads to a Device."""

    device_id = serializers.UUIDField()
    device_name = serializers.CharField()
    interface = serializers.CharField()
    verdict = serializers.ChoiceField((UPLINK, EDGE))
    reason = serializers.CharField()
    devices = serializers.ListField(child=serializers.UUIDField(), help_text="The Devices behind it.")


class PortsSerializer(serializers.Serializer):
    ports = PortSerializer(many=True)


class NeighborQuerySerializer(serializers.Serializer):
    neighbor_name = serializers.CharField(required=False, help_text="As the neighbor announces it.")
    neighbor_ip = serializers.IPAddressField(required=False)


class ResolvedNeighborSerializer(serializers.Serializer):
    """Which Device is meant, by which rule, or why none is."""

    neighbor_name = serializers.CharField()
    neighbor_ip = serializers.CharField(allow_null=True)
    device_id = serializers.UUIDField(allow_null=True)
    device_name = serializers.CharField()
    matched_by = serializers.CharField()
    confidence = serializers.FloatField()
    reason = serializers.CharField()
    candidates = serializers.ListField(child=serializers.UUIDField())


class ExportRenderer(BaseRenderer):
    """One of the exports; what went wrong is said in JSON."""

    charset = "utf-8"
    export: Format

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        response = (renderer_context or {}).get("response")
        if response is not None and response.status_code != status.HTTP_200_OK:
            response["Content-Type"] = "application/json"
            return json.dumps(data, default=str).encode()
        # An odd byte of a device may have come through as half a surrogate pair.
        return self.export.make(data).encode("utf-8", "replace")


def _renderer(name: str, export: Format) -> type[ExportRenderer]:
    named = {"format": name, "media_type": export.media_type, "export": export, "__module__": __name__}
    return type(f"{name.title()}Renderer", (ExportRenderer,), named)


EXPORTS = [_renderer(name, export) for name, export in FORMATS.items() if name != "json"]


class NamedFormats(DefaultContentNegotiation):
    """A format that there is none of is a wrong parameter, not a page that is missing."""

    def filter_renderers(self, renderers: Any, format: str) -> Any:
        try:
            return super().filter_renderers(renderers, format)
        except Http404 as error:
            known = ", ".join(renderer.format for renderer in renderers)
            raise ValidationError({"format": [f"There is no format {format}; there are {known}."]}) from error


class TopologyViewSet(ViewSet):
    """Whatever the user may view: rows and Devices alike decide what the picture is made of."""

    permission_classes = [IsAuthenticated]
    renderer_classes = [NautobotJSONRenderer, FormlessBrowsableAPIRenderer]
    content_negotiation_class = NamedFormats

    def get_renderers(self) -> list[BaseRenderer]:
        """The exports besides, for the picture itself."""
        more = EXPORTS if self.action == "list" else ()
        return [*super().get_renderers(), *(renderer() for renderer in more)]

    @extend_schema(parameters=[TopologyQuerySerializer], responses={200: TopologySerializer})
    def list(self, request: HttpRequest) -> Response:
        """Nodes, links with their evidence, and the neighbors that could not be matched.

        `format` is json, or an export: graphml, dot, drawio, svg, csv (the links), batfish (`layer1_topology.json`).
        """
        question = question_of(request)
        answer = Response(drawing.shown(question, request.user))
        export = FORMATS.get(request.accepted_renderer.format)
        if export is not None and "format" in request.query_params:
            answer["Content-Disposition"] = f'attachment; filename="{export.filename}"'
        return answer

    @extend_schema(parameters=[TopologyQuerySerializer], responses={200: TopologyStatisticsSerializer})
    @action(detail=False)
    def statistics(self, request: HttpRequest) -> Response:
        """Figures, and the devices and cables whose loss would split the network."""
        return Response(drawing.statistics(question_of(request), request.user))

    @extend_schema(parameters=[PortsQuerySerializer], responses={200: PortsSerializer})
    @action(detail=False)
    def ports(self, request: HttpRequest) -> Response:
        """Uplink or edge, and why, for each port of the devices that are selected."""
        filters = _checked(PortsQuerySerializer, request.query_params)
        chosen = _selected(filters, request.user) if filters else Device.objects.restrict(request.user, "view")
        found, devices = drawing.ports(chosen, request.user)
        told = [
            {"device_id": one.device, "device_name": devices[one.device].name, **attrs.asdict(one)} for one in found
        ]
        return Response(PortsSerializer({"ports": told}).data)

    @extend_schema(parameters=[NeighborQuerySerializer], responses={200: ResolvedNeighborSerializer})
    @action(detail=False, url_path="resolve-neighbor", url_name="resolve-neighbor")
    def resolve_neighbor(self, request: HttpRequest) -> Response:
        """Which Device a name and an address mean, and why."""
        given = _checked(NeighborQuerySerializer, request.query_params)
        name, address = given.get("neighbor_name", ""), given.get("neighbor_ip")
        if not name and not address:
            raise ValidationError({"neighbor_name": ["Give a name, an address, or both."]})
        match = drawing.resolve(name, address, request.user)
        device = Device.objects.filter(pk=match.device).first() if match.device else None
        return Response(
            {
                "neighbor_name": name,
                "neighbor_ip": address,
                "device_id": match.device,
                "device_name": device.name if device else "",
                "matched_by": match.matched_by,
                "confidence": match.confidence,
                "reason": match.reason,
                "candidates": list(match.candidates),
            }
        )


def question_of(request: HttpRequest) -> drawing.Question:
    """The question that a query asks; raises ValidationError naming every parameter that is wrong."""
    return question(_checked(TopologyQuerySerializer, request.query_params), request.user)


def question(given: dict[str, Any], user: Any) -> drawing.Question:
    """The question that checked parameters ask; raises ValidationError for names of nothing that `user` may view."""
    filters = {name: given.pop(name) for name in ("devices", *requests.FILTERS) if name in given}
    focus = _selected({"devices": given.pop("focus")}, user, "focus") if "focus" in given else None
    return drawing.Question(
        devices=_selected(filters, user) if filters else None,
        focus=tuple(str(pk) for pk in focus.values_list("pk", flat=True)) if focus is not None else (),
        **{name: tuple(value) if isinstance(value, list) else value for name, value in given.items()},
    )


def _selected(filters: dict[str, Any], user: Any, instead: str = "devices") -> Any:
    try:
        return discovery.Request.from_names(filters, user).selected(user)
    except discovery.BadRequest as error:
        raise ValidationError(
            {instead if name == "devices" else name: why for name, why in error.errors.items()}
        ) from error


def _checked(serializer: type[serializers.Serializer], query: QueryDict) -> dict[str, Any]:
    fields = serializer().fields
    unknown = sorted(set(query) - set(fields) - set(NOT_PARAMETERS))
    if unknown:
        known = ", ".join(fields)
        raise ValidationError({name: [f"There is no such parameter; there are {known}."] for name in unknown})
    # Not the QueryDict itself: from a form, a switch that is not given would be off.
    several = {name for name, field in fields.items() if isinstance(field, serializers.ListField)}
    given = {name: query.getlist(name) if name in several else query[name] for name in query if name in fields}
    checked = serializer(data=given)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)
