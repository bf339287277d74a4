"""Devices that answer what a test says, at the place where the wire would be: for troubles no lab can be asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from threading import Event
from typing import Any

import attrs
from django.contrib.contenttypes.models import ContentType
from nautobot.dcim.models import Device, Interface
from nautobot.extras.models import Secret, SecretsGroup, SecretsGroupAssociation, Status
from nautobot.ipam.models import IPAddress, Namespace, Prefix

from nautobot_topology_cache.collect.results import Ask, Failure, Reply
from nautobot_topology_cache.collect.targets import Target
from tests.inventory import make_device
from tests.unit.collect import a_platform

PLATFORM = attrs.evolve(a_platform.PLATFORM, driver="wordy", netmiko="cisco_ios")
"""Found by `platform_modules`, and by its own word for netmiko: Nautobot maps no such driver."""
PASSWORD = "correct horse battery staple"
USUAL = {
    "ports": "name=Gi1 mtu=1500\nname=Gi2 mtu=9000",
    "modes": "name=Gi1 mode=trunk",
    "vrfs": "name=RED ports=Gi2",
    "routes": "to=192.0.2.0/24 by=static out=Gi1",
    "routes in RED": "to=198.51.100.0/24 by=ospf out=Gi2",
    "heard detail": "here=Gi1 who=sw2 there=Gi9",
}
Script = Mapping[str, str | Failure | Callable[[], str]]


@attrs.define
class Session:
    """One device: a text, a failure, or a function that is called in the device's thread."""

    script: Script
    connections: int = 0
    commands_sent: int = 0
    host_key: str = ""
    key: str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE1vb24="
    closed: Event = attrs.field(factory=Event)

    def answer(self, ask: Ask) -> Reply:
        self.connections, self.host_key = 1, self.key
        self.commands_sent += 1
        said = self.script.get(ask.command, "% unknown")
        said = said() if callable(said) else said
        return Reply(failure=said) if isinstance(said, Failure) else Reply(said, datetime.now(UTC))

    def close(self) -> None:
        self.closed.set()


@attrs.define
class Network:
    """What every device says, by its name, and the sessions that were opened to it."""

    scripts: dict[str, Script] = attrs.field(factory=dict)
    sessions: dict[str, list[Session]] = attrs.field(factory=dict)

    def wire(self, target: Target, *_: Any) -> Session:
        """In `Wire`'s place."""
        session = Session({**USUAL, **self.scripts.get(target.name, {})})
        self.sessions.setdefault(target.name, []).append(session)
        return session

    def connections(self, name: str) -> int:
        return sum(session.connections for session in self.sessions.get(name, []))


def make_scripted_devices(count: int) -> list[Device]:
    """Devices `wordy-1`, `wordy-2`, ... which lack nothing that a login needs."""
    active = Status.objects.get(name="Active")
    group, _ = SecretsGroup.objects.get_or_create(name="Words")
    for kind, variable in (("username", "WORDY_USERNAME"), ("password", "WORDY_PASSWORD")):
        secret, _ = Secret.objects.get_or_create(
            name=variable, defaults={"provider": "environment-variable", "parameters": {"variable": variable}}
        )
        SecretsGroupAssociation.objects.get_or_create(
            secrets_group=group, access_type="Generic", secret_type=kind, defaults={"secret": secret}
        )
    space = Namespace.objects.get(name="Global")
    Prefix.objects.get_or_create(prefix="10.99.0.0/16", namespace=space, defaults={"status": active})
    devices = []
    for n in range(1, count + 1):
        device = make_device(f"wordy-{n}", "wordy", secrets_group=group)
        address, _ = IPAddress.objects.get_or_create(host=f"10.99.0.{n}", mask_length=24, defaults={"status": active})
        port = Interface.objects.create(device=device, name="Gi1", type="virtual", status=active)
        port.ip_addresses.add(address)
        device.primary_ip4 = address
        device.save()
        devices.append(device)
    ContentType.objects.clear_cache()
    return devices
