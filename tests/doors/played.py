"""The lab as a process of its own: devices over real SSH, their troubles, and what they counted themselves."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
from django.conf import settings
from django.test import override_settings
from nautobot.dcim.models import Device
from nautobot.users.models import User

from development import ROOT
from development.inventory import document
from nautobot_topology_cache import discovery
from nautobot_topology_cache.configuration import APP
from nautobot_topology_cache.models import DiscoveryRun

PATIENCE = 180.0


@attrs.frozen
class Lab:
    """What a test needs of the running lab. `state` also takes the files that hold the credentials."""

    state: Path
    inventory: dict[str, Any]

    @property
    def names(self) -> list[str]:
        return [entry["name"] for entry in self.inventory["devices"]]

    def truth(self) -> dict[str, Any]:
        return json.loads(Path(self.inventory["truth"]).read_text())

    def devices(self, *names: str, **changes: Any) -> list[Device]:
        """These devices in Nautobot, all when none is named; `changes` are put over what the lab says of them."""
        wanted = [entry | changes for entry in self.inventory["devices"] if not names or entry["name"] in names]
        documented = {one.name: one for one in document(self.inventory | {"devices": wanted}, self.state / "secrets")}
        return [documented[name] for name in names or documented]

    def discovered(self) -> DiscoveryRun:
        """One run over all devices, ended."""
        user = User.objects.create(username="whole-lab", is_superuser=True)
        run = discovery.create_run(discovery.Request.from_names({"devices": self.devices()}, user), user)
        discovery.execute(run, user)
        return run

    def counted(self, name: str) -> dict[str, int]:
        """The device's own figures: connections, logins, commands, setup_commands."""
        return self._ask("counters")["devices"][name]

    def typed(self, name: str) -> list[str]:
        """Every line that the device got at its prompt."""
        return self._ask(f"devices/{name}/typed")

    def turn(self, name: str, **knobs: Any) -> None:
        self._ask(f"devices/{name}/knobs", knobs)

    def reset(self) -> None:
        """No trouble anywhere, all counters at zero."""
        self._ask("reset", {})

    def _ask(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.inventory['simulator']}/{path}", data, timeout=10) as answer:  # noqa: S310
            return json.load(answer)


@contextmanager
def playing(state: Path, *options: str, patience: float = PATIENCE) -> Iterator[Lab]:
    """A lab on free ports, ended with the block; `options` are more of `development.lab serve`."""
    command = [sys.executable, "-m", "development.lab", "serve", "--state", str(state), *options]
    with (state / "lab.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield Lab(state, _inventory(state, process, patience))
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _inventory(state: Path, process: subprocess.Popen[bytes], patience: float) -> dict[str, Any]:
    """lab.json, which appears when everything listens."""
    path = state / "lab.json"
    end = time.monotonic() + patience
    while not path.exists():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the lab did not start: {(state / 'lab.log').read_text()[-2000:]}")
        time.sleep(0.05)
    return json.loads(path.read_text())


def configured(**values: Any) -> override_settings:
    """Other settings of the app, as a context manager."""
    ours = settings.PLUGINS_CONFIG[APP] | values
    return override_settings(PLUGINS_CONFIG=settings.PLUGINS_CONFIG | {APP: ours})
