"""The rows about questions to large tables: look-ups, and the pages that show them. Needs Nautobot set up."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from development.bench import filling
from development.bench.measuring import Figures, Series, series
from development.bench.report import Row
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.device_tabs import DEVICE_TABS
from nautobot_topology_cache.filters import CachedIPAddressFilterSet, CachedMACAddressFilterSet, CachedRouteFilterSet

ROWS = 10_000_000
PAGE_ROWS = 1_000_000
LOOKUPS = 100
MOST_MILLISECONDS = 1.0
MOST_OF_A_QUERY = 50.0
"""Milliseconds."""
APP = "nautobot_topology_cache"
COUNT = re.compile(r"\s*SELECT COUNT\(", re.IGNORECASE)
Ask = Callable[[int], Any]


def rows(full: bool) -> Iterator[Row]:
    """All rows about large tables."""
    yield from pages(PAGE_ROWS if full else PAGE_ROWS // 10)
    yield from lookups(ROWS if full else ROWS // 10)


def lookups(count: int, times: int = LOOKUPS) -> Iterator[Row]:
    """Milliseconds from a filter set to the rows that it finds, in tables of `count` rows each."""
    filled = filling.fill(count)
    probe = _asked(count, times, _probe, lambda n: 1)
    for what, ask, expected in _questions(filled):
        told = _asked(count, times, ask, expected)
        yield Row(
            name=f"look-up: {what}",
            n=count,
            unit="ms",
            ours=told.median("wall") * 1e3,
            ours_spread=_milliseconds(told),
            limit=probe.median("wall") * 1e3,
            target=MOST_MILLISECONDS,
            bar="most",
            void="" if told.outcome else "a look-up did not find its row, or found others",
        )


def _milliseconds(told: Series) -> tuple[float, float]:
    least, largest = told.spread("wall")
    return least * 1e3, largest * 1e3


def _questions(filled: filling.Filled) -> Iterator[tuple[str, Ask, Ask]]:
    """What is asked, how of the n-th row, and how many rows that are."""
    many = len(filled.devices)

    def by_mac(n: int) -> Any:
        return _found(CachedMACAddressFilterSet, "mac_addresses", {"mac_address": [filling.mac(n)]})

    def by_address(n: int) -> Any:
        return _found(CachedIPAddressFilterSet, "ip_addresses", {"address": [filling.address(n)]})

    def longest_match(n: int) -> Any:
        asked = {"device": [str(filled.owner(n).pk)], "contains": [filling.address(4 * (n // many) + 1)]}
        return _found(CachedRouteFilterSet, "routes", asked)

    yield "MAC address", by_mac, lambda n: 1
    yield "owner of an IP address", by_address, lambda n: 1
    yield "longest match on a device", longest_match, lambda n: 1


def _found(filter_set: type[Any], table: str, asked: dict[str, list[str]]) -> Any:
    """The rows as they would be shown, not yet asked for: reading a form is no part of a look-up."""
    chosen = filter_set(asked, CATALOG[table].model.objects.all())
    if not chosen.is_valid():
        raise ValueError(chosen.errors)
    return chosen.qs.order_by().values_list("device_id", *CATALOG[table].columns)


def _probe(number: int) -> Any:
    key = f"{number:032x}"
    return CATALOG["routes"].model.versions.filter(pk=key).order_by().values_list("pk")


def _asked(count: int, times: int, ask: Ask, expected: Ask) -> Series:
    chosen = random.Random(1)
    numbers = [chosen.randrange(count) for _ in range(times)]
    list(ask(numbers[0]))
    told = []
    for number in numbers:
        question = ask(number)
        cpu, wall = time.process_time(), time.perf_counter()
        found = list(question)
        figures = Figures(time.process_time() - cpu, time.perf_counter() - wall)
        told.append((figures, len(found) == expected(number)))
    return series(told)


def pages(count: int) -> Iterator[Row]:
    """The slowest query of each page, and how many are sent twice, over tables of `count` rows."""
    filled = filling.fill(count)
    user = get_user_model().objects.filter(username="bench").first()
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user or get_user_model().objects.create_superuser("bench"))
    bound = {name: _seen(client, url) for name, url in _bound(filled)}
    slowest = max(bound, key=lambda name: bound[name][0])
    repeated = {name: again for name, (_, again, _) in bound.items() if again}
    yield Row(
        name="pages: slowest query",
        n=count,
        unit="ms",
        ours=bound[slowest][0],
        target=MOST_OF_A_QUERY,
        bar="most",
        details={"on": slowest, "pages": len(bound), "it reads": bound[slowest][2][:200]},
    )
    yield Row(
        name="pages: queries of the app sent twice",
        n=count,
        unit="queries",
        ours=sum(repeated.values()),
        target=0,
        bar="most",
        details=repeated,
    )
    others = {name: _seen(client, url)[0] for name, url in _unbound()}
    name = "pages: slowest query of a search, sort or deep page"
    yield Row(name=name, n=count, unit="ms", ours=max(others.values()), details=others)


def _bound(filled: filling.Filled) -> Iterator[tuple[str, str]]:
    """Pages that promise something: the Device page with its tabs, first pages of lists, exact matches."""
    device, row = filled.owner(0), 0
    yield "Device", device.get_absolute_url()
    for tab in DEVICE_TABS:
        yield f"tab {tab.table}", reverse(f"plugins:{APP}:device_{tab.table}", args=[device.pk])
    for table in filling.COLUMNS:
        yield f"list {table}", _list(table)
    yield "MAC address", f"{_list('mac_addresses')}?mac_address={filling.mac(row)}"
    yield "IP address", f"{_list('ip_addresses')}?address={filling.address(row)}"
    yield "prefix", f"{_list('routes')}?prefix={filling.prefix(row)}"
    yield "route to", f"{_list('routes')}?contains={filling.address(row + 1)}"


def _unbound() -> Iterator[tuple[str, str]]:
    for table, column in {"mac_addresses": "interface", "ip_addresses": "vrf", "routes": "metric"}.items():
        yield f"{table}, ?q=", f"{_list(table)}?q=10.0.0.1"
        yield f"{table}, by {column}", f"{_list(table)}?sort={column}"
        yield f"{table}, page 1,000", f"{_list(table)}?page=1000&per_page=50"


def _list(table: str) -> str:
    return reverse(f"plugins:{APP}:{CATALOG[table].model._meta.model_name}_list")


def _seen(client: Client, url: str) -> tuple[float, int, str]:
    """Milliseconds of the slowest query besides COUNT, how many of the app's are sent again, and the slowest one.

    Once caches are warm. Lists load their rows in a request of their own, as HTMX sends it.
    """
    headers = {"HX-Request": "true"} if "/devices/" not in url else {}
    client.get(url, headers=headers)
    with CaptureQueriesContext(connection) as made:
        answer = client.get(url, headers=headers)
    if answer.status_code != 200:
        raise RuntimeError(f"{url} answers {answer.status_code}")
    asked = [one for one in made if not COUNT.match(one["sql"])]
    slowest = max(asked, key=lambda one: float(one["time"]))
    again = Counter(one["sql"] for one in made if APP in one["sql"])
    return float(slowest["time"]) * 1e3, sum(times - 1 for times in again.values()), slowest["sql"]
