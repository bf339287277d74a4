"""A running lab: hosts, ports, counters and the two files that tell the world about them."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import threading
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from development.lab import replay, truth
from development.lab.control import Control
from development.lab.generate import generate
from development.lab.knobs import Board
from development.lab.model import Device
from development.lab.render import answer
from development.lab.server import Listener, key_seed, reserve
from development.lab.state import World
from development.lab.terminal import Host

USERNAME = "netadmin"
KEPT = "kept.json"
POLL = 0.05
"""Seconds after which the HTTP thread notices that it is to stop."""


class Lab:
    """Everything that listens. `facts` are what the inventory says of each device beyond address and login."""

    def __init__(
        self,
        state: Path,
        hosts: list[Host],
        facts: dict[str, dict[str, Any]],
        expected: dict[str, Any],
        tables: Iterable[tuple[str, truth.Row]],
    ) -> None:
        self.state, self.hosts, self.facts = state, hosts, facts
        self.expected, self.tables = expected, tables
        self.board = Board([host.name for host in hosts])
        self.inventory = state / "lab.json"
        self.inventory.unlink(missing_ok=True)
        self.tasks: list[asyncio.Task[None]] = []
        self.simulator = ""

    @classmethod
    def of(cls, state: Path, seed: int, size: int, replayed: Path | None) -> Lab:
        """A lab of a generated or a captured network."""
        state.mkdir(parents=True, exist_ok=True)
        login = credentials(state)
        if replayed:
            hosts, facts = replay.hosts(replayed, *login)
            expected = replay.truth(replayed)
            return cls(state, hosts, facts, expected, expected.pop("devices", {}).items())
        world = World(generate(seed, size))
        hosts = [generated(world, device, login) for device in world.network.devices.values()]
        facts = {device.name: describe(device) for device in world.network.devices.values()}
        return cls(state, hosts, facts, truth.head(world.network), truth.devices(world))

    def start(self, address: str, base_port: int) -> None:
        """Listen, then write the files: who reads lab.json may connect at once."""
        kept = read(self.state / KEPT)
        before = kept.get("ports", {})
        seed = key_seed(self.state / "host_key_seed")
        ports: dict[str, int] = {}
        for index, host in enumerate(self.hosts):
            sock = reserve(address, base_port + index if base_port else before.get(host.name, 0))
            ports[host.name] = sock.getsockname()[1]
            self.tasks.append(asyncio.get_running_loop().create_task(Listener(host, self.board, sock, seed).run()))
        self.control = Control(address, self._control_port(address, kept.get("control", 0)), self.board)
        threading.Thread(target=self.control.serve_forever, args=(POLL,), daemon=True).start()
        self.simulator = f"http://{address}:{self.control.server_address[1]}"
        self._keep(ports)
        private(self.state / "truth.json", truth.document(self.expected, self.tables))
        private(self.inventory, [json.dumps(self.describe(address, ports), indent=1)])

    @staticmethod
    def _control_port(address: str, wished: int) -> int:
        with reserve(address, wished) as sock:
            return sock.getsockname()[1]

    def _keep(self, ports: dict[str, int]) -> None:
        """Remember what is to be the same after a restart."""
        first = self.hosts[0]
        login = {"username": first.username, "password": first.password, "secret": first.secret}
        private(self.state / KEPT, [json.dumps({**login, "ports": ports, "control": self.control.server_address[1]})])

    def describe(self, address: str, ports: dict[str, int]) -> dict[str, Any]:
        """The inventory."""
        first = self.hosts[0]
        return {
            "simulator": self.simulator,
            "username": first.username,
            "password": first.password,
            "secret": first.secret,
            "truth": str(self.state / "truth.json"),
            "devices": [
                {
                    "name": host.name,
                    "host": address,
                    "port": ports[host.name],
                    "platform": host.platform,
                    **self.facts[host.name],
                    "username": host.username,
                    "password": host.password,
                    "secret": host.secret,
                    "in_nautobot": True,
                }
                for host in self.hosts
            ],
        }

    def stop(self) -> None:
        """Take no more calls; the inventory goes first, for it says that somebody listens."""
        self.inventory.unlink(missing_ok=True)
        for task in self.tasks:
            task.cancel()
        self.control.shutdown()
        self.control.server_close()


def generated(world: World, device: Device, login: tuple[str, str, str]) -> Host:
    """A device of the generated network."""
    username, password, secret = login

    def ask(command: str) -> str | None:
        return answer(world.state(device.name), command)

    return Host(
        name=device.name,
        platform=device.platform,
        username=username,
        password=password,
        secret=secret,
        ask=ask,
        user_mode=device.user_mode,
        rejects=device.answers == "auth",
        silent=device.answers == "silent",
    )


def describe(device: Device) -> dict[str, Any]:
    """What Nautobot is told of a device."""
    return {
        "site": device.site,
        "role": device.role,
        "model": device.model,
        "serial": device.serial,
        "answers": device.answers or "yes",
    }


def credentials(state: Path) -> tuple[str, str, str]:
    """User name, password and enable secret: random, made once and kept."""
    known = read(state / KEPT)
    if {"username", "password", "secret"} <= known.keys():
        return known["username"], known["password"], known["secret"]
    return USERNAME, secrets.token_urlsafe(12), secrets.token_urlsafe(12)


def read(path: Path) -> dict[str, Any]:
    """A JSON file, or nothing where there is none."""
    return json.loads(path.read_text()) if path.exists() else {}


def private(path: Path, parts: Iterable[str]) -> None:
    """Write a file for the owner alone; it appears when it is complete."""
    fresh = path.with_suffix(".new")
    opener = partial(os.open, mode=0o600)
    with open(fresh, "w", opener=opener, encoding="utf-8") as file:
        file.writelines(parts)
    fresh.replace(path)
