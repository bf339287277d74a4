"""A small network for the map: two wired core switches, an access switch, and what they hear besides."""

from typing import Any

import attrs
from django.utils import timezone
from nautobot.dcim.models import Cable, Device, Interface
from nautobot.extras.models import Status

from tests.app import factories
from tests.browser.look import ATTACK, HOSTILE
from tests.inventory import make_device, make_location

PORT = "GigabitEthernet1/0/{}"


@attrs.frozen
class Network:
    """core-1 and core-2 have two cables, one of them documented; access-1 hangs on core-1 and hears a stranger.

    A cable from core-2 to access-1 is documented, and not there.
    """

    core_1: Device
    core_2: Device
    access: Device


def make_network() -> Network:
    center, edge = make_location("Center"), make_location("Edge")
    core_1, core_2 = make_device("core-1", location=center), make_device("core-2", location=center)
    access = make_device("access-1", location=edge)
    for device in (core_1, core_2, access):
        factories.make_cache(device)
    for number in (1, 2):
        wire(core_1, PORT.format(number), core_2, PORT.format(number))
    wire(core_1, PORT.format(3), access, PORT.format(1))
    document(core_1, PORT.format(1), core_2, PORT.format(1))
    document(core_2, PORT.format(7), access, PORT.format(7))
    announce(access, PORT.format(9), ATTACK, HOSTILE)
    return Network(core_1, core_2, access)


def wire(one: Device, port: str, other: Device, other_port: str) -> None:
    """A cable that both ends see in LLDP."""
    announce(one, port, other.name, other_port)
    announce(other, other_port, one.name, port)


def announce(hearer: Device, port: str, name: str, port_of_name: str) -> None:
    """What `hearer` learns on a port of its own, which it lists among its interfaces."""
    row(hearer, "interfaces", name=port, printed_name=port, oper_status="up", enabled=True, parent="", lag="", type="")
    heard = {"neighbor_name": name, "neighbor_hostname": name, "neighbor_interface": port_of_name}
    silent = {"chassis_id": "", "neighbor_ip": None, "port_description": "", "port_id": port_of_name}
    row(hearer, "neighbors", local_interface=port, **heard, **silent)


def row(device: Device, table: str, **columns: Any) -> None:
    """One more current row; its number is its place in the table."""
    model = type(factories.make_row(table, device, _number(device, table), "told", **columns))
    model.versions.filter(device=device).update(valid_from=timezone.now())


def _number(device: Device, table: str) -> int:
    return 1 + factories.CATALOG[table].model.objects.filter(device=device).count()


def document(one: Device, port: str, other: Device, other_port: str) -> None:
    """A cable between two interfaces in Nautobot."""
    active = Status.objects.get_for_model(Interface).first()
    ends = [
        Interface.objects.create(device=device, name=name, type="1000base-t", status=active)
        for device, name in ((one, port), (other, other_port))
    ]
    connected = Status.objects.get_for_model(Cable).get(name="Connected")
    Cable.objects.create(termination_a=ends[0], termination_b=ends[1], status=connected)
