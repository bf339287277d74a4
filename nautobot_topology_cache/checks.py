"""Django's system checks: what `nautobot-server check` says of a configuration that cannot work well.

They contact neither Redis nor a device. `no_secrets_group` asks the database, and so runs on `--database` only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings as django_settings
from django.core import checks
from django.core.checks import CheckMessage, Tags
from django.db import connections
from nautobot.extras.models import SecretsGroup
from redis.connection import parse_url

from nautobot_topology_cache import fanout, queries
from nautobot_topology_cache.collect.errors import PlatformError
from nautobot_topology_cache.collect.platforms import load

APP = "nautobot_topology_cache"
Place = tuple[str, int, int]
"""Host or socket, port (0 for a socket), and number of a Redis database."""


def mysql(**_: Any) -> list[CheckMessage]:
    """W001: the database is one that nobody has tried."""
    engine = str(django_settings.DATABASES["default"]["ENGINE"])
    if "mysql" not in engine:
        return []
    told = (
        "Topology Cache supports PostgreSQL; MySQL is untested. Runs that overlap, leases on devices and large tables "
        "may fail."
    )
    return [checks.Warning(told, hint="Move Nautobot to PostgreSQL.", id=f"{APP}.W001")]


def platform_modules(**_: Any) -> list[CheckMessage]:
    """E001: an entry of `platform_modules` is no platform, so that no run could begin."""
    return list(_unloadable(queries.platform_modules()))


def _unloadable(names: Iterable[str]) -> Iterator[CheckMessage]:
    for name in names:
        try:
            load(name)
        except (ImportError, PlatformError, SyntaxError, NameError, TypeError, ValueError) as error:
            yield checks.Error(
                f"platform_modules: {name!r} cannot be loaded: {type(error).__name__}: {error}",
                hint="Name modules that every Nautobot process can import and that have a PLATFORM, or take it out.",
                id=f"{APP}.E001",
            )


def absent_queues(**_: Any) -> list[CheckMessage]:
    """W002: runs are for RQ workers alone, and there is no queue for them. Threads need none."""
    absent = [name for name in (fanout.QUEUE, fanout.HIGH) if name not in fanout.configured_queues()]
    if fanout.choice() != "rq" or not absent:
        return []
    return [
        checks.Warning(
            f"fan_out is `rq`, but RQ_QUEUES does not name {' and '.join(absent)}: runs will be refused.",
            hint="Add them to RQ_QUEUES as docs/admin/workers.md shows, or set fan_out to `auto` or `threads`.",
            id=f"{APP}.W002",
        )
    ]


def shared_redis(**_: Any) -> list[CheckMessage]:
    """W003: an RQ queue is in the Redis database of Nautobot's cache, or of Celery. Sentinels are not looked at."""
    if fanout.choice() == "threads":
        return []
    taken = dict(_taken())
    return [
        checks.Warning(
            f"RQ_QUEUES: {name} shares Redis database {place[2]} of {place[0]} with {taken[place]}.",
            hint="Give the RQ queues a Redis database of their own: Nautobot empties its cache's at every upgrade.",
            id=f"{APP}.W003",
        )
        for name, queue in fanout.configured_queues().items()
        if (place := _place_of_queue(queue)) in taken
    ]


def _taken() -> Iterator[tuple[Place, str]]:
    """The Redis databases that Nautobot uses itself, and for what."""
    for url in str(django_settings.CELERY_BROKER_URL).split(";"):
        yield from ((place, "Celery's broker") for place in _places(url))
    for alias, cache in django_settings.CACHES.items():
        located = cache.get("LOCATION") or ""
        urls = located.split(",") if isinstance(located, str) else located
        yield from ((place, f"the cache `{alias}`") for url in urls for place in _places(url))


def _places(url: str) -> Iterator[Place]:
    """At most one: nothing for what is no URL of a Redis server."""
    if url.startswith(("redis://", "rediss://", "unix://")):
        yield _place(**parse_url(url))


def _place_of_queue(queue: dict[str, Any]) -> Place | None:
    """None for sentinels. django-rq takes a number in the URL before one beside it."""
    if "URL" in queue:
        return _place(**{"db": queue.get("DB"), **parse_url(queue["URL"])})
    if "USE_REDIS_CACHE" in queue:
        return next(_places(str(django_settings.CACHES[queue["USE_REDIS_CACHE"]].get("LOCATION"))), None)
    if "UNIX_SOCKET_PATH" in queue:
        return _place(path=queue["UNIX_SOCKET_PATH"], db=queue.get("DB"))
    return _place(queue["HOST"], queue.get("PORT"), queue.get("DB")) if "HOST" in queue else None


def _place(
    host: str = "", port: int | str | None = None, db: int | str | None = None, path: str = "", **_: Any
) -> Place:
    """What is left out is what Redis clients take for it."""
    if path:
        return path, 0, int(db or 0)
    return {"": "127.0.0.1", "localhost": "127.0.0.1"}.get(host, host), int(port or 6379), int(db or 0)


def no_secrets_group(databases: Iterable[str] | None = None, **_: Any) -> list[CheckMessage]:
    """W004: Nautobot has no credentials for any device. Silent before Nautobot's first migration."""
    alias = "default"
    if alias not in (databases or ()):
        return []
    tables = connections[alias].introspection.table_names()
    if SecretsGroup._meta.db_table not in tables or SecretsGroup.objects.using(alias).exists():
        return []
    return [
        checks.Warning(
            "There is no secrets group: every device will be skipped for lack of credentials.",
            hint="Make one with username and password or private key, and give it to devices: docs/admin/secrets.md.",
            id=f"{APP}.W004",
        )
    ]


CHECKS: dict[Callable[..., list[CheckMessage]], str] = {
    mysql: Tags.compatibility,
    platform_modules: Tags.compatibility,
    absent_queues: Tags.compatibility,
    shared_redis: Tags.caches,
    no_secrets_group: Tags.database,
}


def register() -> None:
    """Make the checks known to Django."""
    for check, tag in CHECKS.items():
        checks.register(check, tag)
