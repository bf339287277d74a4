"""TextFSM templates as Python: each state machine becomes one generated function with the same results.

The shape of what is generated, for a template with the states Start and Ports:

    def read(lines, rows, refused, doubtful):
        v0 = v1 = None                      # one local per Value, a list for those with the option List
        state = 0
        while state >= 0:
            if state == 0:                  # Start
                for line in lines:          # neighboring rules in one regular expression
                    m = match_0(line) if len(line) <= 584 else patient_1(line)
                    if m:
                        i = m.lastindex     # which of them it was
                        if i == 2: v0 = m[1]; continue
                        ...
                        state = 1; break    # to the state Ports
                else:
                    state = -1              # no more lines
            ...
        if ...: rows.append({...})          # the record that is open at the end

`machine.TolerantFSM`, or TextFSM itself, is the oracle: `tests/oracle/test_compiler.py` compares rows, order,
errors and error texts. What the generator does not support raises NotCompilableError; the state machine reads it then.
Lines on which an expression may take too long are given to one that can be interrupted (`patience`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import attrs
import textfsm

from nautobot_topology_cache.collect.parse.backtracking import STEPS, longest_line
from nautobot_topology_cache.collect.parse.machine import TolerantFSM
from nautobot_topology_cache.collect.parse.patience import Patient
from nautobot_topology_cache.collect.parse.pattern import alternation, anonymous

Printed = dict[str, Any]
Read = Callable[[Iterable[str], list[Printed], list[str], list[Printed]], None]
"""(lines, rows, refused lines, doubtful rows): the last three are filled. Raises TextFSMError as TextFSM would."""

OPTIONS = frozenset({"Required", "Filldown", "Fillup", "Key", "List"})


class NotCompilableError(Exception):
    """A template that only TextFSM itself can run; the message says why."""


@attrs.frozen
class _Value:
    """A Value of the template and the local variables that hold it."""

    number: int
    name: str
    options: tuple[str, ...]
    inner: re.Pattern[str] | None
    """For a List whose expression has groups of its own: applied to what was captured."""

    @property
    def is_list(self) -> bool:
        return "List" in self.options

    @property
    def scalar(self) -> str:
        """The last capture. A List has one as well if something looks at it before the list is made."""
        return f"v{self.number}"

    @property
    def list(self) -> str:
        return f"l{self.number}"

    @property
    def needs_scalar(self) -> bool:
        return not self.is_list or "Fillup" in self.options or self._required_before_list

    @property
    def required(self) -> str:
        """What must be true for a record to be kept, or nothing."""
        if "Required" not in self.options:
            return ""
        return self.list if self.is_list and not self._required_before_list else self.scalar

    @property
    def present(self) -> str:
        """Whether there is anything to record."""
        return self.list if self.is_list else f"{self.scalar} is not None"

    @property
    def recorded(self) -> str:
        return f"{self.list}[:]" if self.is_list else f"'' if {self.scalar} is None else {self.scalar}"

    @property
    def _required_before_list(self) -> bool:
        """TextFSM asks the options in the order in which the template gives them."""
        return "Required" in self.options and self.options.index("Required") < self.options.index("List")


@attrs.frozen
class _Choice:
    """One rule of an alternation: the number of its marker, and where its values are."""

    marker: int
    rule: Any
    captures: tuple[tuple[_Value, int], ...]


@attrs.define
class _Source:
    """Lines of Python, indented as they are nested, and the names that they use."""

    lines: list[str] = attrs.field(factory=list)
    names: dict[str, Any] = attrs.field(factory=lambda: {"TextFSMError": textfsm.TextFSMError})
    depth: int = 0

    def add(self, line: str) -> None:
        self.lines.append("    " * self.depth + line)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        self.add(head)
        before = len(self.lines)
        self.depth += 1
        yield
        if len(self.lines) == before:
            self.add("pass")
        self.depth -= 1

    def name(self, prefix: str, value: Any) -> str:
        """A name under which the generated code finds a value."""
        name = f"{prefix}_{len(self.names)}"
        self.names[name] = value
        return name


def compile_template(machine: textfsm.TextFSM) -> Read:
    """The function that reads as `machine` does: strictly as TextFSM, tolerantly as TolerantFSM."""
    generator = _Generator(machine)
    code = compile(generator.generate(), "<compiled template>", "exec")
    exec(code, generator.source.names)  # noqa: S102 - generated from a template, which is part of the program
    read: Read = generator.source.names["read"]
    return read


class _Generator:
    """Writes the function of one state machine."""

    def __init__(self, machine: textfsm.TextFSM) -> None:
        self.source = _Source()
        self.states: dict[str, Sequence[Any]] = machine.states
        self.numbers = {name: number for number, name in enumerate(self.states)}
        self.refusing: set[int] = machine.refusing if isinstance(machine, TolerantFSM) else set()
        self.values = {value.name: _value(number, value) for number, value in enumerate(machine.values)}
        if not self.values:
            raise NotCompilableError("no values")
        if len({name.lower() for name in self.values}) < len(self.values):
            raise NotCompilableError("two values whose names differ in case only")

    def generate(self) -> str:
        source = self.source
        with source.block("def read(lines, rows, refused, doubtful):"):
            source.add("lines = iter(lines)")
            self._clear(everything=True)
            if self.refusing:
                source.add("gap = mixed = False")
            source.add(f"state = {self.numbers['Start']}")
            with source.block("while state >= 0:"):
                self._dispatch(list(self.states))
            if "EOF" not in self.states:
                self._record()
        return "\n".join(source.lines)

    def _dispatch(self, states: list[str]) -> None:
        """The code of the state that the machine is in, found by halving."""
        if len(states) == 1:
            self._state(states[0])
            return
        middle = len(states) // 2
        with self.source.block(f"if state < {middle + self.numbers[states[0]]}:"):
            self._dispatch(states[:middle])
        with self.source.block("else:"):
            self._dispatch(states[middle:])

    def _state(self, state: str) -> None:
        """Lines are read here until one leads to another state."""
        with self.source.block("for line in lines:"):
            for rules in _neighbors(self.states[state]):
                self._match(state, rules)
        with self.source.block("else:"):
            self.source.add("state = -1")

    def _match(self, state: str, rules: Sequence[Any]) -> None:
        """One regular expression for these rules, and what to do by the one that matched."""
        single = rules[0].regex_obj.regex if len(rules) == 1 else None
        pattern = single or re.compile(alternation(filter(None, (anonymous(rule.regex) for rule in rules))))
        choices = []
        offset = 0
        for rule in rules:
            own = rule.regex_obj.regex
            captures = [(self.values[name], offset + at) for name, at in own.groupindex.items() if name in self.values]
            offset += own.groups + 1
            choices.append(_Choice(offset, rule, tuple(captures)))
        if single is None and pattern.groups != offset:
            raise NotCompilableError(f"the rules from line {rules[0].line_num} on cannot be joined")
        self.source.add(f"m = {self._applied(pattern, (rule.regex for rule in rules))}")
        with self.source.block("if m:"):
            if len(choices) > 1:
                self.source.add("i = m.lastindex")
            self._choose(state, choices)

    def _applied(self, pattern: re.Pattern[str], rules: Iterable[str]) -> str:
        """The call that matches a line, by whichever engine is safe for a line of its length."""
        longest = longest_line(rules)
        quick = f"{self.source.name('match', pattern.match)}(line)"
        patient = f"{self.source.name('patient', Patient(pattern.pattern).match)}(line)"
        if longest < 1:
            return patient
        return quick if longest >= STEPS else f"{quick} if len(line) <= {longest:.0f} else {patient}"

    def _choose(self, state: str, choices: Sequence[_Choice]) -> None:
        """The action of the rule whose marker closed last, found by halving."""
        if len(choices) == 1:
            self._act(state, choices[0])
            return
        middle = len(choices) // 2
        with self.source.block(f"if i <= {choices[middle - 1].marker}:"):
            self._choose(state, choices[:middle])
        with self.source.block("else:"):
            self._choose(state, choices[middle:])

    def _act(self, state: str, choice: _Choice) -> None:
        """What TextFSM does with a line that a rule matched: values, then the record, then the line."""
        rule = choice.rule
        self._assign(choice.captures)
        if rule.line_num in self.refusing:
            self.source.add("refused.append(line); gap = True")
        if rule.record_op == "Record":
            self._record()
        elif rule.record_op in ("Clear", "Clearall"):
            self._clear(everything=rule.record_op == "Clearall")
        if rule.line_op == "Error":
            self._fail(rule)
        elif rule.line_op != "Continue":
            self._go(state, rule.new_state)

    def _go(self, state: str, target: str) -> None:
        if target in ("", state):
            self.source.add("continue")
        elif target == "End":
            self.source.add("return")
        else:
            self.source.add(f"state = {-1 if target == 'EOF' else self.numbers[target]}; break")

    def _fail(self, rule: Any) -> None:
        said, stop = (f"Error: {rule.new_state}.", ".") if rule.new_state else ("State Error raised.", "")
        head = f"{said} Rule Line: {rule.line_num}. Input Line: "
        self.source.add(f"raise TextFSMError({head!r} + line + {stop!r})")

    def _assign(self, captures: Sequence[tuple[_Value, int]]) -> None:
        scalars = [(value, group) for value, group in captures if not value.is_list]
        if scalars and self.refusing:
            again = " or ".join(f"{value.scalar} and m[{group}]" for value, group in scalars)
            with self.source.block(f"if gap and ({again}):"):
                self.source.add("mixed = True")
        if scalars:
            targets = ", ".join(value.scalar for value, _ in scalars)
            groups = ", ".join(str(group) for _, group in scalars)
            self.source.add(f"{targets} = m.group({groups})")
        for value, group in captures:
            if value.is_list:
                self._extend(value, group)
            if "Fillup" in value.options:
                self._fill_up(value)

    def _extend(self, value: _Value, group: int) -> None:
        self.source.add(f"x = m[{group}]")
        if value.needs_scalar:
            self.source.add(f"{value.scalar} = x")
        if value.inner is None:
            self.source.add(f"{value.list}.append(x)")
        else:
            self.source.add(f"y = {self.source.name('inner', Patient(value.inner.pattern).match)}(x)")
            self.source.add(f"{value.list}.append(y and y.groupdict() or x)")

    def _fill_up(self, value: _Value) -> None:
        column = repr(value.name.lower())
        with self.source.block(f"if {value.scalar}:"), self.source.block("for row in reversed(rows):"):
            with self.source.block(f"if row[{column}]:"):
                self.source.add("break")
            self.source.add(f"row[{column}] = {value.scalar}")

    def _record(self) -> None:
        """Append the record if nothing required is missing and anything is there; begin the next."""
        values = self.values.values()
        required = [value.required for value in values if value.required]
        condition = " and ".join(required) or " or ".join(value.present for value in values)
        row = ", ".join(f"{value.name.lower()!r}: {value.recorded}" for value in values)
        with self.source.block(f"if {condition}:"):
            target = "(doubtful if mixed else rows)" if self.refusing else "rows"
            self.source.add(f"{target}.append({{{row}}})")
            if self.refusing:
                self.source.add("gap = mixed = False")
        self._clear(everything=False)

    def _clear(self, everything: bool) -> None:
        cleared = [value for value in self.values.values() if everything or "Filldown" not in value.options]
        scalars = [value.scalar for value in cleared if value.needs_scalar]
        if scalars:
            self.source.add(f"{' = '.join(scalars)} = None")
        for value in cleared:
            if value.is_list:
                self.source.add(f"{value.list} = []")


def _value(number: int, value: Any) -> _Value:
    options = tuple(value.OptionNames())
    if not set(options) <= OPTIONS:
        raise NotCompilableError(f"the options {', '.join(options)}")
    nested = "List" in options and value.compiled_regex.groups > 1
    return _Value(number, value.name, options, value.compiled_regex if nested else None)


def _neighbors(rules: Sequence[Any]) -> Iterator[list[Any]]:
    """Rules in a row of which only the first that matches is used; a Continue rule stands alone."""
    run: list[Any] = []
    for rule in rules:
        if rule.line_op == "Continue" or anonymous(rule.regex) is None:
            if run:
                yield run
            yield [rule]
            run = []
        else:
            run.append(rule)
    if run:
        yield run
