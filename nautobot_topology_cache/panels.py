"""What detail pages show of rows, of a device's tables, and of command outputs."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from nautobot.apps.ui import DataTablePanel, KeyValueTablePanel, ObjectFieldsPanel, ObjectsTablePanel, Panel
from nautobot.apps.views import get_obj_from_context
from nautobot.core.templatetags.helpers import HTML_NONE, hyperlinked_object

from nautobot_topology_cache import models, standing
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.columns import age, clock, freshness, moment_and_age, outcome_badge, seconds
from nautobot_topology_cache.queries import expires_at

MOST_LINES = 5000
MOST_ROWS = 500
"""Of one answer, on one page; REST gives all."""
DISCOVER_NOW = "nautobot_topology_cache/inc/discover.html"
"""A button for panels where Nautobot shows none of ours."""


def permitted(tables: tuple[str, ...], user: Any) -> list[str]:
    """Those of the tables whose rows `user` may view."""
    return [name for name in tables if user.has_perm(CATALOG[name].permission)]


class PlainTablePanel(DataTablePanel, ABC):
    """A table of plain values; not shown when it has none."""

    context_data_key = "data"
    headers: Mapping[str, str] = {}
    """Key of a row -> heading of its column."""

    @abstractmethod
    def get_data(self, shown: Any, context: Context) -> list[dict[str, Any]]:
        """The rows."""

    def should_render(self, context: Context) -> bool:
        return super().should_render(context) and bool(self.get_data(get_obj_from_context(context), context))

    def get_extra_context(self, context: Context) -> dict[str, Any]:
        rows = self.get_data(get_obj_from_context(context), context)
        return {
            **Panel.get_extra_context(self, context),
            # The template takes a zero for a missing value.
            "data": [{key: "0" if value == 0 else value for key, value in row.items()} for row in rows],
            "columns": list(self.headers),
            "column_headers": list(self.headers.values()),
        }


class FreshnessPanel(KeyValueTablePanel):
    """Whether a row still holds, since when, and which command said so."""

    def get_data(self, context: Context) -> dict[str, Any]:
        row = get_obj_from_context(context)
        return {
            "state": freshness(row),
            "reason": row.stale_reason,
            "last_seen": moment_and_age(row.collected_at),
            "holds_since": moment_and_age(row.valid_from),
            "held_until": moment_and_age(row.valid_to),
            "command": self._output(row, context["request"].user),
        }

    def _output(self, row: models.CachedRow, user: Any) -> Any:
        """The command, linked to its stored answer for those who may view it."""
        asked = {"command": row.slice.command, "context": row.slice.context}
        output = models.CommandOutput.objects.restrict(user, "view").filter(device=row.device_id, **asked).first()
        return hyperlinked_object(output) if output else row.source


class VersionsPanel(ObjectsTablePanel):
    """The other versions of a row: what the network said before, and after."""

    def should_render(self, context: Context) -> bool:
        row = get_obj_from_context(context)
        return super().should_render(context) and self.get_table_data_queryset(row, context["request"]).exists()

    def get_table_data_queryset(self, instance: models.CachedRow, request: HttpRequest) -> QuerySet:
        """`restrict` is Nautobot's: the panel adds it."""
        versions = type(instance).versions.filter(device=instance.device_id, row_key=instance.row_key)
        return versions.exclude(pk=instance.pk).order_by("-valid_from")


class StatePanel(Panel):
    """How the shown tables stand: outcome, rows, age, stale or not, and why."""

    def __init__(self, shown: tuple[str, ...], choices: str = "", **kwargs: Any) -> None:
        self.shown = shown
        self.choices = choices
        super().__init__(
            body_content_template_path="nautobot_topology_cache/inc/states.html",
            body_wrapper_template_path="components/panel/body_wrapper_generic_table.html",
            **kwargs,
        )

    def should_render(self, context: Context) -> bool:
        return super().should_render(context) and bool(permitted(self.shown, context["request"].user))

    def get_extra_context(self, context: Context) -> dict[str, Any]:
        device = self.device_of(context)
        known = standing.of_devices([device.pk], context["request"].user)[device.pk]
        shown = [known[name] for name in self.shown if name in known]
        reasons = {state.reason for state in shown}
        return {
            **super().get_extra_context(context),
            "device": device,
            # A device that could not be asked at all says so once, not table by table.
            "shared_reason": reasons.pop() if len(shown) > 1 and len(reasons) == 1 else "",
            "states": [(state, self._rows_of(state.name, device), age(state.collected_at, "never")) for state in shown],
            "choices": self._values(device, context["request"]) if self.choices else [],
            "choice": context["request"].GET.get(self.choices, ""),
            "choice_name": self.choices,
        }

    def device_of(self, context: Context) -> Any:
        """The Device whose tables are shown."""
        return get_obj_from_context(context)

    def _rows_of(self, table: str, device: Any) -> str:
        """The list of the table's rows of this device."""
        model = CATALOG[table].model._meta
        return f"{reverse(f'plugins:{model.app_label}:{model.model_name}_list')}?device={device.pk}"

    def _values(self, device: Any, request: HttpRequest) -> list[str]:
        rows = CATALOG[self.shown[0]].model.objects.restrict(request.user, "view").filter(device=device)
        return sorted(rows.order_by().values_list(self.choices, flat=True).distinct())


class CacheStatePanel(StatePanel):
    """The device's tables on the page of its DeviceCache."""

    footer_content_template_path = DISCOVER_NOW

    def device_of(self, context: Context) -> Any:
        return super().device_of(context).device


class OutputPanel(ObjectFieldsPanel):
    """How a command was answered, and how long that serves."""

    def get_data(self, context: Context) -> dict[str, Any]:
        output = get_obj_from_context(context)
        expires = expires_at(output)
        return {
            **super().get_data(context),
            "outcome": outcome_badge(output.outcome, output.reason),
            "collected_at": moment_and_age(output.collected_at),
            "serves_until": clock(expires) if expires > timezone.now() else f"expired at {clock(expires)}",
            "duration": seconds(output.duration),
        }

    def render_value(self, key: str, value: Any, context: Context) -> Any:
        """The outcome is a choice, which Nautobot would show as its bare label."""
        return value if key == "outcome" else super().render_value(key, value, context)


class FedTablesPanel(PlainTablePanel):
    """The tables that a command fed, and with how much."""

    headers = {
        "table": "Table",
        "outcome": "Outcome",
        "stored": "Rows",
        "filtered": "Filtered",
        "rejected": "Rejected",
        "unparsed": "Lines not understood",
    }

    def get_data(self, shown: models.CommandOutput, context: Context) -> list[dict[str, Any]]:
        """Slices carry the command and context that filled them."""
        fed = models.CachedSlice.objects.filter(device=shown.device_id, command=shown.command, context=shown.context)
        names = permitted(tuple(CATALOG), context["request"].user)
        return [
            {
                **{figure: getattr(one, figure) for figure in ("stored", "filtered", "rejected", "unparsed")},
                "table": one.get_table_display(),
                "outcome": outcome_badge(one.outcome, one.reason),
            }
            for one in fed.filter(table__in=names, closed_at=None)
        ]


class RawPanel(Panel):
    """The answer's text with line numbers, cut to what a browser can show."""

    body_content_template_path = "nautobot_topology_cache/inc/raw.html"

    def get_extra_context(self, context: Context) -> dict[str, Any]:
        lines = get_obj_from_context(context).lines
        return {
            **super().get_extra_context(context),
            "lines": lines[:MOST_LINES],
            "hidden": max(0, len(lines) - MOST_LINES),
        }


class ParsedPanel(Panel):
    """The answer's rows as its parser gave them: a table if they are flat, else JSON."""

    body_content_template_path = "nautobot_topology_cache/inc/parsed.html"

    def get_extra_context(self, context: Context) -> dict[str, Any]:
        parsed = get_obj_from_context(context).parsed
        return {**super().get_extra_context(context), "parsed": parsed, **grid(parsed)}


def grid(rows: Any) -> dict[str, Any]:
    """`columns`, `cells` and the number of `hidden` rows of a list of dicts, for `inc/grid.html`."""
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        return {"columns": [], "cells": [], "hidden": 0}
    shown = rows[:MOST_ROWS]
    columns = list(dict.fromkeys(column for row in shown for column in row))
    cells = [[_cell(row.get(column)) for column in columns] for row in shown]
    return {"columns": columns, "cells": cells, "hidden": len(rows) - len(shown)}


def _cell(value: Any) -> Any:
    """Text as it is; lists of words as words; what is nested deeper as JSON."""
    if value is None or value in ("", [], {}):
        return HTML_NONE
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else str(value)
