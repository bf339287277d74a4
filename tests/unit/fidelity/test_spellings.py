"""What somebody typed is found in the registry, whatever way it was typed; other forms are not."""

from __future__ import annotations

import pytest

from development.fidelity.spellings import command_of, vrf_of
from nautobot_topology_cache.collect.platforms import platforms

SAME = (
    ("cisco_ios", "show int", "show interfaces"),
    ("cisco_ios", "sh interfaces Gi0/1", "show interfaces"),
    ("cisco_ios", "sh ip arp", "show ip arp"),
    ("cisco_ios", "show arp", "show ip arp"),
    ("cisco_ios", "show ip arp vrf BLUE", "show ip arp vrf {vrf}"),
    ("cisco_ios", "show ip arp GigabitEthernet0/1", "show ip arp"),
    ("cisco_ios", "show cdp entry *", "show cdp neighbors detail"),
    ("cisco_ios", "show lldp nei det", "show lldp neighbors detail"),
    ("cisco_xe", "show mac address-table dynamic vlan 10", "show mac address-table"),
    ("cisco_xe", "show ip route vrf BLUE", "show ip route vrf {vrf}"),
    ("cisco_xe", "show ip route ospf", "show ip route"),
    ("cisco_xe", "show ip bgp", "show ip bgp"),
    ("cisco_xe", "show ip bgp vpnv4 vrf BLUE", "show ip bgp vpnv4 vrf {vrf}"),
    ("cisco_nxos", "show ip arp vrf BLUE", "show ip arp detail vrf all"),
    ("cisco_nxos", "show ip route", "show ip route vrf all"),
    ("cisco_nxos", "show interface Ethernet1/1", "show interface"),
    ("cisco_xr", "show route vrf BLUE ipv4", "show route vrf all ipv4"),
    ("cisco_xr", "show arp vrf default detail", "show arp vrf all"),
    ("arista_eos", "show ip route vrf BLUE", "show ip route vrf all"),
    ("juniper_junos", "show interfaces ge-0/0/1 extensive", "show interfaces"),
    ("juniper_junos", "show route table BLUE.inet.0", "show route"),
    ("juniper_junos", "show route instance detail", "show route instance detail"),
)
OTHER_FORMS = (
    ("cisco_ios", "show ip interface brief"),
    ("cisco_ios", "show interfaces status"),
    ("cisco_ios", "show interfaces description"),
    ("cisco_ios", "show cdp neighbors"),
    ("cisco_nxos", "show interface brief"),
    ("cisco_nxos", "show ip route summary"),
    ("arista_eos", "show lldp neighbors"),
    ("juniper_junos", "show interfaces descriptions"),
    ("juniper_junos", "show version"),
)


@pytest.mark.parametrize(("driver", "typed", "meant"), SAME)
def test_another_spelling_is_the_same_command(driver: str, typed: str, meant: str) -> None:
    command = command_of(platforms()[driver], typed)
    assert command is not None
    assert command.text == meant


@pytest.mark.parametrize(("driver", "typed"), OTHER_FORMS)
def test_what_prints_another_form_is_no_spelling(driver: str, typed: str) -> None:
    assert command_of(platforms()[driver], typed) is None


def test_every_command_of_the_registry_is_its_own_spelling() -> None:
    for platform in platforms().values():
        for entry in platform.entries:
            for command in entry.alternatives:
                assert command_of(platform, command.text) is command


@pytest.mark.parametrize(
    ("typed", "vrf"), [("show ip arp vrf Blue", "Blue"), ("show arp vrf all", ""), ("show arp", "")]
)
def test_the_vrf_is_what_was_named(typed: str, vrf: str) -> None:
    assert vrf_of(typed) == vrf
