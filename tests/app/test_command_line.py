"""What the command line offers is what a request takes."""

import attrs
import pytest
from django.core.management import CommandError, call_command
from nautobot.users.models import User

from nautobot_topology_cache.management.commands.topology_cache import Command
from nautobot_topology_cache.models import DiscoveryRun
from nautobot_topology_cache.requests import SYNONYMS, Request
from tests.inventory import make_device

pytestmark = pytest.mark.django_db


def options_of(action: str) -> set[str]:
    """Names of what a sub-command can be told, besides how to print and as whom."""
    (parsers,) = Command().create_parser("nautobot-server", "topology_cache")._subparsers._group_actions
    return {one.dest for one in parsers.choices[action]._actions} - {"help", "json", "username"}


def test_a_discovery_takes_every_option_of_a_request():
    assert options_of("discover") == {*attrs.fields_dict(Request), *SYNONYMS} - {"answers"}


def test_options_reach_the_run():
    User.objects.create(username="root", is_superuser=True)
    make_device("a")
    with pytest.raises(CommandError, match="No device completed"):
        call_command("topology_cache", "discover", "a", "--dry-run", "--expand-depth", "2", "--connect-timeout", "3")
    options = DiscoveryRun.objects.get().options
    assert (options["expand_depth"], options["connect_timeout"], options["dry_run"]) == (2, 3.0, True)
