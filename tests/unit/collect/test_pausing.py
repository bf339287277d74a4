"""The collector of cyclic garbage rests while very many objects are made, and only then."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from threading import Event, Thread

import pytest

from nautobot_topology_cache.collect.pausing import collector_paused


@pytest.fixture(autouse=True)
def enabled() -> Iterator[None]:
    gc.enable()
    yield
    gc.enable()


def test_only_for_many_objects() -> None:
    with collector_paused(False):
        assert gc.isenabled()
    with collector_paused(True):
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_ends_the_pause() -> None:
    with pytest.raises(LookupError), collector_paused(True):
        raise LookupError
    assert gc.isenabled()


def test_whoever_switched_it_off_finds_it_off() -> None:
    gc.disable()
    with collector_paused(True):
        assert not gc.isenabled()
    assert not gc.isenabled()


def test_the_last_thread_ends_the_pause() -> None:
    reading, read = Event(), Event()

    def other() -> None:
        with collector_paused(True):
            reading.set()
            read.wait(5)

    thread = Thread(target=other)
    thread.start()
    assert reading.wait(5)
    with collector_paused(True):
        assert not gc.isenabled()
    assert not gc.isenabled()
    read.set()
    thread.join()
    assert gc.isenabled()
