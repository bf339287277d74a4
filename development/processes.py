"""Background processes of one state folder: started once, found again by a later command, ended for good."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import attrs
import psutil


class LaunchError(Exception):
    """Something could not be started; the text says what, why, and which log to read."""


@attrs.frozen
class Processes:
    """Remembers what was started as (pid, start time): a pid alone may since belong to someone else."""

    state: Path

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str], cwd: Path) -> int:
        """Start `command` detached from this terminal, its output in the log of that name. Answers its pid."""
        self.logs.mkdir(parents=True, exist_ok=True)
        with self.log(name).open("wb") as log:
            child = subprocess.Popen(
                command,
                env=dict(environment),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._remember(name, psutil.Process(child.pid))
        return child.pid

    def pid(self, name: str) -> int | None:
        process = self._find(name)
        return process.pid if process else None

    def names(self) -> list[str]:
        return [name for name in self._read() if self._find(name)]

    def wait_until(self, name: str, ready: Callable[[], bool], seconds: float) -> None:
        """Block until `ready`; raise LaunchError as soon as the process has died, or after `seconds`."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self._find(name) is None:
                raise LaunchError(f"{name} ended before it was ready; its log is {self.log(name)}{self._tail(name)}")
            if time.monotonic() > deadline:
                raise LaunchError(f"{name} was not ready after {seconds:.0f} s; its log is {self.log(name)}")
            time.sleep(0.1)

    def stop(self, names: Sequence[str], sign: signal.Signals = signal.SIGTERM, seconds: float = 20) -> list[str]:
        """End these processes at once and wait; whatever is left after `seconds`, children included, is killed."""
        found = {name: process for name in names if (process := self._find(name))}
        families = [*found.values()]
        for process in found.values():
            families += process.children(recursive=True)
            process.send_signal(sign)
        for process in _left(families, seconds):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        _left(families, 5)
        self._forget(names)
        return list(found)

    @property
    def _record(self) -> Path:
        return self.state / "processes.json"

    def _read(self) -> dict[str, list[float]]:
        return json.loads(self._record.read_text()) if self._record.exists() else {}

    def _remember(self, name: str, process: psutil.Process) -> None:
        write_private(self._record, json.dumps(self._read() | {name: [process.pid, process.create_time()]}))

    def _forget(self, names: Sequence[str]) -> None:
        write_private(self._record, json.dumps({k: v for k, v in self._read().items() if k not in names}))

    def _find(self, name: str) -> psutil.Process | None:
        pid, started = self._read().get(name, (0, 0.0))
        try:
            process = psutil.Process(int(pid))
        except psutil.NoSuchProcess:
            return None
        return process if pid and process.create_time() == started and _lives(process) else None

    def _tail(self, name: str) -> str:
        lines = self.log(name).read_text(errors="replace").splitlines()[-5:]
        return "".join(f"\n    {line}" for line in lines)


def kill_family(process: psutil.Process, seconds: float = 20) -> None:
    """Kill a process and all that it has started, held still so that it starts no other meanwhile."""
    if not _lives(process):
        return
    process.suspend()
    while children := [one for one in process.children(recursive=True) if _lives(one)]:
        for one in children:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(children, 0.1)
    process.kill()
    process.wait(seconds)


def _lives(process: psutil.Process) -> bool:
    """A process that has ended, but whose parent has not asked yet how, does not live: an orphan may wait for long."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _left(processes: Sequence[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Those that still live when all have ended or the time is up."""
    deadline = time.monotonic() + seconds
    while (left := [process for process in processes if _lives(process)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


@contextmanager
def locked(state: Path) -> Iterator[None]:
    """One command at a time prepares a state folder; a second waits here and finds the work done."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.replace(path)


def free_port(preferred: int = 0) -> int:
    """A TCP port of loopback on which nobody listens now; the preferred one if that is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", preferred))
        except OSError:
            return free_port()
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
