"""The package as text and as syntax trees; rules get the text, so that a test can show them an offending file."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import attrs

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "nautobot_topology_cache"
APP = PACKAGE.name

Files = Mapping[str, str]
"""Path below the package -> source."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def package() -> Files:
    """Every module of the app but its migrations, which Django writes."""
    paths = (path.relative_to(PACKAGE) for path in sorted(PACKAGE.rglob("*.py")))
    return {str(path): (PACKAGE / path).read_text("utf-8") for path in paths if path.parts[0] != "migrations"}


@cache
def tree(source: str) -> ast.Module:
    return ast.parse(source)


@attrs.frozen
class Place:
    """Something found in a file, with the classes and functions around it, outermost first."""

    path: str
    node: ast.AST
    around: tuple[ast.ClassDef | Function, ...] = ()

    @property
    def name(self) -> str:
        """`collect/sessions.py:Stored.close`."""
        own = [self.node.name] if isinstance(self.node, ast.ClassDef | Function) else []
        return f"{self.path}:{'.'.join([*(one.name for one in self.around), *own])}"

    def __str__(self) -> str:
        return f"{self.path}:{self.node.lineno}"

    def text(self) -> str:
        return ast.unparse(self.node)


def walk(files: Files) -> Iterator[Place]:
    """Every node of every file, parents first."""
    return (place for path, source in files.items() for place in _places(path, source))


@cache
def _places(path: str, source: str) -> list[Place]:
    found = [Place(path, tree(source))]
    for place in found:
        own = (place.node,) if isinstance(place.node, ast.ClassDef | Function) else ()
        found.extend(Place(path, child, (*place.around, *own)) for child in ast.iter_child_nodes(place.node))
    return found[1:]


def functions(files: Files) -> Iterator[Place]:
    return (place for place in walk(files) if isinstance(place.node, Function))


def statements(function: Function | ast.ClassDef) -> list[ast.stmt]:
    """The body without its docstring."""
    return function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body


def is_nothing(value: ast.expr | None) -> bool:
    """Whether an expression is an empty value: None, "", 0, [], {}, (), list(), iter(()) ..."""
    match value:
        case None:
            return True
        case ast.Constant(value=constant):
            return not constant and constant is not False
        case ast.List(elts=[]) | ast.Tuple(elts=[]) | ast.Dict(keys=[]):
            return True
        case ast.Call(func=ast.Name(id="list" | "dict" | "tuple" | "set" | "frozenset" | "iter" | "str"), args=args):
            return all(is_nothing(one) for one in args)
    return False
