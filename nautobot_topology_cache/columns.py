"""What the cells of tables show: badges, ages, links."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from nautobot.core.templatetags.helpers import HTML_NONE, humanize_speed

from nautobot_topology_cache import models
from nautobot_topology_cache.choices import OutcomeChoices, StatusChoices

ONE_LINE = {"td": {"class": "text-nowrap"}}
"""For what must not be broken over two lines: names with dashes, times, addresses."""


def badge(text: Any, kind: str, hint: str = "") -> SafeString:
    """A Bootstrap badge; `kind` is a colour word of our choice sets."""
    colour = {"default": "secondary"}.get(kind, kind)
    return format_html('<span class="badge bg-{}" title="{}">{}</span>', colour, hint, text)


def breakable(text: str) -> Any:
    """A long word, such as a key, which may be broken over lines."""
    return format_html('<span class="text-break">{}</span>', text) if text else HTML_NONE


def outcome_badge(outcome: str, reason: str = "") -> SafeString:
    return badge(outcome, OutcomeChoices.CSS_CLASSES.get(outcome, "default"), reason) if outcome else HTML_NONE


def status_badge(status: str) -> SafeString:
    return badge(dict(StatusChoices.CHOICES)[status], StatusChoices.CSS_CLASSES[status])


def outcome_badges(outcomes: dict[str, int]) -> SafeString:
    """How many tables ended how: “6 ok”, “1 failed”."""
    counts = [(outcome, outcomes[outcome]) for outcome in OutcomeChoices.values() if outcomes.get(outcome)]
    shown = [(badge(f"{count} {outcome}", OutcomeChoices.CSS_CLASSES[outcome]),) for outcome, count in counts]
    return format_html_join(" ", "{}", shown) or HTML_NONE


def trouble(count: int) -> Any:
    """A number that should be zero."""
    return badge(count, "danger") if count else HTML_NONE


def age(moment: datetime | None, never: Any = HTML_NONE) -> Any:
    """How long ago, with the time itself as the hint."""
    if moment is None:
        return never
    passed = timesince(moment, depth=1)
    shown = "just now" if passed.startswith("0") else f"{passed} ago"
    return format_html('<span class="text-nowrap" title="{}">{}</span>', clock(moment), shown)


def clock(moment: datetime) -> str:
    """The time itself, to the second, where the reader is."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S %Z}"


def moment_and_age(moment: datetime | None) -> Any:
    """The time itself, and how long ago that was."""
    if moment is None:
        return HTML_NONE
    return format_html('{} <span class="text-secondary">({})</span>', clock(moment), age(moment))


def seconds(duration: float | None) -> Any:
    """A duration with the precision that its size deserves."""
    if duration is None:
        return HTML_NONE
    if duration < 60:
        return f"{duration:.2f} s" if duration < 10 else f"{duration:.0f} s"
    minutes, rest = divmod(round(duration), 60)
    return f"{minutes} min {rest} s"


def time_taken(record: Any) -> Any:
    """From a run's, or a device's, start to its end, or until now."""
    if record.started_at is None:
        return HTML_NONE
    return seconds(((record.completed_at or timezone.now()) - record.started_at).total_seconds())


def freshness(row: models.CachedRow) -> SafeString:
    """Whether the row still holds: fresh, stale or closed."""
    if row.valid_to is not None:
        return badge("closed", "default", "does not hold any more")
    return badge("stale", "warning", row.stale_reason) if row.stale else badge("fresh", "success")


class OutcomeColumn(tables.Column):
    """An outcome as a badge, its reason as the hint."""

    def render(self, value: str, record: Any) -> SafeString:
        return outcome_badge(value, record.reason)


class StatusColumn(tables.Column):
    """A status as a badge."""

    def render(self, value: str) -> SafeString:
        known = {label: status for status, label in StatusChoices.CHOICES}
        return status_badge(known.get(value, value))


class AgeColumn(tables.Column):
    """A time as its age; sorted by the time."""

    def render(self, value: datetime) -> Any:
        return age(value)


class DurationColumn(tables.Column):
    """Seconds."""

    def render(self, value: float) -> Any:
        return seconds(value)


class SpeedColumn(tables.Column):
    """kbit/s, in the unit that fits."""

    def __init__(self) -> None:
        super().__init__(attrs=ONE_LINE)

    def render(self, value: int) -> Any:
        return humanize_speed(value)


class YesColumn(tables.Column):
    """A check mark, or nothing: that a path is not the best one is no fault."""

    def render(self, value: Any) -> Any:
        return format_html('<span class="text-success mdi mdi-check-bold" title="Yes"></span>') if value else HTML_NONE


class FreshnessColumn(tables.Column):
    """When the row was last seen, and why it may not hold any more."""

    def __init__(self) -> None:
        super().__init__(accessor="collected_at", verbose_name="Seen", orderable=False, empty_values=(), attrs=ONE_LINE)

    def render(self, record: models.CachedRow) -> Any:
        seen = age(record.collected_at, "never")
        return format_html("{} {}", seen, freshness(record)) if record.stale or record.valid_to else seen

    def value(self, record: models.CachedRow) -> Any:
        """For CSV."""
        return record.collected_at
