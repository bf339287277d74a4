"""Devices behind a real SSH server that lets OpenSSH's client through, as `ssh_config_file` says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import asyncssh
import psutil
import pytest

from nautobot_topology_cache.collect.results import Ask, Reply
from nautobot_topology_cache.collect.wire import Wire
from tests.lab.ssh_device import SshDevice, serving
from tests.lab.wires import wire

CLOCK = Ask("show clock")
WAYS = {
    "ProxyJump": "ProxyJump jump",
    "ProxyCommand": "ProxyCommand ssh -F {config} -W %h:%p jump",
    "ProxyJump through another": "ProxyJump inner",
}
"""OpenSSH's words for it; a jump host may itself be behind one."""


@pytest.fixture
def device() -> Iterator[SshDevice]:
    device = SshDevice(answers={"show clock": "12:00\n"})
    with serving(device):
        yield device


@pytest.fixture
def key() -> asyncssh.SSHKey:
    return asyncssh.generate_private_key("ssh-ed25519")


@pytest.fixture
def jump(key: asyncssh.SSHKey) -> Iterator[SshDevice]:
    jump = SshDevice(name="jump", client_key=key.export_public_key().decode(), lets_through=True)
    with serving(jump):
        yield jump


@pytest.fixture
def configured(device: SshDevice, jump: SshDevice, key: asyncssh.SSHKey, tmp_path: Path) -> Callable[[str], str]:
    """Writes an OpenSSH client configuration by which 127.0.0.1 is reached as given; answers its path."""
    config, identity, known = (tmp_path / name for name in ("config", "identity", "known"))
    key.write_private_key(str(identity))
    identity.chmod(0o600)
    known.write_text(f"[127.0.0.1]:{jump.port} {jump.host_key}\n")

    def write(way: str) -> str:
        config.write_text(
            f"Host jump inner\n  HostName 127.0.0.1\n  Port {jump.port}\n  User hop\n  IdentityFile {identity}\n"
            f"  IdentitiesOnly yes\n  BatchMode yes\n  UserKnownHostsFile {known}\n"
            f"Host inner\n  ProxyJump jump\n"
            f"Host 127.0.0.1\n  Port {device.port}\n  {way.format(config=config)}\n"
        )
        return str(config)

    return write


def answered(session: Wire) -> Reply:
    with closing(session):
        return session.answer(CLOCK)


def clients() -> list[psutil.Process]:
    """OpenSSH's clients that this process has started and that are running."""
    children = psutil.Process().children(recursive=True)
    return [one for one in children if one.name() == "ssh" and one.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize("way", WAYS)
def test_a_device_is_asked_through_a_jump_host(device, jump, configured, way) -> None:
    session = wire(device, ssh_config_file=configured(WAYS[way]))
    with closing(session):
        assert session.answer(CLOCK).text == "12:00\r\n"
        assert session.host_key == device.host_key
        started = clients()
    assert jump.ways[-1] == ("127.0.0.1", device.port)
    assert (session.connections, device.connections, device.logins) == (1, 1, 1)
    assert jump.logins == len(jump.ways) == (2 if "another" in way else 1)
    assert started
    _, left = psutil.wait_procs(started, timeout=5)
    assert left == []


def test_the_known_host_key_is_that_of_the_device(device, jump, configured) -> None:
    config = configured(WAYS["ProxyJump"])
    assert answered(wire(device, ssh_config_file=config, host_key=device.host_key)).failure is None
    failure = answered(wire(device, ssh_config_file=config, host_key=jump.host_key)).failure
    assert failure.word == "host_key"


@pytest.mark.parametrize("trouble", ["lets nobody through", "another key", "knows us not"])
def test_a_jump_host_that_does_not_let_us_through(device, jump, configured, trouble) -> None:
    config = configured(WAYS["ProxyJump"])
    if trouble == "lets nobody through":
        jump.lets_through = False
    elif trouble == "another key":
        Path(config).with_name("known").write_text(f"[127.0.0.1]:{jump.port} {device.host_key}\n")
    else:
        jump.client_key = device.host_key
    failure = answered(wire(device, ssh_config_file=config)).failure
    assert failure.word == "unreachable"
    assert "jump host" in failure.detail
    assert device.connections == 0


@pytest.mark.parametrize("way", ["ProxyJump inner,jump", "ProxyCommand no-such-program-of-ours %h %p"])
def test_a_way_that_cannot_be_taken(device, configured, way) -> None:
    failure = answered(wire(device, ssh_config_file=configured(way))).failure
    assert failure.word == "unreachable"
    assert "`ssh_config_file`" in failure.detail
    assert device.connections == 0


def test_without_its_file_no_device_is_reached_around_the_jump_host(device, tmp_path) -> None:
    failure = answered(wire(device, ssh_config_file=str(tmp_path / "missing"))).failure
    assert failure.word == "unreachable"
    assert "missing" in failure.detail
    assert device.connections == 0
