"""REST views. No GET contacts a device or writes a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from nautobot.apps.api import ReadOnlyModelViewSet
from nautobot.core.api.views import NautobotAPIVersionMixin
from nautobot.core.exceptions import CeleryWorkerNotRunningException
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request as HttpRequest
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from nautobot_topology_cache import decisions, discovery, filters, jobs, models, purging
from nautobot_topology_cache.api import results, serializers
from nautobot_topology_cache.api.permissions import ActionPermissions
from nautobot_topology_cache.api.refusals import RefusingViewSet, refuse_nul
from nautobot_topology_cache.requests import rebuild_of

UUID_TEXT = "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
"""Anything else is not found. Nautobot would take it for a natural key, of which these objects have none but the id."""


class OfDeviceViewSet(RefusingViewSet, ReadOnlyModelViewSet):
    """What belongs to a Device."""

    lookup_value_regex = UUID_TEXT

    def get_queryset(self) -> QuerySet:
        """With `?depth`, what Nautobot's serializer of a Device would otherwise look up device by device."""
        found = super().get_queryset()
        deep = self.get_serializer_context()["depth"] > 0
        return found.select_related("device__location", "device__parent_bay") if deep else found


class CachedRowViewSet(OfDeviceViewSet):
    """Lists show current rows, and closed ones with `history=true`; a single row is shown in any case."""

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset if self.action == "retrieve" else super().filter_queryset(queryset)


class CachedInterfaceViewSet(CachedRowViewSet):
    queryset = models.CachedInterface.versions.select_related("slice")
    serializer_class = serializers.CachedInterfaceSerializer
    filterset_class = filters.CachedInterfaceFilterSet


class CachedIPAddressViewSet(CachedRowViewSet):
    queryset = models.CachedIPAddress.versions.select_related("slice")
    serializer_class = serializers.CachedIPAddressSerializer
    filterset_class = filters.CachedIPAddressFilterSet


class CachedARPEntryViewSet(CachedRowViewSet):
    queryset = models.CachedARPEntry.versions.select_related("slice")
    serializer_class = serializers.CachedARPEntrySerializer
    filterset_class = filters.CachedARPEntryFilterSet


class CachedMACAddressViewSet(CachedRowViewSet):
    queryset = models.CachedMACAddress.versions.select_related("slice")
    serializer_class = serializers.CachedMACAddressSerializer
    filterset_class = filters.CachedMACAddressFilterSet


class CachedNeighborViewSet(CachedRowViewSet):
    queryset = models.CachedNeighbor.versions.select_related("slice")
    serializer_class = serializers.CachedNeighborSerializer
    filterset_class = filters.CachedNeighborFilterSet


class CachedRoutingNeighborViewSet(CachedRowViewSet):
    queryset = models.CachedRoutingNeighbor.versions.select_related("slice")
    serializer_class = serializers.CachedRoutingNeighborSerializer
    filterset_class = filters.CachedRoutingNeighborFilterSet


class CachedRouteViewSet(CachedRowViewSet):
    queryset = models.CachedRoute.versions.select_related("slice")
    serializer_class = serializers.CachedRouteSerializer
    filterset_class = filters.CachedRouteFilterSet


class CachedBGPRouteViewSet(CachedRowViewSet):
    queryset = models.CachedBGPRoute.versions.select_related("slice")
    serializer_class = serializers.CachedBGPRouteSerializer
    filterset_class = filters.CachedBGPRouteFilterSet


class DeviceCacheViewSet(OfDeviceViewSet):
    queryset = models.DeviceCache.objects.select_related("device")
    serializer_class = serializers.DeviceCacheSerializer
    filterset_class = filters.DeviceCacheFilterSet
    permission_classes = [ActionPermissions]
    verbs = {"forget_host_key": "change"}

    def restrict_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """What the user may see, or may change."""
        if request.user.is_authenticated:
            self.queryset = self.queryset.restrict(request.user, "view" if request.method in SAFE_METHODS else "change")

    @extend_schema(request=serializers.PollingSerializer)
    def partial_update(self, request: HttpRequest, pk: str | None = None) -> Response:
        """Switch polling: whether scheduled refreshes contact the device."""
        cache = self.get_object()
        asked = serializers.PollingSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        decisions.set_polling([cache.pk], asked.validated_data["polling_enabled"])
        return Response(self.get_serializer(models.DeviceCache.objects.get(pk=cache.pk)).data)

    @extend_schema(
        request=serializers.PollingOfOneSerializer(many=True),
        responses={200: serializers.DeviceCacheSerializer(many=True)},
    )
    def bulk_partial_update(self, request: HttpRequest) -> Response:
        """Switch polling of several devices, all or none."""
        asked = serializers.PollingOfOneSerializer(data=request.data, many=True, allow_empty=False)
        asked.is_valid(raise_exception=True)
        wanted = {one["id"]: one["polling_enabled"] for one in asked.validated_data}
        caches = self.get_queryset().filter(pk__in=wanted)
        unknown = wanted.keys() - set(caches.values_list("pk", flat=True))
        if unknown:
            raise ValidationError({"id": [f"There is no device cache {pk}." for pk in sorted(unknown)]})
        with transaction.atomic():
            for enabled in (True, False):
                decisions.set_polling([pk for pk, choice in wanted.items() if choice is enabled], enabled)
        return Response(self.get_serializer(list(caches.all()), many=True).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="forget-host-key")
    def forget_host_key(self, request: HttpRequest, pk: str | None = None) -> Response:
        """Accept whatever SSH host key the device shows next, where the policy is to learn it at the first login."""
        cache = self.get_object()
        decisions.forget_host_key(cache.pk)
        return Response(self.get_serializer(models.DeviceCache.objects.get(pk=cache.pk)).data)


class CommandOutputViewSet(OfDeviceViewSet):
    queryset = models.CommandOutput.objects.all()
    serializer_class = serializers.CommandOutputSerializer
    filterset_class = filters.CommandOutputFilterSet

    def get_serializer_class(self) -> type:
        return serializers.CommandOutputDetailSerializer if self.action == "retrieve" else self.serializer_class

    def get_queryset(self) -> QuerySet:
        """Lists leave the large columns in the database unless they are asked for."""
        outputs = super().get_queryset()
        included = set(self.request.query_params.getlist("include")) if self.request else set()
        large = {"compressed": "raw", "parsed": "parsed"}
        deferred = [column for column, field in large.items() if field not in included]
        return outputs if self.action == "retrieve" else outputs.defer(*deferred)


class DiscoveryRunViewSet(RefusingViewSet, ReadOnlyModelViewSet):
    lookup_value_regex = UUID_TEXT
    queryset = models.DiscoveryRun.objects.all()
    serializer_class = serializers.DiscoveryRunSerializer
    filterset_class = filters.DiscoveryRunFilterSet
    permission_classes = [ActionPermissions]
    verbs = {"cancel": "change"}

    def restrict_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Runs the user may see, or may cancel, with figures over the devices that the user may view."""
        if request.user.is_authenticated:
            self.queryset = self.queryset.restrict(request.user, self.verbs.get(self.action, "view"))

    def get_serializer_class(self) -> type:
        return self.serializer_class if self.action == "list" else serializers.DiscoveryRunDetailSerializer

    @extend_schema(
        request=serializers.DiscoveryRequestSerializer, responses={202: serializers.DiscoveryRunDetailSerializer}
    )
    def create(self, request: HttpRequest) -> Response:
        """Start a run in the background; the answer's `Location` is where to watch it."""
        return started(self, discovery.Request.from_names, jobs.DiscoverTopology)

    @extend_schema(request=None, responses={200: serializers.DiscoveryRunDetailSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: HttpRequest, pk: str | None = None) -> Response:
        """Start no further device; one in flight ends its current command, and what is written stays."""
        run = self.get_object()
        discovery.cancel(run)
        return Response(shown(self, run.pk))

    @extend_schema(responses={200: serializers.RunResultSerializer})
    @action(detail=True)
    def result(self, request: HttpRequest, pk: str | None = None) -> Response:
        """What each device said, from current rows, or from the run itself when it cached nothing."""
        return Response(results.of_run(self.get_object(), request))


class UpkeepViewSet(RefusingViewSet, NautobotAPIVersionMixin, GenericViewSet):
    """What is done with what is stored. Whom it reaches, the code behind it decides by the user."""

    permission_classes = [ActionPermissions]
    verbs: dict[str, str] = {}


class PurgeViewSet(UpkeepViewSet):
    """Removes; nothing else ever does."""

    queryset = models.DeviceCache.objects.all()
    serializer_class = serializers.PurgeSerializer
    verbs = {"create": "delete"}

    @extend_schema(responses={200: {"type": "object", "additionalProperties": {"type": "integer"}}})
    def create(self, request: HttpRequest) -> Response:
        """Remove by layer, device and age; answers how much went, by name."""
        try:
            wanted = purging.Purge.from_names(given(request), request.user)
            return Response(purging.purge(wanted, request.user))
        except discovery.BadRequest as error:
            raise ValidationError(error.errors) from error


class RebuildViewSet(UpkeepViewSet):
    """Fills layer 2 from layer 1."""

    queryset = models.DiscoveryRun.objects.all()
    serializer_class = serializers.DiscoveryRunDetailSerializer

    @extend_schema(request=serializers.RebuildSerializer, responses={202: serializers.DiscoveryRunDetailSerializer})
    def create(self, request: HttpRequest) -> Response:
        """Read stored command outputs anew, in the background, without contacting a device."""
        return started(self, rebuild_of, jobs.RebuildTables)


def given(request: HttpRequest) -> Mapping[str, Any]:
    """The options that a body has."""
    if not isinstance(request.data, Mapping):
        raise ValidationError("Send an object whose keys are the options.")
    refuse_nul(request.data)
    return request.data


def started(view: Any, read: Callable[[Mapping[str, Any], Any], discovery.Request], job: type[jobs.RunJob]) -> Response:
    """202, with the run that was put into the queue and where to watch it.

    The header is a plain `str`, as PEP 3333 asks: the serializer's URL is of a subclass, which some servers refuse.
    """
    request = view.request
    try:
        run = jobs.enqueue(read(given(request), request.user), request.user, job)
    except discovery.BadRequest as error:
        raise ValidationError(error.errors) from error
    except jobs.NoWorker as error:
        raise _nobody(str(error)) from error
    seen = shown(view, run.pk)
    return Response(seen, status.HTTP_202_ACCEPTED, headers={"Location": str(seen["url"])})


def shown(view: Any, pk: UUID) -> dict[str, Any]:
    """A run as GET shows it, to those who may start or change runs but not view them too."""
    return view.get_serializer(models.DiscoveryRun.objects.with_counts(view.request.user).get(pk=pk)).data


def _nobody(detail: str) -> CeleryWorkerNotRunningException:
    """503, saying what to start."""
    error = CeleryWorkerNotRunningException()
    error.detail = detail
    return error
