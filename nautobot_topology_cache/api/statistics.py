"""REST for `statistics/`: how much is stored and how well it stands."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from nautobot.core.api.renderers import FormlessBrowsableAPIRenderer, NautobotJSONRenderer
from nautobot.core.api.views import NautobotAPIVersionMixin
from rest_framework import serializers
from rest_framework.request import Request as HttpRequest
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from nautobot_topology_cache import models
from nautobot_topology_cache.statistics import statistics


class TableFiguresSerializer(serializers.Serializer):
    rows = serializers.IntegerField(help_text="Current rows.")
    slices = serializers.DictField(child=serializers.IntegerField(), help_text="Commands on devices, by outcome.")
    valid = serializers.IntegerField()
    stale = serializers.IntegerField(help_text="Failed ones too.")
    failed = serializers.IntegerField()
    oldest_collected_at = serializers.DateTimeField(allow_null=True)
    newest_collected_at = serializers.DateTimeField(allow_null=True)


class SliceFiguresSerializer(serializers.Serializer):
    valid = serializers.IntegerField()
    stale = serializers.IntegerField()
    failed = serializers.IntegerField()


class DeviceFiguresSerializer(serializers.Serializer):
    total = serializers.IntegerField()
    cached = serializers.IntegerField()
    not_cached = serializers.IntegerField()
    polling_enabled = serializers.IntegerField()
    polling_disabled = serializers.IntegerField()


class OutputFiguresSerializer(serializers.Serializer):
    total = serializers.IntegerField()
    bytes = serializers.IntegerField(help_text="As stored, which is compressed.")
    valid = serializers.IntegerField()
    expired = serializers.IntegerField()


class RunLineSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    status = serializers.CharField()
    created_at = serializers.DateTimeField()
    completed_at = serializers.DateTimeField(allow_null=True)
    total_devices = serializers.IntegerField()
    completed_devices = serializers.IntegerField()
    failed_devices = serializers.IntegerField()


class RunFiguresSerializer(serializers.Serializer):
    by_status = serializers.DictField(child=serializers.IntegerField())
    hit_rate = serializers.FloatField(
        allow_null=True, help_text="Share of commands that stored answers served in the last 24 hours, 0 to 1."
    )
    last = RunLineSerializer(many=True)


class LargeDeviceSerializer(serializers.Serializer):
    device_id = serializers.UUIDField()
    device_name = serializers.CharField()
    rows = serializers.IntegerField()


class CacheStatisticsSerializer(serializers.Serializer):
    """Figures of what the user may view; null, or an absent table, is what they may not."""

    tables = serializers.DictField(child=TableFiguresSerializer())
    slices = SliceFiguresSerializer()
    devices = DeviceFiguresSerializer()
    command_outputs = OutputFiguresSerializer(allow_null=True)
    runs = RunFiguresSerializer(allow_null=True)
    largest_devices = LargeDeviceSerializer(many=True)


class StatisticsViewSet(NautobotAPIVersionMixin, GenericViewSet):
    """Whoever may view device caches may ask; each figure is of what else they may view."""

    queryset = models.DeviceCache.objects.all()
    serializer_class = CacheStatisticsSerializer
    renderer_classes = [NautobotJSONRenderer, FormlessBrowsableAPIRenderer]

    @extend_schema(responses={200: CacheStatisticsSerializer})
    def retrieve(self, request: HttpRequest) -> Response:
        """Rows by table, valid, stale and failed slices, layer 1, polling, the last runs, the largest devices."""
        return Response(self.get_serializer(statistics(request.user).as_dict()).data)
