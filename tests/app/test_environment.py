"""The house the other tests live in: a Nautobot with this app, on a database copied from the template."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from nautobot.extras.models import Status

pytestmark = pytest.mark.django_db


def test_the_app_is_installed() -> None:
    assert apps.get_app_config("nautobot_topology_cache").base_url == "topology-cache"


def test_the_template_holds_nautobots_own_rows() -> None:
    assert Status.objects.filter(name="Active").exists()


def test_every_migration_is_applied() -> None:
    call_command("migrate", check_unapplied=True, verbosity=0)


def test_the_database_is_a_copy_and_not_the_demos() -> None:
    assert connection.settings_dict["NAME"].startswith("test_")
