"""TextFSM templates, found and compiled once per process, read tolerantly: a refused line is told apart, not fatal."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache
from importlib import resources
from io import StringIO
from itertools import chain

import attrs
import textfsm

from nautobot_topology_cache.collect.commands import Parsed
from nautobot_topology_cache.collect.errors import ParseError, ParseTimeoutError
from nautobot_topology_cache.collect.parse.compiler import NotCompilableError, Printed, Read, compile_template
from nautobot_topology_cache.collect.parse.machine import CARRYING, TolerantFSM
from nautobot_topology_cache.collect.parse.patience import Patient, watched
from nautobot_topology_cache.collect.results import Rejected


@attrs.frozen
class _Compiled:
    """What a process keeps of a template; nothing in it changes, so that all threads share it."""

    header: tuple[str, ...]
    carries: bool
    """Whether values go from row to row."""
    read: Read


def _source(name: str, package: str) -> str:
    try:
        return (resources.files(package) / "templates" / f"{name}.textfsm").read_text(encoding="utf-8")
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise ParseError(f"there is no template {name} in {package}") from error


@lru_cache(maxsize=512)
def _compiled(name: str, package: str) -> _Compiled:
    source = _source(name, package)
    try:
        machine = TolerantFSM(StringIO(source))
    except textfsm.TextFSMTemplateError as error:
        raise ParseError(f"the template {name} cannot be read: {str(error).strip()}") from error
    try:
        read = compile_template(machine)
    except NotCompilableError:
        read = interpreter(source)
    return _Compiled(
        header=tuple(column.lower() for column in machine.header),
        carries=any(CARRYING & set(value.OptionNames()) for value in machine.values),
        read=read,
    )


def interpreter(source: str) -> Read:
    """The state machine itself behind the interface of a compiled template; each reading has a machine of its own."""

    def read(lines: Iterable[str], rows: list[Printed], refused: list[str], doubtful: list[Printed]) -> None:
        machine = TolerantFSM(StringIO(source))
        for rule in chain.from_iterable(machine.states.values()):
            rule.regex_obj = Patient(rule.regex)
        header = [column.lower() for column in machine.header]
        printed = machine.ParseText("\n".join(lines))
        rows.extend(dict(zip(header, row, strict=True)) for row in printed)
        refused.extend(machine.refused)
        doubtful.extend(dict(zip(header, row, strict=True)) for row in machine.doubtful)

    return read


@attrs.frozen(slots=False)
class Template:
    """A TextFSM template by its name; ntc-templates' unless `package` has another `templates` folder."""

    name: str
    package: str = "ntc_templates"

    @cached_property
    def columns(self) -> frozenset[str]:
        """The template's header, in lower case as ntc-templates' users know it."""
        return frozenset(_compiled(self.name, self.package).header)

    def parse(self, answer: str) -> Parsed:
        """Rows with lower-case column names."""
        compiled = _compiled(self.name, self.package)
        rows: list[Printed] = []
        refused: list[str] = []
        doubtful: list[Printed] = []
        try:
            compiled.read(watched(answer.splitlines()), rows, refused, doubtful)
        except TimeoutError as error:
            raise ParseTimeoutError(f"the template {self.name} takes too long to read this answer") from error
        return Parsed(
            rows=rows,
            unparsed=tuple(refused),
            doubtful=tuple(Rejected(row, "a line inside it was not understood") for row in doubtful),
            fills_down=compiled.carries and bool(refused),
        )
