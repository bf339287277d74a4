"""Tiny networks for tests: what a few ports hear, written in a line each."""

from nautobot_topology_cache.collect.normalize import hostname
from nautobot_topology_cache.topology.build import build
from nautobot_topology_cache.topology.evidence import Device, Interface, Neighbor, Observations


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


def ends(drawn):
    """`sw1 Ethernet1 - sw2 Ethernet2` for each link; nodes without a name show their kind."""

    def end(node_id, name):
        node = drawn.nodes[node_id]
        return f"{node.name or node.node_type} {name}".rstrip()

    return [f"{end(*link.source)} - {end(*link.target)}" for link in drawn.links]


def kinds(link, supports=None):
    return [one.kind for one in link.evidence if supports in (None, one.supports)]
