"""The report says what was measured, and nothing more."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest

from development.fidelity.captures import Case
from development.fidelity.cells import Measured, cells
from development.fidelity.networks import Network, lab
from development.fidelity.report import Report, matrix, shown
from development.fidelity.singles import is_silent
from nautobot_topology_cache.collect.platforms import platforms
from tests.unit.collect.samples import commands


def measured(**changes: Any) -> Measured:
    return Measured(
        **{"scope": "single", "platform": "cisco_ios", "table": "routes", "label": "one", "expected": 3} | changes
    )


def report(*cases: Measured, silent: tuple[str, ...] = ()) -> Report:
    return Report(measured=cases, silent=silent, captured=True)


def test_a_cell_adds_up_its_cases() -> None:
    (cell,) = cells([measured(), measured(missing=("a", "b"), extra=("c",), outcome="failed")])
    assert (cell.cases, cell.equal, cell.expected, cell.found, cell.missing, cell.extra) == (2, 1, 6, 4, 2, 1)
    assert cell.outcomes == {"ok": 1, "failed": 1}


@pytest.mark.parametrize(("cases", "said"), [(2, "not measured"), (3, "3 of 3")])
def test_few_cases_measure_nothing(cases: int, said: str) -> None:
    rows = {row[0]: row[1] for row in matrix(report(*[measured()] * cases), "single")}
    assert rows["routes"] == said


def test_the_document_has_the_form_that_the_contract_fixes() -> None:
    document = json.loads(json.dumps(report(measured(missing=("a",), line="garbage")).document()))
    names = {"platform", "table", "scope", "cases", "expected", "found", "missing", "extra", "outcomes", "parser"}
    assert names <= set(document["cells"][0])
    assert document["silent_empty"] == 0
    assert document["worst"][0]["line"] == "garbage"


def test_the_text_names_the_case_and_the_line_that_broke_it() -> None:
    text = shown(report(measured(missing=("a row",), reason="unparsed", line="a strange line"), silent=("quiet",)))
    assert all(said in text for said in ("one: ok unparsed", "a strange line", "a row", "silent empty: 1", "quiet"))


@pytest.fixture(scope="module")
def the_lab() -> Network:
    return lab(platforms())


def test_the_lab_is_exact(the_lab: Network) -> None:
    wrong = [f"{one.label}: {one.missing[:2]} {one.extra[:2]}" for one in the_lab.tables() if not one.right]
    assert wrong == []


def test_every_cable_and_every_relation_of_the_lab_is_drawn_once(the_lab: Network) -> None:
    links, relations = the_lab.topology()
    assert links.expected > 30
    assert not links, links
    assert relations.expected > 60
    assert not relations, relations


def test_a_cable_between_devices_that_say_nothing_is_missed(the_lab: Network) -> None:
    cable = next(one for one in the_lab.truth["links"] if one["protocols"])
    ends = {cable["a"][0], cable["b"][0]}
    others = {name: result for name, result in the_lab.answered.items() if name not in ends}
    verdict, _ = attrs.evolve(the_lab, answered=others).topology()
    assert " - ".join(sorted((" ".join(cable["a"]), " ".join(cable["b"])))) in verdict.missing
    assert f"drawn, lab: {verdict.found} of {verdict.expected} links" in shown(
        Report(measured=(), silent=(), captured=True, topology={"lab": [verdict]})
    )


@pytest.mark.parametrize(("text", "silent"), [("nothing that IOS would print\n", False), ("", False)])
def test_an_answer_that_failed_or_says_nothing_is_not_silent(tmp_path, text: str, silent: bool) -> None:
    platform = platforms()["cisco_ios"]
    command = next(one for one in commands(platform) if one.text == "show ip arp")
    (tmp_path / "raw.txt").write_text(text)
    assert is_silent(Case(platform, tmp_path, "show ip arp", command, {})) is silent


def test_an_empty_that_the_source_contradicts_is_silent(tmp_path) -> None:
    """Known words for nothing do not excuse an answer in which the source of the capture found rows."""
    platform = platforms()["cisco_ios"]
    command = next(one for one in commands(platform) if one.text == "show ip arp")
    (tmp_path / "raw.txt").write_text("Protocol  Address          Age (min)  Hardware Addr   Type   Interface\n")
    assert not is_silent(Case(platform, tmp_path, "show ip arp", command, {}))
    (tmp_path / "expected.json").write_text('{"interfaces": {"Vlan1": {}}}')
    assert is_silent(Case(platform, tmp_path, "show ip arp", command, {}))
