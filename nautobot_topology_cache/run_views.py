"""Buttons that start runs, repeat them for what failed, and cancel them. All of them are POSTs that lead to the run."""

from __future__ import annotations

from collections.abc import Callable, Sized
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import View
from nautobot.apps.views import ObjectPermissionRequiredMixin
from nautobot.dcim.models import Device
from nautobot.dcim.views import DeviceUIViewSet

from nautobot_topology_cache import discovery, jobs, models
from nautobot_topology_cache.choices import StatusChoices
from nautobot_topology_cache.requests import IS_ID, BadRequest, Request, again_of


class _RunButton(ObjectPermissionRequiredMixin, View):
    """For those who may add runs."""

    queryset = models.DiscoveryRun.objects.all()
    http_method_names = ["post"]
    verb = "add"

    def get_required_permission(self) -> str:
        return f"nautobot_topology_cache.{self.verb}_discoveryrun"

    def start(self, what: str, back: str, request: Callable[[], Request]) -> HttpResponse:
        """Start a run and show it; where none can be started, say why and go back."""
        try:
            run = jobs.enqueue(request(), self.request.user)
        except (BadRequest, jobs.NoWorker) as problem:
            messages.error(self.request, str(problem))
            return redirect(back)
        messages.success(self.request, f"The discovery of {what} has begun.")
        return redirect(run.get_absolute_url())

    def fresh(self, devices: list[Any]) -> Request:
        """Ask these devices, whatever layer 1 holds."""
        return Request.from_names({"devices": devices, "force_refresh": True}, self.request.user)


class DiscoverDeviceView(_RunButton):
    """“Discover now” on a Device's page."""

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        device = get_object_or_404(Device.objects.restrict(request.user, "view"), pk=pk)
        return self.start(str(device), device.get_absolute_url(), lambda: self.fresh([device]))


class DiscoverDevicesView(_RunButton):
    """“Discover selected” on the list of Devices."""

    def post(self, request: HttpRequest) -> HttpResponse:
        devices = self._selected(request)
        chosen = list(devices.values_list("pk", flat=True))
        return self.start(_counted(chosen), reverse("dcim:device_list"), lambda: self.fresh(chosen))

    def _selected(self, request: HttpRequest) -> QuerySet:
        """The devices that are ticked, or all that the list shows: none if its filters cannot be understood."""
        visible = Device.objects.restrict(request.user, "view")
        if "_all" not in request.POST:
            return visible.filter(pk__in=filter(IS_ID.fullmatch, request.POST.getlist("pk")))
        # As the list itself filters: with its saved view, and by custom fields and relationships too.
        return DeviceUIViewSet(request=request, action="list").filter_queryset(visible)


class RetryRunView(_RunButton):
    """“Retry failed” on a run's page: the same request, for the devices that did not complete."""

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        run = get_object_or_404(models.DiscoveryRun.objects.restrict(request.user, "view"), pk=pk)
        failed = run.items.of_visible_devices(request.user).filter(status__in=StatusChoices.RETRIED)
        devices = list(failed.filter(device__isnull=False).values_list("device", flat=True))
        return self.start(
            _counted(devices), run.get_absolute_url(), lambda: again_of(run.options, devices, request.user)
        )


class CancelRunView(_RunButton):
    """“Cancel” on a run's page, for those who may change it."""

    verb = "change"

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        run = get_object_or_404(models.DiscoveryRun.objects.restrict(request.user, "change"), pk=pk)
        discovery.cancel(run)
        messages.success(request, "Cancelled: no further device is begun, one in flight ends its current command.")
        return redirect(run.get_absolute_url())


def _counted(devices: Sized) -> str:
    count = len(devices)
    return f"{count} device{'' if count == 1 else 's'}"
