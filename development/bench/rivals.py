"""What one writes with netmiko, ntc-templates and the ORM as they come and as their documentation has it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from netmiko import ConnectHandler
from ntc_templates.parse import parse_output

TEMPLATES = {"cisco_xe": "cisco_ios"}
"""Network driver -> platform of ntc-templates, where the names differ."""


def parse(driver: str, command: str, text: str) -> list[dict[str, Any]]:
    """An answer as rows of text."""
    return parse_output(platform=TEMPLATES.get(driver, driver), command=command, data=text)


def session(login: dict[str, Any], commands: Iterable[str]) -> list[str]:
    """Log in once, ask everything, hang up."""
    with ConnectHandler(**login) as device:
        return [device.send_command(command) for command in commands]


def update_rows(device: Any, rows: Iterable[tuple[Any, dict[str, Any], dict[str, Any]]]) -> None:
    """(model, key, other values) of one device, row by row in one transaction."""
    from django.db import transaction

    with transaction.atomic():
        for model, key, values in rows:
            model.objects.update_or_create(device=device, **key, defaults=values)


def replace_rows(device: Any, rows: Iterable[tuple[Any, dict[str, Any], dict[str, Any]]]) -> None:
    """The same rows by deleting all that the device has, and inserting all that it told."""
    from django.db import transaction

    told: dict[Any, list[Any]] = {}
    for model, key, values in rows:
        told.setdefault(model, []).append(model(device=device, **key, **values))
    with transaction.atomic():
        for model, objects in told.items():
            model.objects.filter(device=device).delete()
            model.objects.bulk_create(objects, batch_size=1000)
