"""The rows about many devices: from a login over SSH to committed rows, with accounting, outcomes and history.

Needs Nautobot set up. The rivals do not normalise: they are given the rows that ours came to, and write those.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import attrs
import psutil
from django.contrib.auth import get_user_model

from development.bench import answers, held, played, rivals, workers
from development.bench.measuring import TIMES, Figures, series
from development.bench.report import Row, compared
from development.inventory import document
from nautobot_topology_cache import discovery
from nautobot_topology_cache.choices import RunStatusChoices

DEVICES = 1000
SAMPLE = {False: 2, True: 5}
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
            documented = document(inventory, state)
            logins = {device["name"]: device for device in inventory["devices"]}
            asked = [
                Asked(one, played.login(logins[one.name], inventory), logins[one.name]["platform"])
                for one in documented
            ]
            # The lab has devices that refuse every login, as networks do; they would say nothing of speed.
            refusing = {told.partition(":")[0] for told in _discover(documented)}
            asked = [one for one in asked if one.device.name not in refusing]
            sample = [one for one in asked if one.driver in ALIKE][: SAMPLE[full]]
            for one in sample:
                played.turn(inventory, one.device.name, answers={told.command: told.text for told in LARGER})
            yield from chain(sample, times)
            for one in sample:
                played.turn(inventory, one.device.name, answers={told.command: None for told in LARGER})
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
                missing = 2 * len(devices) - (pool.tasks() - before)
                void = f"{missing} devices were asked by other processes" if missing > 0 else ""
                yield from (attrs.evolve(row, void=row.void or void) for row in by_workers)


@attrs.frozen
class Asked:
    """A Device of the lab, and how somebody logs in to it by hand."""

    device: Any
    login: dict[str, Any]
    driver: str


def chain(asked: list[Asked], times: int) -> Iterator[Row]:
    """CPU per device of ours and of both rivals, database included, for a first discovery and for the next one."""
    devices = [one.device for one in asked]
    _discover(devices)
    commands = _commands(devices)
    rows = {one.device.pk: held.told(one.device) for one in asked}
    expected = {pk: held.content(pk) for pk in rows}
    sizes = sum(map(len, rows.values())) // len(asked)
    ours = _repeated(asked, expected, lambda: _discover(devices), times)

    def row_by_row() -> None:
        _beside(asked, commands, rows, rivals.session, rivals.update_rows)

    def replacing() -> None:
        _beside(asked, commands, rows, rivals.sessions, rivals.replace_rows)

    for name, action, repeated in (("row by row", row_by_row, times), ("replacing", replacing, 1)):
        theirs = _repeated(asked, expected, action, repeated)
        for phase in PHASES:
            mine, other = ours[phase], theirs[phase]
            void = "" if mine.outcome and other.outcome else "the rows are not those that the devices told"
            yield compared(
                f"whole chain: {phase}, beside {name}",
                sizes,
                "cpu",
                mine,
                other,
                unit=len(asked),
                called="CPU s",
                target=RATIOS[name][phase],
                void=void,
                details={
                    "devices": len(asked),
                    "our WAL bytes a device": mine.median("wal") / len(asked),
                    "the rival's": other.median("wal") / len(asked),
                    "the rival's repetitions": repeated,
                },
            )


def _repeated(asked: list[Asked], expected: dict[Any, held.Content], action: Callable[[], Any], times: int) -> Any:
    """Phase -> what the action cost, from nothing on and once more."""
    figures: dict[str, list[tuple[Figures, Any]]] = {phase: [] for phase in PHASES}
    for _ in range(times):
        for one in asked:
            held.clear(one.device)
        for phase in PHASES:
            cost, _result = held.counted(action)
            right = all(held.content(pk) == content for pk, content in expected.items())
            figures[phase].append((cost, right))
    return {phase: series(told) for phase, told in figures.items()}


def _beside(
    asked: list[Asked],
    commands: dict[Any, list[str]],
    rows: dict[Any, held.Told],
    session: Callable[..., list[str]],
    write: Callable[..., None],
) -> None:
    """A rival: sessions and parsing in a thread a device, rows in this one."""

    def fetch(one: Asked) -> Asked:
        wanted = commands[one.device.pk]
        for command, text in zip(wanted, session({"device_type": one.driver, **one.login}, wanted), strict=True):
            rivals.parse_if_it_can(one.driver, command, text)
        return one

    with ThreadPoolExecutor(CONCURRENCY) as pool:
        for one in pool.map(fetch, asked):
            write(one.device, held.for_rival(one.device, rows[one.device.pk]))


def per_minute(devices: list[Any], by: str, spent: Callable[[], float]) -> Iterator[Row]:
    """Devices per minute in runs of a part of them each; `spent` tells the CPU seconds of all that ask them."""
    for one in devices:
        held.clear(one)
    _discover(devices[:2])
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


def _commands(devices: Iterable[Any]) -> dict[Any, list[str]]:
    """Device -> the show commands that it was asked in its last run."""
    found = {}
    for one in devices:
        item = discovery.DiscoveryRun.objects.filter(items__device=one).latest("started_at").items.get(device=one)
        found[one.pk] = [told["command"] for told in item.commands if told["source"] == "device"]
    return found
