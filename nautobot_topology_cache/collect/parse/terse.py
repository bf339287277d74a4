"""What RouterOS prints with `terse`: a line per object, of its number, its flags and `name=value` pairs."""

from __future__ import annotations

import re

import attrs

from nautobot_topology_cache.collect.commands import Parsed
from nautobot_topology_cache.collect.results import Row

_OBJECT = re.compile(r"^\s*(?:\d+\s+|(?=[A-Za-z ]{1,8}\s))(?P<flags>[A-Za-z+* ]*?)\s*(?P<pairs>[a-z][\w.-]*=.*)$")
_NAME = re.compile(r"(?:^|\s)(?P<name>\.?[a-z][\w.-]*)=")
_ECHO = re.compile(r"^\s*(?:\d\d:){2}\d\d echo: |^(?:Flags|Columns): ")
"""Log messages come in between, and some releases explain their flags."""


@attrs.frozen
class Terse:
    """`columns`: the names that rows have, `flags` among them; what an object does not say is empty."""

    columns: frozenset[str]

    def parse(self, answer: str) -> Parsed:
        rows: list[Row] = []
        unparsed: list[str] = []
        for line in answer.splitlines():
            found = _OBJECT.match(line)
            if found:
                pairs = _pairs(found["pairs"])
                rows.append({**dict.fromkeys(self.columns, ""), **pairs, "flags": found["flags"].replace(" ", "")})
            elif line.strip() and not _ECHO.match(line):
                unparsed.append(line)
        return Parsed(rows, tuple(unparsed))


def terse(*columns: str) -> Terse:
    """A parser whose rows have these columns and `flags`."""
    return Terse(frozenset({*columns, "flags"}))


def _pairs(text: str) -> dict[str, str]:
    """Values may hold blanks; `.as` behind `remote.address` is short for `remote.as`. The first of a name stands."""
    names = list(_NAME.finditer(text))
    found: dict[str, str] = {}
    group = ""
    for name, after in zip(names, [*names[1:], None], strict=True):
        said = name["name"]
        group = group if said.startswith(".") else said.partition(".")[0]
        value = text[name.end() : after.start() if after else None].strip()
        found.setdefault(f"{group}{said}" if said.startswith(".") else said, value.strip('"'))
    return found
