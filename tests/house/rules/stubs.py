"""No stubs: a function does what its name says. The empty writers of earlier systems looked like functions too."""

from __future__ import annotations

import ast

from tests.house.source import Files, Place, functions, is_nothing, statements, walk

DECLARED = {"abstractmethod", "overload"}
MANY = (
    "list",
    "dict",
    "tuple",
    "set",
    "frozenset",
    "Mapping",
    "Iterable",
    "Iterator",
    "Sequence",
    "Collection",
    "QuerySet",
)
"""Return types that promise rows."""

QUIET = {
    "collect/connection.py:Connection.cleanup": "netmiko's goodbye, left out on purpose",
    "collect/sessions.py:Replay.close": "files are not held open",
    "collect/sessions.py:Stored.close": "layer 1 is not held",
}
"""Functions that do nothing on purpose, and why."""


def violations(files: Files) -> list[str]:
    found = [place for place in functions(files) if not _declared(place) and _stub(place)]
    found += [place for place in walk(files) if isinstance(place.node, ast.ClassDef) and _hollow(place.node)]
    return [f"{place}: `{place.name.partition(':')[2]}` is a stub" for place in found if place.name not in QUIET]


def unused_reasons(files: Files) -> set[str]:
    """Entries of QUIET that do not fit any more."""
    return set(QUIET) - {place.name for place in functions(files) if _stub(place)}


def _declared(place: Place) -> bool:
    """Part of a Protocol, or abstract."""
    decorators = {ast.unparse(one).rpartition(".")[2] for one in place.node.decorator_list}
    bases = {
        ast.unparse(base).partition("[")[0]
        for one in place.around
        if isinstance(one, ast.ClassDef)
        for base in one.bases
    }
    return bool(decorators & DECLARED) or "Protocol" in bases


def _stub(place: Place) -> bool:
    promise = ast.unparse(place.node.returns) if place.node.returns else "list"
    rows = any(word in promise for word in MANY)
    match statements(place.node):
        case [ast.Raise(exc=ast.Name() | ast.Call() as raised)]:
            return "NotImplementedError" in ast.unparse(raised)
        case [ast.Return(value=value)]:
            return _none(value) or (rows and is_nothing(value))
        case [ast.Expr(value=ast.YieldFrom(value=value))]:
            return is_nothing(value)
        case body:
            return _empty(body)


def _hollow(node: ast.ClassDef) -> bool:
    """`class DeviceJob: ...`; an exception or a marker says what it means in its docstring."""
    return ast.get_docstring(node) is None and _empty(node.body)


def _empty(body: list[ast.stmt]) -> bool:
    return all(isinstance(one, ast.Pass) or (isinstance(one, ast.Expr) and _ellipsis(one.value)) for one in body)


def _ellipsis(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is ...


def _none(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Constant) and value.value is None)
