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


@pytest.fixture
def devices():
    """Two devices of which HOLDER has the leases."""
    pks = [make_device(f"sw{number}").pk for number in range(2)]
    queries.device_caches(pks)
    assert all(leases.take(pk, HOLDER, 60) for pk in pks)
    return pks


def expiry(devices):
    return dict(DeviceCache.objects.filter(device__in=devices).values_list("device", "lease_expires_at"))


@pytest.mark.parametrize("order", [1, -1])
def test_leases_are_renewed_beside_a_form_that_changes_many_devices(devices, order):
    """What the form has locked is left for the next time; nobody waits."""
    edited, other = devices[::order]
    before = expiry(devices)
    with transaction.atomic():
        DeviceCache.objects.filter(device=edited).update(polling_enabled=False)
        failures = _in_a_connection(lambda: leases.renew(devices, HOLDER, 600), wait=True)
        DeviceCache.objects.filter(device=other).update(polling_enabled=False)
    after = expiry(devices)
    assert failures == []
    assert after[edited] == before[edited]
    assert after[other] > before[other]
    leases.renew(devices, HOLDER, 600)
    assert expiry(devices)[edited] > before[edited]


@pytest.mark.parametrize("order", [1, -1])
def test_leases_are_given_back_after_a_form_that_changes_many_devices(devices, order):
    """Whichever order a statement over both took the rows in, one of the two forms would deadlock with it."""
    edited, other = devices[::order]
    with transaction.atomic():
        DeviceCache.objects.filter(device=edited).update(polling_enabled=False)
        giving = _in_a_connection(lambda: leases.give_back_all(HOLDER), wait=False)
        _wait_until_we_are_waited_for()
        DeviceCache.objects.filter(device=other).update(polling_enabled=False)
    assert giving() == []
    assert leases.free(devices) == set(devices)
    assert not DeviceCache.objects.filter(polling_enabled=True).exists()


def test_a_lease_of_somebody_else_is_not_renewed(devices):
    before = expiry(devices)
    leases.renew(devices, uuid4(), 600)
    assert expiry(devices) == before


def test_a_lease_that_was_given_back_is_not_renewed(devices):
    leases.give_back(devices[0], HOLDER)
    leases.renew(devices, HOLDER, 600)
    assert leases.free(devices) == {devices[0]}


def _in_a_connection(action, *, wait):
    """What the database refused of it; or, without `wait`, how to get that when it has ended."""
    failures = []

    def act():
        try:
            action()
        except DatabaseError as failure:
            failures.append(failure)
        finally:
            connection.close()

    thread = Thread(target=act, daemon=True)
    thread.start()

    def ended():
        thread.join(30)
        assert not thread.is_alive(), "it waits for a lock"
        return failures

    return ended() if wait else ended


def _wait_until_we_are_waited_for():
    end = time.monotonic() + 30
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits for what this transaction has locked")
