"""`invoke check-migrations`: does the quickly built template hold what Nautobot's migrations really arrive at?

Minutes of CPU: run it when Nautobot's version changes. Two databases are compared by columns, constraints, indexes and
the number of rows of each table.
"""

import subprocess

from development import ROOT, TEST_STATE
from development.database import create_empty, drop_ours, ensure_template, select
from development.environment import NAUTOBOT_SERVER, nautobot_environment
from development.processes import LaunchError, Processes, locked
from development.servers import Address, ensure_servers
from development.stages import stage

MIGRATED = "migrated_for_real"
ASPECTS = {
    "column": """
        SELECT table_name || '.' || column_name,
               concat_ws(' ', data_type, character_maximum_length, 'nullable ' || is_nullable)
        FROM information_schema.columns WHERE table_schema = 'public'
    """,
    # Names of constraints and indexes carry hashes of the migration's history: what they do is compared.
    "constraint": """
        SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid), '' FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
    """,
    "index": """
        SELECT tablename || ' ' || substring(indexdef FROM ' USING .*'), '' FROM pg_indexes WHERE schemaname = 'public'
    """,
}
HARMLESS = (
    # Third-party tables whose model and migrations disagree on the type of the id.
    "column auth_group_permissions.id:",
    "column silk_profile_queries.id:",
    # Content types of models that only older releases had.
    "rows of django_content_type:",
)


def check_migrations() -> None:
    """Print every difference; a LaunchError if there is one that is not known to be harmless."""
    processes = Processes(TEST_STATE)
    with locked(TEST_STATE):
        servers = ensure_servers(processes)
        environment = nautobot_environment(TEST_STATE, servers)
        template = ensure_template(servers.database, environment, processes.log("template"))
        with stage("Migrating an empty database", processes.log("migrate")):
            create_empty(servers.database, MIGRATED)
            _migrate({**environment, "NAUTOBOT_DB_NAME": MIGRATED}, processes)
        differences = _differences(servers.database, template)
        drop_ours(servers.database, MIGRATED)
    for difference in differences:
        print(difference)
    unknown = [difference for difference in differences if not difference.startswith(HARMLESS)]
    print(f"{len(differences)} differences, {len(differences) - len(unknown)} of them known to be harmless")
    if unknown:
        raise LaunchError("\n".join(["the template differs from what the migrations make:", *unknown]))


def _migrate(environment: dict[str, str], processes: Processes) -> None:
    with processes.log("migrate").open("wb") as log:
        command = [NAUTOBOT_SERVER, "migrate", "--no-input"]
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise LaunchError("nautobot-server migrate failed")


def _differences(server: Address, template: str) -> list[str]:
    found = []
    for aspect, query in {**ASPECTS, "rows of": _count_rows(server)}.items():
        real, quick = (dict(select(server, query, database=name)) for name in (MIGRATED, template))
        found += [
            f"{aspect} {key}: migrated {real.get(key, 'absent')}, template {quick.get(key, 'absent')}"
            for key in sorted(real.keys() | quick.keys())
            if real.get(key) != quick.get(key)
        ]
    return found


def _count_rows(server: Address) -> str:
    """One query for the number of rows in every table."""
    tables = select(
        server, "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'", database=MIGRATED
    )
    return " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for (table,) in tables)  # noqa: S608
