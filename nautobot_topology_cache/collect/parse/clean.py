"""What a terminal adds to an answer, taken away before parsing."""

from __future__ import annotations

import re

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[@-Z\\-_])")
_ERASED = re.compile(r"[^\x08]\x08")


def clean(answer: str, command: str) -> str:
    """The answer with LF line ends, without ANSI sequences, erased characters, NULs and the echoed command."""
    text = _ANSI.sub("", answer).replace("\x00", "")
    while "\x08" in text:
        shorter = _ERASED.sub("", text)
        text = shorter if shorter != text else text.replace("\x08", "")
    text = re.sub(r"\r+\n|\r+", "\n", text)
    first, _, rest = text.lstrip("\n").partition("\n")
    return rest if first.strip().endswith(command) else text
