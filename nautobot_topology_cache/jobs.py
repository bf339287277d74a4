"""The Nautobot Jobs: doors of their own, and what buttons and REST enqueue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
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
from nautobot.dcim.models import Device, Location, Platform
from nautobot.extras.models import DynamicGroup, JobQueue, JobResult, Role, SecretsGroup, Tag
from nautobot.extras.models import Job as JobModel
from nautobot.extras.utils import get_worker_count

from nautobot_topology_cache import discovery, fanout
from nautobot_topology_cache.choices import StatusChoices, TableChoices
from nautobot_topology_cache.configuration import LONGEST_TTL
from nautobot_topology_cache.fanout import HIGH
from nautobot_topology_cache.models import DiscoveryRun, DiscoveryRunItem
from nautobot_topology_cache.requests import MOST_SESSIONS, SYNONYMS, TIMEOUTS, Request

name = "Topology Cache"
OF_DEVICES = {"content_types": "dcim.device"}


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
    return IntegerVar(required=False, min_value=1, max_value=TIMEOUTS[option], description=description)


class DiscoverTopology(Job):
    """Log in to devices, run their show commands, and keep what they answer."""

    devices = MultiObjectVar(model=Device, required=False, description="Devices, whatever their status.")
    location = MultiObjectVar(model=Location, required=False, description="All devices here and below.")
    role = MultiObjectVar(model=Role, required=False, query_params=OF_DEVICES)
    platform = MultiObjectVar(model=Platform, required=False)
    tag = MultiObjectVar(model=Tag, required=False, query_params=OF_DEVICES)
    dynamic_group = MultiObjectVar(model=DynamicGroup, required=False, query_params={"content_type": "dcim.device"})
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
        has_sensitive_variables = False
        soft_time_limit = 6 * 3600
        time_limit = 6 * 3600 + 300

    def run(self, **options: Any) -> dict[str, str]:  # type: ignore[override]
        """Carry out the run that a button or REST has prepared for this JobResult, or one made from the form."""
        run = DiscoveryRun.objects.filter(job_result=self.job_result).first()
        if run is None:
            if not self.user.has_perm("nautobot_topology_cache.add_discoveryrun"):
                raise PermissionDenied("Starting a discovery needs the permission to add discovery runs.")
            given = {option: value for option, value in options.items() if option not in SYNONYMS or value}
            if given.get("force_refresh") in (None, ""):
                given["force_refresh"] = self.job_result.scheduled_job is not None
            run = discovery.create_run(Request.from_names(given, self.user), self.user, self.job_result)
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


def enqueue(request: Request, user: Any) -> DiscoveryRun:
    """Start a run in the background, as `user`; raises NoWorker when no Celery worker would take it."""
    job = JobModel.objects.get(module_name=DiscoverTopology.__module__, job_class_name=DiscoverTopology.__name__)
    if not (job.installed and job.enabled):
        raise NoWorker(f"The Job “{job.name}” is not enabled: enable it under Jobs.")
    queue = _job_queue(job, request)
    if not get_worker_count(queue=queue):
        raise NoWorker(f"No Celery worker listens on the queue “{queue}”: start `nautobot-server celery worker`.")
    try:
        fanout.crowd(devices=1)
    except fanout.NobodyListens as problem:
        raise NoWorker(str(problem)) from problem
    result = JobResult.objects.create(name=job.name, job_model=job, user=user)
    run = discovery.create_run(request, user, result)
    options = {option: value for option, value in request.as_options().items() if value not in (None, [])}
    JobResult.enqueue_job(job, user, job_result=result, job_queue=queue, job_kwargs=options)
    return run


def _job_queue(job: JobModel, request: Request) -> JobQueue:
    """The Job's default queue; for one device, the one of the Job's that is named `HIGH` if a worker listens there."""
    high = job.job_queues.filter(name=HIGH).first() if request.is_of_one_device else None
    return high if high is not None and get_worker_count(queue=high) else job.default_job_queue


jobs = [DiscoverTopology]
register_jobs(*jobs)
