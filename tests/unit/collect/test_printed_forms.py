"""Forms that one thing is printed in on different devices and in different answers: each becomes one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nautobot_topology_cache.collect import normalize as to
from nautobot_topology_cache.collect.platforms import platforms

PLATFORMS = platforms()
numbers = st.from_regex(r"\d{1,3}(/\d{1,2}){0,3}(\.\d{1,4})?", fullmatch=True)
ABBREVIATED = [
    ("cisco_ios", "Gi", "GigabitEthernet"),
    ("cisco_ios", "Te", "TenGigabitEthernet"),
    ("cisco_ios", "Twe", "TwentyFiveGigE"),
    ("cisco_ios", "Po", "Port-channel"),
    ("cisco_ios", "Vl", "Vlan"),
    ("cisco_xe", "Hu", "HundredGigE"),
    ("cisco_nxos", "Eth", "Ethernet"),
    ("cisco_nxos", "Po", "port-channel"),
    ("cisco_nxos", "Lo", "loopback"),
    ("cisco_nxos", "Veth", "Vethernet"),
    ("cisco_xr", "Te", "TenGigE"),
    ("cisco_xr", "BE", "Bundle-Ether"),
    ("cisco_xr", "Hu", "HundredGigE"),
    ("arista_eos", "Et", "Ethernet"),
    ("arista_eos", "Po", "Port-Channel"),
    ("arista_eos", "Ma", "Management"),
    ("arista_eos", "Vx", "Vxlan"),
    ("huawei_vrp", "GE", "GigabitEthernet"),
]


@given(st.sampled_from(ABBREVIATED), numbers)
def test_a_short_name_and_the_long_one_are_one_interface(names: tuple[str, str, str], number: str) -> None:
    driver, short, long = names
    spell = PLATFORMS[driver].spell
    assert spell(short + number) == spell(long + number) == long + number


@given(st.integers(0, 2**32 - 1))
def test_both_notations_of_an_as_number_are_one(asn: int) -> None:
    assert to.as_number(f"{asn >> 16}.{asn & 0xFFFF}") == to.as_number(str(asn)) == asn


@given(
    st.sampled_from(["default", "global", "master", "inet.0"]).flatmap(
        lambda name: st.sampled_from([name, name.upper()])
    )
)
def test_the_vrf_that_is_the_default_one_has_no_name(printed: str) -> None:
    assert to.vrf(f" {printed} ") == to.vrf("") == ""


@given(st.lists(st.integers(1, 2**32 - 1).map(str), max_size=12), st.sampled_from([" ", "  ", "\t", "\n      "]))
def test_a_path_is_one_however_it_is_wrapped(path: list[str], between: str) -> None:
    assert to.as_path(between.join(path)) == " ".join(path)


@given(st.integers(1, 400))
def test_a_speed_is_one_in_every_unit(gigabits: int) -> None:
    forms = [f"{gigabits}Gbps", f"{gigabits} Gb/s", f"{gigabits * 1000}Mb/s", f"{gigabits * 1000000} Kbps"]
    assert {to.kbits(form) for form in forms} == {gigabits * 1_000_000}


@pytest.mark.parametrize("nothing", ["", "-", "--", "N/A", "n/a", "none", "null", "unset", "unassigned"])
def test_the_spellings_of_nothing_are_one(nothing: str) -> None:
    assert to.number(nothing) is to.mac(nothing) is to.optional_address(nothing) is None
