"""NX-OS with `| json`: TABLE_x holds ROW_x, an object for one row, a list for several, nothing for none."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from development.lab.hearing import cisco_mac
from development.lab.model import LAG, LOOPBACK, MGMT, PHYSICAL, SVI, VXLAN, Device, Interface
from development.lab.render.nxos_interfaces import ordered, routed
from development.lab.render.nxos_neighbors import entries, hardware_address, mac_or, mac_port, synced, system_name
from development.lab.render.nxos_words import (
    chosen,
    hardware,
    link_vlan,
    port_mode,
    reason,
    short,
    speed,
    vrf_ids,
    vrf_name,
)
from development.lab.render.text import ranges, steady
from development.lab.rows import Heard
from development.lab.state import State

Json = dict[str, Any]


def table(name: str, rows: Iterable[Json]) -> Json:
    """One table the way NX-OS nests it."""
    found = list(rows)
    return {f"TABLE_{name}": {f"ROW_{name}": found[0] if len(found) == 1 else found}} if found else {}


def document(*parts: Json) -> str:
    """Parts of an answer as one line of JSON."""
    whole: Json = {}
    for part in parts:
        whole |= part
    return json.dumps(whole, ensure_ascii=False)


def interface(state: State) -> str:
    """`show interface`: VLAN interfaces have keys of their own."""
    ports = ordered(state.device)
    return document(table("interface", (_svi(p) if p.kind == SVI else _port(state.device, p) for p in ports)))


def _port(device: Device, port: Interface) -> Json:
    row: Json = {"interface": port.name, "state": "up" if port.up else "down"}
    if not port.up:
        row["state_rsn_desc"] = reason(port)
    row |= {"admin_state": "up" if port.enabled else "down", "share_state": "Dedicated", "eth_hw_desc": hardware(port)}
    if port.mac:
        row |= {"eth_hw_addr": cisco_mac(port.mac), "eth_bia_addr": cisco_mac(port.mac)}
    if port.description:
        row["desc"] = port.description
    if port.v4():
        row |= {"eth_ip_addr": port.v4().ip, "eth_ip_mask": port.v4().length}
    row |= {"eth_mtu": str(port.mtu), "eth_bw": port.speed, "eth_dly": 5000 if port.kind == LOOPBACK else 10}
    if port.kind in (PHYSICAL, LAG):
        row |= {"eth_mode": port_mode(port, device), "eth_beacon": "off", "eth_swt_monitor": "off"}
    if port.kind in (PHYSICAL, LAG, MGMT):
        member = device.members(port.name)[0] if port.kind == LAG else port
        row |= {
            "eth_duplex": "full" if port.up else "auto",
            "eth_speed": speed(member.speed) if port.up else "auto-speed",
        }
    if port.lag:
        row["eth_bundle"] = port.lag.removeprefix("port-channel")
    if port.kind == LAG:
        row["eth_members"] = ", ".join(short(i.name) for i in device.members(port.name))
    packets = steady(device.name + port.name, 10**8) if port.up else 0
    return row | {"eth_inpkts": packets, "eth_outpkts": packets // 2, "eth_inerr": "0", "eth_outerr": "0"}


def _svi(port: Interface) -> Json:
    row: Json = {"interface": port.name, "svi_admin_state": "up", "svi_rsn_desc": "null", "svi_line_proto": "up"}
    row |= {
        "svi_mac": cisco_mac(port.mac or ""),
        "svi_mtu": str(port.mtu),
        "svi_bw": str(port.speed),
        "svi_delay": "10",
    }
    if port.description:
        row["svi_desc"] = port.description
    if port.v4():
        row |= {"svi_ip_addr": port.v4().ip, "svi_ip_mask": port.v4().length}
    return row


def brief(state: State) -> str:
    """`show interface brief`."""
    return document(table("interface", (_brief(state.device, port) for port in ordered(state.device))))


def _brief(device: Device, port: Interface) -> Json:
    row: Json = {"interface": port.name, "state": "up" if port.up else "down"}
    if port.kind == MGMT:
        return row | {"ip_addr": port.v4().ip if port.v4() else "--", "speed": "1000", "mtu": str(port.mtu)}
    if port.kind == SVI:
        return {"interface": port.name, "svi_admin_state": "up", "svi_rsn_desc": "--", "vlan_type": "--"}
    if port.kind in (LOOPBACK, VXLAN):
        return row | {"desc": port.description or "--"}
    row |= {"vlan": link_vlan(port, device), "type": "eth", "portmode": port_mode(port, device), "ratemode": "D"}
    row |= {"state_rsn_desc": "none" if port.up else reason(port)}
    member = device.members(port.name)[0] if port.kind == LAG else port
    row["speed"] = f"{member.speed // 1_000_000}G" if port.up else "auto"
    if port.lag:
        row["portchan"] = port.lag.removeprefix("port-channel")
    return row | ({"proto": "lacp"} if port.kind == LAG else {})


def ip_interface(state: State) -> str:
    """`show ip interface vrf all`."""
    found = []
    for index, port in enumerate(ordered(state.device)):
        four = [a for a in port.addresses if a.version == 4]
        if four:
            row: Json = {"vrf-name-out": vrf_name(port.vrf), "intf-name": port.name}
            row |= {"proto-state": "up", "link-state": "up", "admin-state": "up", "iod": index + 2}
            row |= {"prefix": four[0].ip, "subnet": four[0].prefix.split("/")[0], "masklen": four[0].length}
            others = [{"prefix1": a.ip, "subnet1": a.prefix.split("/")[0], "masklen1": a.length} for a in four[1:]]
            row |= table("secondary_address", others)
            found.append(row | {"num-addr": len(four), "ip-disabled": "FALSE", "mtu": port.mtu})
    return document(table("intf", found))


def ipv6_interface(state: State) -> str:
    """`show ipv6 interface vrf all`."""
    found = []
    for index, port in enumerate(ordered(state.device)):
        local = port.v6("link_local")
        if local:
            addresses = [{"addr": a.text} for a in port.addresses if a.version == 6 and a.role == "primary"]
            row = {"vrf-name-out": vrf_name(port.vrf), "intf-name": port.name, "proto-state": "up", "link-state": "up"}
            row |= {"admin-state": "up", "iod": index + 2, **table("addr", addresses), "subnet": port.v6().prefix}
            found.append(row | {"linklocal-addr": local.ip, "linklocal-configured": "FALSE", "mtu": port.mtu})
    return document(table("intf", found))


def vrf(state: State) -> str:
    """`show vrf`."""
    rows = (
        {"vrf_name": n, "vrf_id": i, "vrf_state": "Up", "vrf_reason": "--"} for n, i in vrf_ids(state.device).items()
    )
    return document(table("vrf", rows))


def vrf_interface(state: State) -> str:
    """`show vrf interface`."""
    ids = vrf_ids(state.device)
    names = ((port.name, vrf_name(port.vrf)) for port in routed(state.device))
    return document(table("if", ({"if_name": p, "vrf_name": n, "vrf_id": ids[n], "soo": "--"} for p, n in names)))


def switchport(state: State) -> str:
    """`show interface switchport`."""
    ports = [i for i in state.device.interfaces.values() if i.kind in (PHYSICAL, LAG)]
    return document(table("interface", (_switchport(state.device, port) for port in ports)))


def _switchport(device: Device, port: Interface) -> Json:
    mode = port_mode(port, device)
    effective = device.interfaces[port.lag] if port.lag else port
    row: Json = {"interface": port.name, "switchport": "Disabled" if mode == "routed" else "Enabled"}
    if mode == "routed":
        return row
    row |= {"switchport_monitor": "Not enabled", "oper_mode": mode if port.up else "down"}
    row |= {"access_vlan": effective.access_vlan, "native_vlan": effective.native_vlan}
    return row | {"trunk_vlans": ranges(effective.allowed) or "1-4094", "voice_vlan": "none"}


def port_channel(state: State) -> str:
    """`show port-channel summary`."""
    lags = [i for i in state.device.interfaces.values() if i.kind == LAG]
    return document(table("channel", (_port_channel(state.device, lag) for lag in lags)))


def _port_channel(device: Device, lag: Interface) -> Json:
    members = ({"port": i.name, "port-status": "P"} for i in device.members(lag.name))
    row = {"group": lag.name.removeprefix("port-channel"), "port-channel": lag.name, "layer": "S", "status": "U"}
    return row | {"type": "Eth", "prtcl": "LACP"} | table("member", members)


def arp(state: State) -> str:
    """`show ip arp detail vrf all`: one table, named `all`, for every VRF."""
    found = entries(state, "all", 4)
    rows = [
        {
            "intf-out": e.interface,
            "ip-addr-out": e.address,
            "time-stamp": f"PT{steady(e.address, 1500)}S",
            **({"mac": cisco_mac(e.mac)} if e.mac else {"incomplete": "INCOMPLETE"}),
            "phy-intf": e.port or e.interface,
            "flags": synced(e),
        }
        for e in found
    ]
    return document(table("vrf", [{"vrf-name-out": "all", "cnt-total": len(found), **table("adj", rows)}]))


def ipv6_neighbor(state: State) -> str:
    """`show ipv6 neighbor vrf all`."""
    found = []
    for name in chosen(state.device, "all"):
        rows = [
            {
                "intf-out": e.interface,
                "ipv6-addr": e.address,
                "time-stamp": f"PT{steady(e.address, 1500)}S",
                "mac": hardware_address(e),
                "pref": 50,
                "owner": "icmpv6",
            }
            for e in entries(state, name, 6)
        ]
        family = {"afi": "ipv6", "count": len(rows), **table("adj", rows)}
        found.append({"vrf-name-out": name, **table("afi", [family])})
    return document(table("vrf", found))


def mac_table(state: State) -> str:
    """`show mac address-table`."""
    rows = [
        {
            "disp_mac_addr": cisco_mac(e.mac),
            "disp_type": e.kind,
            "disp_vlan": "-" if e.vlan is None else str(e.vlan),
            "disp_age": "0" if e.kind == "dynamic" else "-",
            "disp_is_secure": "F",
            "disp_is_ntfy": "F",
            "disp_port": mac_port(e),
        }
        for e in state.macs
    ]
    return document(table("mac_address", rows))


def cdp_detail(state: State) -> str:
    """`show cdp neighbors detail`."""
    heard = [n for n in state.neighbors if n.protocol == "cdp"]
    return document(table("cdp_neighbor_detail_info", map(_cdp, heard)), {"neigh_count": str(len(heard))})


def _cdp(neighbor: Heard) -> Json:
    row: Json = {"device_id": neighbor.name}
    if system_name(neighbor):
        row["sysname"] = system_name(neighbor)
    row |= {"numaddr": 1 if neighbor.address else 0}
    if neighbor.address:
        row |= {"v4addr": neighbor.address}
    row |= {"platform_id": neighbor.platform, "capability": neighbor.capabilities.split()}
    row |= {
        "intf_id": neighbor.local_interface,
        "port_id": neighbor.port_id,
        "ttl": 140,
        "version": neighbor.description,
    }
    row |= {"version_no": "v2", "nativevlan": str(neighbor.native_vlan or ""), "duplexmode": "full", "mtu": 1500}
    return row | ({"num_mgmtaddr": 1, "v4mgmtaddr": neighbor.address} if neighbor.address else {})


def lldp_detail(state: State) -> str:
    """`show lldp neighbors detail`."""
    heard = [n for n in state.neighbors if n.protocol == "lldp"]
    return document(table("nbor_detail", map(_lldp, heard)), {"neigh_count": len(heard)})


def _lldp(neighbor: Heard) -> Json:
    capabilities = neighbor.capabilities.replace(",", ", ")
    address: Json = {"mgmt_addr_type": "not advertised", "mgmt_addr": "not advertised"}
    if neighbor.address:
        address = {"mgmt_addr_type": "IPV4", "mgmt_addr": neighbor.address}
    return {
        "chassis_type": "Mac Address",
        "chassis_id": mac_or(neighbor.chassis_id),
        "port_type": "Mac Address" if neighbor.port_id.count(":") == 5 else "Interface Name",
        "port_id": mac_or(neighbor.port_id),
        "l_port_id": short(neighbor.local_interface),
        "port_desc": neighbor.port_description or "null",
        "sys_name": neighbor.name,
        "sys_desc": neighbor.description,
        "ttl": 110,
        "system_capability": capabilities,
        "enabled_capability": capabilities,
        **address,
        "mgmt_addr_ipv6_type": "not advertised",
        "mgmt_addr_ipv6": "not advertised",
        "vlan_id": "not advertised",
    }
