"""Who may import whom: arrows go down in LAYERS, and `collect/` and `topology/` know nothing of Django and Nautobot."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from tests.house.source import APP, Files, tree

LAYERS: tuple[frozenset[str], ...] = tuple(
    frozenset(layer.split())
    for layer in (
        "collect",
        "topology",
        "choices configuration",
        "models",
        "catalog",
        "changes copying decisions leases observations outage queries turnstiles",
        "drawing requests store",
        "progress tally",
        "endings",
        "at_hand expansion",
        "visits",
        "fanout",
        "discovery exchange orphans purging standing statistics",
        "jobs",
        "columns filters",
        "map_panels panels tables",
        "cache_views device_tabs forms map_forms run_panels statistics_panels",
        "api",
        "graphql",
        "map_views run_views views",
        "checks homepage housekeeping management metrics navigation template_content urls",
    )
)
"""Parts of the app; one imports itself and what stands above it, and a new part is given its place here."""

PURE_MAY_IMPORT = {
    "collect": {"attrs", "cryptography", "netmiko", "netutils", "ntc_templates", "paramiko", "regex", "textfsm"},
    "topology": {"attrs", "netutils", "networkx"},
}
"""Besides the standard library."""

WIRE = {f"collect.{module}" for module in ("connection", "flow", "gather", "sessions", "wire")}
DOORS = (
    "api cache_views checks columns device_tabs filters forms graphql homepage housekeeping map_forms map_panels "
    "map_views metrics navigation panels run_panels run_views statistics_panels tables template_content urls views"
)
CLOSED = {
    "topology": {"collect"},
    "changes": WIRE,
    "store": WIRE,
    **{door: WIRE | {"store", "leases"} for door in DOORS.split()},
}
"""Part -> what it may not import although it stands above: a door reads rows and starts runs, no more."""
AT_START = {"checks", "configuration", "graphql", "housekeeping", "orphans"}
"""What the app's configuration may import, once everything is loaded."""
OPEN = {"topology": {"collect.records", "collect.normalize"}}
"""Exceptions from CLOSED."""


def violations(files: Files) -> list[str]:
    return [*_directions(files), *_purity(files), *_cycles(files)]


def _directions(files: Files) -> Iterator[str]:
    rank = {part: number for number, layer in enumerate(LAYERS) for part in layer}
    for path, source in files.items():
        part = _part(_module(path))
        if part not in rank and part:
            yield f"{path}: `{part}` has no place in LAYERS"
            continue
        for line, module in imports(path, source, files):
            target = _part(module)
            if not target or target == part or (not part and target in AT_START):
                continue
            if not part or rank.get(target, 99) >= rank[part] or _closed(part, module):
                yield f"{path}:{line}: `{part or '__init__'}` may not import `{module}`"


def _closed(part: str, module: str) -> bool:
    def among(names: set[str]) -> bool:
        return any(module == name or module.startswith(f"{name}.") for name in names)

    return among(CLOSED.get(part, set())) and not among(OPEN.get(part, set()))


def _purity(files: Files) -> Iterator[str]:
    for path, source in files.items():
        allowed = PURE_MAY_IMPORT.get(_part(_module(path)))
        for line, name in _foreign(path, source) if allowed is not None else ():
            if name not in allowed and name not in sys.stdlib_module_names:
                yield f"{path}:{line}: a pure module may not import `{name}`"


def _cycles(files: Files) -> Iterator[str]:
    ahead = {_module(path): {name for _, name in imports(path, text, files)} for path, text in files.items()}
    for start, imported in ahead.items():
        seen, frontier = set(), set(imported)
        while frontier:
            seen |= frontier
            frontier = {after for name in frontier for after in ahead.get(name, ())} - seen
        if start in seen:
            yield f"{start} imports itself by way of others"


def imports(path: str, source: str, files: Files) -> Iterator[tuple[int, str]]:
    """(line, module of the app, without the app's name) of every import; `from x import y` may be x.y."""
    modules = {_module(one) for one in files}
    for line, base, names in _statements(path, source):
        if base.split(".")[0] != APP:
            continue
        inner = base.removeprefix(APP).lstrip(".")
        if inner:
            yield line, inner
        inside = (f"{inner}.{name}".lstrip(".") for name in names)
        yield from ((line, name) for name in inside if name in modules and name != inner)


def _foreign(path: str, source: str) -> Iterator[tuple[int, str]]:
    for line, base, _ in _statements(path, source):
        top = base.split(".")[0]
        if top != APP:
            yield line, top


def _statements(path: str, source: str) -> Iterator[tuple[int, str, list[str]]]:
    """(line, absolute module, imported names) of every import statement, wherever it stands."""
    here = [APP, *path.split("/")[:-1]]
    for node in ast.walk(tree(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, []) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else []
            yield node.lineno, ".".join([*base, *([node.module] if node.module else [])]), [a.name for a in node.names]


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("__init__").strip("/").replace("/", ".")


def _part(module: str) -> str:
    return module.split(".", maxsplit=1)[0]
