"""Every place where a run leaves something to read, as text; and a canary for each, which a search must find there."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django_rq import get_queue
from nautobot.apps.events import publish_event
from nautobot.extras.models import JobLogEntry, JobResult
from redis import Redis

from nautobot_topology_cache import fanout, metrics
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.models import CommandOutput, DiscoveryRun, DiscoveryRunItem
from tests.app import factories

REST = "/api/plugins/topology-cache"
DASHBOARD = "/admin/django_rq/dashboard/"
CANARY = "canary-in-"


def readable(value: Any) -> str:
    """A stored value with compressed parts opened."""
    if isinstance(value, memoryview | bytes):
        raw = bytes(value)
        try:
            return zlib.decompress(raw).decode(errors="replace")
        except zlib.error:
            return raw.decode(errors="replace")
    return str(value)


def database() -> str:
    """All rows of all tables."""
    told = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  names of the database itself
            told.append(table)
            told.extend(readable(value) for row in cursor for value in row)
    return "\n".join(told)


def stores() -> dict[str, Redis]:
    """The Redis databases of Nautobot's cache, of RQ and of Celery."""
    celery = settings.CACHES["default"]["LOCATION"].rpartition("/")[0]
    number = int(settings.CACHES["default"]["LOCATION"].rpartition("/")[2]) + 40
    return {
        "cache": Redis.from_url(settings.CACHES["default"]["LOCATION"]),
        "rq": get_queue(fanout.QUEUE).connection,
        "celery": Redis.from_url(f"{celery}/{number}"),
    }


def everything_in(store: Redis) -> str:
    """All keys with all they hold."""
    readers = {
        b"string": store.get,
        b"hash": store.hgetall,
        b"list": lambda key: store.lrange(key, 0, -1),
        b"set": store.smembers,
        b"zset": lambda key: store.zrange(key, 0, -1),
        b"stream": store.xrange,
    }
    return "\n".join(f"{key}: {_deeply(readers[store.type(key)](key))}" for key in store.scan_iter())


def _deeply(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{_deeply(key)}={_deeply(one)}" for key, one in value.items())
    if isinstance(value, list | set | tuple):
        return " ".join(map(_deeply, value))
    return readable(value)


def pages(client: Client) -> Iterator[str]:
    """What Nautobot shows of runs, their devices, their Jobs and command outputs."""
    shown = [*DiscoveryRun.objects.all(), *DiscoveryRunItem.objects.all(), *CommandOutput.objects.all()]
    for url in [one.get_absolute_url() for one in [*shown, *JobResult.objects.all()]]:
        yield _answered(client, url)
    for result in JobResult.objects.all():
        yield _answered(client, reverse("extras:jobresult_log-table", kwargs={"pk": result.pk}))


def rest(client: Client) -> Iterator[str]:
    """The same, by REST."""
    for kind, model in (("discovery-runs", DiscoveryRun), ("command-outputs", CommandOutput)):
        for pk in model.objects.values_list("pk", flat=True):
            yield _answered(client, f"{REST}/{kind}/{pk}/")
    for run in DiscoveryRun.objects.all():
        yield _answered(client, f"{REST}/discovery-runs/{run.pk}/result/")
    for result in JobResult.objects.all():
        yield _answered(client, f"/api/extras/job-results/{result.pk}/")
        yield _answered(client, f"/api/extras/job-results/{result.pk}/logs/")


def dashboard(client: Client) -> Iterator[str]:
    """django-rq's pages, which any staff user may open: queues, and every task of ours."""
    yield _answered(client, DASHBOARD)
    for index, name in enumerate(settings.RQ_QUEUES):
        queue, page = get_queue(name), f"{DASHBOARD}queues/{index}/"
        for part in ("", "details/", "finished/", "failed/"):
            yield _answered(client, page + part)
        ended = [*queue.finished_job_registry.get_job_ids(), *queue.failed_job_registry.get_job_ids()]
        for job in {*queue.get_job_ids(), *ended}:
            yield _answered(client, f"{page}{job}/")


def _answered(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode()


def places(client: Client, heard: str, told: list[Any], logs: Mapping[str, Path]) -> dict[str, str]:
    """Place -> all that can be read there."""
    return {
        "log here": heard,
        **{f"log of {name}": path.read_text(errors="replace") for name, path in logs.items()},
        "event": str(told),
        **{f"redis of {name}": everything_in(store) for name, store in stores().items()},
        "database": database(),
        "pages": "\n".join(pages(client)),
        "rest": "\n".join(rest(client)),
        "dashboard": "\n".join(dashboard(client)),
        "metrics": str([list(metric()) for metric in metrics.metrics]),
    }


def release(device: Any, run: DiscoveryRun, result: JobResult, logs: Mapping[str, Path]) -> dict[str, set[str]]:
    """Write a canary into everything a run writes into; place -> canaries that are to be found there."""
    in_database, in_pages, in_rest = (_in_tables(device, run), _of_an_item(run, device), _of_a_result(result))
    for name, path in logs.items():
        with path.open("a") as log:
            log.write(f"{CANARY}{name}\n")
    for name, store in stores().items():
        store.set(f"canary:{name}", f"{CANARY}{name}")
    get_queue(fanout.QUEUE).enqueue(print, f"{CANARY}task", job_id="canary")
    publish_event(topic="nautobot_topology_cache.canary", payload={"text": f"{CANARY}event"})
    factories.make_slice(device, f"{CANARY}table")
    return {
        **{f"log of {name}": {f"{CANARY}{name}"} for name in logs},
        "event": {f"{CANARY}event"},
        **{f"redis of {name}": {f"{CANARY}{name}"} for name in stores()},
        "redis of rq": {f"{CANARY}rq", f"{CANARY}task"},
        "database": in_database | in_pages | in_rest,
        "pages": in_pages - {f"{CANARY}current-task"},
        "rest": in_pages | in_rest,
        "dashboard": {f"{CANARY}task"},
        "metrics": {f"{CANARY}table"},
    }


def _in_tables(device: Any, run: DiscoveryRun) -> set[str]:
    """Layer 2 in every table, and a run's figures."""
    # Short: BGP's origin is.
    words = {table: f"row-canary-{number}-" for number, table in enumerate(CATALOG)}
    for table, word in words.items():
        factories.make_row(table, device, 77, word=word)
    run.figures |= {"canary": f"{CANARY}figures"}
    run.save()
    return {*words.values(), f"{CANARY}figures"}


def _of_an_item(run: DiscoveryRun, device: Any) -> set[str]:
    """Layer 1, and all that a run says of a device."""
    said = {name: f"{CANARY}{name}" for name in ("error", "reason", "command", "raw", "parsed", "current-task")}
    factories.make_output(
        device, command=said["command"], raw=said["raw"], parsed=[{"X": said["parsed"]}], reason=said["reason"]
    )
    run.items.filter(device=device).update(error=said["error"], current_task=said["current-task"])
    return set(said.values())


def _of_a_result(result: JobResult) -> set[str]:
    """All that Nautobot keeps of a Job."""
    for column in ("task_args", "task_kwargs", "celery_kwargs", "result"):
        setattr(result, column, {"canary": f"{CANARY}{column}"})
    result.traceback = f"{CANARY}traceback"
    result.save()
    JobLogEntry.objects.create(job_result=result, log_level="info", grouping="run", message=f"{CANARY}entry")
    columns = ("task_args", "task_kwargs", "celery_kwargs", "result", "traceback", "entry")
    return {f"{CANARY}{column}" for column in columns}
