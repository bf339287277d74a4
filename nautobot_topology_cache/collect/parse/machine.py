"""TextFSM's state machine, and one whose Error action is not fatal. What they read is what a template means."""

from __future__ import annotations

from io import StringIO
from typing import Any

import textfsm

CARRYING = frozenset({"Filldown", "Fillup"})
"""Options that carry a value from row to row."""


class TolerantFSM(textfsm.TextFSM):  # type: ignore[misc]
    """TextFSM whose Error action notes the line and goes on with the next one.

    A refused line may have been the header between two objects: a record in which a value is captured a second time
    after it goes to `doubtful` instead of the rows.
    """

    def __init__(self, template: StringIO) -> None:
        super().__init__(template)
        self.refusing: set[int] = set()
        """Rule lines of the template that refuse the line they match."""
        for rules in self.states.values():
            for rule in rules:
                if rule.line_op == "Error":
                    rule.line_op, rule.new_state = "", ""
                    self.refusing.add(rule.line_num)
        self._lists = {value.name for value in self.values if "List" in value.OptionNames()}

    def Reset(self) -> None:  # noqa: N802 - TextFSM's name
        super().Reset()
        self.refused: list[str] = []
        self.doubtful: list[list[Any]] = []
        self._gap = self._mixed = False

    def _AssignVar(self, matched: Any, value: str) -> None:  # noqa: N802
        known = self._GetValue(value)
        if self._gap and known is not None and value not in self._lists and known.value and matched.group(value):
            self._mixed = True
        super()._AssignVar(matched, value)

    def _Operations(self, rule: Any, line: str) -> bool:  # noqa: N802
        if rule.line_num in self.refusing:
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
