"""The guard against answers that shrink: a reading that ended early, in a format whose end nothing marks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

import attrs

from nautobot_topology_cache.collect.judge import Draft, Judged

FEW = 10
"""Tables of so many rows may come and go; the guard looks at larger ones."""
WORD = "shrunk"
"""First word of the reason that says so."""


@attrs.frozen
class Standing:
    """What is stored of one slice before it is asked again."""

    rows: int
    collected_at: datetime | None
    shrunk: bool
    """Whether its last answer was doubted."""
    left: int = 0
    """How many rows that answer left."""


def doubted(reason: str) -> tuple[bool, int]:
    """Whether a stored reason is this guard's doubt, and how many rows were left then."""
    found = re.match(rf"{WORD}: (\d+) of ", reason)
    return bool(found), int(found[1]) if found else 0


@attrs.frozen
class ShrinkGuard:
    """Doubts an answer that leaves less than `share` of the rows that are stored; a share of 0 doubts nothing.

    That is an `ok` one, or an `empty` one that is only a heading or blank: what words or a count say is believed.
    """

    share: float = 0.0
    standing: Mapping[tuple[str, str, str], Standing] = attrs.field(factory=dict)
    """(table, command, context) -> what is stored."""

    def doubts(self, judged: Judged) -> bool:
        """Whether the command should be asked once more."""
        return any(self._doubt(draft) for draft in judged.drafts)

    def marked(self, judged: Judged) -> Judged:
        """The same, closing no row of a slice that shrank; unless the answer before said so already."""
        return attrs.evolve(judged, drafts=tuple(self._mark(draft) for draft in judged.drafts))

    def _doubt(self, draft: Draft) -> str:
        result = draft.result
        before = self.standing.get((result.table, result.command, result.context))
        readable = result.outcome == "ok" or (result.outcome == "empty" and not draft.proven)
        if before is None or not readable or before.rows <= FEW:
            return ""
        # The same answer read anew shrinks because we read it differently, and not because it was cut.
        anew = result.collected_at == before.collected_at
        left = len(draft.fed.records)
        agrees = before.shrunk and not anew and left >= self.share * before.left
        if left >= self.share * before.rows or (anew and not before.shrunk) or agrees:
            return ""
        return f"{WORD}: {left} of {before.rows} rows are left"

    def _mark(self, draft: Draft) -> Draft:
        doubt = self._doubt(draft)
        return attrs.evolve(draft, result=attrs.evolve(draft.result, closes=False, reason=doubt)) if doubt else draft
