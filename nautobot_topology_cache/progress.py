"""How a run and its devices stand: outcomes to statuses, results to what an item shows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.choices import OutcomeChoices, StatusChoices
from nautobot_topology_cache.collect.commands import Platform
from nautobot_topology_cache.collect.flow import plan
from nautobot_topology_cache.collect.normalize import storable
from nautobot_topology_cache.collect.results import CANCELLED, Counts, DeviceResult, SliceResult
from nautobot_topology_cache.store import Written

PRECEDENCE = ("failed", "ok", "empty", "unsupported")
"""A table fed by several commands is the first of these that one of them is."""
DEADLINE = "deadline"
"""First word of the reason of what `device_timeout` cut off."""
MOST_DETAILS = 100
"""Rejected rows, and lines not understood, that an item keeps per device; the counts are never cut."""


def fold(outcomes: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """(outcome, reason) of a table, from those of the commands that feed it."""
    return min(outcomes, key=lambda one: PRECEDENCE.index(one[0]))


def tables_of(written: Iterable[Written]) -> dict[str, dict[str, Any]]:
    """Catalog name -> outcome, reason and figures, as REST shows them."""
    by_table: dict[str, list[Written]] = defaultdict(list)
    for one in written:
        by_table[one.result.table].append(one)
    return {name: _table(by_table[name]) for name in CATALOG if name in by_table}


def _table(parts: list[Written]) -> dict[str, Any]:
    outcome, reason = fold((part.result.outcome, part.result.reason) for part in parts)
    counts = sum((part.result.counts for part in parts if not part.result.fills), Counts())
    kinds = ("added", "changed", "removed", "unchanged")
    changes = {kind: sum(getattr(part, kind) for part in parts) for kind in kinds}
    return {"outcome": outcome, "reason": reason, **attrs.asdict(counts), **changes}


def commands_of(result: DeviceResult) -> list[dict[str, Any]]:
    """Every command of a device with how it ended, as REST shows it."""
    shown = ("command", "context", "outcome", "reason", "source", "duration")
    return [{name: getattr(command, name) for name in shown} for command in result.commands]


def commands_to_ask(platform: Platform, tables: Iterable[str]) -> list[dict[str, Any]]:
    """What a dry run shows in the place of `commands_of`; which VRFs there are, only the device knows."""
    unknown = {"context": "", "outcome": "", "reason": "dry run", "source": "", "duration": None}
    return [{"command": entry.alternatives[0].text, **unknown} for entry in plan(platform, tables)]


def details_of(slices: Iterable[SliceResult]) -> dict[str, Any]:
    """Rejected rows and lines that were not understood, cut to a readable number."""
    parts = list(slices)
    where = [{"table": part.table, "command": part.command, "context": part.context} for part in parts]
    rejected = [
        {**place, "reason": one.reason, "row": one.row}
        for place, part in zip(where, parts, strict=True)
        for one in part.rejected
    ]
    unparsed = [
        {**place, "line": line} for place, part in zip(where, parts, strict=True) for line in part.unparsed_lines
    ]
    details: dict[str, Any] = storable({"rejected": rejected[:MOST_DETAILS], "unparsed": unparsed[:MOST_DETAILS]})
    return details


def viewed_whole(user: Any) -> list[str]:
    """The tables of which `user` may view every row: what is kept beside them is not matched against constraints."""
    viewed = [name for name, spec in CATALOG.items() if user.has_perm(spec.permission)]
    return [name for name in viewed if not CATALOG[name].model.objects.is_constrained(user)]


def details_for(user: Any, details: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Of `details_of` what `user` may view: of permitted tables, and lines as printed only with command outputs."""
    tables = set(viewed_whole(user))
    shown = {
        part: [one for one in details.get(part, ()) if one["table"] in tables] for part in ("rejected", "unparsed")
    }
    return shown if user.has_perm("nautobot_topology_cache.view_commandoutput") else {**shown, "unparsed": []}


def rows_of(result: DeviceResult) -> dict[str, list[dict[str, Any]]]:
    """The normalised rows by table, for a run that stores them nowhere else."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for part in result.slices:
        rows.setdefault(part.table, []).extend(attrs.asdict(record) for record in part.records)
    return rows


def answered(result: DeviceResult) -> DeviceResult:
    """A device's result without the slices that a cancelled run did not ask for any more."""
    return attrs.evolve(result, slices=tuple(part for part in result.slices if part.reason != str(CANCELLED)))


def ending_of(result: DeviceResult, written: Iterable[Written], *, cancelled: bool) -> tuple[str, str]:
    """A device's status and error once it has been asked; one whose time ran out has failed, whatever it answered."""
    if cancelled:
        return StatusChoices.CANCELLED, str(result.failure or "")
    if result.failure is not None:
        return StatusChoices.FAILED, str(result.failure)
    failed = [command.reason for command in result.commands if command.outcome == OutcomeChoices.FAILED]
    overdue = next((reason for reason in failed if reason.startswith(f"{DEADLINE}:")), "")
    if overdue:
        return StatusChoices.FAILED, overdue
    wrong = failed or any(part.result.outcome == OutcomeChoices.FAILED for part in written)
    return (StatusChoices.COMPLETED_WITH_ERRORS if wrong else StatusChoices.COMPLETED), ""


def run_status(counts: Mapping[str, int]) -> str:
    """A run's status from the number of its devices in each status, all of them ended."""
    counts = Counter(counts)
    if counts[StatusChoices.COMPLETED] == counts.total():
        return StatusChoices.COMPLETED if counts.total() else StatusChoices.FAILED
    if not any(counts[status] for status in StatusChoices.ANSWERED):
        return StatusChoices.FAILED
    return StatusChoices.COMPLETED_WITH_ERRORS
