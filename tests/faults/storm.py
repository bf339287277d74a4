"""One run over many devices of the lab, a fault at each of them: cheaper than a run per fault, and just as real."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
from django.db import transaction
from nautobot.dcim.models import Device, Platform
from nautobot.ipam.models import IPAddress, Namespace, Prefix
from nautobot.users.models import User

from development.lab.compare import compare
from nautobot_topology_cache import discovery
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.models import CommandOutput, DiscoveryRun, DiscoveryRunItem
from tests.doors.played import Lab, configured, playing
from tests.doors.snapshot import contract_rows
from tests.faults.listening import listening
from tests.faults.photograph import Photograph, photograph

ARP = "show ip arp"
INTERFACES = "show interfaces"
QUICK = {
    "connect_timeout": 2,
    "banner_timeout": 3,
    "auth_timeout": 4,
    "command_timeout": 8,
    "device_timeout": 60,
    "connect_retries": 0,
    "concurrency": 16,
    "logins_per_second": 100,
    "max_answer_mb": 1,
    "fan_out": "threads",
    "platform_modules": ["tests.faults.site_missing", "tests.faults.site_raises"],
}
BESIDE_THE_LIMIT = 2.0
"""Seconds of a dripping answer that is in time."""
LOG_LINE = "*Mar  1 00:00:01.123: %LINK-3-UPDOWN: Interface GigabitEthernet1/0/9, changed state to up"
DENIED = "% Authorization failed.\n"
UNKNOWN = "             ^\n% Invalid input detected at '^' marker.\n"
GARBAGE = "\n".join("".join(chr(0xDC80 + (number * 37 + line) % 128) for number in range(40)) for line in range(20))
MANY = 100_000


def many_entries(count: int = MANY) -> str:
    """An ARP table with so many entries, none of which the lab knows."""
    lines = ["Protocol  Address          Age (min)  Hardware Addr   Type   Interface"]
    for number in range(count):
        high, low = divmod(number, 256)
        mac = f"0200.{number >> 16:04x}.{number & 0xFFFF:04x}"
        lines.append(f"Internet  10.{100 + high // 256}.{high % 256}.{low}  5   {mac}  ARPA   Vlan99")
    return "\n".join(lines)


def latin_1(raw: str) -> str:
    return raw.replace("Description: ", "Description: B\udcfcro ", 1)


def doubled(raw: str) -> str:
    head, *lines = raw.rstrip("\n").split("\n")
    return "\n".join([head, *lines, *lines])


def misfit(raw: str) -> str:
    """The second entry with an address that is none."""
    head, first, second, *lines = raw.rstrip("\n").split("\n")
    return "\n".join([head, first, second.replace(second.split()[1], "10.1.99.300", 1), *lines])


Edit = tuple[str, Callable[[str], str]]
KNOBS: dict[str, dict[str, Any]] = {
    "refused": {},
    "no_route": {},
    "no_banner": {"hang": "banner"},
    "no_common_kex": {"algorithms": "unknown"},
    "sha1_only": {"algorithms": "sha1"},
    "sha1_only, ssh_legacy": {"algorithms": "sha1"},
    "bad_password": {"auth_failure": True},
    "locked_out": {"lock_out": True},
    "host_key_changed": {"new_host_key": True},
    "enable_refused": {"refuse_enable": True},
    "hang_before_prompt": {"hang": "login"},
    "drop_in_login": {"drop": "login"},
    "hang_in_command": {"hang": ARP},
    "drip_within_limit": {"drip": BESIDE_THE_LIMIT, "drip_command": ARP},
    "drip_beyond_limit": {"drip": 60.0, "drip_command": ARP},
    "drop_mid_output": {"drop": "mid_output", "drop_command": ARP, "drop_times": 1},
    "drop_between_commands": {"drop": "between_commands", "drop_command": ARP, "drop_times": 1},
    "truncated": {"truncate": 0.5, "truncate_command": ARP, "truncate_within_line": True},
    "blank": {"answers": {INTERFACES: ""}},
    "garbage_bytes": {"answers": {ARP: GARBAGE}},
    "ansi": {"ansi": True},
    "syslog_mixed_in": {"syslog": LOG_LINE},
    "prompt_changes": {"rename": "another-name", "rename_command": "show vrf"},
    "paging_ignored": {"ignore_paging": True},
    "denied_by_aaa": {"answers": {ARP: DENIED}},
    "unsupported_command": {"answers": {ARP: UNKNOWN}},
    "template_missing": {},
    "template_raises": {},
    "endless_line": {"endless": ARP},
}
EDITS: dict[str, Edit] = {
    "wrong_encoding": (INTERFACES, latin_1),
    "duplicate_rows": (ARP, doubled),
    "misfit_row": (ARP, misfit),
}
UNHURT = ("unhurt 1", "unhurt 2")
NAMES = (*KNOBS, *EDITS, *UNHURT)


@attrs.frozen
class Storm:
    """What was before, and what came of it; by fault where one device is meant."""

    devices: dict[str, Device]
    items: dict[str, DiscoveryRunItem]
    run: DiscoveryRun
    before: Photograph
    after: Photograph
    untrue: dict[str, list[str]]
    """What is not as the lab says, before the storm."""
    stale: dict[str, dict[str, set[bool]]]
    missing: dict[str, dict[str, list[bool]]]
    """By fault and table, whether each row has been missed in an answer."""
    rows: dict[str, dict[str, list[dict[str, Any]]]]
    counted: dict[str, dict[str, int]]
    secrets: tuple[str, ...]
    heard: str


@contextmanager
def storm(folder: Path) -> Iterator[Storm]:
    """A discovery without trouble, then one with all of it; the database is left as it was."""
    with (
        playing(folder, "--size=70") as lab,
        configured(**QUICK),
        socket.socket() as nobody,
        transaction.atomic(),
    ):
        nobody.bind(("127.0.0.1", 0))
        devices = _devices(lab)
        user = User.objects.create(username="storm", is_superuser=True)
        _discover(devices, user)
        untrue = _untrue(lab, devices)
        _turn(lab, devices, nobody.getsockname()[1])
        before = photograph()
        with listening() as heard:
            run = _discover(devices, user)
        items = {item.device_id: item for item in run.items.all()}
        yield Storm(
            devices=devices,
            items={fault: items[device.pk] for fault, device in devices.items()},
            run=run,
            before=before,
            after=photograph(),
            untrue=untrue,
            stale={fault: _stale(device) for fault, device in devices.items()},
            missing={fault: _missing(device) for fault, device in devices.items()},
            rows={fault: contract_rows(device) for fault, device in devices.items()},
            counted={fault: lab.counted(device.name) for fault, device in devices.items()},
            secrets=(lab.inventory["password"], lab.inventory["secret"]),
            heard=heard.getvalue(),
        )
        transaction.set_rollback(True)


def _devices(lab: Lab) -> dict[str, Device]:
    """A switch for each fault, all of one platform and with much the same tables."""
    alike = [entry["name"] for entry in lab.inventory["devices"] if entry["platform"] == "cisco_ios"]
    answering = [entry["name"] for entry in lab.inventory["devices"] if entry["answers"] == "yes"]
    fit = [name for name in alike if name in answering and "-oob-" not in name]
    return dict(zip(NAMES, lab.devices(*fit[: len(NAMES)]), strict=True))


def _discover(devices: dict[str, Device], user: User) -> DiscoveryRun:
    wanted = {"devices": list(devices.values()), "force_refresh": True}
    run = discovery.create_run(discovery.Request.from_names(wanted, user), user)
    discovery.execute(run, user)
    run.refresh_from_db()
    return run


def _untrue(lab: Lab, devices: dict[str, Device]) -> dict[str, list[str]]:
    """By fault, where the rows are not those of the lab's truth."""
    truth = lab.truth()["devices"]
    told = {}
    for fault, device in devices.items():
        true, found = truth[device.name]["tables"], contract_rows(device)
        compared = {name: compare(true.get(name, {"rows": []})["rows"], found[name], name) for name in CATALOG}
        told[fault] = [f"{name}: {difference}" for name, difference in compared.items() if difference]
    return told


def _turn(lab: Lab, devices: dict[str, Device], closed_port: int) -> None:
    """Bring the faults about."""
    lab.reset()
    for fault, knobs in KNOBS.items():
        if knobs:
            lab.turn(devices[fault].name, **knobs)
    for fault, (command, edit) in EDITS.items():
        raw = CommandOutput.objects.get(device=devices[fault], command=command).raw
        lab.turn(devices[fault].name, answers={command: edit(raw.replace("\r\n", "\n"))})
    _context(devices["refused"], ssh_port=closed_port)
    _context(devices["sha1_only, ssh_legacy"], ssh_legacy=True)
    _context(devices["host_key_changed"])
    _nowhere(devices["no_route"])
    for driver in ("site_missing", "site_raises"):
        platform = Platform.objects.create(name=driver, network_driver=driver)
        fault = driver.replace("site", "template")
        Device.objects.filter(pk=devices[fault].pk).update(platform=platform)
    forget = [devices[fault].pk for fault in ("sha1_only", "sha1_only, ssh_legacy")]
    # They have become other devices, whose keys are not known yet.
    from nautobot_topology_cache.models import DeviceCache

    DeviceCache.objects.filter(device__in=forget).update(host_key="")


def _context(device: Device, **said: Any) -> None:
    context = device.local_config_context_data
    context = {**context, "topology_cache": {**context["topology_cache"], **said}}
    Device.objects.filter(pk=device.pk).update(local_config_context_data=context)


def _nowhere(device: Device) -> None:
    """An address for documentation, to which no network leads."""
    namespace = Namespace.objects.get(name="Global")
    status = device.status
    Prefix.objects.create(prefix="192.0.2.0/24", namespace=namespace, status=status)
    address = IPAddress.objects.create(address="192.0.2.77/24", namespace=namespace, status=status)
    Device.objects.filter(pk=device.pk).update(primary_ip4=address)


def _missing(device: Device) -> dict[str, list[bool]]:
    return {
        name: [
            since is not None
            for since in spec.model.objects.filter(device=device).values_list("missing_since", flat=True)
        ]
        for name, spec in CATALOG.items()
    }


def _stale(device: Device) -> dict[str, set[bool]]:
    return {
        name: {row.stale for row in spec.model.objects.filter(device=device).select_related("slice")}
        for name, spec in CATALOG.items()
    }
