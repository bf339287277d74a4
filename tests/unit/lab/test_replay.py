"""A folder of captured outputs is served and compared like the generated network."""

from __future__ import annotations

import pytest
import yaml

from development.lab import replay
from development.lab.compare import compare

DEVICES = {
    "network": "tiny",
    "devices": [
        {"hostname": "edge1", "platform": "juniper_junos"},
        {"hostname": "sw1", "platform": "cisco_nxos"},
    ],
}
TRUTH = {
    "links": [{"a": "sw1", "a_intf": "Ethernet1/1", "b": "edge1", "b_intf": "xe-0/0/0", "seen_by": ["lldp"]}],
    "external_links": [],
    "devices": {
        "sw1": {
            "platform": "cisco_nxos",
            "tables": {
                "arp": {
                    "status": "known",
                    "rows": [
                        {"vrf": "default", "ip": "10.9.0.1", "mac": "02:00:00:00:00:01", "interface": "Ethernet1/1"}
                    ],
                },
                "mac_table": {"status": "not_captured"},
                "routes_connected": {
                    "status": "known",
                    "rows": [
                        {
                            "vrf": "default",
                            "prefix": "10.9.0.0/31",
                            "protocol": "connected",
                            "distance": 0,
                            "metric": 0,
                            "next_hops": [{"ip": "10.9.0.0", "interface": "Ethernet1/1"}],
                        }
                    ],
                },
                "routes_static": {
                    "status": "known",
                    "rows": [
                        {
                            "vrf": "blue",
                            "prefix": "0.0.0.0/0",
                            "protocol": "static",
                            "next_hops": [{"ip": "10.9.1.1"}, {"ip": "10.9.1.3"}],
                        }
                    ],
                },
            },
        },
        "edge1": {"platform": "juniper_junos", "logical_units": ["xe-0/0/0.0"], "tables": {}},
    },
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "devices.yml").write_text(yaml.safe_dump(DEVICES))
    (tmp_path / "truth.yml").write_text(yaml.safe_dump(TRUTH))
    for name in ("edge1", "sw1/_rendered"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "edge1" / "show arp %7C display json.txt").write_text("{}\n")
    (tmp_path / "sw1" / "show vrf %7C json native.txt").write_text('{"from": "device"}\n')
    (tmp_path / "sw1" / "_rendered" / "show vrf.txt").write_text("rendered\n")
    return tmp_path


def test_answers_come_from_the_files(folder):
    (edge, switch), facts = replay.hosts(folder, "u", "p", "s")
    assert (edge.name, edge.platform, switch.platform) == ("edge1", "juniper_junos", "cisco_nxos")
    assert edge.ask("show arp|display json") == "{}"
    assert switch.ask("show  vrf | json") == '{"from": "device"}'
    assert switch.ask("show vrf") == "rendered"
    assert switch.ask("show version") is None
    assert facts["sw1"]["site"] == "tiny"


def test_the_truth_takes_the_labs_own_form(folder):
    truth = replay.truth(folder)
    assert truth["links"] == [
        {"a": ["sw1", "Ethernet1/1"], "b": ["edge1", "xe-0/0/0"], "protocols": ["lldp"], "lag": None}
    ]
    tables = truth["devices"]["sw1"]["tables"]
    assert set(tables) == {"arp_entries", "routes"}
    routes = tables["routes"]["rows"]
    assert [(row["vrf"], row["next_hop"]) for row in routes] == [
        ("", "10.9.0.0"),
        ("blue", "10.9.1.1"),
        ("blue", "10.9.1.3"),
    ]
    assert compare(routes, routes[1:], "routes").missing == routes[:1]


def test_a_folder_without_truth_has_none(folder):
    (folder / "truth.yml").unlink()
    assert replay.truth(folder) == {}
