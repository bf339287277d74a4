"""What foreign exceptions mean: the one table from those of netmiko, paramiko and sockets to first words of reasons."""

from __future__ import annotations

import socket

import attrs
from netmiko import exceptions as netmiko
from paramiko import ssh_exception as paramiko

from nautobot_topology_cache.collect.results import Failure


@attrs.frozen
class Meaning:
    """`advice` says what happened and what to do; `again` whether the same connection may succeed if tried again."""

    word: str
    advice: str
    again: bool = False


class UnknownHostKeyError(paramiko.SSHException):  # type: ignore[misc]  # paramiko is untyped
    """The policy is `strict` and no key of this device is known."""


class UnreadableKeyError(paramiko.SSHException):  # type: ignore[misc]
    """A key we were given is no key."""


_LOST = Meaning("disconnected", "the device closed the session")
_NO_ANSWER = Meaning("unreachable", "no answer in time: is the address right, is the device up?", again=True)
_NO_SSH = Meaning("unreachable", "no SSH session could be made: does an SSH server listen on this port?")
_REFUSED = Meaning("auth", "the device refuses these credentials: look at its secrets group")
_NO_KEX = (
    "the device offers only SSH algorithms that paramiko has given up: update it, or set `topology_cache.ssh_legacy`"
    " in its config context if it needs SHA-1"
)
_NO_TERMINAL = "the device logs us in but opens no terminal: are its lines all in use?"
_HUNG_UP = Meaning("unreachable", "the device hung up before the login: are its lines all in use?")
_SSH_CONFIG = Meaning("unreachable", "the OpenSSH configuration in `ssh_config_file` is not usable")
_NEVER = Meaning("disconnected", "netmiko gave up")

MEANINGS: dict[type[BaseException], Meaning] = {
    netmiko.NetmikoBaseException: _NEVER,
    netmiko.ConfigInvalidException: _NEVER,
    netmiko.NetmikoParsingException: _NEVER,
    netmiko.ConnectionException: _NO_SSH,
    netmiko.NetmikoTimeoutException: _NO_SSH,
    netmiko.NetmikoAuthenticationException: _REFUSED,
    netmiko.ReadException: _LOST,
    netmiko.WriteException: _LOST,
    netmiko.ReadTimeout: Meaning("timeout", "the device lets us in, but shows no terminal or no prompt"),
    paramiko.SSHException: _NO_SSH,
    paramiko.AuthenticationException: _REFUSED,
    paramiko.UnableToAuthenticate: _REFUSED,
    paramiko.PasswordRequiredException: Meaning("auth", "the private key is encrypted: store it without a passphrase"),
    paramiko.BadAuthenticationType: Meaning("auth", "the device does not accept this kind of credentials"),
    paramiko.PartialAuthentication: Meaning("auth", "the device wants a second factor, which a discovery cannot give"),
    paramiko.BadHostKeyException: Meaning(
        "host_key", "the device shows another host key than the known one: if it was replaced, forget the known key"
    ),
    UnknownHostKeyError: Meaning("host_key", "no host key of this device is known, and `host_key_policy` is strict"),
    UnreadableKeyError: Meaning("host_key", "the stored host key cannot be read: forget it"),
    paramiko.ChannelException: Meaning("disconnected", _NO_TERMINAL),
    paramiko.IncompatiblePeer: Meaning("unreachable", _NO_KEX),
    paramiko.MessageOrderError: _NO_SSH,
    paramiko.ProxyCommandFailure: Meaning("unreachable", "the jump host of `ssh_config_file` did not let us through"),
    paramiko.ConfigParseError: _SSH_CONFIG,
    paramiko.CouldNotCanonicalize: _SSH_CONFIG,
    paramiko.NoValidConnectionsError: Meaning("unreachable", "the device refuses connections to its SSH port"),
    socket.gaierror: Meaning("unreachable", "the host name is unknown"),
    ConnectionRefusedError: Meaning("unreachable", "the device refuses connections to its SSH port"),
    TimeoutError: _NO_ANSWER,
    OSError: Meaning("unreachable", "the network does not lead there"),
    ConnectionError: _HUNG_UP,
    EOFError: _HUNG_UP,
    ValueError: Meaning("disconnected", "netmiko does not understand the device's prompt: is the driver right?"),
}
FOREIGN = (paramiko.SSHException, netmiko.NetmikoBaseException, OSError, EOFError, ValueError)
"""All that netmiko may raise while it connects: the entries above have no other roots."""

_WRAPPERS = (netmiko.NetmikoTimeoutException, netmiko.NetmikoAuthenticationException, paramiko.SSHException)


def meaning(error: BaseException) -> Meaning:
    """What an exception of FOREIGN means, by its own class or the nearest listed one above it."""
    cause = _cause(error)
    return next(MEANINGS[kind] for kind in type(cause).__mro__ if kind in MEANINGS)


def failure(error: BaseException) -> Failure:
    """The failure with which a device ends that could not be logged in to."""
    said = str(_cause(error)).strip().partition("\n")[0]
    known = meaning(error)
    return Failure(known.word, f"{known.advice} ({said})" if said else known.advice)


def _cause(error: BaseException) -> BaseException:
    """What netmiko wraps of paramiko wraps of what the socket says: the innermost that we know."""
    inner = error.__cause__ or error.__context__
    while type(error) in _WRAPPERS and isinstance(inner, FOREIGN):
        error, inner = inner, inner.__cause__ or inner.__context__
    if "No existing session" in str(error):
        return TimeoutError("the key exchange did not end in time")
    return error
