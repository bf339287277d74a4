"""Whole networks, captured or generated: every device asked by the flow itself, its tables against the truth."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs

from development.fidelity.cells import Measured
from development.fidelity.singles import UNPARSED_SHARE, breaking_line, parser_name
from development.fidelity.spellings import command_of
from development.lab import replay, truth
from development.lab.compare import compare
from development.lab.generate import SMALLEST, generate
from development.lab.manners import PLATFORMS, invalid
from development.lab.serve import generated
from development.lab.state import World
from development.lab.terminal import Host
from nautobot_topology_cache.collect.commands import Platform
from nautobot_topology_cache.collect.flow import converse, device_flow
from nautobot_topology_cache.collect.results import Ask, DeviceResult, Reply, SliceResult

Row = dict[str, Any]

LOGIN = ("nobody", "", "")


@attrs.define
class Played:
    """A device of the lab as a session, without the SSH in between."""

    host: Host
    connections: int = 0
    commands_sent: int = 0
    host_key: str = ""

    def answer(self, ask: Ask) -> Reply:
        """What the device prints, or its way to say that it does not know the command."""
        self.commands_sent += 1
        text = self.host.ask(ask.command)
        if text is None:
            prompt = PLATFORMS[self.host.platform].prompt.format(name=self.host.name, sign="#", user=self.host.username)
            text = invalid(self.host.platform, prompt, ask.command)
        return Reply(text, datetime(2025, 3, 4, tzinfo=UTC))

    def close(self) -> None:
        """Nothing is held."""


def measure_lab(platforms: dict[str, Platform], size: int = SMALLEST) -> Iterator[Measured]:
    """The generated network, against what was computed before any text was written."""
    world = World(generate(size=size))
    for name, device in truth.devices(world):
        if device["answers"] == "yes":
            host = generated(world, world.network.devices[name], LOGIN)
            yield from _measured("lab", host, device, platforms[host.platform])


def measure_network(folder: Path, platforms: dict[str, Platform]) -> Iterator[Measured]:
    """A captured network; devices whose platform has no file are not asked."""
    known = replay.truth(folder)["devices"]
    hosts, _facts = replay.hosts(folder, *LOGIN)
    for host in hosts:
        if host.platform in platforms:
            yield from _measured("network", host, known[host.name], platforms[host.platform], folder.name)


def networks(captures: Path) -> list[Path]:
    """The captured networks that have a truth."""
    return [path.parent for path in sorted((captures / "networks").glob("*/truth.yml"))]


def _measured(scope: str, host: Host, device: Row, platform: Platform, network: str = "lab") -> Iterator[Measured]:
    result = converse(device_flow(platform, platform.tables(), UNPARSED_SHARE), Played(host))
    for table, known in device["tables"].items():
        deciding = [one for one in result.slices if one.table == table and not one.fills]
        rows = [attrs.asdict(record) for one in deciding for record in one.records]
        difference = compare(known["rows"], covered(rows, known["rows"], table), table)
        worst = next((one for one in deciding if one.outcome == "failed"), deciding[0] if deciding else None)
        yield Measured(
            scope=scope,
            platform=platform.driver,
            table=table,
            label=f"{network}/{host.name}/{table}",
            expected=len(known["rows"]),
            missing=(*map(str, difference.missing), *(f"{row}: {columns}" for row, columns in difference.differing)),
            extra=tuple(map(str, difference.extra)),
            outcome=outcome(deciding),
            reason=worst.reason if worst else "",
            parser=parsers(result, table, platform),
            line=breaking_line(worst) if worst else "",
        )


def covered(rows: list[Row], true: list[Row], table: str) -> list[Row]:
    """The rows of a kind that the truth speaks of: some have no IPv6 routes, and often no link-local addresses."""
    if table == "routes" and not any(":" in row["prefix"] for row in true):
        return [row for row in rows if ":" not in row["prefix"]]
    if table == "ip_addresses" and not any(row["role"] == "link_local" for row in true):
        return [row for row in rows if row["role"] != "link_local"]
    return rows


def outcome(slices: list[SliceResult]) -> str:
    """A table's outcome of those of its slices, as the contract joins them."""
    ended = {one.outcome for one in slices}
    return next((word for word in ("failed", "ok", "empty", "unsupported") if word in ended), "absent")


def parsers(result: DeviceResult, table: str, platform: Platform) -> str:
    """Who read the answers that gave this table rows."""
    texts = [one.command for one in result.slices if one.table == table and one.outcome == "ok"]
    commands = [command for text in texts if (command := command_of(platform, text))]
    return ", ".join(dict.fromkeys(parser_name(command.parser) for command in commands))
