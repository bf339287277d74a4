"""The rows about sessions: a login and ten commands over real SSH to a device of the lab, and a hundred at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import paramiko

from development.bench import played, rivals
from development.bench.measuring import TIMES, apart
from development.bench.report import Row, compared
from nautobot_topology_cache.collect.connection import connection_class
from nautobot_topology_cache.collect.parse.clean import clean
from nautobot_topology_cache.collect.platforms import platforms
from nautobot_topology_cache.collect.results import Ask
from nautobot_topology_cache.collect.targets import Credentials, Target, Timeouts
from nautobot_topology_cache.collect.wire import Wire, WireOptions

DEVICE = "ost-core-01"
DRIVER = "cisco_xe"
COMMANDS = (
    "show vrf",
    "show interfaces",
    "show interfaces switchport",
    "show ip interface",
    "show ip arp",
    "show mac address-table",
    "show cdp neighbors detail",
    "show lldp neighbors detail",
    "show ip ospf neighbor detail",
    "show ip route",
)
RATIO = 4
RATE = 1.8
AT_ONCE = 100
TIMEOUTS = Timeouts(connect=10, auth=10, banner=10, command=30, device=120)
OPTIONS = WireOptions(host_key_policy="ignore", connect_retries=0, max_answer_bytes=1 << 24)


def rows(full: bool, times: int = TIMES) -> Iterator[Row]:
    """All rows about sessions; call this before anything starts threads."""
    with tempfile.TemporaryDirectory() as state, played.lab(Path(state)) as inventory:
        device = next(one for one in inventory["devices"] if one["name"] == DEVICE)
        login = played.login(device, inventory)
        # What a process reads once is no cost of a session.
        platforms(), connection_class(DRIVER)
        yield from _one_device(login, times)
        yield _at_once(login, AT_ONCE if full else AT_ONCE // 10, times)


def _at_once(login: dict[str, Any], count: int, times: int) -> Row:
    """Sessions per second of one process that has so many of them open, a thread each."""

    def all_at_once(session: Callable[[], list[str]]) -> list[list[str]]:
        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(lambda _: session(), range(count)))

    def complete(answers: list[list[str]]) -> int:
        return sum(len(one) == len(COMMANDS) and all(one) for one in answers)

    ours = apart(lambda: all_at_once(lambda: _ours(login)), complete, times)
    rival = apart(
        lambda: all_at_once(lambda: rivals.session({"device_type": DRIVER, **login}, COMMANDS)), complete, times
    )
    void = "" if ours.outcome == rival.outcome == count else "not every session had all its answers"
    name, rate = "session: at once in one process, per device", {"devices a second": count / ours.median("wall")}
    details = {**rate, "the rival's": count / rival.median("wall")}
    return compared(
        name, count, "wall", ours, rival, unit=count * 1e-3, called="ms", target=RATE, void=void, details=details
    )


def _one_device(login: dict[str, Any], times: int) -> Iterator[Row]:
    ours = apart(lambda: _ours(login), _told, times, at_once=times)
    rival = apart(lambda: rivals.session({"device_type": DRIVER, **login}, COMMANDS), _told, times, at_once=times)
    handshake = apart(lambda: _handshake(login), lambda reached: reached, times, at_once=times)
    differing = [
        command for command, mine, other in zip(COMMANDS, ours.outcome, rival.outcome, strict=True) if mine != other
    ]
    void = f"the answers differ: {', '.join(differing)}" if differing else ""
    more = {"void": void, "details": {"characters": sum(map(len, ours.outcome))}}
    name = "session: login and 10 commands"
    limit = handshake.median("cpu") * 1e3
    yield compared(name, 1, "cpu", ours, rival, unit=1e-3, called="CPU ms", target=RATIO, limit=limit, **more)
    yield compared(f"{name}, elapsed", 1, "wall", ours, rival, called="s", void=void)


def _ours(login: dict[str, Any]) -> list[str]:
    """The answers as the flow gets them; a failure is an error of the bench."""
    credentials = Credentials(username=login["username"], password=login["password"], secret=login["secret"])
    target = Target(
        device_id=DEVICE,
        name=DEVICE,
        host=login["host"],
        port=login["port"],
        driver=DRIVER,
        device_type=DRIVER,
        credentials=credentials,
        timeouts=TIMEOUTS,
    )
    wire = Wire(target, platforms()[DRIVER], OPTIONS)
    replies = [wire.answer(Ask(command)) for command in COMMANDS]
    wire.close()
    failed = [str(reply.failure) for reply in replies if reply.failure is not None]
    if failed:
        raise RuntimeError(f"the device did not answer: {failed[0]}")
    return [clean(reply.text, command) for reply, command in zip(replies, COMMANDS, strict=True)]


def _handshake(login: dict[str, Any]) -> bool:
    """What no client gets around: the key exchange and the login."""
    with paramiko.Transport((login["host"], login["port"])) as transport:
        transport.connect(username=login["username"], password=login["password"])
        return transport.is_authenticated()


def _told(answers: list[str]) -> list[str]:
    """The lines that say something: clients differ in the blank ones around an answer."""
    return ["\n".join(line.rstrip() for line in answer.splitlines() if line.strip()) for answer in answers]
