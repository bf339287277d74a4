"""Faults happen to real runs: a lab over SSH, a real PostgreSQL, real processes."""

from collections.abc import Callable, Iterator

import pytest

from development import faults
from tests.doors.conftest import discover, lab, lab_process, user  # noqa: F401
from tests.nautobot_env import pytest_configure, pytest_runtest_teardown  # noqa: F401


@pytest.fixture
def observe(record_property) -> Callable[[str, str, str], None]:
    """Tells the report what came of a fault, and compares it with what is stated."""

    def observe(fault: str, ends: str, rows: str) -> None:
        observed = f"{ends}; {rows}"
        record_property("fault", fault)
        record_property("observed", observed)
        assert observed == faults.BY_ID[fault].stated

    return observe


@pytest.fixture
def scene(lab, user) -> Iterator:  # noqa: F811
    """Three devices, discovered without trouble; at the end all has to be as it was, the victim apart."""
    from tests.faults import scene as scenes
    from tests.faults.listening import listening

    victim, *others = lab.devices(scenes.VICTIM, *scenes.OTHERS)
    scene = scenes.Scene(lab, user, victim, others)
    assert scene.discover().status == "completed"
    scene.picture()
    with listening() as heard:
        yield scene
    said = [heard.getvalue(), *(log.read_text(errors="replace") for log in scene.logs)]
    secrets = (lab.inventory["password"], lab.inventory["secret"])
    assert not [secret for secret in secrets if any(secret in text for text in said)]
    assert not scene.disturbed(*scene.gone)
    assert scene.others_are_right()
