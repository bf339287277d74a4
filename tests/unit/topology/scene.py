"""Tiny networks for tests: what a few ports hear, written in a line each."""

from nautobot_topology_cache.collect.normalize import hostname
from nautobot_topology_cache.topology.behind import Behind
from nautobot_topology_cache.topology.build import build
from nautobot_topology_cache.topology.evidence import (
    Address,
    ARPEntry,
    Device,
    Interface,
    MACEntry,
    Neighbor,
    Observations,
    Route,
    RoutingNeighbor,
)
from nautobot_topology_cache.topology.layer2 import with_layer2
from nautobot_topology_cache.topology.layer3 import with_layer3
from nautobot_topology_cache.topology.pointing import pointings
from nautobot_topology_cache.topology.ports import Ports
from nautobot_topology_cache.topology.resolve import Directory
from nautobot_topology_cache.topology.subnets import Subnets


def devices(*names, **changed):
    """Devices whose ids are their names; `changed` holds other facts of some, by name with `_` for `-`."""
    return {name: Device(name, name, **changed.get(name.replace("-", "_"), {})) for name in names}


def hears(port, name="", far_port="", protocol="lldp", **more):
    """`sw1 Ethernet1` hears somebody."""
    device, _, local = port.partition(" ")
    told = {
        "slice": "",
        "missing": False,
        "neighbor_hostname": hostname(name),
        "chassis_id": "",
        "port_id": far_port,
        "port_description": "",
        "neighbor_ip": None,
        "capabilities": "",
        "platform": "",
        "neighbor_interface": far_port,
        **more,
    }
    return Neighbor(device=device, protocol=protocol, local_interface=local, neighbor_name=name, **told)


def port(end, **more):
    device, _, name = end.partition(" ")
    return Interface(device=device, name=name, **more)


def picture(known, *neighbors, interfaces=(), **tables):
    """The physical layer of a scene; `known` are devices or their names."""
    found = known if isinstance(known, dict) else devices(*known)
    return build(Observations(devices=found, neighbors=neighbors, interfaces=interfaces, **tables))


def has(end, address, vrf="", **more):
    """`sw1 Ethernet1` has `192.0.2.1/30`."""
    device, _, interface = end.partition(" ")
    host, _, length = address.partition("/")
    return Address(device, interface, host, int(length) if length else None, vrf, **more)


def route(device, prefix, next_hop, protocol="ospf", vrf="", interface="", next_hop_vrf="", missing=False):
    return Route(device, "", missing, vrf, prefix, protocol, next_hop, interface, next_hop_vrf)


def adjacent(device, address, protocol="ospf", vrf="", interface="", state="full"):
    return RoutingNeighbor(device, "", False, protocol, vrf, "", address, interface, state)


def layers(known, *neighbors, **tables):
    """The physical layer and layer 3 of a scene."""
    found = known if isinstance(known, dict) else devices(*known)
    seen = Observations(devices=found, neighbors=neighbors, **tables)
    directory = Directory(found)
    subnets = Subnets(seen, directory)
    pointed = pointings(seen, directory, subnets)
    return with_layer3(build(seen, pointed), seen, subnets, pointed)


def learned(end, mac, vlan=1, slice="", missing=False):
    """`sw1 Ethernet1` learned a MAC address."""
    device, _, interface = end.partition(" ")
    return MACEntry(device, slice, missing, vlan, mac, interface)


def resolved(end, address, mac):
    """`sw1 Ethernet1` resolved an address."""
    device, _, interface = end.partition(" ")
    return ARPEntry(device, "", False, interface, address, mac, "", "dynamic")


def bridged(known, *neighbors, **tables):
    """The physical layer and layer 2 of a scene."""
    found = known if isinstance(known, dict) else devices(*known)
    seen = Observations(devices=found, neighbors=neighbors, **tables)
    ports = Ports(seen.interfaces)
    return with_layer2(build(seen), seen, Behind(seen, ports, Directory(found)))


def ends(drawn):
    """`sw1 Ethernet1 - sw2 Ethernet2` for each link; nodes without a name show their kind."""

    def end(node_id, name):
        node = drawn.nodes[node_id]
        return f"{node.name or node.node_type} {name}".rstrip()

    return [f"{end(*link.source)} - {end(*link.target)}" for link in drawn.links]


def kinds(link, supports=None):
    return [one.kind for one in link.evidence if supports in (None, one.supports)]
