"""A Nautobot that serves a browser from this process, on a copy of the template database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connections
from django.test import Client
from django.utils import timezone
from nautobot.extras.models import Job
from pytest_django.live_server_helper import LiveServer

from development.database import copy_template, drop_ours
from development.servers import ensure_servers
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.requests import Request
from tests.app import factories
from tests.browser.look import ATTACK, HOSTILE, Site
from tests.inventory import make_device
from tests.nautobot_env import test_processes
from tests.rows import store_sample


@contextmanager
def served() -> Iterator[Site]:
    with own_database():
        user = get_user_model().objects.create_superuser(username="visitor")
        device, other = make_device("hostile-1"), make_device("plain-1")
        furnish(device)
        store_sample(other, at=timezone.now())
        Job.objects.filter(job_class_name="DiscoverTopology").update(enabled=True)
        visitor = Client()
        visitor.force_login(user)
        server = LiveServer("127.0.0.1")
        try:
            yield Site(server.url, visitor.cookies["sessionid"].value, device, other)
        finally:
            server.stop()


@contextmanager
def own_database() -> Iterator[None]:
    """Every connection of this process, the server's threads included, goes to a fresh database meanwhile."""
    server = ensure_servers(test_processes()).database
    name = f"test_browser_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}"
    drop_ours(server, name)
    copy_template(server, os.environ["TOPOLOGY_CACHE_TEST_TEMPLATE"], name)
    usual = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
    _connect_to(dict.fromkeys(usual, name))
    try:
        yield
    finally:
        _connect_to(usual)
        drop_ours(server, name)


def _connect_to(names: dict[str, str]) -> None:
    # Ids of content types that one database was given meanwhile are nothing in the other.
    ContentType.objects.clear_cache()
    for alias, name in names.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def furnish(device) -> None:
    """Rows, outputs and runs of a device all of whose words are HTML."""
    for table in CATALOG:
        for n in (1, 2):
            factories.make_row(table, device, n, HOSTILE)
        factories.make_row(table, device, 1, HOSTILE, valid_to=timezone.now() - timedelta(days=1))
    factories.make_row("interfaces", device, 3, HOSTILE, description=ATTACK, speed=25_000_000)
    factories.make_row("neighbors", device, 3, HOSTILE, neighbor_name=ATTACK, description=ATTACK)
    factories.make_output(device, raw=f"{ATTACK}\nsecond line", parsed=[{"NAME": ATTACK, "nested": {"in": [HOSTILE]}}])
    factories.make_output(device, 2, HOSTILE, outcome="failed", reason=f"unparsed: {ATTACK}", parsed={"not": "flat"})
    factories.make_cache(device, host_key=f"ssh-ed25519 {HOSTILE}")
    run = factories.make_run(options=Request(devices=(str(device.pk),), tables=("interfaces",)).as_options())
    factories.make_item(run, device, status="completed_with_errors", **hostile_ending())


def hostile_ending() -> dict:
    """How a device of a run ended that shows everything an item can show."""
    where = {"table": "interfaces", "command": ATTACK, "context": HOSTILE}
    figures = dict.fromkeys(("parsed", "stored", "filtered", "added", "changed", "removed", "unchanged"), 1)
    return {
        "error": ATTACK,
        "tables": {"interfaces": {"outcome": "failed", "reason": HOSTILE, "rejected": 1, "unparsed": 1, **figures}},
        "commands": [{**where, "outcome": "failed", "reason": HOSTILE, "source": "device", "duration": 0.5}],
        "detail": {
            "rejected": [{**where, "reason": HOSTILE, "row": {"NAME": ATTACK}}],
            "unparsed": [{**where, "line": ATTACK}],
        },
        "rows": {"interfaces": [{"name": ATTACK, "speed": None}]},
    }
