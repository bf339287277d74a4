"""Everything the demo needs from Nautobot before it is used, in one process: each start of Nautobot costs seconds.

`python -m development.prepare ANSWER` reads its wishes from the variable `DEMO`, migrates, collects static files, makes
the administrator and, with a lab, its devices, enables the Jobs, and writes to ANSWER the ids the demo goes on with.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from development.processes import write_private

JOBS = "nautobot_topology_cache.jobs"
DISCOVERY = "DiscoverTopology"


def prepare(wishes: dict[str, Any]) -> dict[str, Any]:
    """Bring the database and the static files up to date."""
    from django.core.management import call_command

    # Also with nothing to apply: this is when Nautobot registers Jobs.
    call_command("migrate", interactive=False, verbosity=1)
    call_command("collectstatic", interactive=False, verbosity=0)
    _administrator(wishes["username"], wishes["password"], wishes["token"])
    devices = _document(wishes["lab"]) if wishes["lab"] else []
    return {"job": _enable_jobs(), "devices": devices}


def _administrator(username: str, password: str, token: str) -> None:
    from nautobot.users.models import Token, User

    user, _ = User.objects.get_or_create(username=username, defaults={"is_superuser": True, "is_staff": True})
    if not user.check_password(password):
        user.set_password(password)
        user.save()
    Token.objects.get_or_create(key=token, defaults={"user": user})


def _enable_jobs() -> str:
    """All of the app's Jobs; the id of the one that discovers."""
    from nautobot.extras.models import Job

    ids = {}
    for job in Job.objects.filter(module_name=JOBS, installed=True):
        job.enabled = True
        job.validated_save()
        ids[job.job_class_name] = str(job.pk)
    if DISCOVERY not in ids:
        raise SystemExit(f"Nautobot did not register the Job {JOBS}.{DISCOVERY}: the lines above say why")
    return ids[DISCOVERY]


def _document(lab: str) -> list[str]:
    from development.inventory import document

    devices = document(json.loads(Path(lab).read_text()), Path(os.environ["NAUTOBOT_ROOT"]) / "secrets")
    return [str(device.pk) for device in devices]


if __name__ == "__main__":
    import nautobot

    nautobot.setup(os.environ["NAUTOBOT_CONFIG"])
    write_private(Path(sys.argv[1]), json.dumps(prepare(json.loads(os.environ["DEMO"]))))
