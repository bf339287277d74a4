"""Which interface a neighbor means by what it announces in CDP or LLDP."""

from __future__ import annotations

import re
from typing import Any

_PORT = re.compile(r"[A-Za-z][A-Za-z-]*[ :]?\d+(?:[/.:]\d+)*")


def interface_of(port_id: Any, description: Any = "") -> str:
    """The announced port if it reads like an interface, else the description if that does: Junos numbers its ports."""
    for printed in (str(port_id or "").strip(), str(description or "").strip()):
        if _PORT.fullmatch(printed):
            return printed
    return ""
