"""What one writes with netmiko, ntc-templates and the ORM as they come and as their documentation has it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import networkx
from netmiko import ConnectHandler
from ntc_templates.parse import ParsingException, parse_output
from textfsm.parser import TextFSMError

TEMPLATES = {"cisco_xe": "cisco_ios"}
"""Network driver -> platform of ntc-templates, where the names differ."""


def parse(driver: str, command: str, text: str) -> list[dict[str, Any]]:
    """An answer as rows of text."""
    return parse_output(platform=TEMPLATES.get(driver, driver), command=command, data=text)


def session(login: dict[str, Any], commands: Iterable[str]) -> list[str]:
    """Log in once, ask everything, hang up."""
    with ConnectHandler(**login) as device:
        return [device.send_command(command) for command in commands]


def sessions(login: dict[str, Any], commands: Iterable[str]) -> list[str]:
    """Log in anew for each command, as the earlier system did."""
    return [answer for command in commands for answer in session(login, [command])]


def parse_if_it_can(driver: str, command: str, text: str) -> list[dict[str, Any]]:
    """An answer as rows of text; none where ntc-templates has no template, or its template refuses the answer."""
    try:
        return parse(driver, command, text)
    except (ParsingException, TextFSMError):
        return []


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


def picture(neighbors: Any) -> dict[str, Any]:
    """Nodes and links of what neighbor rows tell, by name: instances into networkx, one edge per pair of ports."""
    from nautobot.dcim.models import Device

    graph = networkx.MultiGraph()
    known = {device.name: device for device in Device.objects.select_related("platform", "role", "location")}
    for row in neighbors.select_related("device", "slice"):
        other = known.get(row.neighbor_hostname)
        if other is None:
            continue
        ends = sorted(((row.device.name, row.local_interface), (other.name, row.neighbor_interface)))
        graph.add_edge(row.device.name, other.name, key=str(ends), ends=ends, collected_at=str(row.slice.collected_at))
    nodes = [{"id": str(known[name].pk), "name": name, "location": known[name].location.name} for name in graph]
    return {"nodes": nodes, "links": [told for _, _, told in graph.edges(data=True)]}
