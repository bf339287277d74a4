"""IOS: BGP summaries, neighbors and tables."""

from __future__ import annotations

from collections.abc import Iterator

from development.lab.model import Device
from development.lab.render.text import lines, steady, upper, uptime
from development.lab.rows import Adjacency, Path
from development.lab.state import State

NOT_ACTIVE = "% BGP not active"


def _summary(state: State, peers: list[Adjacency], networks: int) -> Iterator[str]:
    device = state.device
    yield f"BGP router identifier {device.router_id}, local AS number {device.asn}"
    yield f"BGP table version is {networks + 3}, main routing table version {networks + 3}"
    yield f"{networks} network entries using {networks * 248} bytes of memory"
    yield f"BGP using {networks * 700} total bytes of memory"
    yield f"BGP activity {networks}/0 prefixes, {networks * 2}/0 paths, scan interval 60 secs"
    yield ""
    yield "Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd"
    for peer in peers:
        up = peer.state == "established"
        messages = steady(peer.address, 90000) + 1000 if up else 0
        last = str(peer.prefixes) if up else "Idle"
        address = upper(peer.address)
        if len(address) > 15:
            yield address
            address = ""
        age = uptime(peer.address) if up else "never"
        yield (
            f"{address:<15} 4 {peer.remote_as:>12} {messages:>7} {messages:>7} {networks + 3 if up else 1:>8}"
            f"    0    0 {age:<8} {last:>8}"
        )


def _peers(state: State, version: int, vrf: str | None = "") -> list[Adjacency]:
    found = [a for a in state.adjacencies if a.protocol == "bgp" and a.version == version]
    return [a for a in found if (a.vrf if vrf is None else a.vrf == vrf)]


def _networks(state: State, version: int, vrf: str = "") -> int:
    return len({p.prefix for p in state.paths if p.version == version and p.vrf == vrf})


def _speaks(device: Device) -> bool:
    return bool(device.peers)


def bgp_summary(state: State) -> str:
    """IPv4 peers of the default VRF."""
    if not _speaks(state.device):
        return NOT_ACTIVE
    peers = _peers(state, 4)
    return lines(_summary(state, peers, _networks(state, 4))) if peers else ""


def bgp6_summary(state: State) -> str:
    """IPv6 peers of the default VRF."""
    if not _speaks(state.device):
        return NOT_ACTIVE
    peers = _peers(state, 6)
    return lines(_summary(state, peers, _networks(state, 6))) if peers else ""


def bgp_vpn_summary(state: State) -> str:
    """Peers inside named VRFs."""
    if not _speaks(state.device):
        return NOT_ACTIVE
    peers = _peers(state, 4, None)
    count = len({(p.vrf, p.prefix) for p in state.paths if p.vrf and p.version == 4})
    return lines(_summary(state, peers, count)) if peers else ""


def bgp_vrf_summary(state: State, vrf: str) -> str:
    """Peers of one VRF."""
    if vrf not in state.device.vrfs:
        return f"% VRF {vrf} does not exist"
    if not _speaks(state.device):
        return NOT_ACTIVE
    peers = _peers(state, 4, vrf)
    return lines(_summary(state, peers, _networks(state, 4, vrf))) if peers else ""


def bgp_all_summary(state: State) -> str:
    """All address families that have peers."""
    if not _speaks(state.device):
        return NOT_ACTIVE
    families = (("IPv4 Unicast", bgp_summary), ("IPv6 Unicast", bgp6_summary), ("VPNv4 Unicast", bgp_vpn_summary))
    answers = [(name, render(state)) for name, render in families]
    return lines(*(f"For address family: {name}\n{text}\n" for name, text in answers if text))


def bgp_neighbors(state: State) -> str:
    """Every peer of every address family, the VRF in its heading."""
    if not _speaks(state.device):
        return NOT_ACTIVE
    return lines(*(_bgp_block(state, a) for a in state.adjacencies if a.protocol == "bgp"))


def _bgp_block(state: State, peer: Adjacency) -> Iterator[str]:
    own = peer.remote_as == state.device.asn
    where = f"  vrf {peer.vrf}, " if peer.vrf else "  "
    yield f"BGP neighbor is {upper(peer.address)},{where}remote AS {peer.remote_as}, {'in' if own else 'ex'}ternal link"
    if peer.state == "established":
        yield "  BGP version 4, remote router ID 10.255.0.1"
        yield f"  BGP state = Established, up for {uptime(peer.address)}"
        yield "  Last read 00:00:21, last write 00:00:11, hold time is 180, keepalive interval is 60 seconds"
    else:
        yield "  BGP version 4, remote router ID 0.0.0.0"
        yield "  BGP state = Idle, down for never"
    yield "  Neighbor capabilities:"
    yield "    Route refresh: advertised and received(new)"
    yield f" For address family: {'VPNv4' if peer.vrf else f'IPv{peer.version}'} Unicast"
    yield f"  Prefixes Current:               0          {peer.prefixes}"
    yield ""


def _bgp_head(device: Device, version: int) -> tuple[str, ...]:
    return (
        f"BGP table version is {version}, local router ID is {device.router_id}",
        "Status codes: s suppressed, d damped, h history, * valid, > best, i - internal, ",
        "              r RIB-failure, S Stale, m multipath, b backup-path, f RT-Filter, ",
        "              x best-external, a additional-path, c RIB-compressed, ",
        "              t secondary path, L long-lived-stale,",
        "Origin codes: i - IGP, e - EGP, ? - incomplete",
        "RPKI validation codes: V valid, I invalid, N Not found",
        "",
        "     Network          Next Hop            Metric LocPrf Weight Path",
    )


def bgp(state: State) -> str:
    """IPv4 paths of the default VRF."""
    return _bgp_table(state, 4)


def bgp6(state: State) -> str:
    """IPv6 paths of the default VRF."""
    return _bgp_table(state, 6)


def _bgp_table(state: State, version: int) -> str:
    if not _speaks(state.device):
        return NOT_ACTIVE
    paths = [p for p in state.paths if p.version == version and not p.vrf]
    return lines(_bgp_head(state.device, len(paths) + 3), path_lines(paths)) if paths else ""


def bgp_vrf(state: State, vrf: str) -> str:
    """IPv4 paths of one VRF."""
    if vrf not in state.device.vrfs:
        return f"% VRF {vrf} does not exist"
    return _vpn_table(state, [vrf])


def bgp_vrf6(state: State, vrf: str) -> str:
    """IPv6 paths of one VRF, of which there are none."""
    if vrf not in state.device.vrfs:
        return f"% VRF {vrf} does not exist"
    return "" if _speaks(state.device) else NOT_ACTIVE


def bgp_vpn(state: State) -> str:
    """IPv4 paths of all named VRFs."""
    return _vpn_table(state, list(state.device.vrfs))


def _vpn_table(state: State, vrfs: list[str]) -> str:
    if not _speaks(state.device):
        return NOT_ACTIVE
    found: list[str] = []
    for vrf in vrfs:
        paths = [p for p in state.paths if p.vrf == vrf and p.version == 4]
        if paths:
            found.append(f"Route Distinguisher: {state.device.vrfs[vrf]} (default for vrf {vrf})")
            found += path_lines(paths)
    return lines(_bgp_head(state.device, len(found) + 3), found) if found else ""


def path_lines(paths: list[Path]) -> Iterator[str]:
    """Paths in columns: the prefix once, long prefixes and next hops on lines of their own."""
    shown = ""
    for path in paths:
        status = f" *{'>' if path.best else ' '}{'i' if path.source == 'internal' else ' '}  "
        prefix = "" if path.prefix == shown else upper(path.prefix)
        shown = path.prefix
        head = f"{status}{prefix:<16}"
        if len(prefix) > 16:
            yield f"{status}{prefix}"
            head = f"{'':22}"
        hop = upper(path.next_hop)
        if len(hop) > 15:
            yield f"{head} {hop}"
            head, hop = f"{'':22}", ""
        metric = "" if path.metric is None else str(path.metric)
        local = "" if path.local_pref is None else str(path.local_pref)
        as_path = "".join(f"{asn} " for asn in path.as_path)
        yield f"{head} {hop:<15}{metric:>11}{local:>7}{path.weight:>7} {as_path}{path.origin}"
