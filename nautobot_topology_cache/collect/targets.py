"""Whom to ask, and with what: plain values that threads may carry. No secret is ever part of a repr."""

from __future__ import annotations

from collections.abc import Mapping

import attrs


@attrs.frozen(kw_only=True)
class Credentials:
    """What opens a device. `private_key` is its text, offered before the password; `secret` is for privileged mode."""

    username: str
    password: str = attrs.field(default="", repr=False)
    private_key: str = attrs.field(default="", repr=False)
    secret: str = attrs.field(default="", repr=False)


@attrs.frozen(kw_only=True)
class Timeouts:
    """Seconds, each for one wait: TCP, answer to the login, SSH banner, one whole answer, the whole device."""

    connect: float
    auth: float
    banner: float
    command: float
    device: float

    def overridden(self, by: Mapping[str, float]) -> Timeouts:
        """These timeouts with those of `by` in their place, which are named as the settings are: `connect_timeout`."""
        return attrs.evolve(self, **{name.removesuffix("_timeout"): seconds for name, seconds in by.items()})


@attrs.frozen(kw_only=True)
class Target:
    """One device that can be logged in to. `host_key` is the known one, `ssh-ed25519 AAAA...`, or `""`."""

    device_id: str
    name: str
    host: str
    port: int
    driver: str
    device_type: str
    """netmiko's."""
    credentials: Credentials
    timeouts: Timeouts
    host_key: str = ""
    legacy_ssh: bool = False
    """Whether SHA-1 is taken from this device; see `legacy`."""
