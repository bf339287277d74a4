"""A Nautobot database in seconds: built from the models, kept as a template, copied for the demo and the tests.

`nautobot-server migrate` spends minutes of CPU on an empty database. The models already say what all those
migrations arrive at, so `python -m development.database` creates their tables, calls the few seeding migrations that an
empty database needs, and records every migration as applied. The app and django-rq are left out:
their migrations are run on each copy, as they are in production.
"""

import hashlib
import importlib
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import psycopg2

from development import ROOT
from development.processes import LaunchError
from development.servers import Address, connect

OURS = "created by nautobot-topology-cache; its demo and tests may drop it"
"""The comment that marks a database as ours to drop: a server may be somebody's real one."""

CONFIGURATION = ROOT / "development" / "nautobot_config_bare.py"

SEEDS = (
    ("extras.migrations.0062_collect_roles_from_related_apps_roles",)
    + ("create_equivalent_roles_of_ipaddress_role_choices",),
    ("extras.migrations.0132_approval_workflow_seed_data", "create_default_scheduledjob_workflow"),
    ("ipam.migrations.0030_ipam__namespaces", "create_default_namespace"),
    ("vpn.migrations.0002_populate_defaults", "populate_default_vpn_profiles"),
    ("dcim.migrations.0087_populate_default_cable_types", "populate_default_cable_types"),
)
"""Functions of Nautobot's own data migrations that put rows into an empty database."""


def template_name() -> str:
    """Differs with Nautobot, django-rq and this file: each decides what the template holds."""
    parts = [metadata.version("nautobot"), metadata.version("django"), Path(__file__).read_text()]
    return f"nautobot_template_{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:12]}"


def ensure_template(server: Address, environment: Mapping[str, str], log: Path) -> str:
    """The template's name; it is built in a process of its own if this server does not have it yet."""
    name = template_name()
    if exists(server, name):
        return name
    draft = f"{name}_draft"
    _drop(server, draft)
    _execute(server, f'CREATE DATABASE "{draft}"', f"COMMENT ON DATABASE \"{draft}\" IS '{OURS}'")
    command = [sys.executable, "-m", "development.database"]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**environment, "NAUTOBOT_DB_NAME": draft, "NAUTOBOT_CONFIG": str(CONFIGURATION)},
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise LaunchError(f"the template database could not be built; the log is {log}")
    _execute(server, f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
    return name


def copy_template(server: Address, template: str, name: str) -> None:
    _execute(
        server,
        f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY',
        f"COMMENT ON DATABASE \"{name}\" IS '{OURS}'",
    )


def drop_ours(server: Address, name: str) -> None:
    """Drop a database, whoever is connected to it; refuse if we did not create it."""
    if exists(server, name) and _comment(server, name) != OURS:
        raise LaunchError(f"the database {name} on {server.host} was not created here; drop it yourself if you mean it")
    _drop(server, name)


def exists(server: Address, name: str) -> bool:
    return _one(server, "SELECT count(*) FROM pg_database WHERE datname = %s", name) == 1


def _comment(server: Address, name: str) -> object:
    return _one(server, "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", name)


def _drop(server: Address, name: str) -> None:
    _execute(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _one(server: Address, query: str, *values: str) -> object:
    connection = connect(server, "postgres")
    try:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            row = cursor.fetchone()
            return row[0] if row else None
    finally:
        connection.close()


def _execute(server: Address, *statements: str) -> None:
    connection = connect(server, "postgres")
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    except psycopg2.Error as error:
        raise LaunchError(f"PostgreSQL on {server.host}:{server.port} refused: {str(error).strip()}") from error
    finally:
        connection.close()


class _NoMigrations:
    """As `MIGRATION_MODULES`: no app has any, so `migrate --run-syncdb` creates tables from models."""

    def __contains__(self, app_label: str) -> bool:
        return True

    def __getitem__(self, app_label: str) -> None:
        return None


def build() -> None:
    """Fill the empty database `NAUTOBOT_DB_NAME` with Nautobot's tables and seeds, without any app."""
    import nautobot
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder

    nautobot.setup(os.environ["NAUTOBOT_CONFIG"])
    from nautobot.extras.management import populate_role_choices, populate_status_choices

    settings.MIGRATION_MODULES = _NoMigrations()
    call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
    settings.MIGRATION_MODULES = {}
    populate_status_choices(apps, verbosity=0)
    populate_role_choices(apps, verbosity=0)
    with connection.schema_editor() as editor:
        for module, name in SEEDS:
            seed = getattr(importlib.import_module(f"nautobot.{module}"), name)
            seed(*(apps, editor)[: seed.__code__.co_argcount])
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    on_disk = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    recorder.migration_qs.bulk_create(recorder.Migration(app=app, name=name) for app, name in sorted(on_disk))


if __name__ == "__main__":
    build()
