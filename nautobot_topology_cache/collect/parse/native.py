"""Answers that a device prints as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import attrs

from nautobot_topology_cache.collect.commands import Parsed
from nautobot_topology_cache.collect.errors import ParseError
from nautobot_topology_cache.collect.results import Row


@attrs.frozen
class Json:
    """The device's own JSON, flattened by a function that yields one row per printed object.

    `flatten` gets the decoded document; a KeyError, TypeError or ValueError in it means that the document has not the shape
    that the function was written for, which is a ParseError and never an empty table.
    """

    flatten: Callable[[Any], Iterable[Row]]
    columns: frozenset[str] = attrs.field(converter=frozenset)

    def parse(self, answer: str) -> Parsed:
        try:
            document = json.loads(answer)
        except json.JSONDecodeError as error:
            raise ParseError(f"not JSON: {error.msg} in line {error.lineno}, column {error.colno}") from error
        try:
            return Parsed(rows=list(self.flatten(document)), proves_empty=True)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ParseError(f"unexpected JSON: {type(error).__name__}: {error}") from error
