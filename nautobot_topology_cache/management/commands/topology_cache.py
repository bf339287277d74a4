"""`nautobot-server topology_cache`: discovery from the command line, through the same code as every other door."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from nautobot.dcim.models import Device

from nautobot_topology_cache import discovery, queries
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.choices import StatusChoices
from nautobot_topology_cache.collect.flow import plan
from nautobot_topology_cache.models import DiscoveryRun, DiscoveryRunItem
from nautobot_topology_cache.requests import FILTERS, SYNONYMS, TIMEOUTS, BadRequest, Request

BAR = 30
INTERRUPTED = 130
"""A shell's exit status for what Ctrl-C ended."""


class Command(BaseCommand):
    """Sub-commands of the app; see `--help` of each."""

    help = "Discover devices and look at what would be asked of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        discover = actions.add_parser("discover", help="Log in to devices and keep what they answer.")
        discover.add_argument("devices", nargs="*", help="Devices by name or id.")
        for name in FILTERS:
            discover.add_argument(f"--{name.replace('_', '-')}", action="append", help=f"By name or id of a {name}.")
        discover.add_argument("--tables", action="append", choices=list(CATALOG), help="Repeatable; none means all.")
        for name in SYNONYMS:
            flag = f"--{name.replace('_', '-')}"
            discover.add_argument(flag, action="store_const", const=True, help="Older name for tables.")
        discover.add_argument("--no-cache-results", dest="cache_results", action="store_const", const=False)
        discover.add_argument(
            "--force-refresh", action="store_const", const=True, help="Contact the devices in any case."
        )
        discover.add_argument("--command-ttl-minutes", type=int, help="Time to live of stored answers in this run.")
        discover.add_argument("--secrets-group", help="Credentials instead of each device's own.")
        discover.add_argument("--concurrency", type=int, help="Sessions at a time.")
        for name in TIMEOUTS:
            discover.add_argument(f"--{name.replace('_', '-')}", type=float, help="Seconds, instead of the setting.")
        discover.add_argument("--dry-run", action="store_const", const=True, help="Connect to nothing.")
        discover.add_argument("--username", help="Discover as this user; without it, with every permission.")
        commands = actions.add_parser("commands", help="List every command that would be sent to a device.")
        commands.add_argument("device", help="A device's name or id.")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        {"discover": self._discover, "commands": self._commands}[action](options)

    def _discover(self, options: dict[str, Any]) -> None:
        names = ("devices", *FILTERS, "tables", *SYNONYMS, "cache_results", "force_refresh", "command_ttl_minutes")
        names += ("secrets_group", "concurrency", *TIMEOUTS, "dry_run")
        user = _user(options["username"])
        try:
            request = Request.from_names({name: options[name] for name in names if options[name] is not None}, user)
            run = discovery.create_run(request, user)
            with _terminated_as_interrupted():
                discovery.execute(run, user, report=self._show_progress)
        except BadRequest as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as error:
            raise CommandError("\nInterrupted; the run is cancelled.", returncode=INTERRUPTED) from error
        run.refresh_from_db()
        self._show_summary(run)
        if run.status == StatusChoices.FAILED:
            raise CommandError(run.error or "No device completed.")

    def _show_progress(self, item: DiscoveryRunItem) -> None:
        items = item.run.items
        ended, total = items.filter(status__in=StatusChoices.ENDED).count(), items.count()
        done = BAR * ended // total
        self.stderr.write(f"\r[{'#' * done}{' ' * (BAR - done)}] {ended}/{total} {item.device_name:<40.40}", ending="")
        self.stderr.flush()

    def _show_summary(self, run: DiscoveryRun) -> None:
        self.stderr.write("")
        for item in run.items.all():
            self.stdout.write(discovery.line(item))
        shown = ("stored", "added", "changed", "removed", "unchanged", "rejected")
        columns = "{:<20}" + "{:>11}" * len(shown)
        self.stdout.write(columns.format("table", *shown))
        for table in CATALOG:
            figures = [sum(item.tables.get(table, {}).get(name, 0) for item in run.items.all()) for name in shown]
            self.stdout.write(columns.format(table, *figures))
        self.stdout.write(f"run {run.pk}: {run.status}; {discovery.summary(run)}")

    def _commands(self, options: dict[str, Any]) -> None:
        request = _of_all_tables(options["device"])
        device = Device.objects.select_related("platform").get(pk=request.devices[0])
        try:
            platform = queries.platform_of(device, queries.supported_platforms())
        except queries.NotReachable as problem:
            raise CommandError(str(problem)) from problem
        for entry in plan(platform, request.tables):
            first, *others = (command.text for command in entry.alternatives)
            more = f"  (if that is not supported: {', '.join(others)})" if others else ""
            self.stdout.write(f"{first}{more}")


def _of_all_tables(device: str) -> Request:
    try:
        return Request.from_names({"devices": [device]}, _user(None))
    except BadRequest as error:
        raise CommandError(str(error)) from error


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """Let SIGTERM end a run as Ctrl-C does: as it is, Python would leave it behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _user(username: str | None) -> Any:
    """The named user, or any superuser: who may run this command may do everything."""
    users = get_user_model().objects.filter(is_active=True)
    users = users.filter(username=username) if username else users.filter(is_superuser=True)
    user = users.first()
    if user is None:
        raise CommandError(f"There is no active user {username}." if username else "There is no active superuser.")
    return user
