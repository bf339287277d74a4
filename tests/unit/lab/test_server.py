"""The lab on the wire: login, echo, pages, enable, errors, counters and every knob."""

from __future__ import annotations

import asyncio
import json
import stat
import urllib.error
import urllib.request
from contextlib import asynccontextmanager

import asyncssh
import pytest

from development.lab.generate import generate
from development.lab.serve import Lab, credentials, describe, generated
from development.lab.state import World

QUICK = 1.5
WORLD = World(generate())


@asynccontextmanager
async def lab(path):
    """A running lab with its inventory; the truth is left out, it takes longer than all the rest."""
    login = credentials(path)
    devices = WORLD.network.devices.values()
    hosts = [generated(WORLD, device, login) for device in devices]
    playing = Lab(path, hosts, {device.name: describe(device) for device in devices}, {}, ())
    playing.start("127.0.0.1", 0)
    try:
        yield json.loads((path / "lab.json").read_text())
    finally:
        playing.stop()


class Shell:
    """A client that types and reads as a terminal does."""

    def __init__(self, connection, process):
        self.connection, self.process, self.seen = connection, process, ""

    async def until(self, *ends):
        text = ""
        while not text.endswith(ends):
            piece = await asyncio.wait_for(self.process.stdout.read(65536), QUICK)
            if not piece:
                raise ConnectionResetError(text)
            text += piece
            self.seen += piece
        return text

    async def ask(self, line, *ends):
        self.process.stdin.write(line + "\n")
        return await self.until(*ends)


def device(inventory, name):
    return next(d for d in inventory["devices"] if d["name"] == name)


@asynccontextmanager
async def shell(inventory, name, **more):
    d = device(inventory, name)
    login = {"username": d["username"], "password": d["password"], "known_hosts": None, "config": []} | more
    async with (
        asyncssh.connect(d["host"], d["port"], client_keys=None, **login) as connection,
        connection.create_process(term_type="vt100") as process,
    ):
        yield Shell(connection, process)


def fetch(inventory, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(inventory["simulator"] + path, data, timeout=5) as reply:  # noqa: S310  the lab's own
        return json.load(reply)


async def knob(inventory, name, **values):
    return await asyncio.to_thread(fetch, inventory, f"/devices/{name}/knobs", values)


def played(test):
    """Run a test in a lab of its own."""

    def run(tmp_path):
        async def inside():
            async with lab(tmp_path) as inventory:
                await test(inventory)

        asyncio.run(inside())

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


@played
async def test_a_session_is_echoed_answered_and_counted(inventory):
    async with shell(inventory, "ost-core-01") as user:
        assert await user.until("#") == "ost-core-01#"
        await user.ask("terminal length 0", "ost-core-01#")
        text = await user.ask("show clock", "ost-core-01#")
        assert text.startswith("show clock\r\n*10:17:31")
        wrong = await user.ask("show wrong", "ost-core-01#")
        assert "\r\n                 ^\r\n% Invalid input detected at '^' marker.\r\n" in wrong
    counters = await asyncio.to_thread(fetch, inventory, "/counters")
    assert counters["devices"]["ost-core-01"] == {"connections": 1, "logins": 1, "commands": 2, "setup_commands": 1}
    assert (counters["connections"], counters["commands"]) == (1, 2)
    await asyncio.to_thread(fetch, inventory, "/reset", {})
    assert (await asyncio.to_thread(fetch, inventory, "/counters"))["commands"] == 0


@played
async def test_long_answers_come_in_pages_until_pages_are_off(inventory):
    async with shell(inventory, "ost-core-01") as user:
        await user.until("#")
        page = await user.ask("show interfaces", " --More-- ")
        assert page.count("\n") == 24  # the echo and 23 lines
        user.process.stdin.write(" ")
        assert (await user.until(" --More-- ")).count("\n") == 23
        user.process.stdin.write("q")
        await user.until("ost-core-01#")
        await user.ask("terminal length 0", "ost-core-01#")
        assert "--More--" not in await user.ask("show interfaces", "ost-core-01#")


@played
async def test_enable_wants_the_secret(inventory):
    async with shell(inventory, "ost-acc-01") as user:
        await user.until("ost-acc-01>")
        assert "% Invalid input" in await user.ask("show mac address-table", "ost-acc-01>")
        await user.ask("enable", "Password: ")
        assert "% Access denied" in await user.ask("wrong", "ost-acc-01>")
        await user.ask("enable", "Password: ")
        await user.ask(device(inventory, "ost-acc-01")["secret"], "ost-acc-01#")
        await user.ask("terminal length 0", "ost-acc-01#")
        assert "Mac Address Table" in await user.ask("show mac address-table", "ost-acc-01#")


@played
async def test_wrong_passwords_and_the_device_that_takes_none(inventory):
    for name, more in (("ost-core-01", {"password": "wrong"}), ("ost-acc-03", {})):
        with pytest.raises(asyncssh.PermissionDenied):
            async with shell(inventory, name, **more):
                pass
    counters = await asyncio.to_thread(fetch, inventory, "/counters")
    assert counters["devices"]["ost-acc-03"] == {"connections": 1, "logins": 0, "commands": 0, "setup_commands": 0}


@played
async def test_the_silent_device_does_not_listen(inventory):
    with pytest.raises(ConnectionRefusedError):
        async with shell(inventory, "gnt-oob-01"):
            pass


@played
async def test_refused_hanging_before_the_banner_and_rejected_by_knob(inventory):
    await knob(inventory, "ost-core-01", refuse=True)
    with pytest.raises((ConnectionError, asyncssh.Error)):
        async with shell(inventory, "ost-core-01"):
            pass
    await knob(inventory, "ost-core-01", reset=True, hang="banner")
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(shell(inventory, "ost-core-01").__aenter__(), 0.3)
    await knob(inventory, "ost-core-01", reset=True, auth_failure=True)
    with pytest.raises(asyncssh.PermissionDenied):
        async with shell(inventory, "ost-core-01"):
            pass


@played
async def test_a_command_hangs_once_and_works_in_the_next_session(inventory):
    await knob(inventory, "ost-core-01", hang="show clock", hang_times=1)
    async with shell(inventory, "ost-core-01") as user:
        await user.until("#")
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(user.ask("show clock", "ost-core-01#"), 0.3)
    async with shell(inventory, "ost-core-01") as user:
        await user.until("#")
        assert "UTC" in await user.ask("show clock", "ost-core-01#")


@played
async def test_a_session_dropped_between_commands_has_answered_and_prompted(inventory):
    await knob(inventory, "ost-core-01", drop="between_commands", drop_command="show version", drop_times=1)
    async with shell(inventory, "ost-core-01") as user:
        await user.until("#")
        await user.ask("show clock", "ost-core-01#")
        assert "Configuration register" in await user.ask("show version", "ost-core-01#")
        with pytest.raises((ConnectionError, asyncssh.Error)):
            await user.ask("show clock", "ost-core-01#")
    assert (await knob(inventory, "ost-core-01"))["drop"] == ""


@played
async def test_a_session_dropped_in_the_middle_of_an_answer_loses_its_end(inventory):
    await knob(inventory, "ost-core-01", drop="mid_output", drop_times=1)
    async with shell(inventory, "ost-core-01") as user:
        await user.until("#")
        with pytest.raises((ConnectionError, asyncssh.Error)):
            await user.ask("show version", "never")
        assert "Cisco IOS XE Software" in user.seen
        assert "Configuration register" not in user.seen


@played
async def test_answers_are_replaced_cut_and_delayed(inventory):
    await knob(inventory, "ost-core-01", answers={"show clock": "no time"}, truncate=2, truncate_command="show version")
    async with shell(inventory, "ost-core-01") as user:
        await user.until("#")
        assert "no time" in await user.ask("show clock", "ost-core-01#")
        assert (await user.ask("show version", "ost-core-01#")).count("\n") == 3
        await knob(inventory, "ost-core-01", answers={"show clock": None}, latency=0.3)
        began = asyncio.get_running_loop().time()
        assert "UTC" in await user.ask("show clock", "ost-core-01#")
        assert asyncio.get_running_loop().time() - began >= 0.3


@played
async def test_a_knob_that_does_not_fit_is_refused_with_the_reason(inventory):
    with pytest.raises(urllib.error.HTTPError) as refused:
        await knob(inventory, "ost-core-01", latency="slow")
    assert "latency wants a number" in json.load(refused.value)["error"]
    with pytest.raises(urllib.error.HTTPError, match="404"):
        await knob(inventory, "nobody", latency=1)


def test_ports_logins_and_host_keys_survive_a_restart(tmp_path):
    async def keys():
        async with lab(tmp_path) as inventory, shell(inventory, "gnt-leaf-01") as user:
            return (
                inventory["simulator"],
                inventory["devices"],
                user.connection.get_server_host_key().export_public_key(),
            )

    first, second = asyncio.run(keys()), asyncio.run(keys())
    assert first == second


def test_inventory_and_truth_are_complete_and_for_the_owner_alone(tmp_path):
    async def inside():
        playing = Lab.of(tmp_path, 1, 14, None)
        playing.start("127.0.0.1", 0)
        names = ("lab.json", "truth.json", "host_key_seed", "kept.json")
        modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in names}
        inventory = json.loads((tmp_path / "lab.json").read_text())
        playing.stop()
        return inventory, modes

    inventory, modes = asyncio.run(inside())
    truth = json.loads((tmp_path / "truth.json").read_text())
    assert inventory["truth"] == str(tmp_path / "truth.json")
    assert {d["name"] for d in inventory["devices"]} == set(truth["devices"])
    assert set(inventory["devices"][0]) >= {
        "host",
        "port",
        "platform",
        "site",
        "role",
        "model",
        "serial",
        "in_nautobot",
    }
    assert modes == {0o600}
    assert not (tmp_path / "lab.json").exists(), "a stopped lab leaves no inventory behind"
