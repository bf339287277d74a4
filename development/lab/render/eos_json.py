"""EOS with `| json`: objects keyed by interface, VRF, prefix; numbers are numbers, MACs of interfaces have colons."""

from __future__ import annotations

import json
from typing import Any

from development.lab.hearing import cisco_mac
from development.lab.model import LAG, LOOPBACK, MGMT, PHYSICAL, SVI, VXLAN, Address, Device, Interface
from development.lab.render.eos_neighbors import entries, place, quoted
from development.lab.render.eos_routing import peers
from development.lab.render.eos_words import BGP_INACTIVE, bridged, chosen, vrf_name
from development.lab.render.text import ranges, steady
from development.lab.rib import by_prefix
from development.lab.rows import Heard, Path, Route
from development.lab.state import State

Json = dict[str, Any]
NONE = {"address": "0.0.0.0", "maskLen": 0}  # noqa: S104  what EOS prints for no address
HARDWARE = {LAG: "portChannel", LOOPBACK: "loopback", SVI: "vlan", VXLAN: "vxlan"}
ROUTE_TYPES = {
    ("ospf", ""): "OSPF",
    ("ospf", "IA"): "ospfInterArea",
    ("ospf", "E2"): "ospfExternalType2",
    ("bgp", "I"): "iBGP",
    ("bgp", "E"): "eBGP",
}
CAPABILITIES = {"B": "bridge", "R": "router", "S": "stationOnly", "T": "telephone"}
ORIGINS = {"i": "Igp", "e": "Egp", "?": "Incomplete"}


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


def ospf(state: State) -> str:
    """`show ip ospf neighbor detail vrf all`."""
    rows = [
        {
            "routerId": a.router_id,
            "priority": 0,
            "drState": None,
            "interfaceName": a.interface,
            "interfaceAddress": a.address,
            "adjacencyState": "full",
            "inactivity": 1741083481.2,
            "details": {"areaId": f"0.0.0.{a.area}", "numberOfStateChanges": 7, "stateTime": 1738000000.5},
        }
        for a in state.adjacencies
        if a.protocol == "ospf"
    ]
    return document({"vrfs": {"default": {"instList": {"1": {"ospfNeighborEntries": rows}}}}})


def bgp_summary(state: State) -> str:
    """`show ip bgp summary vrf all`."""
    return _summary(state, 4)


def bgp6_summary(state: State) -> str:
    """`show ipv6 bgp summary vrf all`."""
    return _summary(state, 6)


def _summary(state: State, family: int) -> str:
    device = state.device
    if not device.peers:
        return BGP_INACTIVE
    found = {}
    for name in chosen(device, "all"):
        rows = {
            p.address: {
                "version": 4,
                "asn": str(p.remote_as),
                "peerState": "Established" if p.state == "established" else "Idle",
                "prefixReceived": p.prefixes,
                "prefixAccepted": p.prefixes,
                "msgReceived": steady(p.address, 90000),
                "upDownTime": 1738000000.5,
            }
            for p in peers(state, name, family)
        }
        found[name] = {"vrf": name, "routerId": device.router_id, "asn": str(device.asn), "peers": rows}
    return document({"vrfs": found})


def ip_route(state: State) -> str:
    """`show ip route vrf all`."""
    return _routes(state, 4)


def ipv6_route(state: State) -> str:
    """`show ipv6 route vrf all`."""
    return _routes(state, 6)


def _routes(state: State, family: int) -> str:
    found = {}
    for name in chosen(state.device, "all"):
        prefixes = by_prefix(r for r in state.routes if vrf_name(r.vrf) == name and r.version == family)
        routes = {prefix: _route(routes) for prefix, routes in prefixes.items()}
        default = "reachable" if "0.0.0.0/0" in routes else "notSet"
        found[name] = {"routingDisabled": False, "defaultRouteState": default, "routes": routes}
    return document({"vrfs": found})


def _route(routes: list[Route]) -> Json:
    first = routes[0]
    row: Json = {"kernelProgrammed": True, "hardwareProgrammed": True, "routeLeaked": False, "routeAction": "forward"}
    row["routeType"] = ROUTE_TYPES.get((first.protocol, first.route_type), first.protocol)
    row["directlyConnected"] = first.next_hop is None
    if first.distance is not None:
        row |= {"preference": first.distance, "metric": first.metric}
    return row | {"vias": [_via(route) for route in routes]}


def _via(route: Route) -> Json:
    if route.vni:
        return {"vtepAddr": route.next_hop, "vni": route.vni, "routerMac": route.router_mac.lower()}
    hop = {"nexthopAddr": route.next_hop} if route.next_hop else {}
    return hop | ({"interface": route.interface} if route.interface else {})


def bgp(state: State) -> str:
    """`show ip bgp vrf all`."""
    return _bgp(state, 4)


def bgp6(state: State) -> str:
    """`show ipv6 bgp vrf all`."""
    return _bgp(state, 6)


def _bgp(state: State, family: int) -> str:
    device = state.device
    if not device.peers:
        return BGP_INACTIVE
    found = {}
    for name in chosen(device, "all"):
        routes: dict[str, Json] = {}
        for path in state.paths:
            if vrf_name(path.vrf) == name and path.version == family:
                entry = routes.setdefault(path.prefix, {"address": path.prefix.split("/")[0], "bgpRoutePaths": []})
                entry["bgpRoutePaths"].append(_path(path))
        found[name] = {"vrf": name, "routerId": device.router_id, "asn": str(device.asn), "bgpRouteEntries": routes}
    return document({"vrfs": found})


def _path(path: Path) -> Json:
    local = path.source == "local"
    as_path = " ".join([*(str(asn) for asn in path.as_path), path.origin])
    kind = {"valid": True, "active": path.best, "ecmp": False, "origin": ORIGINS[path.origin]}
    return {
        "nextHop": "" if local else path.next_hop,
        "med": path.metric or 0,
        "localPreference": 0 if local else 100 if path.local_pref is None else path.local_pref,
        "weight": 0,
        "asPathEntry": {"asPathType": "Local" if local else path.source.capitalize(), "asPath": as_path},
        "routeType": kind,
    }
