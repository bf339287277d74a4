"""No swallowed exceptions: one broad `except`, at the device boundary; and no error becomes [], "", None or silence."""

from __future__ import annotations

import ast

from tests.house.source import Files, is_nothing, walk

BROAD = {"Exception", "BaseException"}
BOUNDARY = "collect/gather.py:_Gathering.work"
"""Where a bug costs its device and not the run; it ends as a Failure."""

REASONS = {
    "collect/connection.py:_private_key": "the next kind of key is tried, and when none fits SessionError is raised",
    "collect/gather.py:_Clock.next_of": "nothing ended within the tick: wait on",
    "collect/platforms/announced.py:_address": "neighbors may announce what is no IP address; LLDP allows MACs",
    "collect/terminal.py:Terminal._receive": "silence is the answer that was asked for",
    "fanout.py:FanOut._states": "devices go on without Redis; after a while the run asks them itself, or fails",
    "fanout.py:FanOut._tend": "as _states: what was not handed out now is handed out with the next look",
    "fanout.py:_kill": "the process that was to be killed has ended by itself",
    "tally.py:take_stock": "a broker that does not answer costs the event, never the run that has ended",
    "filters.py:CachedRowFilterSet._exact": "a search term that is no MAC may be an address, a prefix, a name",
}
"""Handlers that go on without the answer, and why that is no failure turned into a value."""


def violations(files: Files) -> list[str]:
    found = []
    for place in walk(files):
        if _suppresses(place.node) and place.name not in REASONS:
            found.append(f"{place}: `{place.text().splitlines()[0]}` swallows its errors")
        if not isinstance(place.node, ast.ExceptHandler):
            continue
        if _broad(place.node) and place.name != BOUNDARY and not isinstance(place.node.body[-1], ast.Raise):
            found.append(f"{place}: a broad except; name what is expected, or raise again")
        elif _silent(place.node) and place.name not in REASONS:
            found.append(f"{place}: an error becomes nothing; let it rise, or end in an outcome with a reason")
    return found


def unused_reasons(files: Files) -> set[str]:
    """Entries of REASONS that do not fit any more."""
    handlers = (place for place in walk(files) if isinstance(place.node, ast.ExceptHandler) and _silent(place.node))
    return set(REASONS) - {place.name for place in handlers}


def _broad(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    named = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return bool({ast.unparse(one).rpartition(".")[2] for one in named} & BROAD)


def _silent(handler: ast.ExceptHandler) -> bool:
    """Whether nothing comes of it: skipping, or an empty value returned or kept. Logging is no answer either."""
    return all(_does_nothing(one) for one in handler.body)


def _does_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Continue() | ast.Break():
            return True
        case ast.Return(value=value) | ast.Assign(value=value) | ast.AnnAssign(value=value):
            return is_nothing(value)
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=receiver))):
            return "log" in ast.unparse(receiver).lower()
    return False


def _suppresses(node: ast.AST) -> bool:
    return isinstance(node, ast.With) and any("suppress(" in ast.unparse(item.context_expr) for item in node.items)
