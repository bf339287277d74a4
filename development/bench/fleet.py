"""The rows about many devices: from a login over SSH to committed rows, with accounting, outcomes and history.

Needs Nautobot set up. The rivals do not normalise: they are given the rows that ours came to, and write those.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import psutil
from django.contrib.auth import get_user_model

from development.bench import answers, held, played, rivals, workers
from development.bench.fetching import Fetch, Fetchers, fetchers
from development.bench.measuring import TIMES, Figures, Series, series
from development.bench.report import Row, compared
from development.inventory import document
from nautobot_topology_cache import discovery
from nautobot_topology_cache.choices import RunStatusChoices

DEVICES = 1000
SAMPLE = {False: 1, True: 5}
"""Devices on which the rivals are measured, and ours beside them; more in a full measurement."""
LARGER = (answers.routes(300), answers.arp(300), answers.macs(150))
"""What those devices answer, so that they have some 900 rows each."""
ALIKE = ("cisco_ios", "cisco_xe")
"""Drivers of devices that print like this."""
PORTIONS = 5
"""Runs into which the devices are divided: each is one repetition."""
PHASES = ("first", "rediscovery")
RATIOS = {"row by row": dict(zip(PHASES, (20, 35), strict=True)), "replacing": dict(zip(PHASES, (4, 8), strict=True))}
PER_MINUTE = dict(zip(PHASES, (600, 1000), strict=True))
MEGABYTE = 1e6
FLAT = 10.0
"""Megabytes by which a worker may grow while it asks its devices again: noise of the allocator."""
CONCURRENCY = 100
WORKERS = 16
"""RQ workers, each of which has one session at a time."""


def rows(full: bool, times: int = TIMES) -> Iterator[Row]:
    """All rows about many devices."""
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        with played.lab(state, DEVICES if full else DEVICES // 10) as inventory:
            asked = askable(document(inventory, state, cables=False), inventory)
            sample = [one for one in asked if one.driver in ALIKE][: SAMPLE[full]]
            larger = {told.command: told.text for told in LARGER}
            for one in sample:
                played.turn(inventory, one.device.name, answers=larger)
            yield from chain(sample, times)
            for one in sample:
                played.turn(inventory, one.device.name, answers=dict.fromkeys(larger))
            devices = [one.device for one in asked]
            memory: list[int] = []
            for row in per_minute(devices, "threads", time.process_time):
                memory.append(psutil.Process().memory_info().rss)
                yield row
            yield grown(len(devices), memory)
            with workers.pool(state / "rq.log", WORKERS) as pool:
                before = pool.tasks()
                by_workers = list(
                    per_minute(devices, f"{WORKERS} RQ workers", lambda: time.process_time() + pool.cpu())
                )
                missing = 2 * len(devices) + len(_of_each_platform(devices)) - (pool.tasks() - before)
                void = f"{missing} devices were asked by other processes" if missing > 0 else ""
                yield from (attrs.evolve(row, void=row.void or void) for row in by_workers)


@attrs.frozen
class Asked:
    """A Device of the lab, and how somebody logs in to it by hand."""

    device: Any
    login: dict[str, Any]
    driver: str


def askable(documented: Iterable[Any], inventory: dict[str, Any]) -> list[Asked]:
    """The devices that let one in: the lab has others, as networks do, which would say nothing of speed."""
    known = {device["name"]: device for device in inventory["devices"]}
    return [
        Asked(one, played.login(known[one.name], inventory), known[one.name]["platform"])
        for one in documented
        if known[one.name]["answers"] == "yes"
    ]


def chain(asked: list[Asked], times: int) -> Iterator[Row]:
    """CPU per device of ours and of both rivals, database included, for a first discovery and for the next one."""
    devices = [one.device for one in asked]
    failed = _discover(devices)
    fetches = [Fetch(one.login, one.driver, _commands(one.device)) for one in asked]
    rows = {one: held.told(one) for one in devices}
    expected = {one.pk: held.content(one.pk) for one in devices}
    ours = _repeated(devices, expected, lambda: lambda: _discover(devices), [0.0] * times)

    def rival(session: str, write: Callable[..., None], several: Fetchers) -> Mapping[str, Series]:
        def prepared() -> Callable[[], Any]:
            told = [(one, held.for_rival(one, rows[one])) for one in devices]
            return lambda: [write(*one) for one in told]

        return _repeated(devices, expected, prepared, several.seconds(session, times))

    with fetchers(fetches) as several:
        theirs = {
            "row by row": rival("one login", rivals.update_rows, several),
            "replacing": rival("a login per command", rivals.replace_rows, several),
        }
    for name, phases in theirs.items():
        for phase in PHASES:
            mine, other = ours[phase], phases[phase]
            yield compared(
                f"whole chain: {phase}, beside {name}",
                sum(map(len, rows.values())) // len(devices),
                "cpu",
                mine,
                other,
                unit=len(devices),
                called="CPU s",
                target=RATIOS[name][phase],
                void=_void(failed, rows, mine, other),
                details={
                    "devices": len(devices),
                    "our WAL bytes a device": mine.median("wal") / len(devices),
                    "the rival's": other.median("wal") / len(devices),
                },
            )


def _void(failed: list[str], rows: dict[Any, held.Told], *sides: Series) -> str:
    if failed or not all(rows.values()):
        return "; ".join(failed) or "a device told nothing"
    return "" if all(side.outcome for side in sides) else "the rows are not those that the devices told"


def _repeated(
    devices: list[Any],
    expected: dict[Any, held.Content],
    prepared: Callable[[], Callable[[], Any]],
    spent: list[float],
) -> Mapping[str, Series]:
    """Phase -> what the prepared action cost, from nothing on and once more, as often as there are seconds.

    Those seconds of CPU were spent before each action and are added: what a rival does over SSH does not depend on
    what is in the tables.
    """
    figures: dict[str, list[tuple[Figures, Any]]] = {phase: [] for phase in PHASES}
    for seconds in spent:
        for one in devices:
            held.clear(one)
        for phase in PHASES:
            cost, _result = held.counted(prepared())
            right = all(held.content(pk) == content for pk, content in expected.items())
            figures[phase].append((attrs.evolve(cost, cpu=cost.cpu + seconds), right))
    return {phase: series(told) for phase, told in figures.items()}


def per_minute(devices: list[Any], by: str, spent: Callable[[], float]) -> Iterator[Row]:
    """Devices per minute in runs of a part of them each; `spent` tells the CPU seconds of all that ask them."""
    for one in devices:
        held.clear(one)
    _discover(_of_each_platform(devices))
    portions = [devices[n::PORTIONS] for n in range(PORTIONS)]
    for phase in PHASES:
        seconds, before = [], spent()
        failed: list[str] = []
        for portion in portions:
            began = time.perf_counter()
            failed += _discover(portion)
            seconds.append(time.perf_counter() - began)
        speeds = sorted(len(portion) / took * 60 for portion, took in zip(portions, seconds, strict=True))
        yield Row(
            name=f"devices per minute, {phase}, {by}",
            n=len(devices),
            unit="a minute",
            ours=speeds[len(speeds) // 2],
            ours_spread=(speeds[0], speeds[-1]),
            target=PER_MINUTE[phase],
            bar="least",
            void="; ".join(failed),
            details={"CPU s a device": (spent() - before) / len(devices)},
        )


def _of_each_platform(devices: list[Any]) -> list[Any]:
    return list({one.platform_id: one for one in devices}.values())


def grown(count: int, memory: list[int]) -> Row:
    """How much the asking process grows while it asks all of its devices once more."""
    first, again = memory
    return Row(
        name="memory: growth of a worker, over all of its devices",
        n=count,
        unit="MB",
        ours=(again - first) / MEGABYTE,
        target=FLAT,
        bar="most",
        details={"MB at the end": again / MEGABYTE},
    )


def _discover(devices: Iterable[Any]) -> list[str]:
    """One run, as a Job makes it; the names of the devices that did not answer everything that they were asked."""
    user = get_user_model().objects.filter(username="bench-runs").first()
    user = user or get_user_model().objects.create_superuser("bench-runs")
    given = {"devices": [str(one.pk) for one in devices], "force_refresh": True, "concurrency": CONCURRENCY}
    run = discovery.create_run(discovery.Request.from_names(given, user), user)
    discovery.execute(run, user)
    run.refresh_from_db()
    if run.status == RunStatusChoices.COMPLETED:
        return []
    return sorted(f"{one.device_name}: {one.error}" for one in run.items.exclude(status="completed"))


def _commands(device: Any) -> list[str]:
    """The show commands that a device was asked in its last run."""
    item = discovery.DiscoveryRun.objects.filter(items__device=device).latest("started_at").items.get(device=device)
    return [told["command"] for told in item.commands if told["source"] == "device"]
