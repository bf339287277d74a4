"""A folder of captured outputs as a network.

`devices.yml` names the devices, `<host>/<command>.txt` holds an answer (the file name percent-encodes `|`, `/` and the
like), `<host>/_rendered/<command>.txt` one that was made from another form of it, `truth.yml` says what is true.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml

from development.lab.terminal import Host
from development.lab.truth import Row, counted

RENDERED = "_rendered"
SAME = (("| json", "| json native"), ("show mac address-table |", "show mac-address-table unicast |"))
"""(what may be asked, what may have been captured instead): commands that a device answers alike."""
AGGREGATE = {"bgp-aggregate": ("bgp", "aggregate"), "ospf-summary": ("ospf", "summary")}


def hosts(folder: Path, username: str, password: str, secret: str) -> tuple[list[Host], dict[str, dict[str, Any]]]:
    """The hosts and what the inventory says of them; the folder's own logins are not used."""
    network = yaml.safe_load((folder / "devices.yml").read_text(encoding="utf-8"))
    found = []
    for device in network["devices"]:
        files = outputs(folder / device["hostname"])

        def ask(command: str, files: dict[str, Path] = files) -> str | None:
            wanted = spaced(command)
            path = next((files[name] for name in (wanted, *equals(wanted)) if name in files), None)
            return None if path is None else path.read_text(encoding="utf-8", errors="replace").rstrip("\n")

        host = Host(
            name=device["hostname"],
            platform=device["platform"],
            username=username,
            password=password,
            secret=secret,
            ask=ask,
        )
        found.append(host)
    fact = {"site": network["network"], "role": "replayed", "model": "unknown", "serial": "", "answers": "yes"}
    return found, {host.name: dict(fact) for host in found}


def outputs(folder: Path) -> dict[str, Path]:
    """Command -> file; what was captured wins over what was rendered."""
    paths = [*sorted((folder / RENDERED).glob("*.txt")), *sorted(folder.glob("*.txt"))]
    return {spaced(unquote(path.stem)): path for path in paths}


def equals(command: str) -> list[str]:
    """Other commands with the same answer."""
    return [command.replace(asked, captured) for asked, captured in SAME if asked in command]


def spaced(command: str) -> str:
    """The command with one blank between words and around bars."""
    return re.sub(r"\s*\|\s*", " | ", " ".join(command.split()))


def truth(folder: Path) -> dict[str, Any]:
    """The folder's truth in the lab's own form; {} without a truth.yml."""
    path = folder / "truth.yml"
    if not path.exists():
        return {}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    raw = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  the safe loader, written in C where there is one
    return {
        "links": [
            {
                "a": [link["a"], link["a_intf"]],
                "b": [link["b"], link["b_intf"]],
                "protocols": link["seen_by"],
                "lag": None,
            }
            for link in raw["links"]
        ],
        "outside": raw.get("external_links", []),
        "devices": {name: _device(device) for name, device in raw["devices"].items()},
    }


def _device(raw: dict[str, Any]) -> Row:
    known = {name: t["rows"] for name, t in raw["tables"].items() if t["status"] == "known" and t.get("complete", True)}
    routes = [row for name in sorted(known) if name.startswith("routes_") for row in known[name]]
    tables = {
        "interfaces": [
            *map(_interface, known.get("interfaces", ())),
            *({"name": u} for u in raw.get("logical_units", ())),
        ],
        "ip_addresses": [_address(row) for row in known.get("ip_addresses", ())],
        "arp_entries": [_resolution(row) for row in known.get("arp", ())],
        "mac_addresses": [_mac(row) for row in known.get("mac_table", ())],
        "neighbors": [_neighbor(p, row) for p in ("cdp", "lldp") for row in known.get(f"{p}_neighbors", ())],
        "routes": _one_of_each([expanded for row in routes for expanded in _route(row)]),
    }
    sources = {
        "arp_entries": "arp",
        "mac_addresses": "mac_table",
        "neighbors": "lldp_neighbors",
        "routes": "routes_connected",
    }
    captured = {name: counted(rows) for name, rows in tables.items() if sources.get(name, name) in known}
    return {"platform": raw["platform"], "answers": "yes", "tables": captured}


def _one_of_each(rows: list[Row]) -> list[Row]:
    """Of routes that differ in less than a key, the one that is printed first."""
    told_apart = ("vrf", "prefix", "protocol", "next_hop", "interface", "encapsulation")
    first = {tuple(row.get(name) for name in told_apart): row for row in reversed(rows)}
    return list(reversed(first.values()))


def vrf(name: str) -> str:
    """The default VRF is ""."""
    return "" if name in ("default", "master", "global") else name


def _interface(row: Row) -> Row:
    found: Row = {"name": row["name"], "enabled": row["admin"] == "up", "oper_status": row["oper"]}
    names = {"mac": "mac_address", "lag": "lag"}
    return found | {ours: row[theirs] for theirs, ours in names.items() if row.get(theirs)}


def _address(row: Row) -> Row:
    role = "virtual" if row.get("virtual") else "secondary" if row.get("secondary") else "primary"
    named = {name: row[name] for name in ("interface", "address", "prefix_length")}
    return {**named, "vrf": vrf(row["vrf"]), "role": role}


def _resolution(row: Row) -> Row:
    found = {"interface": row["interface"], "ip_address": row["ip"], "mac_address": row["mac"], "vrf": vrf(row["vrf"])}
    return found | ({"entry_type": "own"} if row.get("own") else {})


def _mac(row: Row) -> Row:
    found: Row = {"mac_address": row["mac"], "interface": row["interface"]}
    if row["vlan"].isdigit():
        found["vlan"] = int(row["vlan"])
    return found | ({"vlan_name": row["vlan_name"]} if row.get("vlan_name") else {})


def _neighbor(protocol: str, row: Row) -> Row:
    found = {"protocol": protocol, "local_interface": row["local_interface"], "neighbor_name": row["neighbor"]}
    if not row["neighbor_interface"].isdigit():
        found["neighbor_interface"] = row["neighbor_interface"]
    names = {
        "chassis_id": "chassis_id",
        "mgmt": "neighbor_ip",
        "port_description": "port_description",
        "platform": "platform",
    }
    return found | {ours: row[theirs] for theirs, ours in names.items() if row.get(theirs)}


def _route(row: Row) -> list[Row]:
    protocol, kind = AGGREGATE.get(row["protocol"], (row["protocol"], None))
    base: Row = {
        "vrf": vrf(row["vrf"]),
        "prefix": row["prefix"],
        "protocol": protocol,
        "active": row.get("active", True),
    }
    # EOS prints neither in the JSON form of an OSPF route that is directly connected, only in the text form.
    if protocol != "ospf" or any("ip" in hop for hop in row["next_hops"]):
        base |= {name: row[name] for name in ("distance", "metric") if name in row}
    if kind:
        base["route_type"] = kind
    found = []
    for hop in row["next_hops"]:
        way = {"next_hop": hop.get("ip"), "interface": hop.get("interface", "")}
        found.append({**base, **way, "encapsulation": "vxlan" if hop.get("vni") else ""})
    # Without next hops the device says no more than that it drops the packets.
    return found or [{**base, "next_hop": None}]
