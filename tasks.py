"""The project's commands: `invoke --list`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from invoke import Context, task

from development import demo as demonstration
from development.processes import LaunchError


@contextmanager
def _plain_errors() -> Iterator[None]:
    """A LaunchError tells all there is to tell: no traceback."""
    try:
        yield
    except LaunchError as error:
        sys.exit(f"\n{error}")


@task(help={"no_lab": "Nautobot alone, without lab and devices", "fresh": "begin with an empty database"})
def demo(_context: Context, no_lab: bool = False, fresh: bool = False) -> None:
    """Start Nautobot with this app and a simulated network, discover it, and leave all running."""
    with _plain_errors():
        demonstration.demo(with_lab=not no_lab, fresh=fresh)


@task
def stop(_context: Context) -> None:
    """End everything that demo and test started."""
    with _plain_errors():
        demonstration.stop()
