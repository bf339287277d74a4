"""Everything that is logged meanwhile, at the finest level of the libraries that see credentials."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

TALKATIVE = ("", "netmiko", "paramiko", "nautobot_topology_cache", "nautobot_topology_cache.ssh", "rq.worker")
CANARY = "canary-7f3a"


@contextmanager
def listening() -> Iterator[io.StringIO]:
    """The log, in which a canary that each of these loggers was told is found; the caller looks for secrets."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setLevel(logging.DEBUG)
    loggers = [logging.getLogger(name) for name in TALKATIVE]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    try:
        for logger in loggers:
            logger.debug("%s of %s", CANARY, logger.name)
        yield heard
    finally:
        logging.getLogger().removeHandler(handler)
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
    missing = [logger.name for logger in loggers if f"{CANARY} of {logger.name}" not in heard.getvalue()]
    assert not missing, f"not listened to: {missing}"
