"""REST views. No GET contacts a device or writes a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from nautobot.apps.api import ReadOnlyModelViewSet
from nautobot.core.api.authentication import TokenPermissions
from nautobot.core.exceptions import CeleryWorkerNotRunningException
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request as HttpRequest
from rest_framework.response import Response

from nautobot_topology_cache import discovery, filters, jobs, models
from nautobot_topology_cache.api import results, serializers


class OfDeviceViewSet(ReadOnlyModelViewSet):
    """What belongs to a Device."""

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


class RunPermissions(TokenPermissions):
    """`add` starts a run, `change` cancels it."""

    def get_required_permissions(self, method: str, model_cls: type) -> list[str]:
        required = super().get_required_permissions(method, model_cls)
        cancels = method not in SAFE_METHODS and self.cancels
        return [name.replace(".add_", ".change_") for name in required] if cancels else required

    def has_permission(self, request: HttpRequest, view: Any) -> bool:
        self.cancels = view.action == "cancel"
        return super().has_permission(request, view)

    def has_object_permission(self, request: HttpRequest, view: Any, obj: Any) -> bool:
        """Objects outside the view's restricted queryset are not found in the first place."""
        return True


class DiscoveryRunViewSet(ReadOnlyModelViewSet):
    queryset = models.DiscoveryRun.objects.all()
    serializer_class = serializers.DiscoveryRunSerializer
    filterset_class = filters.DiscoveryRunFilterSet
    permission_classes = [RunPermissions]

    def restrict_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Runs the user may see, or may cancel, with figures over the devices that the user may view."""
        if request.user.is_authenticated:
            verb = "change" if self.action == "cancel" else "view"
            self.queryset = self.queryset.restrict(request.user, verb)

    def get_serializer_class(self) -> type:
        return self.serializer_class if self.action == "list" else serializers.DiscoveryRunDetailSerializer

    @extend_schema(
        request=serializers.DiscoveryRequestSerializer, responses={202: serializers.DiscoveryRunDetailSerializer}
    )
    def create(self, request: HttpRequest) -> Response:
        """Start a run in the background; the answer's `Location` is where to watch it."""
        if not isinstance(request.data, Mapping):
            raise ValidationError("Send an object whose keys are a run's options.")
        try:
            wanted = discovery.Request.from_names(request.data, request.user)
            run = jobs.enqueue(wanted, request.user)
        except discovery.BadRequest as error:
            raise ValidationError(error.errors) from error
        except jobs.NoWorker as error:
            raise _nobody(str(error)) from error
        shown = self._shown(run.pk)
        return Response(shown, status.HTTP_202_ACCEPTED, headers={"Location": shown["url"]})

    @extend_schema(request=None, responses={200: serializers.DiscoveryRunDetailSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: HttpRequest, pk: str | None = None) -> Response:
        """Start no further device; one in flight ends its current command, and what is written stays."""
        run = self.get_object()
        discovery.cancel(run)
        return Response(self._shown(run.pk))

    @extend_schema(responses={200: serializers.RunResultSerializer})
    @action(detail=True)
    def result(self, request: HttpRequest, pk: str | None = None) -> Response:
        """What each device said, from current rows, or from the run itself when it cached nothing."""
        return Response(results.of_run(self.get_object(), request))

    def _shown(self, pk: UUID) -> dict[str, Any]:
        """A run as GET shows it, to those who may change runs but not view them too."""
        return self.get_serializer(models.DiscoveryRun.objects.with_counts(self.request.user).get(pk=pk)).data


def _nobody(detail: str) -> CeleryWorkerNotRunningException:
    """503, saying what to start."""
    error = CeleryWorkerNotRunningException()
    error.detail = detail
    return error
