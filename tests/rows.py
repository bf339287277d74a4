"""Rows for tests: records of every table, stored through the one writer."""

from datetime import UTC, datetime
from uuid import uuid4

from nautobot.dcim.models import Device

from nautobot_topology_cache import leases, queries, store
from nautobot_topology_cache.collect import records
from nautobot_topology_cache.collect.results import CommandResult, Counts, DeviceResult, SliceResult

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def sample_records(n: int = 1) -> dict[str, tuple[records.Record, ...]]:
    """Three records per table, told apart by the device's number `n` (1-200) and their own."""
    three = range(1, 4)
    peers = [f"10.{n}.0.{i}" for i in three]

    def mac(i: int) -> str:
        return f"02:00:5e:{n:02x}:00:{i:02x}"

    return {
        "interfaces": tuple(
            records.Interface(
                name=f"GigabitEthernet0/{i}",
                printed_name=f"GigabitEthernet0/{i}",
                enabled=True,
                oper_status="up",
                description=f"port {i} of {n}",
                mac_address=mac(i),
                mtu=1500,
                speed=1000000,
                duplex="full",
                mode="access",
                access_vlan=10 + i,
                native_vlan=1,
            )
            for i in three
        ),
        "ip_addresses": tuple(
            records.IPAddress(interface=f"Vlan{i}", address=f"10.{n}.{i}.1", prefix_length=24) for i in three
        ),
        "arp_entries": tuple(
            records.ARPEntry(interface=f"Vlan{i}", ip_address=f"10.{n}.{i}.9", mac_address=mac(i)) for i in three
        ),
        "mac_addresses": tuple(
            records.MACAddress(vlan=10 + i, mac_address=mac(i), interface=f"GigabitEthernet0/{i}") for i in three
        ),
        "neighbors": tuple(
            records.Neighbor(
                protocol="cdp",
                local_interface=f"GigabitEthernet0/{i}",
                neighbor_name=f"peer-{n}-{i}.example.net",
                neighbor_interface="GigabitEthernet1/0/1",
                port_id="GigabitEthernet1/0/1",
                neighbor_ip=peers[i - 1],
            )
            for i in three
        ),
        "routing_neighbors": tuple(
            records.RoutingNeighbor(
                protocol="ospf", neighbor_id=f"10.{n}.255.{i}", address=peers[i - 1], state="full", area="0"
            )
            for i in three
        ),
        "routes": tuple(
            records.Route(prefix=f"10.{n}.{i}.0/24", protocol=protocol, next_hop=peer, distance=110, metric=20)
            for i, peer, protocol in zip(three, peers, ("ospf", "static", "bgp"), strict=True)
        ),
        "bgp_routes": tuple(
            records.BGPRoute(
                prefix=f"10.{n}.{i}.0/24", next_hop=peers[i - 1], as_path="64500 64501", origin="i", best=True
            )
            for i in three
        ),
    }


def store_sample(device: Device, n: int = 1, at: datetime = NOON, **changed: tuple[records.Record, ...]) -> None:
    """Give a device the sample rows, those in `changed` in their tables' place, as if discovered at `at`."""
    run = uuid4()
    queries.device_caches([device.pk])
    leases.take(device.pk, run, 60)
    slices = tuple(
        SliceResult(table, f"show {table}", "", "ok", "", at, rows, Counts(parsed=len(rows), stored=len(rows)))
        for table, rows in {**sample_records(n), **changed}.items()
    )
    command = CommandResult(
        "show version", "", "ok", "", "device", 0.2, at, f"version of device {n}\n", ({"n": str(n)},)
    )
    store.save_outputs(device.pk, [command], run)
    store.save_rows(device.pk, DeviceResult("cisco_xe", slices, (command,)), frozenset(sample_records()), run)
    leases.give_back(device.pk, run)
