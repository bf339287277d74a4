"""What is particular to NX-OS's JSON."""

import json

import pytest

from nautobot_topology_cache.collect.errors import ParseError
from nautobot_topology_cache.collect.parse.native import unclosed
from nautobot_topology_cache.collect.platforms import nxos_json


def table(name: str, rows: object) -> dict[str, object]:
    return {f"TABLE_{name}": {f"ROW_{name}": rows}}


ENTRY = {"if_name": "mgmt0", "vrf_name": "management"}


@pytest.mark.parametrize("rows", [ENTRY, [ENTRY]], ids=["one row is an object", "or a list of one"])
def test_one_row_is_one_row(rows: object) -> None:
    parsed = nxos_json.vrf_interfaces.parse(json.dumps(table("if", rows)))
    assert parsed.rows == [{"vrf": "management", "interface": "mgmt0"}]


def test_a_list_of_tables_is_all_of_their_rows() -> None:
    document = {"TABLE_if": [{"ROW_if": ENTRY}, {"ROW_if": [ENTRY, ENTRY]}]}
    assert len(nxos_json.vrf_interfaces.parse(json.dumps(document)).rows) == 3


def test_repeated_keys_are_kept() -> None:
    answer = (
        '{"TABLE_cdp_neighbor_detail_info": {"ROW_cdp_neighbor_detail_info": '
        '{"intf_id": "mgmt0", "device_id": "a", "capability": "router", "capability": "switch"}}}'
    )
    assert nxos_json.cdp.parse(answer).rows[0]["capabilities"] == "router switch"


def test_no_table_is_no_row_and_proves_it() -> None:
    parsed = nxos_json.cdp.parse('{"neigh_count": 0}')
    assert not parsed.rows
    assert parsed.proves_empty


@pytest.mark.parametrize("document", [table("vrf", []), {"error": "no"}, {"output": "text"}])
def test_another_document_is_never_empty(document: dict[str, object]) -> None:
    with pytest.raises(ParseError, match="in place of TABLE_if"):
        nxos_json.vrf_interfaces.parse(json.dumps(document))


@pytest.mark.parametrize(
    ("answer", "cut"),
    [('{"a": [1, 2', True), ("[1, 2", True), ('{"a": 1}', False), ("% Invalid command", False), ("", False)],
)
def test_a_document_without_its_last_bracket_is_cut(answer: str, cut: bool) -> None:
    assert bool(unclosed(answer)) is cut
