"""No search for cyclic garbage while very many objects are made, none of which is garbage.

The collector looks at all new objects each time some hundreds were made, now and then at all there are, and finds
nothing: two fifths of the time of a full BGP table, half of the time of a large picture. Memory is still given back by
reference counts.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_pausing = 0
"""Threads that hold the pause; the collector belongs to the process."""


@contextmanager
def collector_paused(many: bool) -> Iterator[None]:
    """Pause the collector if many objects will be made; whoever switched it off before finds it off.

    What is small and follows each other closely must never pause it, or it would never run.
    """
    if not many or not (gc.isenabled() or _pausing):
        yield
        return
    _count(1)
    try:
        yield
    finally:
        _count(-1)


def _count(change: int) -> None:
    global _pausing  # noqa: PLW0603 - so is the collector's own switch
    with _lock:
        _pausing += change
        if _pausing:
            gc.disable()
        else:
            gc.enable()
