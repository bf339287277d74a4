"""What the pages of a run, and of one device in it, show."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from nautobot.apps.ui import KeyValueTablePanel, ObjectFieldsPanel, ObjectsTablePanel, Panel
from nautobot.apps.views import get_obj_from_context
from nautobot.core.templatetags.helpers import hyperlinked_object
from nautobot.dcim.models import Device
from nautobot.extras.choices import JobResultStatusChoices
from nautobot.extras.models import SecretsGroup

from nautobot_topology_cache import models
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.choices import FROM_FILES, FROM_LAYER_1, StatusChoices, TableChoices
from nautobot_topology_cache.columns import moment_and_age, outcome_badge, seconds, status_badge, time_taken
from nautobot_topology_cache.expansion import JOINED, LEFT_OUT
from nautobot_topology_cache.panels import PlainTablePanel, grid
from nautobot_topology_cache.progress import details_for, viewed_whole
from nautobot_topology_cache.requests import FILTERS, Request

TABLES = dict(TableChoices.CHOICES)
ANSWERS = {
    FROM_LAYER_1: "stored command outputs; no device was contacted",
    FROM_FILES: "files; no device was contacted",
}
MOST_NAMED = 10
JOB_ENDS_WITHIN = timedelta(minutes=1)
"""After its run; a Job that nobody ended is not waited for any longer."""


class ProgressPanel(Panel):
    """A run's progress, renewed while it lasts."""

    body_content_template_path = "nautobot_topology_cache/inc/progress.html"

    def get_extra_context(self, context: Context) -> dict[str, Any]:
        user = context["request"].user
        shown = get_obj_from_context(context)
        run = models.DiscoveryRun.objects.with_counts(user).get(pk=shown.pk)
        counts = Counter(run.items.of_visible_devices(user).values_list("status", flat=True))
        return {
            **super().get_extra_context(context),
            "run": run,
            "status": status_badge(run.shown_status),
            "ends": [(status, label, counts[status]) for status, label in StatusChoices.CHOICES if counts[status]],
            "chosen": chosen_status(context["request"]),
            # By what the other panels show, which may be older than `run`.
            "renewed": _is_renewed(shown),
            "may_cancel": not run.ended and user.has_perm("nautobot_topology_cache.change_discoveryrun"),
            "may_retry": run.ended
            and any(counts[status] for status in StatusChoices.RETRIED)
            and user.has_perm("nautobot_topology_cache.add_discoveryrun"),
        }


def _is_renewed(run: models.DiscoveryRun) -> bool:
    """Whether there is more to come: devices in flight end after a cancelled run, and the Job after them."""
    if run.completed_at is None:
        return True
    job = run.job_result
    at_work = job is not None and job.status in JobResultStatusChoices.UNREADY_STATES
    return at_work and run.completed_at > timezone.now() - JOB_ENDS_WITHIN


class RunPanel(ObjectFieldsPanel):
    """Who wanted the run, when, and how long it took."""

    def get_data(self, context: Context) -> dict[str, Any]:
        run = get_obj_from_context(context)
        moments = ("created_at", "started_at", "completed_at")
        return {
            **super().get_data(context),
            **{name: moment_and_age(getattr(run, name)) for name in moments},
            "time_taken": time_taken(run),
            "job_result": run.job_result and hyperlinked_object(run.job_result, "status"),
        }


class RequestPanel(KeyValueTablePanel):
    """What was asked for, in words; objects that the reader may not view are not named."""

    def get_data(self, context: Context) -> dict[str, Any]:
        asked = Request.from_options(get_obj_from_context(context).options)
        user = context["request"].user
        chosen = {
            "devices": (Device, asked.devices),
            **{name: (FILTERS[name], getattr(asked, name)) for name in FILTERS},
        }
        named = {
            name: _links(model.objects.restrict(user, "view").filter(pk__in=ids))
            for name, (model, ids) in chosen.items()
            if ids
        }
        return {**named, **self._options(asked, user)}

    def _options(self, asked: Request, user: Any) -> dict[str, Any]:
        """What differs from how runs are by themselves is told with the rest: a reader need not know the defaults."""
        every = set(asked.tables) == set(CATALOG)
        ttl, sessions = asked.command_ttl_minutes, asked.concurrency
        groups = SecretsGroup.objects.restrict(user, "view").filter(pk=asked.secrets_group)
        return {
            "tables": "all" if every else ", ".join(TABLES[name] for name in asked.tables),
            **{name: "yes" if getattr(asked, name) else "no" for name in ("cache_results", "force_refresh", "dry_run")},
            "time_to_live": "as in the settings" if ttl is None else f"{ttl} minutes",
            "sessions_at_a_time": "as in the settings" if sessions is None else intcomma(sessions),
            **{name: f"{limit:g} s" for name, limit in asked.timeouts.items()},
            **({"answers": ANSWERS[asked.answers]} if asked.answers in ANSWERS else {}),
            **({"hops_of_neighbors": intcomma(asked.expand_depth)} if asked.expand_depth else {}),
            "credentials": _links(groups) if asked.secrets_group else "each device's own secrets group",
        }


class ItemsPanel(ObjectsTablePanel):
    """The devices of a run which the user may view."""

    def get_table_data_queryset(self, instance: models.DiscoveryRun, request: HttpRequest) -> QuerySet:
        """Those in the status that was chosen, without what only a device's own page shows."""
        items = instance.items.of_visible_devices(request.user).defer("rows", "detail", "commands")
        chosen = chosen_status(request)
        return items.filter(status=chosen) if chosen else items


def chosen_status(request: HttpRequest) -> str:
    """The status of devices that the reader wants to see, `""` for all; other words are no choice."""
    chosen = request.GET.get("device_status", "")
    return chosen if chosen in StatusChoices.values() else ""


class ItemPanel(ObjectFieldsPanel):
    """How one device of a run ended."""

    def get_data(self, context: Context) -> dict[str, Any]:
        item = get_obj_from_context(context)
        return {
            **super().get_data(context),
            "status": status_badge(item.status),
            "connections": str(item.connections),
            "commands_sent": str(item.commands_sent),
            "cache_hits": str(item.cache_hits),
            "started_at": moment_and_age(item.started_at),
            "completed_at": moment_and_age(item.completed_at),
            "time_taken": time_taken(item),
        }

    def render_value(self, key: str, value: Any, context: Context) -> Any:
        """The status is a choice, which Nautobot would show as its bare label."""
        return value if key == "status" else super().render_value(key, value, context)


class ItemTablesPanel(PlainTablePanel):
    """What became of each table."""

    headers = {
        "table": "Table",
        "outcome": "Outcome",
        "parsed": "Parsed",
        "stored": "Stored",
        "filtered": "Filtered",
        "rejected": "Rejected",
        "unparsed": "Lines not understood",
        "added": "Added",
        "changed": "Changed",
        "removed": "Removed",
        "unchanged": "Unchanged",
        "reason": "Reason",
    }

    def get_data(self, shown: models.DiscoveryRunItem, context: Context) -> list[dict[str, Any]]:
        """In the catalog's order: JSON in the database keeps none."""
        told = [(TABLES[name], shown.tables[name]) for name in CATALOG if name in shown.tables]
        return [{**figures, **_ending(figures, shown), "table": table} for table, figures in told]


class ItemCommandsPanel(PlainTablePanel):
    """Every command and how it ended."""

    headers = {
        "command": "Command",
        "context": "Context",
        "outcome": "Outcome",
        "source": "From",
        "duration": "Duration",
        "reason": "Reason",
    }

    def get_data(self, shown: models.DiscoveryRunItem, context: Context) -> list[dict[str, Any]]:
        """A command is linked to the answer that is stored now, for those who may view it."""
        outputs = models.CommandOutput.objects.restrict(context["request"].user, "view").filter(device=shown.device_id)
        links = {(one.command, one.context): hyperlinked_object(one) for one in outputs.defer("compressed", "parsed")}
        return [
            {
                **one,
                **_ending(one, shown),
                "command": links.get((one["command"], one["context"]), one["command"]),
                "duration": seconds(one.get("duration")),
            }
            for one in shown.commands
        ]


class RejectedPanel(PlainTablePanel):
    """Rows that fit no record, of the tables that the reader may view."""

    headers = {"table": "Table", "command": "Command", "context": "Context", "reason": "Reason", "row": "Row as parsed"}

    def get_data(self, shown: models.DiscoveryRunItem, context: Context) -> list[dict[str, Any]]:
        """The row in one line, column by column."""
        return [
            {
                **one,
                "row": ", ".join(f"{name}={value}" for name, value in one["row"].items() if value not in (None, "")),
            }
            for one in details_for(context["request"].user, shown.detail)["rejected"]
        ]


class UnparsedPanel(PlainTablePanel):
    """Lines that the parser did not understand, for those who may view answers as devices gave them."""

    headers = {"table": "Table", "command": "Command", "context": "Context", "line": "Line"}

    def get_data(self, shown: models.DiscoveryRunItem, context: Context) -> list[dict[str, Any]]:
        """As they were kept."""
        return details_for(context["request"].user, shown.detail)["unparsed"]


class NeighborsThatJoinedPanel(PlainTablePanel):
    """Neighbors by which the device made the run larger, and those that could not join it."""

    headers = {"interface": "Interface", "protocol": "Protocol", "neighbor": "Neighbor", "end": "Joined the run"}

    def get_data(self, shown: models.DiscoveryRunItem, context: Context) -> list[dict[str, Any]]:
        """Those that joined first."""
        parts = ((JOINED, "yes"), (LEFT_OUT, ""))
        return [
            {**one, "end": said or f"no: {one['reason']}"} for part, said in parts for one in shown.detail.get(part, ())
        ]


class UncachedRowsPanel(Panel):
    """The rows of a run that stores them nowhere else, of the tables that the reader may view."""

    body_content_template_path = "nautobot_topology_cache/inc/uncached_rows.html"

    def should_render(self, context: Context) -> bool:
        return super().should_render(context) and get_obj_from_context(context).rows is not None

    def get_extra_context(self, context: Context) -> dict[str, Any]:
        rows = get_obj_from_context(context).rows
        names = viewed_whole(context["request"].user)
        told = [(TABLES[name], len(rows[name]), grid(rows[name])) for name in names if rows.get(name)]
        return {**super().get_extra_context(context), "tables": told}


def _ending(told: dict[str, Any], item: models.DiscoveryRunItem) -> dict[str, Any]:
    """Outcome and reason of a table or a command; what went wrong with the whole device is told above it."""
    return {
        "outcome": outcome_badge(told["outcome"]),
        "reason": "" if told["reason"] == item.error else told["reason"],
    }


def _links(objects: QuerySet) -> SafeString:
    """The first few, and how many more there are."""
    links = format_html_join(", ", "{}", [(hyperlinked_object(one),) for one in objects[:MOST_NAMED]])
    more = objects.count() - MOST_NAMED
    return format_html("{} and {} more", links, more) if more > 0 else links
