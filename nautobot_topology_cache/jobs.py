"""The Nautobot Jobs: doors of their own, and what buttons and REST enqueue."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from nautobot.apps.forms import StaticSelect2Multiple
from nautobot.apps.jobs import (
    BooleanVar,
    ChoiceVar,
    IntegerVar,
    Job,
    MultiChoiceVar,
    MultiObjectVar,
    ObjectVar,
    register_jobs,
)
from nautobot.core.celery import app
from nautobot.dcim.models import Device, Location, Platform
from nautobot.extras.models import DynamicGroup, JobQueue, JobResult, Role, SecretsGroup, Tag
from nautobot.extras.models import Job as JobModel
from nautobot.extras.utils import get_worker_count
from redis.exceptions import ConnectionError as RedisConnectionError

from nautobot_topology_cache import discovery, fanout, purging
from nautobot_topology_cache.choices import StatusChoices, TableChoices
from nautobot_topology_cache.configuration import LONGEST_TTL
from nautobot_topology_cache.fanout import HIGH
from nautobot_topology_cache.models import DiscoveryRun, DiscoveryRunItem
from nautobot_topology_cache.requests import (
    EVERY,
    MOST_HOPS,
    MOST_SESSIONS,
    SYNONYMS,
    TIMEOUTS,
    BadRequest,
    Request,
    rebuild_of,
    refresh_of,
)

name = "Topology Cache"
OF_DEVICES = {"content_types": "dcim.device"}
AT_ONCE = 0.25
"""Seconds in which a Celery worker that lives answers."""


class NoWorker(Exception):
    """Nobody is there to run the Job; the message says what to start or to enable."""


def _older_switch(option: str) -> BooleanVar:
    """An older name for some of the tables: accepted from those who send it, not shown to those who choose."""
    return BooleanVar(
        required=False,
        default=False,
        widget=forms.HiddenInput,
        description=f"Older name for the tables {', '.join(SYNONYMS[option])}.",
    )


def _own_timeout(option: str, what: str) -> IntegerVar:
    """A timeout of this run, in the place of the settings' and the platforms'."""
    description = f"Seconds. {what} Nothing means as in the settings."
    label = option.replace("_", " ").capitalize()
    return IntegerVar(required=False, min_value=1, max_value=TIMEOUTS[option], label=label, description=description)


def told_plainly(run: Callable[..., Any]) -> Callable[..., Any]:
    """A request that cannot be carried out fails the Job with what is wrong with it, and with no traceback."""

    @wraps(run)
    def telling(self: Job, **options: Any) -> Any:
        try:
            return run(self, **options)
        except (BadRequest, PermissionDenied) as refusal:
            self.fail("%s", refusal)
            return {}

    return telling


class RunJob(Job):
    """What carries out a run: one that was prepared for its JobResult, or one made from its form."""

    def _prepared(self) -> DiscoveryRun | None:
        """The run that a button or REST has made; without one, the user must be allowed to start one."""
        run = DiscoveryRun.objects.filter(job_result=self.job_result).first()
        if run is None and not self.user.has_perm("nautobot_topology_cache.add_discoveryrun"):
            raise PermissionDenied("Starting a run needs the permission to add discovery runs.")
        return run

    def _carry_out(self, run: DiscoveryRun) -> dict[str, str]:
        discovery.execute(run, self.user, report=self._report)
        run.refresh_from_db()
        self._summarize(run)
        return {"run_id": str(run.pk), "status": run.status}

    def _report(self, item: DiscoveryRunItem) -> None:
        """One line per device."""
        level = {
            StatusChoices.COMPLETED: self.logger.info,
            StatusChoices.SKIPPED: self.logger.warning,
            StatusChoices.CANCELLED: self.logger.warning,
            StatusChoices.COMPLETED_WITH_ERRORS: self.logger.warning,
        }.get(item.status, self.logger.error)
        level("%s", discovery.line(item), extra={"object": item.device})

    def _summarize(self, run: DiscoveryRun) -> None:
        text = f"{run.get_status_display()}: {discovery.summary(run)}"
        if run.status == StatusChoices.FAILED:
            self.fail("%s %s", text, run.error, extra={"object": run})
        else:
            self.logger.info("%s", text, extra={"object": run})


class OfFilteredDevices(RunJob):
    """Devices by what they have in common."""

    location = MultiObjectVar(model=Location, required=False, description="All devices here and below.")
    role = MultiObjectVar(model=Role, required=False, query_params=OF_DEVICES)
    platform = MultiObjectVar(model=Platform, required=False)
    tag = MultiObjectVar(model=Tag, required=False, query_params=OF_DEVICES)
    dynamic_group = MultiObjectVar(model=DynamicGroup, required=False, query_params={"content_type": "dcim.device"})


class DiscoverTopology(OfFilteredDevices):
    """Log in to devices, run their show commands, and keep what they answer."""

    devices = MultiObjectVar(model=Device, required=False, description="Devices, whatever their status.")
    tables = MultiChoiceVar(
        choices=TableChoices.CHOICES,
        required=False,
        widget=StaticSelect2Multiple,
        description="Nothing chosen means all.",
    )
    # No checkbox: one that a REST client leaves out would be off, and the run would fill no table.
    cache_results = ChoiceVar(
        choices=(("True", "Yes"), ("False", "No")),
        default="True",
        required=False,
        description="No: every device is contacted, and only the run itself is stored.",
    )
    # No checkbox either: a schedule could not tell "no" from "nothing said".
    force_refresh = ChoiceVar(
        choices=(("", "As usual"), ("True", "Yes"), ("False", "No")),
        default="",
        required=False,
        description="Contact the devices even where a stored answer is still fresh. Usually only schedules do.",
    )
    command_ttl_minutes = IntegerVar(
        required=False,
        min_value=0,
        max_value=LONGEST_TTL,
        label="Time to live (minutes)",
        description="Of stored answers.",
    )
    secrets_group = ObjectVar(
        model=SecretsGroup, required=False, description="Credentials for this run instead of each device's own."
    )
    concurrency = IntegerVar(
        required=False, min_value=1, max_value=MOST_SESSIONS, label="Concurrency", description="Sessions at a time."
    )
    connect_timeout = _own_timeout("connect_timeout", "For the TCP connection.")
    auth_timeout = _own_timeout("auth_timeout", "For the answer to the login.")
    banner_timeout = _own_timeout("banner_timeout", "For the SSH banner.")
    command_timeout = _own_timeout("command_timeout", "For the whole answer to one command.")
    device_timeout = _own_timeout("device_timeout", "For the whole device.")
    expand_depth = IntegerVar(
        required=False, default=0, min_value=0, max_value=MOST_HOPS, description="Hops of neighbors that join the run."
    )
    dry_run = BooleanVar(default=False, required=False, description="Connect to nothing; list what would be asked.")

    include_interfaces = _older_switch("include_interfaces")
    include_arp = _older_switch("include_arp")
    include_static_routes = _older_switch("include_static_routes")
    include_ospf_routes = _older_switch("include_ospf_routes")
    include_bgp_routes = _older_switch("include_bgp_routes")
    include_mac_table = _older_switch("include_mac_table")
    include_cdp_neighbors = _older_switch("include_cdp_neighbors")

    class Meta:
        name = "Discover topology"
        description = "Log in to devices over SSH and keep what they answer, as command outputs and as tables."
        field_order = ["devices"]
        has_sensitive_variables = False
        soft_time_limit = 6 * 3600
        time_limit = 6 * 3600 + 300

    @told_plainly
    def run(self, **options: Any) -> dict[str, str]:  # type: ignore[override]
        """Carry out the run that a button or REST has prepared for this JobResult, or one made from the form."""
        run = self._prepared()
        if run is None:
            given = {option: value for option, value in options.items() if option not in SYNONYMS or value}
            if given.get("force_refresh") in (None, ""):
                given["force_refresh"] = self.job_result.scheduled_job is not None
            run = permitted_run(Request.from_names(given, self.user), self.user, self.job_result)
        return self._carry_out(run)


class RefreshStale(OfFilteredDevices):
    """For schedules: ask the devices whose rows are stale, but those that are left out of polling."""

    class Meta:
        name = "Refresh what is stale"
        description = "Discover the devices that show stale rows. Devices with polling disabled are left out."
        has_sensitive_variables = False
        soft_time_limit = 6 * 3600
        time_limit = 6 * 3600 + 300

    @told_plainly
    def run(self, **filters: Any) -> dict[str, str]:  # type: ignore[override]
        """Nothing chosen means all devices; a run is made only if there is something to do."""
        self._prepared()
        wanted = refresh_of({name: value for name, value in filters.items() if value}, self.user)
        if wanted is None:
            self.logger.info("Nothing is stale.")
            return {}
        return self._carry_out(permitted_run(wanted, self.user, self.job_result))


class RebuildTables(OfFilteredDevices):
    """Fill layer 2 from the stored command outputs, after a template or a mapping improved."""

    devices = MultiObjectVar(model=Device, required=False, description="Nothing chosen at all means every device.")
    tables = MultiChoiceVar(choices=TableChoices.CHOICES, required=False, widget=StaticSelect2Multiple)

    class Meta:
        name = "Rebuild tables"
        description = "Read the stored command outputs anew. No device is contacted."
        has_sensitive_variables = False
        field_order = ["devices"]
        soft_time_limit = 6 * 3600
        time_limit = 6 * 3600 + 300

    @told_plainly
    def run(self, **options: Any) -> dict[str, str]:  # type: ignore[override]
        """Carry out the run that REST has prepared for this JobResult, or one made from the form."""
        run = self._prepared()
        if run is None:
            given = {name: value for name, value in options.items() if value}
            if not set(given) - {"tables"}:
                given["devices"] = EVERY
            run = permitted_run(rebuild_of(given, self.user), self.user, self.job_result)
        return self._carry_out(run)


class PurgeCache(Job):
    """Remove command outputs, tables, history or runs; nothing else ever removes them."""

    layers = MultiChoiceVar(
        choices=tuple((layer, layer) for layer in purging.LAYERS),
        widget=StaticSelect2Multiple,
        description="commands: layer 1; tables: layer 2 with its history; runs: ended runs.",
    )
    devices = MultiObjectVar(model=Device, required=False, description="Or all devices, below.")
    all_devices = BooleanVar(required=False, default=False, description="Every device that you may view.")
    older_than_days = IntegerVar(
        required=False,
        min_value=0,
        max_value=purging.LONGEST_AGE,
        label="Older than (days)",
        description="Empty: everything; for history and runs, what is older than the settings say.",
    )
    history_only = BooleanVar(required=False, default=False, description="Of the tables, closed rows alone.")

    class Meta:
        name = "Purge topology cache"
        description = "Remove command outputs, tables, history or runs, by device and age."
        has_sensitive_variables = False
        soft_time_limit = 6 * 3600
        time_limit = 6 * 3600 + 300

    @told_plainly
    def run(self, all_devices: bool = False, **options: Any) -> dict[str, int]:  # type: ignore[override]
        """The counts of what was removed, by name."""
        if not self.user.has_perm(purging.PERMISSION):
            raise PermissionDenied("A purge needs the permission to delete device caches.")
        given = {name: value for name, value in options.items() if value not in (None, "")}
        if all_devices:
            given["devices"] = purging.EVERY
        removed = purging.purge(purging.Purge.from_names(given, self.user), self.user)
        self.logger.info("%s", purging.told(removed))
        return removed


def permitted_run(request: Request, user: Any, job_result: JobResult) -> DiscoveryRun:
    """A run that fits the constraints of the user's permission to add runs; raises PermissionDenied for another."""
    with transaction.atomic():
        run = discovery.create_run(request, user, job_result)
        if not DiscoveryRun.objects.restrict(user, "add").filter(pk=run.pk).exists():
            raise PermissionDenied("Your permission to add discovery runs does not cover this one.")
    return run


def enqueue(request: Request, user: Any, job_class: type[RunJob] = DiscoverTopology) -> DiscoveryRun:
    """Start a run in the background, as `user`; raises NoWorker when no Celery worker would take it."""
    job = JobModel.objects.get(module_name=job_class.__module__, job_class_name=job_class.__name__)
    if not (job.installed and job.enabled):
        raise NoWorker(f"The Job “{job.name}” is not enabled: enable it under Jobs.")
    queue = _job_queue(job, request)
    if not _workers_on(queue):
        raise NoWorker(f"No Celery worker listens on the queue “{queue}”: start `nautobot-server celery worker`.")
    try:
        fanout.crowd(devices=1)
    except fanout.NobodyListens as problem:
        raise NoWorker(str(problem)) from problem
    with transaction.atomic():
        result = JobResult.objects.create(name=job.name, job_model=job, user=user)
        run = permitted_run(request, user, result)
    variables = job_class._get_vars()
    options = {name: value for name, value in request.as_options().items() if value not in (None, [])}
    options = {name: value for name, value in options.items() if name in variables}
    JobResult.enqueue_job(job, user, job_result=result, job_queue=queue, job_kwargs=options)
    return run


def _workers_on(queue: JobQueue) -> int:
    """How many Celery workers listen on a queue: those that answer at once, or if none does, those that Nautobot finds.

    Nautobot waits a whole second for the last of them; whoever starts a run is not to.
    """
    try:
        answers = app.control.inspect(timeout=AT_ONCE).active_queues() or {}
    except RedisConnectionError:
        return get_worker_count(queue=queue)  # asks a second time, which Celery does not
    listening = sum(queue.name in {one["name"] for one in queues} for queues in answers.values())
    return listening or get_worker_count(queue=queue)


def _job_queue(job: JobModel, request: Request) -> JobQueue:
    """The Job's default queue; for one device, the one of the Job's that is named `HIGH` if a worker listens there."""
    high = job.job_queues.filter(name=HIGH).first() if request.is_of_one_device else None
    return high if high is not None and _workers_on(high) else job.default_job_queue


jobs = [DiscoverTopology, RefreshStale, RebuildTables, PurgeCache]
register_jobs(*jobs)
