"""What can be turned at one device while it runs, and what it has counted."""

from __future__ import annotations

import threading
from typing import Any

import attrs

CHOICES = {
    "drop": ("", "login", "mid_output", "between_commands"),
    "algorithms": ("", "unknown", "sha1"),
}


class KnobError(ValueError):
    """A knob that does not exist or a value it cannot take; the text says which."""


def _real(_instance: object, attribute: attrs.Attribute, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        raise KnobError(f"{attribute.name} wants a number of at least 0, not {value!r}")


def _flag(_instance: object, attribute: attrs.Attribute, value: Any) -> None:
    if not isinstance(value, bool):
        raise KnobError(f"{attribute.name} wants true or false, not {value!r}")


def _text(_instance: object, attribute: attrs.Attribute, value: Any) -> None:
    if not isinstance(value, str) or value not in CHOICES.get(attribute.name, (value,)):
        raise KnobError(f"{attribute.name} wants {CHOICES.get(attribute.name, 'text')}, not {value!r}")


def _answers(_instance: object, attribute: attrs.Attribute, value: Any) -> None:
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise KnobError("answers wants {command: replacement text or null}")


@attrs.frozen(kw_only=True)
class Knobs:
    """One device's troubles. `*_times` limits how often a trouble strikes; None is for ever."""

    latency: float = attrs.field(default=0.0, validator=_real)
    """Seconds before each answer and before the first prompt."""
    refuse: bool = attrs.field(default=False, validator=_flag)
    hang: str = attrs.field(default="", validator=_text)
    """`banner`, `login`, `command` (any) or the text of one command."""
    hang_times: int | None = attrs.field(default=None, validator=attrs.validators.optional(_real))
    drop: str = attrs.field(default="", validator=_text)
    drop_command: str = attrs.field(default="", validator=_text)
    drop_times: int | None = attrs.field(default=None, validator=attrs.validators.optional(_real))
    truncate: float = attrs.field(default=0, validator=_real)
    """Below 1 the share of lines that is kept, from 1 the number of lines; 0 is all."""
    truncate_command: str = attrs.field(default="", validator=_text)
    truncate_within_line: bool = attrs.field(default=False, validator=_flag)
    """Cut the last line that is kept in its middle, so that the prompt follows in it."""
    drip: float = attrs.field(default=0.0, validator=_real)
    """Seconds for which an answer goes on coming, in pieces."""
    drip_command: str = attrs.field(default="", validator=_text)
    endless: str = attrs.field(default="", validator=_text)
    """A command whose answer is one line without an end."""
    ansi: bool = attrs.field(default=False, validator=_flag)
    """Colours the prompt and every line."""
    syslog: str = attrs.field(default="", validator=_text)
    """A log message that is printed after the first line of each answer and behind each prompt."""
    rename: str = attrs.field(default="", validator=_text)
    """A name that the prompt has from `rename_command` on."""
    rename_command: str = attrs.field(default="", validator=_text)
    ignore_paging: bool = attrs.field(default=False, validator=_flag)
    """Goes on turning pages when told not to."""
    algorithms: str = attrs.field(default="", validator=_text)
    """`unknown`: a key exchange that hardly anybody has; `sha1`: those of old devices, and an RSA host key."""
    new_host_key: bool = attrs.field(default=False, validator=_flag)
    lock_out: bool = attrs.field(default=False, validator=_flag)
    """Hangs up on whoever tries to log in."""
    refuse_enable: bool = attrs.field(default=False, validator=_flag)
    """Begins in user mode and lets nobody leave it."""
    auth_failure: bool = attrs.field(default=False, validator=_flag)
    answers: dict[str, str] = attrs.field(factory=dict, validator=_answers)

    def turned(self, values: dict[str, Any]) -> Knobs:
        """These knobs with some of them changed; `reset` begins from none, an answer of null is forgotten."""
        values = dict(values)
        start = Knobs() if values.pop("reset", False) else self
        unknown = values.keys() - attrs.fields_dict(Knobs).keys()
        if unknown:
            raise KnobError(
                f"no such knob: {', '.join(sorted(unknown))}; there are {', '.join(attrs.fields_dict(Knobs))}"
            )
        if isinstance(values.get("answers"), dict):
            merged = start.answers | values["answers"]
            values["answers"] = {command: text for command, text in merged.items() if text is not None}
        return attrs.evolve(start, **values)

    def cut(self, command: str, text: str) -> str:
        """The answer as far as it is given."""
        if not self.truncate or (self.truncate_command and self.truncate_command != command):
            return text
        found = text.split("\n")
        keep = int(len(found) * self.truncate) if self.truncate < 1 else int(self.truncate)
        kept = "\n".join(found[:keep])
        return kept[: -(len(found[keep - 1]) // 2) or None] if self.truncate_within_line else kept


@attrs.define
class Counters:
    """What one device saw. Commands are show commands; terminal set-up, enable and exit are counted apart."""

    connections: int = 0
    logins: int = 0
    commands: int = 0
    setup_commands: int = 0


@attrs.define
class Board:
    """Knobs and counters of all devices, changed from the HTTP thread and read by the SSH loop."""

    names: list[str]
    knobs: dict[str, Knobs] = attrs.field(factory=dict)
    counters: dict[str, Counters] = attrs.field(factory=dict)
    typed: dict[str, list[str]] = attrs.field(factory=dict)
    """By device, every line that was typed at a prompt, as it came."""
    _lock: threading.Lock = attrs.field(factory=threading.Lock)

    def __attrs_post_init__(self) -> None:
        """Everything at zero."""
        self.reset()

    def reset(self) -> None:
        """All counters to zero, all knobs off."""
        with self._lock:
            self.knobs = {name: Knobs() for name in self.names}
            self.counters = {name: Counters() for name in self.names}
            self.typed = {name: [] for name in self.names}

    def turn(self, name: str, values: dict[str, Any]) -> Knobs:
        """Change a device's knobs."""
        with self._lock:
            self.knobs[name] = self.knobs[name].turned(values)
            return self.knobs[name]

    def strike(self, name: str, trouble: str) -> None:
        """Count one occurrence of a trouble that happens a limited number of times, and end it after the last."""
        with self._lock:
            knobs = self.knobs[name]
            left = getattr(knobs, f"{trouble}_times")
            if left is not None:
                more = {f"{trouble}_times": left - 1} if left > 1 else {trouble: "", f"{trouble}_times": None}
                self.knobs[name] = attrs.evolve(knobs, **more)

    def count(self, name: str, what: str) -> None:
        """Add one."""
        with self._lock:
            counters = self.counters[name]
            setattr(counters, what, getattr(counters, what) + 1)

    def note(self, name: str, line: str) -> None:
        """Keep a line that was typed."""
        with self._lock:
            self.typed[name].append(line)

    def totals(self) -> dict[str, Any]:
        """The counters' JSON form."""
        with self._lock:
            each = {name: attrs.asdict(counters) for name, counters in self.counters.items()}
        sums = {field: sum(one[field] for one in each.values()) for field in attrs.fields_dict(Counters)}
        return {**sums, "devices": each}
