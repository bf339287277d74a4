"""The table of foreign exceptions has no gap."""

from __future__ import annotations

import inspect
import socket

import pytest
from netmiko import exceptions as netmiko
from netmiko.ssh_dispatcher import CLASS_MAPPER
from paramiko import hostkeys, ssh_exception

from nautobot_topology_cache.collect.connection import Connection, connection_class
from nautobot_topology_cache.collect.failures import FOREIGN, MEANINGS, failure, meaning

FIRST_WORDS = {"unreachable", "auth", "host_key", "timeout", "disconnected"}


def exceptions_of(module: object) -> list[type[BaseException]]:
    found = (value for _, value in inspect.getmembers(module, inspect.isclass))
    return [kind for kind in found if issubclass(kind, BaseException)]


@pytest.mark.parametrize(
    "kind",
    sorted({*exceptions_of(netmiko), *exceptions_of(ssh_exception)}, key=str),
    ids=lambda kind: kind.__name__,
)
def test_every_exception_has_its_own_meaning(kind: type[BaseException]) -> None:
    assert kind in MEANINGS, f"{kind} is new: say in collect/failures.py what it means"
    assert issubclass(kind, FOREIGN), f"{kind} would not be caught"


def test_words_are_the_contracts() -> None:
    assert {known.word for known in MEANINGS.values()} <= FIRST_WORDS


def test_every_listed_exception_is_caught() -> None:
    assert all(issubclass(kind, FOREIGN) for kind in MEANINGS)
    assert issubclass(hostkeys.InvalidHostKey, Exception)


def test_nothing_about_credentials_or_keys_is_tried_again() -> None:
    assert {known.word for known in MEANINGS.values() if known.again} == {"unreachable"}


def wrapped(outer: Exception, *inner: Exception) -> Exception:
    """`outer` as it looks when it was raised while the inner ones were handled."""
    for around, within in zip((outer, *inner), inner, strict=False):
        around.__context__ = within
    return outer


@pytest.mark.parametrize(
    ("error", "word", "again"),
    [
        (TimeoutError("timed out"), "unreachable", True),
        (ConnectionRefusedError(), "unreachable", False),
        (ConnectionResetError(), "unreachable", False),
        (socket.gaierror(), "unreachable", False),
        (OSError(113, "No route to host"), "unreachable", False),
        (
            wrapped(netmiko.NetmikoTimeoutException(), ssh_exception.SSHException("banner"), TimeoutError()),
            "unreachable",
            True,
        ),
        (
            wrapped(netmiko.NetmikoTimeoutException(), ssh_exception.SSHException("banner"), EOFError()),
            "unreachable",
            False,
        ),
        (
            wrapped(netmiko.NetmikoTimeoutException(), ssh_exception.SSHException("No existing session")),
            "unreachable",
            True,
        ),
        (wrapped(netmiko.NetmikoAuthenticationException(), ssh_exception.PartialAuthentication(["x"])), "auth", False),
        (netmiko.ReadTimeout(), "timeout", False),
    ],
    ids=repr,
)
def test_the_innermost_known_cause_decides(error: Exception, word: str, again: bool) -> None:
    assert (meaning(error).word, meaning(error).again, failure(error).word) == (word, again, word)


def test_every_ssh_device_type_of_netmiko_can_be_used() -> None:
    for device_type in CLASS_MAPPER:
        if not device_type.endswith(("_telnet", "_serial")):
            assert issubclass(connection_class(device_type), (Connection, CLASS_MAPPER[device_type]))


def test_detail_is_one_line() -> None:
    detail = failure(netmiko.NetmikoTimeoutException("A paramiko SSHException\n\nand\nmore")).detail
    assert "\n" not in detail
    assert "SSH" in detail
