"""Documents the lab's devices in Nautobot, as an owner would: sites, roles, types, addresses, credentials.

Everything is looked up before it is made, so that a second call brings the same objects up to date.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from nautobot.dcim.models import Cable, Device, DeviceType, Interface, Location, LocationType, Manufacturer, Platform
from nautobot.extras.choices import SecretsGroupAccessTypeChoices, SecretsGroupSecretTypeChoices
from nautobot.extras.models import Role, Secret, SecretsGroup, SecretsGroupAssociation, Status
from nautobot.ipam.models import IPAddress, Namespace, Prefix

from development.processes import write_private

MANUFACTURERS = {"arista": "Arista", "cisco": "Cisco", "juniper": "Juniper"}
MANAGEMENT_PORTS = {"arista_eos": "Management1", "cisco_ios": "Vlan99", "cisco_nxos": "mgmt0", "frr": "mgmt0"}
INTERFACE_TYPES = {"port-channel": "lag", "loopback": "virtual", "vlan": "virtual"}
SECRET_TYPES = {
    "username": SecretsGroupSecretTypeChoices.TYPE_USERNAME,
    "password": SecretsGroupSecretTypeChoices.TYPE_PASSWORD,
    "secret": SecretsGroupSecretTypeChoices.TYPE_SECRET,
}

Entry = Mapping[str, Any]
"""One device of lab.json."""


def document(lab: Mapping[str, Any], secrets: Path, *, cables: bool = True) -> list[Device]:
    """The Devices of lab.json, up to date; their credentials become files below `secrets`. Cables take the longest."""
    groups: dict[tuple[str, ...], SecretsGroup] = {}
    truth = json.loads(Path(lab["truth"]).read_text())
    interfaces = _documented_interfaces(truth)
    devices = []
    for entry in lab["devices"]:
        if not entry.get("in_nautobot", True):
            continue
        credentials = tuple(entry.get(kind) or lab.get(kind) or "" for kind in SECRET_TYPES)
        if credentials not in groups:
            groups[credentials] = _secrets_group(f"Lab {len(groups) + 1}", credentials, secrets)
        devices.append(_device(entry, groups[credentials], interfaces[entry["name"]]))
    if cables:
        _document_cables({device.name: device for device in devices}, truth["links"])
    return devices


def _document_cables(devices: Mapping[str, Device], links: list[Entry]) -> None:
    """The cables between documented ports, but as in life one is forgotten and one is said to end at another's port."""
    ports = {(name, port.name): port for name, device in devices.items() for port in device.interfaces.all()}
    ends = [(tuple(one["a"]), tuple(one["b"])) for one in links]
    _, *known = [pair for pair in ends if {*pair} <= ports.keys()] or [()]
    if len(known) > 1:
        (here, _), (_, elsewhere), *right = known
        known = [(here, elsewhere), *right]
    for one, other in known:
        _cable(ports[one], ports[other])


def _cable(one: Interface, other: Interface) -> None:
    """A cable between two ports of which neither has one."""
    if one.cable is None and other.cable is None:
        connected = Status.objects.get_for_model(Cable).get(name="Connected")
        Cable.objects.create(termination_a=one, termination_b=other, status=connected)


def _documented_interfaces(truth: Mapping[str, Any]) -> dict[str, list[str]]:
    """By device, the interfaces that are in use: as in life, the documentation knows only a part."""
    return {
        name: [
            row["name"]
            for row in told["tables"].get("interfaces", {"rows": []})["rows"]
            if row.get("oper_status") == "up"
        ]
        for name, told in truth["devices"].items()
    }


def _device(entry: Entry, group: SecretsGroup, interfaces: list[str]) -> Device:
    device = Device.objects.filter(name=entry["name"]).first() or Device(name=entry["name"])
    device.status = _active()
    device.location = _location(entry["site"])
    device.role = _role(entry["role"])
    device.platform = _platform(entry["platform"])
    device.device_type = _device_type(entry["model"], entry["platform"])
    device.serial = entry.get("serial") or ""
    device.secrets_group = group
    device.local_config_context_data = (device.local_config_context_data or {}) | _ssh_port(entry)
    device.save()
    _document_interfaces(device, entry, interfaces)
    return device


def _ssh_port(entry: Entry) -> dict[str, dict[str, int]]:
    return {"topology_cache": {"ssh_port": entry["port"]}}


def _document_interfaces(device: Device, entry: Entry, names: list[str]) -> None:
    """The port for management with the primary address, and the others."""
    management, active = MANAGEMENT_PORTS.get(entry["platform"], "GigabitEthernet0/0"), _active()
    known = set(device.interfaces.values_list("name", flat=True))
    Interface.objects.bulk_create(
        Interface(
            device=device,
            name=name,
            type=INTERFACE_TYPES.get(name.rstrip("0123456789/.").lower(), "other"),
            status=active,
            mgmt_only=name == management,
        )
        for name in sorted({management, *names} - known)
    )
    address = _address(entry["host"])
    device.interfaces.get(name=management).add_ip_addresses(address)
    device.primary_ip4 = address
    device.validated_save()


def _active() -> Status:
    return Status.objects.get(name="Active")


def _location(name: str) -> Location:
    kind, _ = LocationType.objects.get_or_create(name="Site")
    kind.content_types.add(ContentType.objects.get_for_model(Device))
    return Location.objects.get_or_create(name=name, location_type=kind, defaults={"status": _active()})[0]


def _role(name: str) -> Role:
    role, _ = Role.objects.get_or_create(name=name)
    role.content_types.add(ContentType.objects.get_for_model(Device))
    return role


def _manufacturer(driver: str) -> Manufacturer:
    vendor = driver.partition("_")[0]
    return Manufacturer.objects.get_or_create(name=MANUFACTURERS.get(vendor, vendor))[0]


def _platform(driver: str) -> Platform:
    defaults = {"network_driver": driver, "manufacturer": _manufacturer(driver)}
    return Platform.objects.get_or_create(name=driver, defaults=defaults)[0]


def _device_type(model: str, driver: str) -> DeviceType:
    return DeviceType.objects.get_or_create(model=model, manufacturer=_manufacturer(driver))[0]


def _address(host: str) -> IPAddress:
    namespace = Namespace.objects.get(name="Global")
    prefix = f"{host.partition('.')[0]}.0.0.0/8"
    Prefix.objects.get_or_create(prefix=prefix, namespace=namespace, defaults={"status": _active()})
    known = IPAddress.objects.filter(host=host, parent__namespace=namespace).first()
    return known or IPAddress.objects.create(address=f"{host}/32", namespace=namespace, status=_active())


def _secrets_group(name: str, credentials: tuple[str, ...], folder: Path) -> SecretsGroup:
    group, _ = SecretsGroup.objects.get_or_create(name=name)
    for kind, value in zip(SECRET_TYPES, credentials, strict=True):
        path = folder / f"{name}-{kind}".replace(" ", "-").lower()
        write_private(path, value)
        secret, _ = Secret.objects.update_or_create(
            name=f"{name} {kind}", defaults={"provider": "text-file", "parameters": {"path": str(path)}}
        )
        SecretsGroupAssociation.objects.get_or_create(
            secrets_group=group,
            access_type=SecretsGroupAccessTypeChoices.TYPE_SSH,
            secret_type=SECRET_TYPES[kind],
            defaults={"secret": secret},
        )
    return group
