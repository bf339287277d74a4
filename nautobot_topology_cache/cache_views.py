"""Buttons on the page of a device's cache, and what they do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template import Context
from django.urls import reverse
from django.views.generic import View
from nautobot.apps.ui import Button, ButtonColorChoices, PostButton
from nautobot.apps.views import ObjectPermissionRequiredMixin, get_obj_from_context

from nautobot_topology_cache import decisions, jobs
from nautobot_topology_cache.decisions import MAY_CHANGE
from nautobot_topology_cache.models import DeviceCache
from nautobot_topology_cache.purging import PERMISSION as MAY_PURGE


class _Decision(ObjectPermissionRequiredMixin, View, ABC):
    """Something that people decide about a device, for those who may change its cache."""

    queryset = DeviceCache.objects.all()
    http_method_names = ["post"]

    def get_required_permission(self) -> str:
        return MAY_CHANGE

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        cache = get_object_or_404(DeviceCache.objects.restrict(request.user, "change"), pk=pk)
        messages.success(request, self.decide(cache))
        return redirect(cache.get_absolute_url())

    @abstractmethod
    def decide(self, cache: DeviceCache) -> str:
        """Carry it out; what to tell the user."""


class PollingView(_Decision):
    """Takes a device into scheduled refreshes, or out of them; doing so twice is no different from once."""

    enabled = True

    def decide(self, cache: DeviceCache) -> str:
        decisions.set_polling([cache.pk], self.enabled)
        return f"{cache.device} is {'part of' if self.enabled else 'left out of'} scheduled refreshes now."


class ForgetHostKeyView(_Decision):
    """Lets the policy `first_use` learn the host key that the device shows next."""

    def decide(self, cache: DeviceCache) -> str:
        decisions.forget_host_key(cache.pk)
        return f"The host key of {cache.device} is forgotten."


class PollingButton(PostButton):
    """Offers what the device's polling is not."""

    def __init__(self, enabled: bool, **kwargs: Any) -> None:
        name = "plugins:nautobot_topology_cache:devicecache_poll" + ("" if enabled else "_no_more")
        super().__init__(link_name=name, required_permissions=[MAY_CHANGE], **kwargs)
        self.enabled = enabled

    def should_render(self, context: Context) -> bool:
        return super().should_render(context) and get_obj_from_context(context).polling_enabled != self.enabled


class ForgetHostKeyButton(PostButton):
    """Where a key is known."""

    def should_render(self, context: Context) -> bool:
        return super().should_render(context) and bool(get_obj_from_context(context).host_key)


class JobButton(Button):
    """Leads to the form of one of the app's Jobs, with the device chosen."""

    def __init__(self, job_class: type[jobs.Job], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.job_class = job_class

    def get_link(self, context: Context) -> str:
        chosen = {"devices": get_obj_from_context(context).device_id}
        form = reverse("extras:job_run_by_class_path", kwargs={"class_path": self.job_class.class_path})
        return f"{form}?{urlencode(chosen)}"


BUTTONS = (
    PollingButton(True, weight=100, label="Enable polling", icon="mdi-timer-sync-outline"),
    PollingButton(False, weight=100, label="Disable polling", icon="mdi-timer-off-outline"),
    ForgetHostKeyButton(
        weight=200,
        label="Forget host key",
        icon="mdi-key-remove",
        link_name="plugins:nautobot_topology_cache:devicecache_forget_host_key",
        required_permissions=[MAY_CHANGE],
    ),
    JobButton(
        jobs.RebuildTables,
        weight=300,
        label="Rebuild tables",
        icon="mdi-table-refresh",
        required_permissions=["nautobot_topology_cache.add_discoveryrun", "extras.run_job"],
    ),
    JobButton(
        jobs.PurgeCache,
        weight=400,
        label="Purge",
        icon="mdi-delete-sweep",
        color=ButtonColorChoices.RED,
        required_permissions=[MAY_PURGE, "extras.run_job"],
    ),
)
