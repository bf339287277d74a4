"""A Nautobot of the bench's own: servers of its own, a copy of the template database, dropped at the end."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from development import STATE
from development.database import copy_template, drop_ours, ensure_template
from development.environment import nautobot_environment
from development.processes import Processes, locked
from development.servers import ensure_servers, stop_servers

DATABASE = "topology_cache_bench"


@contextmanager
def nautobot() -> Iterator[Callable[[], None]]:
    """Its environment; what is given makes this process one of Nautobot's, and nothing may fork after that.

    The environment must be there before anything imports the app, and with it Nautobot's settings.
    """
    processes = Processes(STATE / "bench")
    with locked(processes.state):
        servers = ensure_servers(processes)
        environment = nautobot_environment(processes.state, servers) | {"NAUTOBOT_DB_NAME": DATABASE}
        template = ensure_template(servers.database, environment, processes.log("template"))
        drop_ours(servers.database, DATABASE)
        copy_template(servers.database, template, DATABASE)
        try:
            os.environ.update(environment)
            yield lambda: _set_up(environment["NAUTOBOT_CONFIG"])
        finally:
            drop_ours(servers.database, DATABASE)
            stop_servers(processes)


def _set_up(configuration: str) -> None:
    import nautobot

    with warnings.catch_warnings():
        # Nautobot's own deprecations at import: pages of them, none of ours to mend.
        warnings.simplefilter("ignore")
        nautobot.setup(config_path=configuration)
