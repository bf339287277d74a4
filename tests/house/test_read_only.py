import pytest

from nautobot_topology_cache.collect.commands import Command, Platform, entry
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms import platforms
from tests.house.rules.read_only import violations


def platform(text: str = "show version", setup: str = "terminal length 0") -> dict[str, Platform]:
    command = Command(text, Template("cisco_ios_show_version"))
    return {"x": Platform(driver="x", entries=(entry(command),), spell=str, verdicts=(), setup=(setup,))}


def test_every_command_only_shows():
    assert platforms()
    assert violations(platforms()) == []
    assert violations(platform()) == []


@pytest.mark.parametrize(
    "text",
    [
        "clear ip arp",
        "configure terminal",
        "reload",
        "show version | redirect flash:v",
        "show version | include Version|Uptime | tee flash:v",
        "show version > file",
        "show version ; reload",
        "show version\nreload",
        "showers",
    ],
)
def test_a_command_that_may_change_something_is_reported(text):
    assert violations(platform(text)) == [f"x: `{text}` does more than show"]


@pytest.mark.parametrize("setup", ["no logging console", "terminal monitor", "set cli timestamp"])
def test_setup_that_is_more_than_paging_is_reported(setup):
    assert violations(platform(setup=setup)) == [f"x: `{setup}` is no session set-up"]


@pytest.mark.parametrize(
    ("driver", "text"),
    [
        ("linux", "ip link set eth0 down"),
        ("linux", "ip -j link show; reboot"),
        ("linux", "ip -j neigh flush all"),
        ("linux", "bridge fdb del 02:00:00:00:00:01 dev eth0"),
        ("linux", "lldpcli -f json0 configure lldp tx-interval 1"),
        ("linux", 'vtysh -c "show version json"'),
        ("frr", 'vtysh -c "clear bgp * json"'),
        ("frr", 'vtysh -c "show bgp json" -c "configure terminal"'),
        ("frr", 'vtysh -c "show bgp json" > /etc/passwd'),
        ("frr", 'vtysh -c "show $(reboot) json"'),
        ("frr", "show version"),
        ("huawei_vrp", "reset arp all"),
        ("fortinet", "execute reboot"),
        ("fortinet", "get system status | grep x > y"),
        ("mikrotik_routeros", "ip arp remove numbers=0"),
        ("mikrotik_routeros", "ip arp print terse without-paging file=x"),
        ("vyos", "configure"),
        ("huawei_vrp", "display interface | tee flash:/x"),
        ("cisco_ios", "ip -j link show"),
    ],
)
def test_a_system_with_words_of_its_own_looks_with_these_alone(driver, text):
    (found,) = platform(text).values()
    assert violations({driver: found}) == [f"{driver}: `{text}` does more than show"]
