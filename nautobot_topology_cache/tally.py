"""What a run came to, in figures: kept on the run, published as an event, and summed up by the metrics.

Ids, statuses and numbers only: what devices or databases say may quote anything.
"""

from __future__ import annotations

import logging
from collections import Counter
from typing import Any
from uuid import UUID

from nautobot.apps.events import publish_event
from redis.exceptions import RedisError

from nautobot_topology_cache.models import DiscoveryRun, DiscoveryRunItem

LOG = logging.getLogger(__name__)
TOPIC = "nautobot_topology_cache.discovery_run.ended"
CHANGES = ("added", "changed", "removed", "unchanged")
WORK = ("connections", "commands_sent", "cache_hits")


def take_stock(run_id: UUID) -> None:
    """Sum up a run that has just ended, and tell Nautobot's event brokers."""
    run = DiscoveryRun.objects.filter(pk=run_id).first()
    if run is None:
        return
    run.figures = _figures(run)
    DiscoveryRun.objects.filter(pk=run_id).update(figures=run.figures)
    try:
        publish_event(topic=TOPIC, payload=payload(run))
    except (RedisError, OSError) as error:
        LOG.error("the end of run %s was not published: %s", run_id, type(error).__name__)


def payload(run: DiscoveryRun) -> dict[str, Any]:
    """The event, as JSON."""
    ids = {"id": run.pk, "requested_by": run.requested_by_id, "job_result": run.job_result_id}
    moments = {"created_at": run.created_at, "started_at": run.started_at, "completed_at": run.completed_at}
    return {
        **{name: None if pk is None else str(pk) for name, pk in ids.items()},
        "status": run.status,
        **{name: None if moment is None else moment.isoformat() for name, moment in moments.items()},
        **run.figures,
    }


def _figures(run: DiscoveryRun) -> dict[str, Any]:
    devices: Counter[str] = Counter()
    work: Counter[str] = Counter(dict.fromkeys(WORK, 0))
    rows: Counter[str] = Counter(dict.fromkeys(CHANGES, 0))
    items = DiscoveryRunItem.objects.filter(run=run.pk).order_by().values_list("status", "tables", *WORK)
    for status, tables, *done in items.iterator():
        devices[status] += 1
        work.update(dict(zip(WORK, done, strict=True)))
        for table in tables.values():
            rows.update({name: table.get(name, 0) for name in CHANGES})
    began, ended = run.started_at, run.completed_at
    seconds = (ended - began).total_seconds() if began and ended else 0.0
    return {"devices": dict(devices), **work, "rows": dict(rows), "seconds": seconds}
