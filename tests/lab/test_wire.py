"""The wire against a real SSH server: what comes back, what is counted, and what a trouble ends with."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import asyncssh
import attrs
import pytest

from nautobot_topology_cache.collect import terminal
from nautobot_topology_cache.collect.commands import unsupported
from nautobot_topology_cache.collect.results import Ask, Reply
from nautobot_topology_cache.collect.targets import Credentials, Timeouts
from nautobot_topology_cache.collect.wire import Allowance, Wire
from tests.lab.ssh_device import PASSWORD, SECRET, USERNAME, HangUpError, Shell, SshDevice, drop, hang, serving
from tests.lab.wires import IOS, PATIENT, target, wire

BODY = "".join(f"10.0.{i}.0/24 is directly connected, Vlan{i}\n" for i in range(200))
PRINTED = BODY.replace("\n", "\r\n")
ROUTES = Ask("show ip route")
CLOCK = Ask("show clock")


@pytest.fixture
def device() -> Iterator[SshDevice]:
    device = SshDevice(answers={"show ip route": BODY, "show clock": "12:00\n"})
    with serving(device):
        yield device


def ask(session: Wire, *asks: Ask) -> list[Reply]:
    with closing(session):
        return [session.answer(one) for one in asks]


def words(replies: list[Reply]) -> list[str]:
    return [reply.failure.word if reply.failure else "" for reply in replies]


def test_answer_is_complete_and_dated(device: SshDevice) -> None:
    before = datetime.now(UTC)
    [reply] = ask(wire(device), ROUTES)
    assert (reply.text, reply.failure, reply.source) == (PRINTED, None, "device")
    assert before < reply.collected_at <= datetime.now(UTC)
    assert 0 < reply.duration < 5


def test_device_is_contacted_by_the_first_question_and_once(device: SshDevice) -> None:
    session = wire(device)
    assert (session.connections, session.commands_sent, session.host_key) == (0, 0, "")
    assert device.connections == 0
    ask(session, ROUTES, CLOCK, ROUTES)
    assert (session.connections, device.connections, device.logins) == (1, 1, 1)
    assert device.commands == ["show ip route", "show clock", "show ip route"]
    assert session.commands_sent == 3
    assert device.set_up == ["terminal width 511", "terminal length 0"]
    assert session.host_key == device.host_key


def test_unused_wire_never_connects(device: SshDevice) -> None:
    wire(device).close()
    assert device.connections == 0


def test_netmiko_prepares_a_device_type_without_set_up_commands(device: SshDevice) -> None:
    platform = attrs.evolve(IOS, setup=())
    assert [reply.text for reply in ask(wire(device, platform), ROUTES, CLOCK, ROUTES)] == [
        PRINTED,
        "12:00\r\n",
        PRINTED,
    ]
    assert device.set_up == ["terminal width 511", "terminal length 0"]


@pytest.mark.parametrize("setup", [IOS.setup, ()])
def test_nothing_is_lost_under_latency_and_in_fragments(device: SshDevice, setup: tuple[str, ...]) -> None:
    device.latency, device.fragment, device.pause = 0.05, 1, 0.01
    device.answers["show ip route"] = "sw1#\nsw1#show clock\nlast\n"
    replies = ask(wire(device, attrs.evolve(IOS, setup=setup)), *[ROUTES, CLOCK] * 2)
    assert [reply.text for reply in replies] == ["sw1#\r\nsw1#show clock\r\nlast\r\n", "12:00\r\n"] * 2


def test_pages_are_turned_when_the_device_ignores_their_switching_off(device: SshDevice) -> None:
    device.pages = 24
    assert ask(wire(device), ROUTES)[0].text == PRINTED


def test_banner(device: SshDevice) -> None:
    device.banner = "\r\n" + "#" * 40 + "\r\n# Keep out! #\r\n" + "#" * 40
    device.fragment = 16
    assert ask(wire(device), CLOCK)[0].text == "12:00\r\n"


def test_enable(device: SshDevice) -> None:
    device.user_mode = True
    assert ask(wire(device), CLOCK)[0].text == "12:00\r\n"


@pytest.mark.parametrize(("secret", "says"), [("wrong", "refused"), ("", "asks for a password")])
def test_enable_that_fails_ends_the_device(device: SshDevice, secret: str, says: str) -> None:
    device.user_mode = True
    given = Credentials(username=USERNAME, password=PASSWORD, secret=secret)
    replies = ask(wire(device, credentials=given), CLOCK, CLOCK)
    assert words(replies) == ["auth", "auth"]
    assert says in replies[0].failure.detail
    assert (device.connections, device.commands) == (1, [])


def test_user_mode_is_kept_where_it_is_enough(device: SshDevice) -> None:
    device.user_mode = True
    assert ask(wire(device, attrs.evolve(IOS, enable=False)), CLOCK)[0].text == "12:00\r\n"


def test_refused_login_is_never_tried_again(device: SshDevice) -> None:
    given = Credentials(username=USERNAME, password="wrong")
    session = wire(device, credentials=given, connect_retries=3)
    assert words(ask(session, CLOCK, ROUTES)) == ["auth", "auth"]
    assert device.passwords == ["wrong"]
    assert (session.connections, session.commands_sent, session.host_key) == (1, 0, "")


def test_private_key(device: SshDevice) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    device.client_key = key.export_public_key().decode()
    given = Credentials(username=USERNAME, private_key=key.export_private_key().decode())
    assert ask(wire(device, credentials=given), CLOCK)[0].text == "12:00\r\n"
    assert device.passwords == []


def test_private_key_that_is_none(device: SshDevice) -> None:
    given = Credentials(username=USERNAME, private_key="-----BEGIN NONSENSE-----")
    replies = ask(wire(device, credentials=given), CLOCK)
    assert words(replies) == ["auth"]
    assert "NONSENSE" not in str(replies[0].failure)
    assert device.connections == 0


def test_encrypted_private_key_says_what_to_do(device: SshDevice) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519").export_private_key(passphrase="x").decode()
    replies = ask(wire(device, credentials=Credentials(username=USERNAME, private_key=key)), CLOCK)
    assert words(replies) == ["auth"]
    assert "without a passphrase" in replies[0].failure.detail


def test_closed_port_is_unreachable_and_no_connection(device: SshDevice) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    session = wire(device, port=port)
    replies = ask(session, CLOCK, CLOCK)
    assert words(replies) == ["unreachable", "unreachable"]
    assert "refuses connections" in replies[0].failure.detail
    assert session.connections == 0


def test_unknown_host_name(device: SshDevice) -> None:
    [reply] = ask(wire(device, host="no-such-host.invalid"), CLOCK)
    assert str(reply.failure).startswith("unreachable: the host name is unknown")


def test_device_that_hangs_up_before_the_login(device: SshDevice) -> None:
    device.before_login = "reset"
    session = wire(device)
    replies = ask(session, CLOCK, CLOCK)
    assert words(replies) == ["unreachable", "unreachable"]
    assert session.connections == device.connections == 1


def test_silent_device_is_tried_once_more(device: SshDevice) -> None:
    device.before_login = "silent"
    session = wire(device, timeouts=Timeouts(connect=0.2, auth=1, banner=0.2, command=1, device=9), connect_retries=1)
    replies = ask(session, CLOCK, CLOCK)
    assert words(replies) == ["unreachable", "unreachable"]
    assert "no answer in time" in replies[0].failure.detail
    assert session.connections == device.connections == 2


def test_dropped_session_is_replaced_once(device: SshDevice) -> None:
    device.answers["show drop"] = drop
    session = wire(device)
    replies = ask(session, CLOCK, Ask("show drop"), CLOCK, ROUTES, Ask("show drop"), CLOCK, ROUTES)
    assert words(replies) == ["", "disconnected", "", "", "disconnected", "disconnected", "disconnected"]
    assert replies[3].text == PRINTED
    assert session.connections == device.connections == 2
    assert session.commands_sent == len(device.commands) == 5


def test_session_that_ends_between_two_commands_costs_neither(device: SshDevice) -> None:
    async def leave(shell: Shell) -> str:
        await shell.write("done\r\nsw1#")
        shell.process.get_extra_info("connection").abort()
        raise HangUpError

    device.answers["show last"] = leave
    session = wire(device)
    first = session.answer(Ask("show last"))
    end = time.monotonic() + 2
    while not session._terminal.gone and time.monotonic() < end:
        time.sleep(0.01)
    second = session.answer(CLOCK)
    session.close()
    assert (first.text, second.text, session.connections) == ("done\r\n", "12:00\r\n", 2)


def test_hanging_command_costs_its_timeout_and_the_session(device: SshDevice) -> None:
    device.answers["show hang"] = hang
    began = time.monotonic()
    replies = ask(wire(device), Ask("show hang", timeout=0.3), CLOCK)
    assert words(replies) == ["timeout", ""]
    assert "'first line'" in replies[0].failure.detail
    assert time.monotonic() - began < 2
    assert device.connections == 2


def test_answer_that_is_too_large_costs_only_itself(device: SshDevice) -> None:
    session = wire(device, max_answer_bytes=1000)
    assert words(ask(session, ROUTES, CLOCK, ROUTES, ROUTES, CLOCK)) == ["too_large", "", "too_large", "too_large", ""]
    assert session.connections == device.connections == 4


def test_cut_off_answer_is_truncated_and_the_session_goes_on(
    device: SshDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "QUIET", 0.2)
    device.answers["show cut"] = "whole line\npart of a li"
    session = wire(device)
    assert words(ask(session, Ask("show cut"), CLOCK)) == ["truncated", ""]
    assert device.connections == 1


def test_renamed_device_goes_on(device: SshDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "QUIET", 0.2)

    async def rename(shell: Shell) -> str:
        device.name = "core1"
        return "done\n"

    device.answers["show version"] = rename
    assert [reply.text for reply in ask(wire(device), Ask("show version"), CLOCK)] == ["done\r\n", "12:00\r\n"]


def test_first_use_learns_a_key_and_strict_wants_one(device: SshDevice) -> None:
    session = wire(device)
    ask(session, CLOCK)
    assert session.host_key == device.host_key
    assert words(ask(wire(device, host_key_policy="strict", host_key=session.host_key), CLOCK)) == [""]
    replies = ask(wire(device, host_key_policy="strict"), CLOCK)
    assert words(replies) == ["host_key"]
    assert "`host_key_policy` is strict" in replies[0].failure.detail


@pytest.mark.parametrize("kind", ["ssh-ed25519", "ecdsa-sha2-nistp256"])
@pytest.mark.parametrize("policy", ["strict", "first_use"])
def test_changed_host_key_gets_no_password(device: SshDevice, policy: str, kind: str) -> None:
    other = asyncssh.generate_private_key(kind).export_public_key().decode().strip()
    session = wire(device, host_key_policy=policy, host_key=other)
    replies = ask(session, CLOCK, CLOCK)
    assert words(replies) == ["host_key", "host_key"]
    assert "forget the known key" in replies[0].failure.detail
    assert device.passwords == []
    assert device.connections == 1


def test_ignored_host_key(device: SshDevice) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    session = wire(device, host_key_policy="ignore", host_key=other)
    assert words(ask(session, CLOCK)) == [""]
    assert session.host_key == device.host_key


def test_unreadable_host_key(device: SshDevice) -> None:
    replies = ask(wire(device, host_key="nonsense"), CLOCK)
    assert str(replies[0].failure).startswith("host_key: the stored host key cannot be read")
    assert device.connections == 0


def test_no_wait_goes_beyond_the_deadline(device: SshDevice) -> None:
    device.answers["show hang"] = hang
    began = time.monotonic()
    replies = ask(wire(device, allowance=Allowance(began + 0.8)), CLOCK, Ask("show hang"), CLOCK)
    assert words(replies) == ["", "deadline", "deadline"]
    assert time.monotonic() - began < 1.5
    assert device.connections == 1


def test_deadline_also_ends_a_login(device: SshDevice) -> None:
    device.before_login = "silent"
    began = time.monotonic()
    assert words(ask(wire(device, allowance=Allowance(began + 0.3)), CLOCK)) == ["deadline"]
    assert time.monotonic() - began < 1


def test_every_login_asks_for_admission(device: SshDevice) -> None:
    device.answers["show drop"] = drop
    admitted = []
    ask(wire(device, allowance=Allowance(admit=lambda: not admitted.append(1))), CLOCK, Ask("show drop"), CLOCK)
    assert len(admitted) == device.connections == 2


def test_a_login_that_is_not_wanted_any_more_is_none(device: SshDevice) -> None:
    assert words(ask(wire(device, allowance=Allowance(admit=lambda: False)), CLOCK)) == ["cancelled"]
    assert device.connections == 0


def test_refused_set_up_command_fails_the_device_if_the_platform_says_so(device: SshDevice) -> None:
    verdicts = (unsupported("^% Invalid input"),)
    platform = attrs.evolve(IOS, setup=("pager off",), setup_failure="fail", verdicts=verdicts)
    assert words(ask(wire(device, platform), CLOCK)) == ["denied"]
    assert words(ask(wire(device, attrs.evolve(platform, setup_failure="ignore")), CLOCK)) == [""]


@pytest.mark.parametrize("device_type", ["cisco_ios_telnet", "no_such_type"])
def test_device_type_that_is_not_ssh(device: SshDevice, device_type: str) -> None:
    assert words(ask(wire(device, device_type=device_type), CLOCK)) == ["unreachable"]


def test_ssh_config_file_is_used(device: SshDevice, tmp_path) -> None:
    config = tmp_path / "config"
    config.write_text("Host switch\n  HostName 127.0.0.1\n")
    assert ask(wire(device, host="switch", ssh_config_file=str(config)), CLOCK)[0].text == "12:00\r\n"


def test_secrets_are_never_shown_or_logged(device: SshDevice, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("netmiko", "paramiko", "nautobot_topology_cache.ssh"):
        caplog.set_level(logging.DEBUG, logger=name)
    device.user_mode = True
    session = wire(device, attrs.evolve(IOS, setup=()))
    shown = [repr(session), repr(target(device)), repr(session.answer(CLOCK))]
    session._connection.write_channel(f"{PASSWORD}\n")  # as netmiko's special login handlers do
    session.close()
    ask(wire(device, credentials=Credentials(username=USERNAME, password="wro'ng")), CLOCK)
    shown += [record.getMessage() for record in caplog.records]
    assert any("Connected" in text for text in shown), "paramiko was not listened to"
    for secret in (PASSWORD, SECRET, "wro'ng"):
        spellings = (secret, repr(secret)[1:-1], repr(secret.encode())[2:-1])
        assert not [text for text in shown if any(spelling in text for spelling in spellings)]


def test_netmiko_forgets_the_secrets_when_the_session_ends(device: SshDevice) -> None:
    """Its logger has a filter per connection that holds the password."""
    from netmiko import log

    before = list(log.filters)
    ask(wire(device), CLOCK)
    ask(wire(device, credentials=Credentials(username=USERNAME, password="wrong")), CLOCK)
    ask(wire(device, host_key="nonsense"), CLOCK)
    assert log.filters == before


def test_timeouts_are_overridden_by_their_settings_names() -> None:
    assert PATIENT.overridden({"command_timeout": 90}) == attrs.evolve(PATIENT, command=90)
    with pytest.raises(TypeError):
        PATIENT.overridden({"comand_timeout": 90})


def test_command_that_was_on_its_way_when_the_device_hung_up_is_asked_again(device: SshDevice) -> None:
    async def leave_soon(shell: Shell) -> str:
        await shell.write("done\r\nsw1#")
        line = await shell.process.stdin.readline()
        assert line == b"show clock\n"
        shell.process.get_extra_info("connection").abort()
        raise HangUpError

    device.answers["show last"] = leave_soon
    session = wire(device)
    first, second, third = ask(session, Ask("show last"), CLOCK, Ask("show last"))
    assert (first.text, second.text, third.text) == ("done\r\n", "12:00\r\n", "done\r\n")
    assert session.connections == device.connections == 2


def test_device_that_knows_only_sha_1_is_reached_where_that_is_allowed(device: SshDevice) -> None:
    device.key = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
    device.key_exchanges = ("diffie-hellman-group14-sha1",)
    device.only_sha1 = True
    [refused] = ask(wire(device), CLOCK)
    assert str(refused.failure).startswith("unreachable: the device offers only SSH algorithms")
    session = wire(device, legacy_ssh=True)
    assert ask(session, CLOCK)[0].text == "12:00\r\n"
    assert ask(wire(device, legacy_ssh=True, host_key=session.host_key), CLOCK)[0].text == "12:00\r\n"
    device.key_exchanges = ("diffie-hellman-group-exchange-sha1",)
    assert ask(wire(device, legacy_ssh=True), CLOCK)[0].text == "12:00\r\n"
