"""EOS with `| json`: objects keyed by interface, VRF, prefix; numbers are numbers, MACs of interfaces have colons."""

from __future__ import annotations

import json
from typing import Any

from development.lab.hearing import cisco_mac
from development.lab.model import LAG, LOOPBACK, MGMT, PHYSICAL, SVI, VXLAN, Address, Device, Interface
from development.lab.render.eos_neighbors import entries, place, quoted
from development.lab.render.eos_words import bridged, chosen, vrf_name
from development.lab.render.text import ranges, steady
from development.lab.rows import Heard
from development.lab.state import State

Json = dict[str, Any]
NONE = {"address": "0.0.0.0", "maskLen": 0}  # noqa: S104  what EOS prints for no address
HARDWARE = {LAG: "portChannel", LOOPBACK: "loopback", SVI: "vlan", VXLAN: "vxlan"}
CAPABILITIES = {"B": "bridge", "R": "router", "S": "stationOnly", "T": "telephone"}


def document(value: Json) -> str:
    """Indented, as the command line prints it."""
    return json.dumps(value, indent=4, ensure_ascii=False)


def version(state: State) -> str:
    """`show version`."""
    device = state.device
    facts = {"mfgName": "Arista", "modelName": device.model, "serialNumber": device.serial, "version": device.version}
    return document({**facts, "systemMacAddress": device.mac.lower(), "architecture": "x86_64", "uptime": 3553920.5})


def interfaces(state: State) -> str:
    """`show interfaces`."""
    return document({"interfaces": {p.name: _interface(state.device, p) for p in state.device.interfaces.values()}})


def status(port: Interface) -> str:
    """connected, notconnect, disabled."""
    return ("connected" if port.up else "notconnect") if port.enabled else "disabled"


def _interface(device: Device, port: Interface) -> Json:
    routed = not port.mode and not port.lag and port.kind != VXLAN
    row: Json = {"name": port.name, "description": port.description, "interfaceStatus": status(port)}
    row["lineProtocolStatus"] = "up" if port.up and port.enabled else "down"
    row["hardware"] = HARDWARE.get(port.kind, "ethernet")
    row["forwardingModel"] = "routed" if routed else "dataLink" if port.lag else "bridged"
    row |= {"mtu": port.mtu, "bandwidth": 0 if port.kind in (LOOPBACK, SVI, VXLAN) else port.speed * 1000}
    if port.mac:
        row |= {"physicalAddress": port.mac.lower(), "burnedInAddress": port.mac.lower()}
    row["interfaceAddress"] = [_addresses(port)] if port.v4() else []
    if port.kind in (PHYSICAL, MGMT):
        row |= {"duplex": "duplexFull", "autoNegotiate": "unknown", "lanes": 0, "loopbackMode": "loopbackNone"}
    if port.lag:
        row["interfaceMembership"] = f"Member of {port.lag}"
    if port.kind == LAG:
        members = device.members(port.name)
        row["memberInterfaces"] = {i.name: {"duplex": "duplexFull", "bandwidth": i.speed * 1000} for i in members}
    if port.kind == VXLAN:
        row |= {"srcIpIntf": "Loopback1", "srcIpAddr": device.vtep, "vlanToVniMap": _vnis(device)}
    if port.kind in (PHYSICAL, LAG, MGMT):
        packets = steady(device.name + port.name, 10**8) if port.up else 0
        row["interfaceCounters"] = {"inUcastPkts": packets, "outUcastPkts": packets // 2, "totalInErrors": 0}
    return row


def _vnis(device: Device) -> Json:
    return {str(vlan): {"vni": vni, "source": ""} for vlan, vni in device.vnis.items()}


def _addresses(port: Interface) -> Json:
    def form(address: Address | None) -> Json:
        return {"address": address.ip, "maskLen": address.length} if address else NONE

    virtual = next((a for a in port.addresses if a.role == "virtual"), None)
    primary = next((a for a in port.addresses if a.version == 4 and a.role == "primary"), None)
    return {
        "primaryIp": form(primary),
        "virtualIp": form(virtual),
        "secondaryIps": {},
        "secondaryIpsOrderedList": [],
        "virtualSecondaryIps": {},
        "virtualSecondaryIpsOrderedList": [],
        "broadcastAddress": "255.255.255.255",
        "dhcp": False,
    }


def ip_interface(state: State) -> str:
    """`show ip interface`."""
    found = {}
    for port in state.device.interfaces.values():
        if port.v4():
            row = {"name": port.name, "description": port.description, "interfaceStatus": status(port), "mtu": port.mtu}
            row |= {"lineProtocolStatus": "up", "vrf": vrf_name(port.vrf), "interfaceAddress": _addresses(port)}
            found[port.name] = row
    return document({"interfaces": found})


def ipv6_interface(state: State) -> str:
    """`show ipv6 interface`."""
    found = {}
    for port in state.device.interfaces.values():
        local = port.v6("link_local")
        if local:
            addresses = [a for a in port.addresses if a.version == 6 and a.role == "primary"]
            row: Json = {
                "name": port.name,
                "interfaceStatus": status(port),
                "lineProtocolStatus": "up",
                "mtu": port.mtu,
            }
            row |= {
                "vrf": vrf_name(port.vrf),
                "linkLocal": {"address": local.ip, "subnet": local.prefix, "active": True},
            }
            row["addresses"] = [{"address": a.ip, "subnet": a.prefix, "active": True} for a in addresses]
            found[port.name] = row
    return document({"interfaces": found}) if found else "% No IPv6 configured interfaces"


def vrf(state: State) -> str:
    """`show vrf`."""
    device = state.device
    routed = [i for i in device.interfaces.values() if not i.mode and not i.lag and i.kind != VXLAN]
    up = {"supported": True, "protocolState": "up", "routingState": "up"}
    found = {
        name: {
            "routeDistinguisher": device.vrfs.get(name, ""),
            "vrfState": "up",
            "interfaces": [i.name for i in routed if vrf_name(i.vrf) == name],
            "protocols": {"ipv4": up, "ipv6": up},
        }
        for name in chosen(device, "all")
    }
    return document({"vrfs": found})


def switchport(state: State) -> str:
    """`show interfaces switchport`."""
    names = state.device.vlans
    found = {
        port.name: {
            "enabled": True,
            "switchportInfo": {
                "mode": port.mode,
                "accessVlanId": port.access_vlan,
                "accessVlanName": names.get(port.access_vlan, "default"),
                "trunkingNativeVlanId": port.native_vlan,
                "trunkingNativeVlanName": names.get(port.native_vlan, "default"),
                "trunkAllowedVlans": ranges(port.allowed) or "ALL",
                "macLearning": True,
                "tpid": "0x8100",
                "tpidStatus": True,
                "staticTrunkGroups": [],
                "dynamicTrunkGroups": [],
            },
        }
        for port in bridged(state.device)
    }
    return document({"switchports": found})


def port_channel(state: State) -> str:
    """`show port-channel`."""
    found = {}
    for lag in (i for i in state.device.interfaces.values() if i.kind == LAG):
        members = {i.name: {"protocol": "lacp", "lacpMode": "active"} for i in state.device.members(lag.name)}
        found[lag.name] = {"activePorts": members, "inactivePorts": {}, "fallbackState": "unconfigured"}
    return document({"portChannels": found})


def arp(state: State) -> str:
    """`show arp vrf all`."""
    found = {}
    for name in chosen(state.device, "all"):
        rows = [
            {
                "hwAddress": cisco_mac(e.mac or ""),
                "address": e.address,
                "interface": place(e),
                "age": steady(e.address, 3600),
            }
            for e in entries(state, name, 4)
        ]
        unlearned = sum("not learned" in row["interface"] for row in rows)
        counts = {
            "totalEntries": len(rows),
            "dynamicEntries": len(rows),
            "staticEntries": 0,
            "notLearnedEntries": unlearned,
        }
        found[name] = {**counts, "ipV4Neighbors": rows}
    return document({"vrfs": found})


def ipv6_neighbors(state: State) -> str:
    """`show ipv6 neighbors vrf all`."""
    found = {}
    for name in chosen(state.device, "all"):
        rows = [
            {
                "hwAddress": cisco_mac(e.mac or ""),
                "address": e.address,
                "interface": e.interface,
                "age": steady(e.address, 3600),
            }
            for e in entries(state, name, 6)
        ]
        found[name] = {"totalEntries": len(rows), "ipV6Neighbors": rows}
    return document({"vrfs": found})


def mac_table(state: State) -> str:
    """`show mac address-table`."""
    rows = []
    for entry in state.macs:
        row = {
            "vlanId": entry.vlan,
            "macAddress": entry.mac.lower(),
            "entryType": entry.kind,
            "interface": entry.interface,
        }
        rows.append(row | ({"moves": 1, "lastMove": 1741083451.2} if entry.kind == "dynamic" else {}))
    return document({"unicastTable": {"tableEntries": rows}, "multicastTable": {"tableEntries": []}})


def lldp_detail(state: State) -> str:
    """`show lldp neighbors detail`: every port, mostly with an empty list."""
    found: dict[str, Json] = {}
    for port in state.device.interfaces.values():
        if port.kind in (PHYSICAL, MGMT):
            heard = [_lldp(n) for n in state.neighbors if n.local_interface == port.name]
            found[port.name] = {"lldpNeighborInfo": heard}
    return document({"lldpNeighbors": found})


def _lldp(neighbor: Heard) -> Json:
    port: Json = {
        "interfaceIdType": "macAddress" if neighbor.port_id.count(":") == 5 else "interfaceName",
        "interfaceId": quoted(neighbor),
        "interfaceId_v2": quoted(neighbor).strip('"'),
        "maxFrameSize": 9236,
    }
    if neighbor.port_description:
        port["interfaceDescription"] = neighbor.port_description
    row: Json = {
        "chassisIdType": "macAddress",
        "chassisId": cisco_mac(neighbor.chassis_id),
        "systemName": neighbor.name,
    }
    row |= {"systemDescription": neighbor.description, "ttl": 120, "neighborInterfaceInfo": port}
    row["systemCapabilities"] = {CAPABILITIES[letter]: True for letter in neighbor.capabilities.split(",")}
    address = {
        "address": neighbor.address,
        "addressType": "ipv4",
        "interfaceNumType": "ifIndex",
        "interfaceNum": 999001,
    }
    return row | {"managementAddresses": [address] if neighbor.address else []}
