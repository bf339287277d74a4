"""Forms of values: what is printed many ways is stored one way, and normalising twice changes nothing."""

from __future__ import annotations

import ipaddress

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nautobot_topology_cache.collect import normalize as to
from nautobot_topology_cache.collect.interface_names import parent, spelling
from nautobot_topology_cache.collect.platforms import platforms
from nautobot_topology_cache.collect.platforms.announced import first_address, interface_of, said
from tests.unit.collect.samples import judged, samples

macs = st.binary(min_size=6, max_size=6).map(bytes.hex)
addresses = st.ip_addresses()
networks = st.tuples(addresses, st.integers(0, 128)).map(
    lambda pair: ipaddress.ip_network(f"{pair[0]}/{pair[1] % (pair[0].max_prefixlen + 1)}", strict=False)
)
HEADS = ["Gi", "Te", "Po", "Vl", "Lo", "Tu", "Eth", "Et", "Ma", "Hu", "Fi", "Nu", "TenGigE", "Port-channel", "mgmt"]
numbers = st.from_regex(r"\d{1,3}(/\d{1,2}){0,3}(\.\d{1,4})?", fullmatch=True)


@given(macs)
def test_every_notation_of_a_mac_is_one(digits: str) -> None:
    forms = [
        digits,
        digits.upper(),
        ":".join(digits[at : at + 2] for at in range(0, 12, 2)),
        "-".join(digits[at : at + 2] for at in range(0, 12, 2)),
        ".".join(digits[at : at + 4] for at in range(0, 12, 4)),
    ]
    assert len({to.mac(form) for form in forms}) == 1
    assert to.mac(to.mac(digits)) == to.mac(digits)


@given(addresses)
def test_every_notation_of_an_address_is_one(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    forms = {to.address(form) for form in (str(address), address.exploded, address.exploded.upper(), f"{address}%eth0")}
    assert len(forms) == 1
    assert {to.address(form) for form in forms} == forms
    assert ipaddress.ip_address(forms.pop()) == address


def test_an_ipv4_address_inside_ipv6_is_written_alike_by_every_python() -> None:
    assert to.address("::ffff:cb00:7102") == to.address("::FFFF:203.0.113.2") == "::ffff:203.0.113.2"
    assert to.prefix("::ffff:203.0.113.2/120") == "::ffff:203.0.113.0/120"


@given(networks)
def test_a_prefix_loses_its_host_bits(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> None:
    last = f"{network.broadcast_address}/{network.prefixlen}"
    assert to.prefix(last) == to.prefix(str(network))
    assert ipaddress.ip_network(to.prefix(last)) == network


@given(st.text())
def test_text_is_storable_and_settled(printed: str) -> None:
    stored = to.text(printed)
    assert "\x00" not in stored
    stored.encode("utf-8")
    assert to.text(stored) == stored


@given(st.text() | st.text("a0 .:-()"))
def test_vrf_word_hostname_and_as_path_are_settled(printed: str) -> None:
    for form in (to.vrf, to.word, to.as_path):
        assert form(form(printed)) == form(printed)
    assert to.hostname(to.hostname(printed)) == to.hostname(printed)


@given(st.sampled_from(sorted(platforms())), st.sampled_from(HEADS), numbers)
def test_spelling_twice_is_spelling_once(driver: str, head: str, number: str) -> None:
    spell = platforms()[driver].spell
    assert spell(spell(head + number)) == spell(head + number)


@pytest.mark.parametrize("printed", ["nonsense", "00:11:22:33:44", "0011.2233", "00112233445566"])
def test_what_is_no_mac_is_refused(printed: str) -> None:
    with pytest.raises(ValueError, match="not a MAC"):
        to.mac(printed)


def test_a_missing_mac_is_refused_only_where_it_is_needed() -> None:
    assert to.mac("") is None
    assert to.mac("-") is None
    with pytest.raises(ValueError, match="missing"):
        to.required_mac("-")


@pytest.mark.parametrize(
    ("printed", "stored"), [("1.14464", 80000), ("65001", 65001), ("4294967295", 4294967295), ("", None), (None, None)]
)
def test_as_numbers_in_both_notations(printed: str, stored: int) -> None:
    assert to.as_number(printed) == stored


@pytest.mark.parametrize(
    ("printed", "stored"),
    [
        ("1000Mb/s", 1_000_000),
        ("10Gb/s", 10_000_000),
        ("2.5Gb/s", 2_500_000),
        ("1Gbps", 1_000_000),
        ("100Mbps", 100_000),
        ("64kbps", 64),
        ("1000 Mb/s", 1_000_000),
        ("a-100Mb/s", 100_000),
        ("Auto-speed", None),
        ("Auto Speed", None),
        ("", None),
        (None, None),
    ],
)
def test_speeds_become_kbits(printed: str, stored: int) -> None:
    assert to.kbits(printed) == stored


@pytest.mark.parametrize(
    ("announced", "host"),
    [
        ("core-1.example.net", "core-1"),
        ("leaf7(FDO24250ABC)", "leaf7"),
        ("leaf7.example.net(FDO24250ABC)", "leaf7"),
        ("192.0.2.7", "192.0.2.7"),
        ("00:11:22:33:44:55", "00:11:22:33:44:55"),
        ("2001:db8::7", "2001:db8::7"),
        ("", ""),
    ],
)
def test_host_names(announced: str, host: str) -> None:
    assert to.hostname(announced) == host


@pytest.mark.parametrize(
    ("driver", "printed", "long"),
    [
        ("cisco_ios", "Gi0/1", "GigabitEthernet0/1"),
        ("cisco_ios", "Gig 0/1", "GigabitEthernet0/1"),
        ("cisco_ios", "Po1", "Port-channel1"),
        ("cisco_ios", "Vl10", "Vlan10"),
        ("cisco_ios", "Vlan10", "Vlan10"),
        ("cisco_ios", "Fi1/0/1", "FiveGigabitEthernet1/0/1"),
        ("cisco_ios", "Tw1/0/1", "TwoGigabitEthernet1/0/1"),
        ("cisco_ios", "Twe1/0/1", "TwentyFiveGigE1/0/1"),
        ("cisco_ios", "Hu1/0/49", "HundredGigE1/0/49"),
        ("cisco_ios", "Nu0", "Null0"),
        ("cisco_ios", "BD105", "BDI105"),
        ("cisco_ios", "CPU", "CPU"),
        ("cisco_ios", "T1", "T1"),
        ("cisco_nxos", "Po1", "port-channel1"),
        ("cisco_nxos", "Lo0", "loopback0"),
        ("cisco_nxos", "mgmt0", "mgmt0"),
        ("cisco_nxos", "Eth1/1", "Ethernet1/1"),
        ("cisco_nxos", "sup-eth1(R)", "sup-eth1(R)"),
        ("cisco_nxos", "vPC Peer-Link(R)", "vPC Peer-Link(R)"),
        ("arista_eos", "Po1", "Port-Channel1"),
        ("arista_eos", "Et1/1", "Ethernet1/1"),
        ("arista_eos", "Ma1", "Management1"),
        ("arista_eos", "Vx1", "Vxlan1"),
    ],
)
def test_interface_names_as_the_platform_prints_them(driver: str, printed: str, long: str) -> None:
    assert platforms()[driver].spell(printed) == long


def test_a_platform_says_only_what_it_prints_differently() -> None:
    spell = spelling({"port-channel": "Bundle"})
    assert spell("Po7.3") == "Bundle7.3"
    assert spell("Gi7") == "GigabitEthernet7"


@pytest.mark.parametrize(
    ("name", "port"), [("Ethernet1/1.10", "Ethernet1/1"), ("Ethernet1/1", ""), ("ge-0/0/0.0", "ge-0/0/0")]
)
def test_the_port_of_a_subinterface(name: str, port: str) -> None:
    assert parent(name) == port


@pytest.mark.parametrize(
    ("port_id", "description", "interface"),
    [
        ("Gi1/0/24", "", "GigabitEthernet1/0/24"),
        ("Ethernet1/1", "", "Ethernet1/1"),
        ("mgmt0", "", "mgmt0"),
        ("eth0", "", "eth0"),
        ("ethernet1/9", "", "ethernet1/9"),
        ("ge-0/0/1.0", "", "ge-0/0/1.0"),
        ("enp3s0f1", "", "enp3s0f1"),
        ("1/1/24", "", "1/1/24"),
        ("Port 1", "", "Port 1"),
        ("516", "xe-0/0/0", "xe-0/0/0"),
        ("516", "to the basement", ""),
        ("516", "uplink2", ""),
        ("0011.2233.4455", "eth0", "eth0"),
        ("a0:11:22:33:44:55", "", ""),
        ("a01122334455", "", ""),
        ("192.0.2.1", "", ""),
        ("", "", ""),
        (None, None, ""),
    ],
)
def test_the_interface_that_a_neighbor_names(port_id: str, description: str, interface: str) -> None:
    assert interface_of(port_id, description) == interface


@pytest.mark.parametrize(
    ("printed", "best"),
    [
        (["fe80::1", "2001:db8::1", "192.0.2.1"], "192.0.2.1"),
        (["fe80::1", "2001:db8::1"], "2001:db8::1"),
        (["fe80::1"], "fe80::1"),
        (["0.0.0.0"], None),  # noqa: S104 - an address that a phone announces
        (["hidden", "192.0.2.1"], "192.0.2.1"),
        ("192.0.2.1", "192.0.2.1"),
        ([], None),
        (None, None),
    ],
)
def test_the_address_that_a_neighbor_is_known_by(printed: list[str], best: str) -> None:
    assert first_address(printed) == best


@pytest.mark.parametrize(
    ("printed", "text"), [("- not advertised", ""), ("null", ""), ("N/A", ""), (" a  b ", "a b"), (None, "")]
)
def test_what_is_not_advertised_says_nothing(printed: str, text: str) -> None:
    assert said(printed) == text


def test_every_record_is_settled() -> None:
    """A record made of another's stored values is the same record: what samples hold, normalised once more."""
    made = 0
    for sample in samples():
        for draft in judged(sample).drafts:
            for record in draft.fed.records:
                assert type(record)(**attrs.asdict(record)) == record
                made += 1
    assert made > len(list(samples()))


@given(st.sampled_from(sorted(platforms())), st.sampled_from(HEADS), numbers)
def test_a_blank_before_the_number_changes_no_name(driver: str, head: str, number: str) -> None:
    spell = platforms()[driver].spell
    assert spell(f"{head} {number}") in (spell(head + number), f"{head} {number}")


@given(
    st.text(alphabet="ab1-", min_size=1, max_size=9),
    st.sampled_from(["", ".example.net", "(FDO1)", ".example.net(FDO1)", " (FDO1)"]),
)
def test_a_name_is_one_with_its_domain_and_serial_number(name: str, more: str) -> None:
    assert to.hostname(name + more) == to.hostname(name)
