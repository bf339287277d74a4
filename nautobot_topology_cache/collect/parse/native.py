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

    `flatten` gets the decoded document; a KeyError, TypeError or ValueError in it means that the document has not the
    shape that the function was written for, which is a ParseError and never an empty table.
    """

    flatten: Callable[[Any], Iterable[Row]]
    columns: frozenset[str]
    repeats: bool = False
    """Whether the device prints a key several times in one object (NX-OS does): the values become a list then."""

    def parse(self, answer: str) -> Parsed:
        try:
            document = json.loads(answer, object_pairs_hook=_gather if self.repeats else None)
        except json.JSONDecodeError as error:
            raise ParseError(f"not JSON: {error.msg} in line {error.lineno}, column {error.colno}") from error
        except RecursionError as error:
            raise ParseError("not JSON that a device prints: too many brackets in each other") from error
        try:
            return Parsed(rows=list(self.flatten(document)), proves_empty=True)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ParseError(f"unexpected JSON: {type(error).__name__}: {error}") from error


def flattened(*columns: str, repeats: bool = False) -> Callable[[Callable[[Any], Iterable[Row]]], Json]:
    """Makes a flattening function the parser of its command, with the columns that its rows may have."""
    return lambda flatten: Json(flatten, frozenset(columns), repeats)


def unclosed(answer: str) -> str | None:
    """What is missing when a JSON document ends before its last bracket; None for anything else."""
    text = answer.strip()
    if text[:1] not in ("{", "[") or text.endswith("}" if text[0] == "{" else "]"):
        return None
    return "the JSON document is not closed"


def _gather(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose repeated keys became one key with a list."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    for name in found:
        values = [value for key, value in pairs if key == name]
        if len(values) > 1:
            found[name] = values
    return found
