"""Layer 1 as a folder of show outputs and back: `<host>/<command>.txt`; `devices.yml` says whose they are."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import attrs
import yaml
from nautobot.dcim.models import Device

from nautobot_topology_cache.collect.anonymize import Anonymizer
from nautobot_topology_cache.collect.sessions import EPOCH, file_of
from nautobot_topology_cache.models import CachedNeighbor, CommandOutput
from nautobot_topology_cache.requests import BadRequest

INVENTORY = "devices.yml"
MICROSECOND = timedelta(microseconds=1)
WORDS = {"router", "switch", "bridge", "host", "localhost", "default", "unknown"}
"""Names that an export cannot replace: devices print them for other things, too."""
ASIDE = ("_", ".")
"""Folders whose names begin so belong to no device."""


@attrs.frozen
class Found:
    """The folders of a directory: those of devices, and those that are nobody's, with the reason."""

    folders: dict[UUID, Path]
    unknown: dict[str, str]


def found_in(directory: Path, user: Any) -> Found:
    """Whose the folders of a directory are, among the devices that `user` may view; raises BadRequest if none is."""
    if not directory.is_dir():
        raise BadRequest({"directory": [f"{directory} is no folder."]})
    named = _named(directory / INVENTORY)
    hosts = sorted(one for one in directory.iterdir() if one.is_dir() and not one.name.startswith(ASIDE))
    names = {host: named.get(host.name, host.name) for host in hosts}
    visible = Device.objects.restrict(user, "view").filter(name__in=names.values())
    ids: dict[str, list[UUID]] = {}
    for pk, name in visible.values_list("pk", "name"):
        ids.setdefault(name, []).append(pk)
    found = Found({}, {})
    for host, name in names.items():
        match ids.get(name, []):
            case [pk] if pk not in found.folders:
                found.folders[pk] = host
            case []:
                found.unknown[host.name] = f"there is no device {name}."
            case _:
                found.unknown[host.name] = f"{name} names more than one device or folder: say which in {INVENTORY}."
    if not found.folders:
        raise BadRequest(
            {"directory": [f"No folder in {directory} bears the name of a device, as <host>/<command>.txt."]}
        )
    return found


def _named(inventory: Path) -> dict[str, str]:
    """Folder -> name of its device, as far as the inventory says so; raises BadRequest if it is none."""
    if not inventory.is_file():
        return {}
    try:
        listed = yaml.safe_load(inventory.read_text(encoding="utf-8"))
        return {str(one["hostname"]): str(one.get("device", one["hostname"])) for one in listed["devices"]}
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
        said = f"{inventory.name} is no list of `devices` with a `hostname` each: {type(error).__name__}."
        raise BadRequest({"directory": [said]}) from error


def export(directory: Path, devices: Iterable[UUID], user: Any, anonymizer: Anonymizer | None = None) -> dict[str, int]:
    """Write what is stored of the devices, each file with its answer's time; the number of files by folder.

    Raises BadRequest for a directory with something in it: two exports in one would be a network that never was.
    """
    directory.mkdir(parents=True, exist_ok=True)
    if any(directory.iterdir()):
        raise BadRequest({"directory": [f"{directory} is not empty."]})
    outputs = CommandOutput.objects.restrict(user, "view").filter(device__in=list(devices))
    listed = Device.objects.filter(pk__in=outputs.order_by().values("device")).select_related("platform")
    hosts = _hosts(listed, anonymizer)
    inventory = []
    written = {}
    for device, (host, name) in hosts.items():
        (directory / host).mkdir()
        # One device at a time: all answers of a network do not fit into memory.
        written[host] = _write(directory / host, outputs.filter(device=device), anonymizer)
        driver = device.platform.network_driver if device.platform else ""
        inventory.append({"hostname": host, "device": name, "platform": driver})
    text = yaml.safe_dump({"devices": inventory}, sort_keys=False, allow_unicode=True)
    (directory / INVENTORY).write_text(text, encoding="utf-8")
    return written


def _hosts(devices: Iterable[Device], anonymizer: Anonymizer | None) -> dict[Device, tuple[str, str]]:
    """Device -> its folder and its name; devices of one name have folders of their own."""
    found = {}
    taken: Counter[str] = Counter()
    for device in sorted(devices, key=lambda one: (one.name or "", str(one.pk))):
        name = device.name or str(device.pk)
        name = anonymizer.name(name) if anonymizer else name
        folder = quote(name, safe=" ")
        if folder.startswith(ASIDE):
            folder = f"%{ord(folder[0]):02X}{folder[1:]}"
        taken[folder] += 1
        found[device] = (folder if taken[folder] == 1 else f"{folder} ({taken[folder]})", name)
    return found


def _write(folder: Path, outputs: Iterable[CommandOutput], anonymizer: Anonymizer | None) -> int:
    change: Callable[[str], str] = anonymizer.text if anonymizer else str
    count = 0
    for output in outputs:
        # A context's name is part of its command.
        path = folder / file_of(change(output.command))
        path.write_bytes(change(output.raw).encode("utf-8", "surrogateescape"))
        stamp = (output.collected_at - EPOCH) // MICROSECOND * 1000
        os.utime(path, ns=(stamp, stamp))
        count += 1
    return count


def known_names(devices: Iterable[UUID], user: Any) -> frozenset[str]:
    """Every host name and domain that texts of these devices may contain: theirs, and those they heard of.

    What has only hexadecimal letters may be an address or a MAC, and is replaced as such.
    """
    ids = list(devices)
    named = {name for name in Device.objects.restrict(user, "view").values_list("name", flat=True) if name}
    heard = CachedNeighbor.versions.filter(device__in=ids).order_by()
    for pair in heard.values_list("neighbor_name", "neighbor_hostname").distinct():
        named.update(name for name in pair if name)
    hosts = {name for name in named if re.search("[g-zG-Z]", name)}
    parts = {part for name in hosts for part in (name, *name.split(".", 1))}
    return frozenset(part for part in parts if part.lower() not in WORDS)
