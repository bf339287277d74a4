"""Prometheus metrics, at Nautobot's `/metrics/`, counted from the database at each scrape: any process may answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric

from nautobot_topology_cache.choices import RunStatusChoices
from nautobot_topology_cache.models import CachedSlice, DiscoveryRun
from nautobot_topology_cache.tally import CHANGES, WORK

PREFIX = "nautobot_topology_cache"
DAY = timedelta(hours=24)


def metric_runs() -> Iterator[Metric]:
    """How many runs are stored, by status."""
    gauge = GaugeMetricFamily(f"{PREFIX}_runs", "Stored discovery runs by status", labels=["status"])
    counts = dict(DiscoveryRun.objects.order_by().values_list("status").annotate(Count("pk")))
    for status in RunStatusChoices.values():
        gauge.add_metric([status], counts.get(status, 0))
    yield gauge


def metric_day() -> Iterator[Metric]:
    """What the runs that ended in the last 24 hours came to."""
    ended = DiscoveryRun.objects.filter(completed_at__gte=timezone.now() - DAY).exclude(figures={})
    told = list(ended.order_by("completed_at").values_list("figures", flat=True))
    devices = sum((Counter(one["devices"]) for one in told), Counter())
    work = sum((Counter({name: one[name] for name in WORK}) for one in told), Counter())
    rows = sum((Counter(one["rows"]) for one in told), Counter())
    yield _by("devices_24h", "Devices of runs ended in the last 24 hours, by how they ended", "status", devices)
    yield _by("rows_24h", "Rows of runs ended in the last 24 hours", "change", {name: rows[name] for name in CHANGES})
    for name in WORK:
        yield GaugeMetricFamily(f"{PREFIX}_{name}_24h", f"{name} in runs ended in the last 24 hours", value=work[name])
    longest = max((one["seconds"] for one in told), default=0.0)
    last = told[-1]["seconds"] if told else 0.0
    durations = {"longest": longest, "last": last}
    yield _by("run_seconds_24h", "How long runs ended in the last 24 hours took", "which", durations)


def metric_age() -> Iterator[Metric]:
    """How old the oldest current answer is, by table."""
    current = CachedSlice.objects.filter(closed_at__isnull=True, collected_at__isnull=False).order_by()
    now = timezone.now()
    oldest = current.values_list("table").annotate(Min("collected_at"))
    ages = {table: (now - collected_at).total_seconds() for table, collected_at in oldest}
    yield _by("oldest_answer_seconds", "Age of the oldest answer that a device's table rests on", "table", ages)


def _by(name: str, text: str, label: str, values: dict[str, float]) -> Metric:
    gauge = GaugeMetricFamily(f"{PREFIX}_{name}", text, labels=[label])
    for word, value in values.items():
        gauge.add_metric([word], value)
    return gauge


metrics = [metric_runs, metric_day, metric_age]
