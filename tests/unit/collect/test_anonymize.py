from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nautobot_topology_cache.collect.anonymize import KEPT4, KEPT6, Anonymizer

NAMES = frozenset({"core-1", "core-1.example.net", "example.net", "edge"})
SUBJECT = Anonymizer(b"a key", NAMES)
V4 = st.ip_addresses(v=4).filter(lambda one: not any(one in network for network in KEPT4))
V6 = st.ip_addresses(v=6).filter(lambda one: not any(one in network for network in KEPT6))


def common(one: int, other: int, bits: int) -> int:
    return bits - (one ^ other).bit_length()


@given(V4, V4)
def test_ipv4_addresses_keep_their_common_prefix(one, other):
    there, too = (IPv4Address(SUBJECT.text(str(address))) for address in (one, other))
    if common(int(one), int(other), 32) < 24:
        assert common(int(there), int(too), 32) == common(int(one), int(other), 32)
    assert (there == too) is (one == other)


@given(V6, V6)
def test_ipv6_addresses_keep_their_common_prefix(one, other):
    there, too = (IPv6Address(SUBJECT.text(str(address))) for address in (one, other))
    assert (there == too) is (one == other)
    if common(int(one), int(other), 128) < 64:
        assert common(int(there), int(too), 128) == common(int(one), int(other), 128)


@given(V4, st.integers(8, 32))
def test_an_address_stays_in_its_network(address, length):
    network = IPv4Network((address, length), strict=False)
    there = IPv4Network(SUBJECT.text(str(network)))
    assert there.prefixlen == length
    assert IPv4Address(SUBJECT.text(str(address))) in there


def test_an_ipv6_address_stays_in_its_network():
    assert IPv6Address(SUBJECT.text("2001:db8:1::7")) in IPv6Network(SUBJECT.text("2001:db8:1::/48"))


@pytest.mark.parametrize(
    "text",
    [
        *("0.0.0.0/0", "255.255.255.0", "0.0.0.255", "224.0.0.5", "127.0.0.1", "::/0", "::1", "ff02::1"),
        *("ffff.ffff.ffff", "01:00:5e:00:00:05", "0000.0000.0000", "12:34:56", "1.2.3", "1.2.3.4.5", "999.1.1.1"),
        *("GigabitEthernet1/0/1", "1d02h", "score-1", "core-12", "hedge"),
    ],
)
def test_what_names_nobody_stays(text):
    assert SUBJECT.text(text) == text


def test_one_mac_in_any_notation_becomes_one_mac():
    texts = ["0200.5e10.0001", "02:00:5e:10:00:01", "02-00-5E-10-00-01"]
    digits = {SUBJECT.text(one).translate(str.maketrans("", "", ".:-")).lower() for one in texts}
    assert len(digits) == 1
    assert digits != {"02005e100001"}
    assert SUBJECT.text("0200.5e10.0002")[:7] == SUBJECT.text(texts[0])[:7]
    assert int(digits.pop()[:2], 16) & 3 == 2


def test_a_name_is_the_same_host_with_and_without_its_domain():
    text = SUBJECT.text("Core-1.example.net and CORE-1, not core-1x; edge(config)")
    whole, short, edge = map(SUBJECT.name, ("core-1.example.net", "core-1", "edge"))
    assert text == f"{whole} and {short}, not core-1x; {edge}(config)"
    assert SUBJECT.name("core-1.example.net").startswith(f"{SUBJECT.name('core-1')}.")


def test_columns_stay_where_they_are():
    line = "Internet  192.0.2.1              12   0200.5e10.0001  ARPA   Vlan10"
    there = SUBJECT.text(line)
    assert "192.0.2.1 " not in there
    for word in ("12", "ARPA", "Vlan10"):
        assert there.index(f" {word}") == line.index(f" {word}")


def test_another_key_is_another_network():
    assert Anonymizer(b"another key", NAMES).text("192.0.2.1 core-1") != SUBJECT.text("192.0.2.1 core-1")
    assert "a key" not in repr(SUBJECT)
