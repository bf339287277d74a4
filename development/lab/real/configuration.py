"""The model to what FRR, lldpd, sshd and Linux are told."""

from __future__ import annotations

from collections.abc import Iterator

from development.lab.real.model import NETWORK, Network, Router, bare, version

DAEMONS = ("zebra", "staticd", "bgpd", "ospfd", "ospf6d")
MANAGEMENT = "mgmt0"
BRIDGE = "br0"
BRIDGED = ("tap1", "tap2")
"""A port of the bridge, and the other end of its cable."""
BRIDGE_MAC = "02:00:00:00:cc:ff"
TAP_MACS = ("02:00:00:00:cc:fe", "02:00:00:00:cc:fd")
LOOPBACK_COST = {4: 0, 6: 10}
"""ospfd announces loopbacks for nothing, whatever is configured."""
DESCRIPTION = "to {router} {interface}"


def frr(router: Router, network: Network = NETWORK) -> str:
    """frr.conf."""
    lines = ["frr defaults traditional", f"hostname {router.name}", "ip forwarding", "ipv6 forwarding"]
    lines += [f"{'ipv6' if version(prefix) == 6 else 'ip'} route {prefix} blackhole" for prefix in router.announces]
    lines += _interfaces(router, network)
    if any(link.cost for _near, _far, link in network.ports(router.name)):
        lines += ["router ospf", f" ospf router-id {router.router_id}", "exit"]
        lines += ["router ospf6", f" ospf6 router-id {router.router_id}", "exit"]
    if router.asn is not None:
        lines += _bgp(router, network)
    return "\n".join([*lines, ""])


def _interfaces(router: Router, network: Network) -> Iterator[str]:
    for near, far, link in network.ports(router.name):
        yield f"interface {near.interface}"
        yield f" description {DESCRIPTION.format(router=far.router, interface=far.interface)}"
        if link.cost is not None:
            # Hellos this fast make adjacencies in seconds; a network of type broadcast would wait for an election.
            yield from (" ip ospf area 0.0.0.0", f" ip ospf cost {link.cost}", " ip ospf network point-to-point")
            yield from (" ip ospf hello-interval 1", " ip ospf dead-interval 4")
            yield from (
                " ipv6 ospf6 area 0.0.0.0",
                f" ipv6 ospf6 cost {link.cost}",
                " ipv6 ospf6 network point-to-point",
            )
            yield from (" ipv6 ospf6 hello-interval 1", " ipv6 ospf6 dead-interval 4")
        yield "exit"
    if any(link.cost for _near, _far, link in network.ports(router.name)):
        cost = f" ipv6 ospf6 cost {LOOPBACK_COST[6]}"
        yield from ("interface lo", " ip ospf area 0.0.0.0", " ipv6 ospf6 area 0.0.0.0", cost, "exit")


def _bgp(router: Router, network: Network) -> Iterator[str]:
    yield f"router bgp {router.asn}"
    yield from (f" bgp router-id {router.router_id}", " no bgp ebgp-requires-policy", " no bgp network import-check")
    yield " no bgp default ipv4-unicast"
    sessions = list(network.sessions(router.name))
    for session in sessions:
        yield f" neighbor {session.peer_address} remote-as {session.peer_as}"
        yield f" neighbor {session.peer_address} timers connect 1"
        if session.internal:
            yield f" neighbor {session.peer_address} update-source {session.address}"
    for number, family in ((4, "ipv4"), (6, "ipv6")):
        yield f" address-family {family} unicast"
        yield from (f"  network {prefix}" for prefix in router.announces if version(prefix) == number)
        for session in sessions:
            if version(session.peer_address) == number:
                yield f"  neighbor {session.peer_address} activate"
                if session.internal:
                    yield f"  neighbor {session.peer_address} next-hop-self"
        yield " exit-address-family"
    yield "exit"


def linux(router: Router, network: Network = NETWORK) -> Iterator[str]:
    """Commands that address and raise the interfaces, which exist already."""
    yield "ip link set lo up"
    yield f"ip address add {router.management} dev {MANAGEMENT}"
    for address in router.loopbacks:
        yield f"ip address add {address} dev lo"
    for near, _far, _link in network.ports(router.name):
        # Duplicate address detection would hold the addresses back for a second or two.
        yield f"sysctl -qw net.ipv6.conf.{near.interface}.accept_dad=0"
        for address in near.addresses:
            yield f"ip address add {address} dev {near.interface}"
        yield f"ip link set {near.interface} up"
    yield f"ip link set {MANAGEMENT} up"
    if router.silent_hosts:
        ends = [f"{name} address {mac}" for name, mac in zip(BRIDGED, TAP_MACS, strict=True)]
        yield f"ip link add {BRIDGE} address {BRIDGE_MAC} type bridge"
        yield f"ip link add {ends[0]} type veth peer name {ends[1]}"
        yield f"ip link set {BRIDGED[0]} master {BRIDGE}"
        yield from (f"bridge fdb add {mac} dev {BRIDGED[0]} master static" for mac in router.silent_hosts)


def lldpd(router: Router, network: Network = NETWORK) -> str:
    """lldpd.conf: what is sent out of the cables' ports, every second."""
    ports = ",".join(near.interface for near, _far, _link in network.ports(router.name))
    lines = [
        f"configure system interface pattern {ports}",
        f"configure system ip management pattern {bare(router.loopbacks[0])}",
        f"configure system description 'FRR on Linux, {router.name}'",
        "configure lldp portidsubtype ifname",
        "configure lldp tx-interval 1",
        "configure lldp tx-hold 60",
    ]
    return "\n".join([*lines, ""])


SSHD = """\
Port 22
HostKey {host_key}
UsePAM no
PasswordAuthentication yes
PermitRootLogin no
AllowUsers {username}
PidFile none
PrintMotd no
UseDNS no
"""
