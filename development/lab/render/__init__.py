"""From a device's tables to what it prints. One module family per platform, each with a `COMMANDS` table."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from development.lab.render import eos, ios, nxos
from development.lab.state import State

SYSTEMS = {"cisco_ios": ios, "cisco_xe": ios, "cisco_nxos": nxos, "arista_eos": eos}
Renderer = Callable[..., str | None]
"""(state, **named groups of the pattern) -> the answer, or None where the device does not know the command."""


@cache
def table(platform: str) -> list[tuple[re.Pattern[str], Renderer]]:
    """The command patterns of a platform."""
    return [(re.compile(pattern), renderer) for pattern, renderer in SYSTEMS[platform].COMMANDS.items()]


def answer(state: State, command: str) -> str | None:
    """What the device prints, without the final newline; None for a command it does not know."""
    asked, _bar, chosen = command.partition("| include ")
    line = re.sub(r"\s*\|\s*", " | ", " ".join(asked.split()))
    for pattern, renderer in table(state.device.platform):
        match = pattern.fullmatch(line)
        if match:
            return included(renderer(state, **match.groupdict()), chosen)
    return None


def included(text: str | None, pattern: str) -> str | None:
    """The lines that `| include` lets pass."""
    if text is None or not pattern:
        return text
    return "\n".join(line for line in text.split("\n") if re.search(pattern, line))
