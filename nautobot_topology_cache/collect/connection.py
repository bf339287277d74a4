"""netmiko's connection for a device type, opened without sleeping and with our own word on host keys.

The only module that knows netmiko's connection classes. Nothing here logs what is written: it may be a secret.
"""

from __future__ import annotations

import io
import logging
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Literal

import paramiko
from netmiko.base_connection import BaseConnection
from netmiko.exceptions import ReadTimeout
from netmiko.ssh_dispatcher import CLASS_MAPPER
from paramiko.hostkeys import HostKeyEntry, InvalidHostKey

from nautobot_topology_cache.collect.errors import SessionError
from nautobot_topology_cache.collect.failures import FOREIGN, UnknownHostKeyError, UnreadableKeyError
from nautobot_topology_cache.collect.legacy import LegacyTransport
from nautobot_topology_cache.collect.results import Failure
from nautobot_topology_cache.collect.targets import Target

HostKeyPolicy = Literal["strict", "first_use", "ignore"]

SSH_LOG = logging.getLogger("nautobot_topology_cache.ssh")
if SSH_LOG.level == logging.NOTSET:
    # paramiko logs every lost connection with a traceback; here each is a Failure already.
    SSH_LOG.setLevel(logging.CRITICAL)


class _Policy(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]  # paramiko is untyped
    """Asked by paramiko, before it authenticates, about a key that it was not told to expect."""

    def __init__(self, strict: bool) -> None:
        self.strict = strict

    def missing_host_key(self, client: Any, hostname: str, key: paramiko.PKey) -> None:
        if self.strict:
            raise UnknownHostKeyError(f"{hostname} shows {key_text(key)}")


def _transport(kind: type[paramiko.Transport], sock: Any, **options: Any) -> paramiko.Transport:
    """A transport that prefers ciphers with a built-in MAC: paramiko compares others in Python, a sixth of all CPU."""
    transport = kind(sock, **options)
    security = transport.get_security_options()
    security.ciphers = sorted(security.ciphers, key=lambda name: "gcm" not in name)
    return transport


class _Through:
    """paramiko's way through a jump host, whose end it would wait for in vain."""

    def __init__(self, command: paramiko.ProxyCommand) -> None:
        self._command = command

    def __getattr__(self, name: str) -> Any:
        return getattr(self._command, name)

    def recv(self, size: int) -> bytes:
        """Raises ProxyCommandFailure, with what OpenSSH said last, once it has ended."""
        try:
            data: bytes = self._command.recv(size)
        except TimeoutError:
            process = self._command.process
            if process.poll() is None:
                raise
            said = process.stderr.read().decode(errors="replace").split("\n")
            raise paramiko.ProxyCommandFailure(self._command.cmd[0], " ".join(said).strip()) from None
        return data


class Connection(BaseConnection):
    """What every netmiko class gets in front of it; see `connection_class`."""

    known_key: paramiko.PKey | None = None
    contacted = False
    """Whether a TCP connection was made."""
    login_timeout: float = 0.0
    legacy_ssh = False

    def _connect_params_dict(self) -> dict[str, Any]:
        """The parameters for paramiko, with a socket of our own, so that "no TCP connection" is told from "no SSH"."""
        params = self._configured_params()
        host, port = params["hostname"], params["port"]
        self._host_key_name = host if port == paramiko.config.SSH_PORT else f"[{host}]:{port}"
        if params["sock"] is None:
            params["sock"] = self._connect(host, port, params["timeout"])
        else:
            params["sock"] = _Through(params["sock"])
        # From here on paramiko means the SSH handshake by it, whose first wait is for the banner.
        params["timeout"] += params["banner_timeout"]
        params["channel_timeout"] = params["auth_timeout"]
        params["transport_factory"] = partial(_transport, LegacyTransport if self.legacy_ssh else paramiko.Transport)
        self.contacted = True
        return params

    def _configured_params(self) -> dict[str, Any]:
        """netmiko's; it would go without a jump host if the file that names it were not there."""
        try:
            if self.ssh_config_file:
                Path(self.ssh_config_file).expanduser().open().close()
            params: dict[str, Any] = super()._connect_params_dict()
        except (OSError, ValueError) as error:
            # The latter is netmiko's word on a `ProxyJump` of several hosts.
            raise paramiko.ConfigParseError(str(error)) from error
        return params

    def _connect(self, host: str, port: int, seconds: float) -> socket.socket:
        """A TCP connection that sends at once: paramiko's small packets else wait for each other's acknowledgement."""
        try:
            sock = socket.create_connection((host, port), seconds)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except ConnectionResetError:
            self.contacted = True  # a port that is closed would have refused
            raise
        return sock

    def _build_ssh_client(self) -> paramiko.SSHClient:
        client = super()._build_ssh_client()
        client.set_log_channel(SSH_LOG.name)
        if self.known_key is not None:
            client.get_host_keys().add(self._host_key_name, self.known_key.get_name(), self.known_key)
        return client

    def open(self) -> None:
        """Log in and open a terminal; raises what `failures.FOREIGN` lists."""
        self._modify_connection_params()
        with self._given_up_after(self.login_timeout):
            self.establish_connection()

    def prepare_session(self) -> None:
        """Paging off and wide lines as netmiko does it for this device type, then ask for one more prompt."""
        with self._given_up_after(self.login_timeout):
            self._try_session_preparation(force_data=False)
            self.write_channel(self.RETURN)

    @contextmanager
    def _given_up_after(self, seconds: float) -> Iterator[None]:
        """Hang up in the stead of paramiko and netmiko, some of whose waits have no end or none that we set."""
        expired = threading.Event()

        def hang_up() -> None:
            expired.set()
            self.hang_up()

        timer = threading.Timer(seconds, hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        except FOREIGN as error:
            if expired.is_set():
                raise ReadTimeout(f"given up after {seconds:g} s") from error
            raise
        finally:
            timer.cancel()

    @property
    def terminal_channel(self) -> Any:
        """The channel of the shell, paramiko's."""
        return self.remote_conn

    def write_channel(self, out_data: str) -> None:
        """The original logs all that is written, passwords included."""
        self.terminal_channel.sendall(out_data.encode(self.encoding))

    def read_until_pattern(
        self, pattern: str = "", read_timeout: float = 10.0, re_flags: int = 0, max_loops: int | None = None
    ) -> str:
        """What netmiko promises, kept by blocking on the channel; what follows the pattern stays for the next read."""
        end = time.monotonic() + read_timeout
        output = ""
        while True:
            output += self.read_channel()
            match = re.search(pattern, output, flags=re_flags)
            if match:
                self._read_buffer = output[match.end() :] + self._read_buffer
                return output[: match.end()]
            self._await_data(end, pattern)

    def _await_data(self, end: float, pattern: str) -> None:
        self.terminal_channel.settimeout(max(end - time.monotonic(), 0.001))
        try:
            data = self.terminal_channel.recv(65536)
        except TimeoutError:
            raise ReadTimeout(f"{pattern!r} did not come") from None
        if not data:
            raise EOFError("the device closed the session while it was prepared")
        self._read_buffer += self.normalize_linefeeds(data.decode(self.encoding, "ignore"))

    def host_key(self) -> str:
        """The key of the device that we are logged in to, or `""`."""
        transport = self._transport()
        return key_text(transport.get_remote_server_key()) if transport and transport.initial_kex_done else ""

    def cleanup(self, command: str = "") -> None:
        """No goodbye: it costs a round trip and some devices ask back."""

    def hang_up(self) -> None:
        """Close the transport; safe at any time and from any thread."""
        if transport := self._transport():
            transport.close()

    def _transport(self) -> paramiko.Transport | None:
        client = getattr(self, "remote_conn_pre", None)
        return client.get_transport() if client else None

    def disconnect(self) -> None:
        self.hang_up()
        super().disconnect()


@lru_cache(maxsize=64)
def connection_class(device_type: str) -> type[Connection]:
    """The class netmiko has for this device type behind ours."""
    theirs = CLASS_MAPPER.get(device_type)
    if theirs is None or device_type.endswith(("_telnet", "_serial")):
        raise SessionError(Failure("unreachable", f"netmiko has no SSH device type {device_type!r}: mend the mapping"))
    return type(f"Blocking{theirs.__name__}", (Connection, theirs), {})


def connection(target: Target, policy: HostKeyPolicy, ssh_config_file: str, patience: float) -> Connection:
    """A connection that is not open yet; no single wait of it exceeds `patience` seconds."""
    given, waits = target.credentials, target.timeouts
    known_key = _host_key(target.host_key) if target.host_key and policy != "ignore" else None
    private_key = _private_key(given.private_key) if given.private_key else None
    made = connection_class(target.device_type)(
        host=target.host,
        port=target.port,
        device_type=target.device_type,
        username=given.username,
        password=given.password or None,
        secret=given.secret,
        pkey=private_key,
        conn_timeout=min(waits.connect, patience),
        banner_timeout=min(waits.banner, patience),
        auth_timeout=min(waits.auth, patience),
        ssh_config_file=ssh_config_file or None,
        auto_connect=False,
    )
    made.login_timeout = min(waits.connect + waits.banner + waits.auth, patience)
    made.key_policy = _Policy(strict=policy == "strict")
    made.known_key = known_key
    made.legacy_ssh = target.legacy_ssh
    return made


def key_text(key: paramiko.PKey) -> str:
    """A public key in OpenSSH's form."""
    return f"{key.get_name()} {key.get_base64()}"


def _host_key(text: str) -> paramiko.PKey:
    try:
        entry = HostKeyEntry.from_line(f"known {text}")
    except (InvalidHostKey, paramiko.SSHException) as error:
        raise UnreadableKeyError(text[:40]) from error
    if entry is None or entry.key is None:
        raise UnreadableKeyError(text[:40])
    return entry.key


def _private_key(text: str) -> paramiko.PKey:
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text))
        except paramiko.PasswordRequiredException:
            raise
        except (paramiko.SSHException, ValueError):
            continue
    raise SessionError(Failure("auth", "the private key is neither Ed25519 nor ECDSA nor RSA in OpenSSH's or PEM form"))
