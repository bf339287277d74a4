"""The environment of every Nautobot process that runs from a state folder."""

import os
import secrets
import sysconfig
from pathlib import Path

from development import ROOT, STATE
from development.processes import write_private
from development.servers import Servers

NAUTOBOT_SERVER = str(Path(sysconfig.get_path("scripts")) / "nautobot-server")


def nautobot_environment(state: Path, servers: Servers) -> dict[str, str]:
    """This process's environment plus where Nautobot finds its configuration, its servers and its secret key."""
    return {
        **python_environment(),
        **servers.environment(),
        "NAUTOBOT_CONFIG": str(ROOT / "development" / "nautobot_config.py"),
        "NAUTOBOT_ROOT": str(state / "nautobot"),
        "NAUTOBOT_DB_NAME": os.environ.get("NAUTOBOT_DB_NAME") or "nautobot",
        "NAUTOBOT_SECRET_KEY": os.environ.get("NAUTOBOT_SECRET_KEY") or _secret_key(state),
        # By default these are in /tmp under one name for all: beat dies where another user's file is.
        "NAUTOBOT_CELERY_BEAT_HEARTBEAT_FILE": str(state / "nautobot" / "beat.heartbeat"),
        "NAUTOBOT_CELERY_WORKER_HEARTBEAT_FILE": str(state / "nautobot" / "worker.heartbeat"),
        "NAUTOBOT_CELERY_WORKER_READINESS_FILE": str(state / "nautobot" / "worker.ready"),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }


def python_environment() -> dict[str, str]:
    """This process's environment, in which child processes keep compiled bytecode.

    Images for containers often set PYTHONDONTWRITEBYTECODE; then each start of Nautobot compiles 2,600 modules
    again, three seconds each time. The wish is kept for source folders: the bytecode goes below .state.
    """
    environment = dict(os.environ)
    if environment.pop("PYTHONDONTWRITEBYTECODE", None):
        environment["PYTHONPYCACHEPREFIX"] = str(STATE / "bytecode")
    return environment


def _secret_key(state: Path) -> str:
    path = state / "secret-key"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(50))
    return path.read_text()
