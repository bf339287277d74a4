"""What becomes of a process whose database went away: it waits until it is back, and says so."""

from __future__ import annotations

import logging
import time

from django.db import OperationalError, connection, connections

LOG = logging.getLogger(__name__)
PATIENCE = 120.0
"""Seconds in which a database that is restarted, or replaced by its standby, is back."""
PAUSE = 1.0


def wait_out(seconds: float = PATIENCE) -> None:
    """Connect anew if the connection was lost; raises OperationalError when the database stays away.

    Inside a transaction nothing is done: what it has written is lost with its connection, and its owner has to know.
    """
    if connection.in_atomic_block or (connection.connection is not None and connection.is_usable()):
        return
    for one in connections.all(initialized_only=True):
        one.close()
    end = time.monotonic() + seconds
    while True:
        try:
            connection.ensure_connection()
        except OperationalError:
            if time.monotonic() >= end:
                raise
            LOG.warning("the database is away, waiting for it")
            time.sleep(PAUSE)
        else:
            return
