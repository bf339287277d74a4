"""The usual lines of large tables are read at once, and become what the reading of any line makes of them."""

from __future__ import annotations

import random
import re

import pytest

from nautobot_topology_cache.collect.commands import Parsed
from nautobot_topology_cache.collect.parse import bgp_table, routing_table
from nautobot_topology_cache.collect.parse.bgp_table import BGPTable
from nautobot_topology_cache.collect.parse.clean import clean
from nautobot_topology_cache.collect.parse.routing_table import RoutingTable
from tests.unit.collect.samples import samples

NEVER = re.compile(r"(?!)")
ROUTES = RoutingTable(), routing_table, "_USUAL", re.compile(r"show (ip|ipv6) route")
PATHS = BGPTable(), bgp_table, "_PATH", re.compile(r"show (ip )?bgp")
BITS = (" ", "  ", ",", "i", "?", "*", ">", "/", "7", "10.1.1.1", "via", "never", "0", "A:", "(65001)", "[110/2]")


def damaged(line: str, dice: random.Random) -> str:
    """The line with something cut out of it or put into it."""
    at = dice.randrange(len(line) + 1)
    return line[:at] + dice.choice(BITS) + line[at + dice.choice((0, 0, 1, 2, 5)) :]


def answers(command: re.Pattern[str]) -> list[str]:
    """Every sample, and each with one line in six damaged, so that the lines around it have to cope."""
    dice = random.Random(7)  # noqa: S311 - the same damage every time
    told = [clean(one.path.read_text("utf-8"), one.command) for one in samples() if command.match(one.command)]
    return told + [
        "\n".join(damaged(line, dice) if dice.randrange(6) == 0 else line for line in text.split("\n"))
        for text in told
        for _ in range(30)
    ]


@pytest.mark.parametrize(("parser", "module", "name", "command"), [ROUTES, PATHS], ids=["routes", "paths"])
def test_both_ways_give_the_same(parser, module, name, command, monkeypatch: pytest.MonkeyPatch) -> None:
    told = answers(command)
    quick: list[Parsed] = [parser.parse(text) for text in told]
    monkeypatch.setattr(module, name, NEVER)
    slow = [parser.parse(text) for text in told]
    for text, mine, other in zip(told, quick, slow, strict=True):
        assert mine == other, text
    assert sum(len(parsed.rows) for parsed in quick) > 500
