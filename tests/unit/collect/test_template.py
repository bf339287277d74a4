"""Templates read tolerantly: an unknown line costs that line and never mixes two objects. TextFSM is the oracle."""

from __future__ import annotations

import copy
from io import StringIO
from pathlib import Path

import ntc_templates
import pytest
import textfsm

from nautobot_topology_cache.collect.parse.template import Template

INTERFACES = """Value Required NAME (\\S+)
Value MTU (\\d+)
Value List ADDRESS (\\S+)

Start
  ^\\S+ is -> Continue.Record
  ^${NAME} is (?:up|down)
  ^  MTU ${MTU}
  ^  address ${ADDRESS}
  ^. -> Error
"""
GUEST_LIST = """Value Filldown ROOM (\\S+)
Value Required NAME (\\S+)

Start
  ^room ${ROOM}$$
  ^  ${NAME}$$ -> Record
  ^. -> Error
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package with templates of its own, as a site has one."""
    package = tmp_path / "site_templates"
    (package / "templates").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "templates" / "interfaces.textfsm").write_text(INTERFACES)
    (package / "templates" / "guests.textfsm").write_text(GUEST_LIST)
    monkeypatch.syspath_prepend(str(tmp_path))
    return package.name


def test_rows_have_lower_case_columns(own: str) -> None:
    template = Template("interfaces", own)
    parsed = template.parse("a is up\n  MTU 1500\n  address x\n  address y\nb is down\n")
    assert parsed.rows == [
        {"name": "a", "mtu": "1500", "address": ["x", "y"]},
        {"name": "b", "mtu": "", "address": []},
    ]
    assert template.columns == {"name", "mtu", "address"}
    assert not parsed.unparsed
    assert not parsed.proves_empty


def test_an_unknown_line_is_told_apart_and_nothing_else_is_lost(own: str) -> None:
    parsed = Template("interfaces", own).parse("a is up\n  MTU 1500\n  colour red\nb is down\n  MTU 9000\n")
    assert [row["name"] for row in parsed.rows] == ["a", "b"]
    assert parsed.unparsed == ("  colour red",)
    assert not parsed.doubtful


def test_a_record_with_a_value_captured_again_after_an_unknown_line_is_doubtful(own: str) -> None:
    """The unknown line was the heading of b: a would take b's MTU."""
    parsed = Template("interfaces", own).parse("a is up\n  MTU 1500\nb: gone\n  MTU 9000\nc is up\n  MTU 1400\n")
    assert [row["name"] for row in parsed.rows] == ["c"]
    assert [rejected.row["name"] for rejected in parsed.doubtful] == ["a"]


def test_a_list_that_goes_on_after_an_unknown_line_is_no_doubt(own: str) -> None:
    parsed = Template("interfaces", own).parse("a is up\n  address x\n  colour red\n  address y\n")
    assert parsed.rows[0]["address"] == ["x", "y"]
    assert not parsed.doubtful


def test_a_lost_line_in_a_template_that_fills_down_is_said(own: str) -> None:
    template = Template("guests", own)
    assert not template.parse("room 1\n  ann\n  bob\n").fills_down
    assert template.parse("room 1\n  ann\nroom two and three\n  bob\n").fills_down


def test_the_next_answer_starts_afresh(own: str) -> None:
    template = Template("interfaces", own)
    template.parse("a is up\nnonsense\n")
    assert template.parse("a is up\n").unparsed == ()


NTC = Path(ntc_templates.__file__).parent / "templates"
ORACLE = [
    ("cisco_ios_show_ip_arp", "Internet  192.0.2.1   -   0011.2233.4455  ARPA  Vlan1"),
    ("cisco_ios_show_ipv6_neighbors", "2001:DB8::1   0 0011.2233.4455  REACH Gi0/0"),
    (
        "cisco_ios_show_vrf",
        "  Name     Default RD     Protocols   Interfaces\n  RED      65000:1        ipv4        Gi0/1",
    ),
]


@pytest.mark.parametrize(("name", "text"), ORACLE)
def test_what_textfsm_reads_is_read_the_same(name: str, text: str) -> None:
    with (NTC / f"{name}.textfsm").open() as source:
        machine = textfsm.TextFSM(source)
    header = [column.lower() for column in machine.header]
    rows = [dict(zip(header, row, strict=True)) for row in machine.ParseText(text + "\n")]
    parsed = Template(name).parse(text + "\n")
    assert parsed.rows == rows
    assert rows


@pytest.mark.parametrize(("name", "text"), ORACLE)
def test_what_textfsm_refuses_is_unparsed(name: str, text: str) -> None:
    broken = text + "\nnobody ever prints this\n"
    with (NTC / f"{name}.textfsm").open() as source:
        machine = textfsm.TextFSM(StringIO(source.read()))
    with pytest.raises(textfsm.TextFSMError):
        copy.copy(machine).ParseText(broken)
    parsed = Template(name).parse(broken)
    assert parsed.unparsed == ("nobody ever prints this",)
    assert parsed.rows
