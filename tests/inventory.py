"""Nautobot objects that tests of every kind need."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from nautobot.dcim.models import Device, DeviceType, Location, LocationType, Manufacturer, Platform
from nautobot.extras.models import Role, Status


def make_location(name: str = "Lab") -> Location:
    """A location that may hold devices."""
    kind, _ = LocationType.objects.get_or_create(name="Site")
    kind.content_types.add(ContentType.objects.get_for_model(Device))
    return Location.objects.get_or_create(name=name, location_type=kind, status=Status.objects.get(name="Active"))[0]


def make_device(name: str, driver: str = "cisco_xe", location: Location | None = None, **more: Any) -> Device:
    """An active device of a platform with this network driver."""
    maker, _ = Manufacturer.objects.get_or_create(name="Test Maker")
    platform, _ = Platform.objects.get_or_create(name=driver, defaults={"network_driver": driver})
    role, _ = Role.objects.get_or_create(name="Switch")
    role.content_types.add(ContentType.objects.get_for_model(Device))
    return Device.objects.create(
        name=name,
        device_type=DeviceType.objects.get_or_create(model="Test Model", manufacturer=maker)[0],
        role=role,
        status=Status.objects.get(name="Active"),
        location=location or make_location(),
        platform=platform,
        **more,
    )
