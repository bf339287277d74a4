"""Rows in the text form of PostgreSQL's COPY. Pure: values in, text out; the store sends it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def copy_text(rows: Iterable[Sequence[Any]]) -> io.StringIO:
    """A line per row. What is neither text nor None must be shown by `str` as PostgreSQL reads it."""
    columns = [_cells(column) for column in zip(*rows, strict=True)]
    return io.StringIO("".join(["\t".join(row) + "\n" for row in zip(*columns, strict=True)]))


def _cells(column: Sequence[Any]) -> Sequence[str]:
    """A column's values as they are sent. Looking at all of them at once is what makes text cheap."""
    try:
        together = "".join(column)
    except TypeError:
        return [_cell(value) for value in column]
    return [_cell(value) for value in column] if _SPECIAL.search(together) else column


def _cell(value: Any) -> str:
    if value is None:
        return r"\N"
    return value.translate(_ESCAPES) if isinstance(value, str) else str(value)
