"""Public captures, where they are present beside the repository: real answers, with their identity rows.

Walked by the registry: a case counts if its command is one of the platform's, or another way to type it.
"""

from __future__ import annotations

import functools
import importlib
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest

from nautobot_topology_cache.collect.assemble import assemble
from nautobot_topology_cache.collect.commands import Command, Facts, Platform
from nautobot_topology_cache.collect.judge import judge
from nautobot_topology_cache.collect.platforms import platforms
from nautobot_topology_cache.collect.results import Ask, Reply, SliceResult
from tests.skips import CAPTURES_ABSENT
from tests.unit.collect.samples import FIRST_CLASS, commands

CAPTURES = Path(__file__).parents[3].parent / "shared" / "captures"
LEAST = 0.98
TABLES = {
    "arp": "arp_entries",
    "mac_table": "mac_addresses",
    "cdp_neighbors": "neighbors",
    "lldp_neighbors": "neighbors",
    "interfaces": "interfaces",
    "ip_addresses": "ip_addresses",
    "routes": "routes",
}
OTHER_SPELLINGS = (
    (r"sh(ow)? interfaces? (?!.*\b(status|desc\S*|trunk|switchport|brief)\b)[A-Z]\S*( ?[\d/.]+)?", "show interfaces"),
    (r"show ip interface (?!brief)\S+", "show ip interface"),
    (r"show (ip )?arp( \S+)?", "show ip arp"),
    (r"show (ip )?arp vrf \S+( \S+)?", "show ip arp vrf {vrf}"),
    (r"show mac[ -]address-table.*", "show mac address-table"),
    (r"show cdp (ne\S* det\S*|entry \*)", "show cdp neighbors detail"),
    (r"show lldp entry \*", "show lldp neighbors detail"),
    (r"show ip route vrf \S+", "show ip route vrf {vrf}"),
)


@attrs.frozen
class Case:
    platform: Platform
    folder: Path
    identity: dict[str, Any]
    command: Command

    @property
    def label(self) -> str:
        return f"{self.platform.driver}/{self.folder.parent.name}/{self.folder.name}"

    @property
    def text(self) -> str:
        raws = self.identity["raw"] if isinstance(self.identity["raw"], list) else [self.identity["raw"]]
        return "\n".join((self.folder / raw).read_bytes().decode("utf-8", "surrogateescape") for raw in raws)


def command_of(platform: Platform, typed: str) -> Command | None:
    """The registry's command that was typed."""
    known = {command.text: command for command in commands(platform)}
    spelled = [text for pattern, text in OTHER_SPELLINGS if re.fullmatch(pattern, typed)]
    return next((known[text] for text in (typed, *spelled) if text in known), None)


@functools.cache
def cases() -> tuple[Case, ...]:
    return tuple(_cases())


def _cases() -> Iterator[Case]:
    for platform in platforms().values():
        for path in sorted((CAPTURES / "single" / platform.driver).glob("*/*/identity.json")):
            identity = json.loads(path.read_text())
            command = command_of(platform, identity["command"])
            if command and identity["table"] in TABLES:
                yield Case(platform, path.parent, identity, command)


def slices(case: Case) -> list[SliceResult]:
    asked = case.identity["command"]
    vrf = re.search(r"\bvrf (\S+)", asked)
    ask = Ask(asked, vrf[1] if vrf and case.command.per_vrf else "")
    reply = Reply(case.text, datetime(2025, 3, 4, tzinfo=UTC))
    judged = judge(case.command, ask, reply, case.platform, Facts(), unparsed_share=0.05)
    return [found for found in assemble(judged.drafts) if found.table == TABLES[case.identity["table"]]]


def difference(case: Case) -> str:
    """What is missing and what is too much; nothing when the case is right."""
    compare = sys.modules["compare"]
    table, driver = case.identity["table"], case.platform.driver
    rows = [
        row for found in slices(case) for record in found.records if (row := as_printed(attrs.asdict(record), case))
    ]
    missing, extra = compare.same(table, driver, case.identity["rows"], rows, case.identity.get("optional", ()))
    return f"{case.label}: missing {missing[:2]}, extra {extra[:2]}" if missing or extra else ""


def as_printed(row: dict[str, Any], case: Case) -> dict[str, Any] | None:
    """A row in the columns of the expectation, which takes what was announced for what it means."""
    table = case.identity["table"]
    if table.endswith("_neighbors"):
        if row["protocol"] != table.partition("_")[0]:
            return None
        same = sys.modules["compare"].same
        for interface in (row["port_id"], row["neighbor_interface"]):
            row["neighbor_interface"] = interface
            if not same(table, case.platform.driver, case.identity["rows"], [row])[1]:
                break
    if table == "mac_table" and row["vlan"] is None:
        row["vlan"] = row["vlan_name"]
    if table == "routes":
        row["next_hop"] = row["next_hop"] or ""
    return row


@pytest.fixture(autouse=True)
def _captures(monkeypatch: pytest.MonkeyPatch) -> None:
    if not (CAPTURES / "compare.py").exists():
        pytest.skip(CAPTURES_ABSENT)
    monkeypatch.syspath_prepend(str(CAPTURES))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    importlib.import_module("compare")


@pytest.mark.parametrize("driver", FIRST_CLASS)
def test_nearly_all_cases_of_a_platform_are_right(driver: str) -> None:
    counted = [case for case in cases() if case.platform.driver == driver]
    assert counted
    wrong = [text for case in counted if (text := difference(case))]
    assert len(wrong) <= (1 - LEAST) * len(counted), "\n".join(wrong)


def test_no_answer_with_rows_becomes_a_silent_empty() -> None:
    silent = [
        case.label
        for case in cases()
        if case.identity["rows"] and any(found.outcome == "empty" and not found.reason for found in slices(case))
    ]
    assert silent == []


def test_a_wrong_row_is_noticed() -> None:
    case = next(case for case in cases() if case.identity["table"] == "arp" and not difference(case))
    rows = [{**case.identity["rows"][0], "mac_address": "02:00:00:00:00:01"}, *case.identity["rows"][1:]]
    assert difference(attrs.evolve(case, identity={**case.identity, "rows": rows}))
