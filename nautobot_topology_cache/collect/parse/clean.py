"""What a terminal adds to an answer, taken away before parsing."""

from __future__ import annotations

import re

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[@-Z\\-_])")
_LINE_END = re.compile(r"\r+\n|\r+")
_ERASED = re.compile(r"[^\x08\n]\x08")
_PROMPT = re.compile(r"[\w.:/()@~<\[-]{1,64}[#>]\s*")
_SYSLOG = re.compile(r"(?:\S.{0,80}[:\s])?%[A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+)*-[0-7]-[A-Z0-9_]+\s?:")
"""`*Mar  1 00:00:01.123: %SYS-5-CONFIG_I: ...`, with whatever the device puts in front of it."""
_STAMP = re.compile(
    r"Load for five secs: .*|Time source is .*"
    r"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d+ [\d:.]+(?: \S+)*"
)
"""What `terminal exec prompt timestamp` puts above an answer."""


def clean(answer: str, command: str) -> str:
    """The answer itself: lines end with LF; terminal sequences, log messages, time stamps, echo, prompts are gone."""
    text = (_ANSI.sub("", answer) if "\x1b" in answer else answer).replace("\x00", "")
    while "\x08" in text:
        shorter = _ERASED.sub("", text)
        text = shorter if shorter != text else text.replace("\x08", "")
    lines = (_LINE_END.sub("\n", text) if "\r" in text else text).split("\n")
    if "%" in text:
        lines = [line for line in lines if "%" not in line or not _SYSLOG.match(line)]
    lines = _below_echo(lines, command)
    return "\n".join("" if line.isspace() else line for line in _inside_prompts(lines))


def _below_echo(lines: list[str], command: str) -> list[str]:
    """The lines below the echoed command, without the indentation that a careless collector gave to all of them."""
    asked = command.lower().split()
    for number, line in enumerate(lines[:8]):
        head, _, tail = line.rpartition("#") if "#" in line else line.rpartition(">")
        if _abbreviates(tail.lower().split(), asked) and (not head or _PROMPT.fullmatch(f"{head.strip()}#")):
            indent = len(line) - len(line.lstrip())
            return [text[indent:] if text[:indent].isspace() else text for text in lines[number + 1 :]]
    return lines


def _abbreviates(typed: list[str], asked: list[str]) -> bool:
    """Whether these words were a way to type the command: `sh ip ro`, `show ip route | no-more` for `show ip route`.

    Words of an interface and of a level of detail may change places.
    """
    words = typed[:-2] if typed[-2:] == ["|", "no-more"] else typed
    return len(words) == len(asked) and (all(map(str.startswith, asked, words)) or sorted(words) == sorted(asked))


def _inside_prompts(lines: list[str]) -> list[str]:
    """Without time stamps above and prompts around the answer."""
    start, end = 0, len(lines)
    while start < end and (
        not lines[start].strip() or _STAMP.fullmatch(lines[start].strip()) or _is_prompt(lines[start])
    ):
        start += 1
    while end > start and (not lines[end - 1].strip() or _is_prompt(lines[end - 1])):
        end -= 1
    return lines[start:end]


def _is_prompt(line: str) -> bool:
    return _PROMPT.fullmatch(line.strip()) is not None
