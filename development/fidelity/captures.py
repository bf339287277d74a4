"""The captures beside the repository: where they are, what a single case is, the comparison that comes with them."""

from __future__ import annotations

import functools
import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import yaml

from development import ROOT
from development.fidelity.spellings import command_of, vrf_of
from nautobot_topology_cache.collect.commands import Command, Platform

CAPTURES = ROOT.parent / "shared" / "captures"
TABLES = {
    "arp": "arp_entries",
    "mac_table": "mac_addresses",
    "cdp_neighbors": "neighbors",
    "lldp_neighbors": "neighbors",
    "interfaces": "interfaces",
    "ip_addresses": "ip_addresses",
    "routes": "routes",
}
"""What a case's table is called in the catalog."""
RAW = "raw.txt"


@attrs.frozen
class Case:
    """One captured answer of one command; `identity` is {} where nobody wrote down its rows."""

    platform: Platform
    folder: Path
    typed: str
    command: Command
    identity: dict[str, Any]
    raw: tuple[str, ...] = (RAW,)

    @property
    def label(self) -> str:
        """platform/table/case."""
        return "/".join(self.folder.parts[-3:])

    @property
    def text(self) -> str:
        """What the device printed."""
        return "\n".join((self.folder / name).read_bytes().decode("utf-8", "surrogateescape") for name in self.raw)

    @property
    def context(self) -> str:
        """The VRF that was asked about: what does not say it is in that one."""
        return vrf_of(self.typed)


def told(folder: Path, platform: Platform) -> Iterator[Case]:
    """The cases whose identity rows are known, and whose command the platform asks in some spelling."""
    for path in sorted((folder / "single" / platform.driver).glob("*/*/identity.json")):
        identity = json.loads(path.read_text("utf-8"))
        command = command_of(platform, identity["command"])
        if command and identity["table"] in TABLES:
            raw = identity.get("raw", RAW)
            raw = (raw,) if isinstance(raw, str) else tuple(raw)
            yield Case(platform, path.parent, identity["command"], command, identity, raw)


def all_cases(folder: Path, platform: Platform) -> Iterator[Case]:
    """Every captured answer of the platform's commands, also where nobody says what its rows are."""
    for path in sorted((folder / "single" / platform.driver).glob("*/*/meta.yml")):
        typed = str(_yaml(path).get("command") or "")
        command = command_of(platform, typed)
        if command and (path.parent / RAW).is_file():
            yield Case(platform, path.parent, typed, command, {})


def expects_rows(case: Case) -> bool:
    """Whether the source of a case says that the answer holds something."""
    printed = case.folder / "expected.json"
    if printed.is_file():
        return bool(json.loads(printed.read_text("utf-8")))
    parsed = case.folder / "expected.yml"
    return parsed.is_file() and bool(_yaml(parsed).get("parsed_sample"))


def _yaml(path: Path) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text("utf-8"), Loader=loader) or {}  # noqa: S506  the safe loader, in C where there is one


@functools.cache
def comparison(folder: Path) -> ModuleType:
    """The captures' own `compare`, loaded from where they are and left as it is."""
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module("compare")
    finally:
        sys.path.remove(str(folder))
        sys.dont_write_bytecode = writes
