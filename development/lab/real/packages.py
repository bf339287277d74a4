"""Debian's packages of the real routers: whether they are there, and how they come."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from development.processes import LaunchError

PROGRAMS = {
    "/usr/lib/frr/zebra": "frr",
    "/usr/sbin/lldpd": "lldpd",
    "/usr/sbin/sshd": "openssh-server",
    "/usr/bin/openssl": "openssl",
    "/sbin/ip": "iproute2",
    "/usr/bin/unshare": "util-linux",
}
POLICY = Path("/usr/sbin/policy-rc.d")
SECONDS = 300


def missing() -> list[str]:
    """The packages that the routers need and that are not installed."""
    return sorted({package for program, package in PROGRAMS.items() if not Path(program).exists()})


def install() -> list[str]:
    """Install what is missing, as root on Debian; a LaunchError says why that is not possible. Answers their names."""
    wanted = missing()
    if not wanted:
        return []
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise LaunchError(f"needs the packages {' '.join(wanted)}: install them, or call this as root on Debian")
    with _no_services():
        _apt_get("update")
        _apt_get("install", "--yes", "--no-install-recommends", *wanted)
    return wanted


def _apt_get(*arguments: str) -> None:
    command = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=60", *arguments]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.CalledProcessError as error:
        raise LaunchError(f"`{' '.join(command)}` failed: {error.stderr.strip()[-500:]}") from error
    except subprocess.TimeoutExpired as error:
        raise LaunchError(f"`{' '.join(command)}` did not end within {SECONDS} s") from error


@contextmanager
def _no_services() -> Iterator[None]:
    """Debian starts what it installs unless this file says no; one that is there already is left alone."""
    ours = not POLICY.exists()
    if ours:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            POLICY.unlink()
