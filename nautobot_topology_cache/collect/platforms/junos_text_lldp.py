"""Junos: `show lldp neighbors detail` as text, one part per neighbor, ours and the neighbor's half apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import attrs

from nautobot_topology_cache.collect.platforms.junos_text import lines
from nautobot_topology_cache.collect.results import Row

_HEADING = re.compile(r"^\s*LLDP Neighbor Information:\s*$")
_SAID = {
    "local_interface": re.compile(r"^\s*Local Interface\s*:\s*(\S+)"),
    "chassis_id": re.compile(r"^\s*Chassis ID\s*:\s*(\S.*?)\s*$"),
    "port_id": re.compile(r"^\s*Port ID\s*:\s*(\S.*?)\s*$"),
    "port_description": re.compile(r"^\s*Port description\s*:\s*(\S.*?)\s*$"),
    "name": re.compile(r"^\s*System name\s*:\s*(\S.*?)\s*$"),
    "capabilities": re.compile(r"^\s*Enabled\s*:\s*(\S.*?)\s*$"),
}
_DESCRIPTION = re.compile(r"^\s*System Description\s*:\s*(.*?)\s*$")
_BELOW = re.compile(r"^\s*(System capabilities|Management (Info|address)|Media endpoint|Organization Info)\b")
_ADDRESS = re.compile(r"^\s*Address\s*:\s*([\da-fA-F.:]+)\s*$")
_PASSED = re.compile(
    r"^\s*(Index[: ]|Age[: ]|Time |Parent Interface|Local Port ID|Ageout Count|Chassis type|Port type|Supported"
    r"|Type |Subtype|Address Type|Interface |OID|[A-Z][\w /-]*:)"
)

COLUMNS = (*_SAID, "description", "address")


@attrs.define
class _Part:
    """One neighbor while its lines are read."""

    values: dict[str, Any] = attrs.field(
        factory=lambda: {name: [] if name in ("description", "address") else "" for name in COLUMNS}
    )
    describing: bool = False

    def repeats(self, line: str) -> bool:
        """Whether the line names a second local interface: the heading above it is lost."""
        return bool(self.values["local_interface"] and _SAID["local_interface"].match(line))

    def takes(self, line: str) -> bool:
        """Whether the line was understood."""
        if _BELOW.match(line):
            self.describing = False
        elif begun := _DESCRIPTION.match(line):
            self.describing = True
            self.values["description"] += filter(None, [begun[1]])
        elif self.describing:
            self.values["description"].append(line.strip())
        else:
            return self._notes(line) or _PASSED.match(line) is not None
        return True

    def _notes(self, line: str) -> bool:
        """What a line says of the neighbor, if it says anything; the first to say it is right."""
        if address := _ADDRESS.match(line):
            self.values["address"].append(address[1])
            return True
        name = next((name for name, pattern in _SAID.items() if pattern.match(line)), "")
        if name and not self.values[name]:
            self.values[name] = _SAID[name].match(line)[1]  # type: ignore[index]  # it has just matched
        return bool(name)


@lines(*COLUMNS)
def lldp_detail(answer: Iterator[str]) -> Iterator[Row | str]:
    """A line that no part has was not understood, and neither is what stands below a lost heading."""
    part: _Part | None = None
    for line in answer:
        if _HEADING.match(line):
            if part:
                yield part.values
            part = _Part()
        elif part and part.repeats(line):
            yield part.values
            part = None
            yield line
        elif part is None or not part.takes(line):
            yield line
    if part:
        yield part.values
