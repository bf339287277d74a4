"""TextFSM templates, compiled once per thread, read tolerantly: a refused line is told apart, not fatal."""

from __future__ import annotations

import threading
from functools import cached_property, lru_cache
from importlib import resources
from io import StringIO
from typing import Any

import attrs
import textfsm

from nautobot_topology_cache.collect.commands import Parsed
from nautobot_topology_cache.collect.errors import ParseError
from nautobot_topology_cache.collect.results import Rejected

_local = threading.local()


class TolerantFSM(textfsm.TextFSM):  # type: ignore[misc]
    """TextFSM whose Error action notes the line and goes on with the next one.

    A refused line may have been the header between two objects: a record in which a value is captured a second time
    after it goes to `doubtful` instead of the rows.
    """

    def __init__(self, template: StringIO) -> None:
        super().__init__(template)
        self._refusing = set()
        for rules in self.states.values():
            for rule in rules:
                if rule.line_op == "Error":
                    rule.line_op, rule.new_state = "", ""
                    self._refusing.add(id(rule))
        self._lists = {value.name for value in self.values if "List" in value.OptionNames()}
        self.fills_down = any({"Filldown", "Fillup"} & set(value.OptionNames()) for value in self.values)

    def Reset(self) -> None:  # noqa: N802 - TextFSM's name
        super().Reset()
        self.refused: list[str] = []
        self.doubtful: list[list[Any]] = []
        self._gap = self._mixed = False

    def _AssignVar(self, matched: Any, value: str) -> None:  # noqa: N802
        if self._gap and value not in self._lists and self._GetValue(value).value and matched.group(value):
            self._mixed = True
        super()._AssignVar(matched, value)

    def _Operations(self, rule: Any, line: str) -> bool:  # noqa: N802
        if id(rule) in self._refusing:
            self.refused.append(line)
            self._gap = True
        return bool(super()._Operations(rule, line))

    def _AppendRecord(self) -> None:  # noqa: N802
        before = len(self._result)
        super()._AppendRecord()
        if len(self._result) > before:
            if self._mixed:
                self.doubtful.append(self._result.pop())
            self._gap = self._mixed = False


@lru_cache(maxsize=512)
def _source(name: str, package: str) -> str:
    try:
        return (resources.files(package) / "templates" / f"{name}.textfsm").read_text(encoding="utf-8")
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise ParseError(f"there is no template {name} in {package}") from error


def _compiled(name: str, package: str) -> TolerantFSM:
    """A state machine of this thread's own: parsing keeps its state in the object."""
    machines: dict[tuple[str, str], TolerantFSM] = _local.__dict__.setdefault("machines", {})
    if (package, name) not in machines:
        try:
            machines[package, name] = TolerantFSM(StringIO(_source(name, package)))
        except textfsm.TextFSMTemplateError as error:
            raise ParseError(f"the template {name} cannot be read: {str(error).strip()}") from error
    return machines[package, name]


@attrs.frozen(slots=False)
class Template:
    """A TextFSM template by its name; ntc-templates' unless `package` has another `templates` folder."""

    name: str
    package: str = "ntc_templates"

    @cached_property
    def columns(self) -> frozenset[str]:
        """The template's header, in lower case as ntc-templates' users know it."""
        return frozenset(column.lower() for column in _compiled(self.name, self.package).header)

    def parse(self, answer: str) -> Parsed:
        """Rows with lower-case column names; raises ParseError when the state machine itself gives up."""
        machine = _compiled(self.name, self.package)
        header = [column.lower() for column in machine.header]
        try:
            machine.Reset()
            rows = machine.ParseText(answer)
        except textfsm.TextFSMError as error:
            raise ParseError(f"{self.name}: {error}") from error
        return Parsed(
            rows=[dict(zip(header, row, strict=True)) for row in rows],
            unparsed=tuple(machine.refused),
            doubtful=tuple(
                Rejected(dict(zip(header, row, strict=True)), "a line inside it was not understood")
                for row in machine.doubtful
            ),
            fills_down=machine.fills_down and bool(machine.refused),
        )
