"""`nautobot-server topology_cache`: everything the app does, from the command line, through the code of every door."""

from __future__ import annotations

from argparse import ArgumentParser, _SubParsersAction
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.management import actions
from nautobot_topology_cache.purging import LAYERS
from nautobot_topology_cache.requests import FILTERS, SYNONYMS, TIMEOUTS, BadRequest

ACTIONS = {
    "discover": actions.discover,
    "rebuild": actions.rebuild,
    "import": actions.import_folder,
    "export": actions.export_folder,
    "purge": actions.purge,
    "commands": actions.list_commands,
    "statistics": actions.show_statistics,
}


class Command(BaseCommand):
    """Sub-commands of the app; see `--help` of each."""

    help = "Discover devices, and look after what they answered."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parsers = parser.add_subparsers(dest="action", required=True)
        _add_discover(parsers)
        _add_rebuild(parsers)
        _add_exchange(parsers)
        _add_purge(parsers)
        commands = _added(parsers, "commands", "List every command that would be sent to a device.")
        commands.add_argument("device", help="A device's name or id.")
        _added(parsers, "statistics", "Tell how much is stored and how well it stands.")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        """Exit status 1 for what cannot be done or failed, 2 for wrong usage, 130 for what was interrupted."""
        try:
            ACTIONS[action](options, self.stdout, self.stderr)
        except BadRequest as error:
            raise CommandError(str(error)) from error


def _added(parsers: _SubParsersAction, name: str, text: str) -> ArgumentParser:
    parser: ArgumentParser = parsers.add_parser(name, help=text, description=text)
    parser.add_argument("--json", action="store_true", help="Print the result as JSON, and nothing else on stdout.")
    parser.add_argument("--username", help="Do it as this user; without it, with every permission.")
    return parser


def _add_filters(parser: ArgumentParser) -> None:
    parser.add_argument("devices", nargs="*", help="Devices by name or id.")
    for name in FILTERS:
        parser.add_argument(f"--{name.replace('_', '-')}", action="append", help="By name or id; repeatable.")


def _add_tables(parser: ArgumentParser) -> None:
    parser.add_argument("--tables", action="append", choices=list(CATALOG), help="Repeatable; none means all.")


def _add_discover(parsers: _SubParsersAction) -> None:
    parser = _added(parsers, "discover", "Log in to devices and keep what they answer.")
    _add_filters(parser)
    _add_tables(parser)
    for name in SYNONYMS:
        flag = f"--{name.replace('_', '-')}"
        parser.add_argument(flag, action="store_const", const=True, help="Older name for tables.")
    parser.add_argument(
        "--no-cache-results",
        dest="cache_results",
        action="store_const",
        const=False,
        help="Contact every device, and store nothing but the run with its rows.",
    )
    parser.add_argument("--force-refresh", action="store_const", const=True, help="Contact the devices in any case.")
    parser.add_argument("--command-ttl-minutes", type=int, help="Time to live of stored answers in this run.")
    parser.add_argument("--secrets-group", help="Credentials instead of each device's own.")
    parser.add_argument("--concurrency", type=int, help="Sessions at a time.")
    for name in TIMEOUTS:
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, help="Seconds, instead of the setting.")
    parser.add_argument("--expand-depth", type=int, help="Hops of neighbors that join the run.")
    parser.add_argument(
        "--dry-run", action="store_const", const=True, help="Connect to nothing; list what would be asked."
    )


def _add_rebuild(parsers: _SubParsersAction) -> None:
    parser = _added(parsers, "rebuild", "Fill the tables from stored command outputs; no device is contacted.")
    _add_filters(parser)
    _add_tables(parser)
    parser.add_argument("--all", action="store_true", help="Every device with stored outputs.")


def _add_exchange(parsers: _SubParsersAction) -> None:
    folder = "A folder with <host>/<command>.txt, and devices.yml if folders are named otherwise than devices."
    parser = _added(parsers, "import", "Read show outputs from files, as if the devices had just given them.")
    parser.add_argument("directory", help=folder)
    parser.add_argument("--collected-at", help="When they were given, in ISO 8601; without it, each file's own time.")
    _add_tables(parser)
    parser = _added(parsers, "export", "Write stored command outputs as files.")
    parser.add_argument("directory", help="A new or empty folder.")
    _add_filters(parser)
    parser.add_argument("--all", action="store_true", help="Every device with stored outputs.")
    parser.add_argument("--anonymize", action="store_true", help="Replace host names, addresses and MACs, all alike.")
    parser.add_argument("--key", help="Replace as in another export with this key; without it, by one made for this.")


def _add_purge(parsers: _SubParsersAction) -> None:
    parser = _added(parsers, "purge", "Remove what is stored. Devices, polling flags and host keys stay.")
    parser.add_argument("devices", nargs="*", help="Devices by name or id.")
    parser.add_argument("--all", action="store_true", help="Every device.")
    parser.add_argument("--layer", dest="layers", action="append", choices=LAYERS, help="Repeatable.")
    parser.add_argument("--older-than-days", type=int, help="Spare what is not older.")
    parser.add_argument("--history-only", action="store_true", help="Of the tables, closed rows alone.")
