"""Leases beside transactions that lock the same rows: a run must not fail because somebody edits its devices."""

import time
from threading import Thread
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from nautobot_topology_cache import leases, queries
from nautobot_topology_cache.models import DeviceCache
from tests.inventory import make_device

pytestmark = pytest.mark.django_db(transaction=True)
HOLDER = uuid4()


@pytest.mark.parametrize(
    "action", [lambda devices: leases.renew(devices, HOLDER, 60), lambda devices: leases.give_back_all(HOLDER)]
)
def test_a_form_that_changes_many_devices_is_waited_for_without_a_deadlock(action):
    """Whichever order a statement takes the rows in, one of the two transactions locks them in the other one."""
    pks = [make_device(f"sw{number}").pk for number in range(2)]
    queries.device_caches(pks)
    for first, second in (pks, pks[::-1]):
        leases.renew(pks, HOLDER, 60)
        failures = []
        with transaction.atomic():
            DeviceCache.objects.filter(device=first).update(polling_enabled=False)
            beating = Thread(target=_in_a_connection, args=(action, pks, failures))
            beating.start()
            _wait_until_somebody_waits()
            DeviceCache.objects.filter(device=second).update(polling_enabled=False)
        beating.join(10)
        assert not failures
        assert not DeviceCache.objects.filter(polling_enabled=True).exists()
        DeviceCache.objects.update(polling_enabled=True)


def _in_a_connection(action, devices, failures):
    try:
        action(devices)
    except DatabaseError as failure:
        failures.append(failure)
    finally:
        connection.close()


def _wait_until_somebody_waits():
    end = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits for a lock")
