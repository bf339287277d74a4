"""A small platform in a language of its own, for tests of what is common to all platforms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import attrs

from nautobot_topology_cache.collect.commands import (
    Command,
    Const,
    Context,
    Feed,
    Parsed,
    Platform,
    Port,
    VrfOf,
    denied,
    entry,
    not_enabled,
    nothing,
    unsupported,
)
from nautobot_topology_cache.collect.errors import ParseError
from nautobot_topology_cache.collect.interface_names import spelling
from nautobot_topology_cache.collect.results import Ask, Failure, Reply

NOON = datetime(2025, 3, 4, 12, tzinfo=UTC)


@attrs.frozen
class Words:
    """Lines of `column=value` words, `--` comments; a line that begins with `?` is not understood, `!` raises."""

    columns: frozenset[str] = attrs.field(converter=frozenset)

    def parse(self, answer: str) -> Parsed:
        lines = [line for line in answer.splitlines() if line.strip() and not line.startswith("--")]
        if any(line.startswith("!") for line in lines):
            raise ParseError("cannot go on")
        unparsed = tuple(line for line in lines if "=" not in line)
        rows = [dict(word.split("=", 1) for word in line.split()) for line in lines if "=" in line]
        return Parsed(rows, unparsed)


@attrs.define
class Answers:
    """A session that knows its answers; others are unknown commands."""

    texts: Mapping[str, str | Failure]
    asked: list[Ask] = attrs.field(factory=list)
    connections: int = 1

    def answer(self, ask: Ask) -> Reply:
        self.asked.append(ask)
        text = self.texts.get(ask.command, "% unknown")
        return Reply(failure=text) if isinstance(text, Failure) else Reply(text, NOON)

    def close(self) -> None:
        pass


PORTS = Command(
    "ports",
    Words(["name", "mtu", "to"]),
    feeds=(Feed("interfaces", {"name": Port("name"), "mtu": "mtu", "description": "to", "vrf": VrfOf("name")}),),
    verdicts=(nothing(r"^-- ports$"),),
)
MODES = Command(
    "modes", Words(["name", "mode"]), feeds=(Feed("interfaces", {"name": Port("name"), "mode": "mode"}, fills=True),)
)
ROUTES_FEED = Feed(
    "routes", {"prefix": "to", "protocol": "by", "vrf": Context(), "interface": Port("out"), "metric": "metric"}
)
ROUTES = Command("routes", Words(["to", "by", "out", "metric"]), feeds=(ROUTES_FEED,), blank_is_empty=True)
VRF_ROUTES = Command("routes in {vrf}", ROUTES.parser, feeds=(ROUTES_FEED,), blank_is_empty=True)
VRFS = Command(
    "vrfs", Words(["name", "ports"]), lists_vrfs=lambda row: (row["name"], row["ports"].split(",")), blank_is_empty=True
)
NEW_HEARD = Command(
    "heard detail",
    Words(["here", "who", "there"]),
    feeds=(
        Feed(
            "neighbors",
            {"protocol": "by", "local_interface": Port("here"), "neighbor_name": "who", "port_id": "there"},
            reshape=lambda row: ({**row, "by": "lldp"},),
        ),
    ),
    needs="here",
)
ADJACENT = Command(
    "adjacent",
    Words(["here", "id"]),
    feeds=(Feed("routing_neighbors", {"protocol": Const("ospf"), "neighbor_id": "id", "vrf": VrfOf("here")}),),
)
OLD_HEARD = attrs.evolve(NEW_HEARD, text="heard", needs="")

PLATFORM = Platform(
    driver="wordy",
    entries=(
        entry(PORTS),
        entry(MODES),
        entry(VRFS),
        entry(ROUTES),
        entry(VRF_ROUTES),
        entry(NEW_HEARD, OLD_HEARD),
    ),
    spell=spelling({}),
    verdicts=(
        unsupported(r"^% unknown"),
        not_enabled(r"^% .* is off"),
        denied(r"^% forbidden"),
    ),
)
