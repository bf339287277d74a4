"""Parsing that ends: expressions that can be interrupted, and a limit to the time that an answer may take.

`re` cannot be interrupted and stops all other threads meanwhile. `regex` reads the same syntax, takes a timeout, and
lets the others go on; it is slower, so that it gets only the lines on which `re` may take too long.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

import attrs
import regex

LINE_SECONDS = 5.0
"""Wall clock for one expression on one line."""
ANSWER_SECONDS = 30.0
"""CPU time of the parsing thread for one answer. 900,000 BGP paths take some five."""
BATCH = 16
"""Lines between two looks at the clock."""


@attrs.frozen(slots=False)
class Patient:
    """An expression that gives up: `match` raises TimeoutError."""

    pattern: str

    @cached_property
    def _compiled(self) -> regex.Pattern[str]:
        return regex.compile(self.pattern)

    def match(self, line: str) -> Any:
        """What `re.match` returns, or something like it."""
        return self._compiled.match(line, timeout=LINE_SECONDS, concurrent=True)


def watched(lines: Sequence[str]) -> Iterable[str]:
    """The lines; raises TimeoutError between two of them when reading them has taken too long."""
    return chain.from_iterable(_batches(lines, time.thread_time() + ANSWER_SECONDS))


def _batches(lines: Sequence[str], end: float) -> Iterator[Sequence[str]]:
    for start in range(0, len(lines), BATCH):
        if time.thread_time() > end:
            raise TimeoutError
        yield lines[start : start + BATCH]
