"""Routers as processes: each with namespaces of its own for network, mounts, processes and host name.

Nothing has a name outside: when the first process of a router ends, the kernel ends the others and takes away the
namespaces, the cables and all that was mounted.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import attrs

from development.lab.real import configuration
from development.lab.real.model import NETWORK, Network, Router
from development.processes import LaunchError

USERNAME = "reader"
IP = "/sbin/ip"
NAMESPACES = ("--net", "--mount", "--pid", "--uts", "--fork", "--kill-child", "--mount-proc")
DAEMON = "/usr/lib/frr/{name} --daemon --log file:/run/frr/{name}.log"
SECONDS = 30


@attrs.frozen
class Running:
    """A router that runs, and how it is reached."""

    router: Router
    process: subprocess.Popen[str]
    password: str

    @property
    def inside(self) -> int:
        """The first process in the namespaces, as the host counts."""
        pid = self.process.pid
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def possible() -> bool:
    """Whether this process may make namespaces and cables: root, and not in a container that forbids it."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        return False
    attempt = ["unshare", *NAMESPACES, IP, "link", "add", "name", "one", "type", "veth", "peer", "name", "two"]
    return subprocess.run(attempt, capture_output=True, check=False, timeout=SECONDS).returncode == 0


@contextmanager
def running(folder: Path, network: Network = NETWORK) -> Iterator[list[Running]]:
    """All routers, cabled and started; ended with the block, whatever happens in it."""
    password = secrets.token_urlsafe(12)
    shutil.rmtree(folder, ignore_errors=True)
    with ExitStack() as stack:
        routers = [stack.enter_context(_router(router, folder / router.name, password)) for router in network.routers]
        pids = {running.router.name: running.process.pid for running in routers}
        for link in network.links:
            a, b = link.ends
            _ip("link", "add", "name", a.interface, "address", a.mac, "netns", str(pids[a.router]), "type", "veth",
                "peer", "name", b.interface, "address", b.mac, "netns", str(pids[b.router]))  # fmt: skip
        for one in routers:
            _connect(one)
            _tell(one, "start")
        for one in routers:
            _expect(one, "started")
        yield routers


@contextmanager
def _router(router: Router, folder: Path, password: str) -> Iterator[Running]:
    """One router with its namespaces, waiting for its cables."""
    _write(router, folder, password)
    # A lab that is killed takes its routers along.
    command = ["setpriv", "--pdeathsig", "KILL", "unshare", *NAMESPACES, "sh", "-eu", str(folder / "init.sh")]
    with (folder / "router.log").open("w") as log:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        one = Running(router, process, password)
        _expect(one, "apart")
        yield one
    finally:
        process.kill()
        process.wait(SECONDS)


def _write(router: Router, folder: Path, password: str) -> None:
    """The files of one router; its own /etc/passwd and /etc/shadow know the reading user, the host's do not."""
    (folder / "frr").mkdir(parents=True)
    subprocess.run(["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "host_key")], check=True)
    (folder / "frr" / "frr.conf").write_text(configuration.frr(router))
    (folder / "frr" / "vtysh.conf").write_text("service integrated-vtysh-config\n")
    (folder / "lldpd.conf").write_text(configuration.lldpd(router))
    (folder / "sshd_config").write_text(configuration.SSHD.format(host_key=folder / "host_key", username=USERNAME))
    hashed = subprocess.run(
        ["/usr/bin/openssl", "passwd", "-6", "-stdin"], input=password, check=True, capture_output=True, text=True
    ).stdout.strip()
    for name, line in {
        "passwd": f"{USERNAME}:x:1999:1999::/:/bin/bash",
        "shadow": f"{USERNAME}:{hashed}:19000::::::",
    }.items():
        (folder / name).write_text(f"{Path('/etc', name).read_text().rstrip()}\n{line}\n")
    (folder / "shadow").chmod(0o600)
    (folder / "group").write_text(_with_member(Path("/etc/group").read_text()))
    (folder / "init.sh").write_text(_script(router, folder, configuration.linux(router)))


def _with_member(groups: str) -> str:
    """The reading user in the groups that may ask FRR and lldpd."""
    asks = ("frrvty", "adm")
    lines = [
        f"{line}{'' if line.endswith(':') else ','}{USERNAME}" if line.partition(":")[0] in asks else line
        for line in groups.splitlines()
    ]
    return "\n".join([*lines, f"{USERNAME}:x:1999:", ""])


def _script(router: Router, folder: Path, interfaces: Iterator[str]) -> str:
    """What the router's first process does. It begins and goes on when it is told to, by a line on its input."""
    lines = [
        f"hostname {router.name}",
        *(f"mount --bind {folder / name} /etc/{name}" for name in ("passwd", "shadow", "group", "frr")),
        "mount -t tmpfs -o mode=755 run /run",
        "mkdir -p /run/sshd /run/lldpd && install -d -o frr -g frrvty -m 775 /run/frr",
        "chown -R frr:frr /etc/frr && chmod 750 /etc/frr && chmod 640 /etc/frr/*",
        "echo apart",
        "read -r _",
        "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1",
        *interfaces,
        *(DAEMON.format(name=name) for name in configuration.DAEMONS),
        "vtysh -b >&2",
        f"lldpd -l -ccc -O {folder / 'lldpd.conf'}",
        "echo started",
        f"exec /usr/sbin/sshd -D -e -f {folder / 'sshd_config'}",
    ]
    return "\n".join([*lines, ""])


def _connect(one: Running) -> None:
    """The cable between the host and a router's port for management."""
    router, outside = one.router, f"real{one.router.number}"
    _ip("link", "add", "name", outside, "address", router.host_mac, "type", "veth", "peer", "name",
        configuration.MANAGEMENT, "address", router.management_mac, "netns", str(one.process.pid))  # fmt: skip
    _ip("address", "add", f"{router.host}/24", "dev", outside)
    _ip("link", "set", outside, "up")


def _ip(*arguments: str) -> None:
    done = subprocess.run([IP, *arguments], capture_output=True, text=True, check=False, timeout=SECONDS)
    if done.returncode:
        raise LaunchError(f"`ip {' '.join(arguments)}` failed: {done.stderr.strip()}")


def _tell(one: Running, word: str) -> None:
    stdin = one.process.stdin
    if stdin is not None:
        stdin.write(f"{word}\n")
        stdin.flush()


def _expect(one: Running, word: str) -> None:
    """The next line of a router's output."""
    line = one.process.stdout.readline().strip() if one.process.stdout else ""
    if line != word:
        log = Path(str(one.process.args[-1])).parent / "router.log"  # type: ignore[index]
        raise LaunchError(f"{one.router.name} did not come up; the end of {log}:\n{log.read_text()[-800:]}")
