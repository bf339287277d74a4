import pytest

from tests.house.rules.own_words import Captured, captured, violations
from tests.house.source import ROOT, package
from tests.skips import CAPTURES_ABSENT

CAPTURES = ROOT.parent / "shared" / "captures"
SOMEBODYS = Captured(
    hosts=frozenset({"sw-paris"}),
    addresses=frozenset({"10.11.12.13", "fd00:1::7", "255.255.255.0"}),
    lines=frozenset({"Vlan7 is up, address is 10.11.12.13"}),
)


def test_nothing_of_the_captures_is_in_the_package():
    if not CAPTURES.is_dir():
        pytest.skip(CAPTURES_ABSENT)
    captures = captured(CAPTURES)
    assert captures.hosts
    assert captures.addresses
    assert captures.lines
    assert violations(package(), captures) == []


@pytest.mark.parametrize(
    "said",
    ["seen on sw-paris", "10.11.12.13", "to fd00:1::7/64", "Vlan6\n Vlan7 is up, address is 10.11.12.13\nVlan8"],
)
def test_somebodys_words_are_reported(said):
    assert violations({"one.py": f"x = {said!r}"}, SOMEBODYS)


def test_masks_and_words_of_our_own_are_not_reported():
    assert violations({"one.py": "x = ['255.255.255.0', '192.0.2.1', 'show ip route', 'sw-paris2']"}, SOMEBODYS) == []
