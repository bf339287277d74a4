"""Whole networks, captured or generated: every device asked by the flow itself, its tables against the truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs

from development.fidelity import drawn
from development.fidelity.cells import Measured
from development.fidelity.singles import UNPARSED_SHARE, breaking_line, parser_name
from development.fidelity.spellings import command_of
from development.lab import replay, truth
from development.lab.compare import compare
from development.lab.generate import SMALLEST, generate
from development.lab.manners import PLATFORMS, invalid
from development.lab.relations import About, Relation, relations
from development.lab.serve import generated
from development.lab.state import World
from development.lab.terminal import Host
from development.topology_check import Verdict
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


@attrs.frozen
class Network:
    """A whole network that has been asked."""

    name: str
    scope: str
    platforms: Mapping[str, Platform]
    truth: Row
    hosts: Mapping[str, Host]
    answered: Mapping[str, DeviceResult]
    """Of the devices that answer and whose platform has a file."""
    related: Mapping[About, Relation] = attrs.Factory(dict)
    """The relations of layer 3, where they are known."""

    def tables(self) -> Iterator[Measured]:
        """Each table of each device against the truth."""
        for name, result in self.answered.items():
            host = self.hosts[name]
            yield from _measured(self, host, self.platforms[host.platform], result)

    def topology(self) -> Iterator[Verdict]:
        """The links that are drawn against the cables, and those of layer 3 against the relations."""
        seen = drawn.observed(self.truth["devices"], self.answered)
        yield drawn.links(seen, self.truth)
        if self.related:
            yield drawn.relations(seen, self.related)


def lab(platforms: Mapping[str, Platform], size: int = SMALLEST) -> Network:
    """The generated network, against what was computed before any text was written."""
    world = World(generate(size=size))
    known = truth.of(world)
    answering = [name for name, device in known["devices"].items() if device["answers"] == "yes"]
    hosts = {name: generated(world, world.network.devices[name], LOGIN) for name in answering}
    return attrs.evolve(_asked("lab", "lab", platforms, known, hosts), related=relations(world))


def captured(folder: Path, platforms: Mapping[str, Platform]) -> Network:
    """A captured network; devices whose platform has no file are not asked."""
    hosts, _facts = replay.hosts(folder, *LOGIN)
    asked = {host.name: host for host in hosts if host.platform in platforms}
    return _asked(folder.name, "network", platforms, replay.truth(folder), asked)


def _asked(name: str, scope: str, platforms: Mapping[str, Platform], known: Row, hosts: Mapping[str, Host]) -> Network:
    answered = {}
    for host in hosts.values():
        platform = platforms[host.platform]
        answered[host.name] = converse(device_flow(platform, platform.tables(), UNPARSED_SHARE), Played(host))
    return Network(name, scope, platforms, known, hosts, answered)


def networks(captures: Path) -> list[Path]:
    """The captured networks that have a truth."""
    return [path.parent for path in sorted((captures / "networks").glob("*/truth.yml"))]


def _measured(network: Network, host: Host, platform: Platform, result: DeviceResult) -> Iterator[Measured]:
    for table, known in network.truth["devices"][host.name]["tables"].items():
        deciding = [one for one in result.slices if one.table == table and not one.fills]
        rows = [attrs.asdict(record) for one in deciding for record in one.records]
        difference = compare(known["rows"], covered(rows, known["rows"], table), table)
        worst = next((one for one in deciding if one.outcome == "failed"), deciding[0] if deciding else None)
        yield Measured(
            scope=network.scope,
            platform=platform.driver,
            table=table,
            label=f"{network.name}/{host.name}/{table}",
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
