"""A Nautobot database in seconds: built from the models, kept as a template, copied for the demo and the tests.

`nautobot-server migrate` spends minutes of CPU on an empty database. Nautobot's models already say what all its
migrations arrive at, so `python -m development.database` creates their tables, calls the few seeding migrations that an
empty database needs, and records them as applied. The migrations of the app and of django-rq are then run for real.
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

PREFIX = "nautobot_template_"

APPS = ("nautobot_topology_cache", "django_rq")
"""What is migrated as in production; all else is built from its models."""

SEEDS = (
    (
        "extras.migrations.0062_collect_roles_from_related_apps_roles",
        "create_equivalent_roles_of_ipaddress_role_choices",
    ),
    ("extras.migrations.0132_approval_workflow_seed_data", "create_default_scheduledjob_workflow"),
    ("ipam.migrations.0030_ipam__namespaces", "create_default_namespace"),
    ("vpn.migrations.0002_populate_defaults", "populate_default_vpn_profiles"),
    ("dcim.migrations.0080_device_name_data_migration", "migrate_device_uniqueness_setting"),
    ("dcim.migrations.0087_populate_default_cable_types", "populate_default_cable_types"),
)
"""Functions of Nautobot's own data migrations that put rows into an empty database."""


def template_name() -> str:
    """Differs with everything that decides what the template holds."""
    app = ROOT / "nautobot_topology_cache"
    sources = [Path(__file__), app / "housekeeping.py", *sorted((app / "migrations").glob("*.py"))]
    parts = [metadata.version(name) for name in ("nautobot", "django", "django-rq")]
    parts += [source.read_text() for source in sources]
    return f"{PREFIX}{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:12]}"


def ensure_template(server: Address, environment: Mapping[str, str], log: Path) -> str:
    """The template's name; it is built in a process of its own if this server does not have it yet."""
    name = template_name()
    if exists(server, name):
        return name
    draft = f"draft_of_{name}"
    create_empty(server, draft)
    command = [sys.executable, "-m", "development.database"]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**environment, "NAUTOBOT_DB_NAME": draft},
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise LaunchError(f"the template database could not be built; the log is {log}")
    for outdated in _templates(server):
        drop_ours(server, outdated)
    _execute(server, f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
    return name


def create_empty(server: Address, name: str) -> None:
    """An empty database that is ours, in place of one of that name that is ours too."""
    drop_ours(server, name)
    _execute(server, f'CREATE DATABASE "{name}"', _mark(name))


def copy_template(server: Address, template: str, name: str) -> None:
    _execute(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY', _mark(name))


def drop_ours(server: Address, name: str) -> None:
    """Drop a database, whoever is connected to it; refuse if we did not create it."""
    if exists(server, name) and _comment(server, name) != OURS:
        raise LaunchError(f"the database {name} on {server.host} was not created here; drop it yourself if you mean it")
    _execute(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def exists(server: Address, name: str) -> bool:
    return bool(select(server, "SELECT 1 FROM pg_database WHERE datname = %s", name))


def _templates(server: Address) -> list[str]:
    return [str(name) for (name,) in select(server, "SELECT datname FROM pg_database") if str(name).startswith(PREFIX)]


def _comment(server: Address, name: str) -> object:
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    return select(server, query, name)[0][0]


def _mark(name: str) -> str:
    return f"COMMENT ON DATABASE \"{name}\" IS '{OURS}'"


def select(server: Address, query: str, *values: str, database: str = "postgres") -> list[tuple[object, ...]]:
    connection = connect(server, database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall()
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


class _NautobotOnly:
    """As a database router: the tables of our apps wait for their own migrations."""

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return app_label not in APPS


def build() -> None:
    """Fill the empty database `NAUTOBOT_DB_NAME`."""
    import nautobot

    nautobot.setup(os.environ["NAUTOBOT_CONFIG"])
    from django.core.management import call_command

    _create_tables_from_models()
    _sow()
    _record_as_applied()
    call_command("migrate", interactive=False, verbosity=1)


def _create_tables_from_models() -> None:
    from django.apps import apps
    from django.core.management import call_command
    from django.db.models.signals import post_migrate
    from django.test import override_settings
    from nautobot.core.apps import post_migrate_send_nautobot_database_ready as announce

    # What apps do when "the database is ready" needs their tables; the migrate that follows announces it.
    core = apps.get_app_config("core")
    post_migrate.disconnect(announce, sender=core)
    with override_settings(MIGRATION_MODULES=_NoMigrations(), DATABASE_ROUTERS=[_NautobotOnly()]):
        call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
    post_migrate.connect(announce, sender=core)


def _sow() -> None:
    from django.apps import apps
    from django.db import connection
    from nautobot.extras.management import populate_role_choices, populate_status_choices

    populate_status_choices(apps, verbosity=0)
    populate_role_choices(apps, verbosity=0)
    with connection.schema_editor() as editor:
        for module, name in SEEDS:
            seed = getattr(importlib.import_module(f"nautobot.{module}"), name)
            seed(*(apps, editor)[: seed.__code__.co_argcount])


def _record_as_applied() -> None:
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder

    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    on_disk = sorted(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    recorder.migration_qs.bulk_create(
        recorder.Migration(app=app, name=name) for app, name in on_disk if app not in APPS
    )


if __name__ == "__main__":
    build()
