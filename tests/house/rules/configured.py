"""Settings: named once, described once, read once, and from there on a value that is passed down."""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

from tests.house.source import Files, Function, Place, tree, walk

READER = "configuration.py"
FREE_TEXT = {"ssh_config_file", "platform_modules"}
"""Settings whose values no range or list can describe."""
LATER: dict[str, str] = {}
"""Settings that no code reads yet, and what will. Whoever reads one takes it off this list."""


def violations(files: Files, schema: str) -> list[str]:
    return [*_schema(files, json.loads(schema)["properties"]), *_readings(files)]


def declared(files: Files) -> dict[str, Any]:
    """Every setting with its default, as __init__.py gives them."""
    found: dict[str, Any] = {}
    for node in ast.walk(tree(files["__init__.py"])):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "default_settings":
            found |= ast.literal_eval(node.value)
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "constance_config":
            found |= dict(_constance(node.value))
    return found


def _constance(items: ast.expr) -> Iterator[tuple[str, Any]]:
    for name, item in zip(items.keys, items.values, strict=True):
        default = next(keyword.value for keyword in item.keywords if keyword.arg == "default")
        yield ast.literal_eval(name), ast.literal_eval(default)


def _schema(files: Files, properties: dict[str, dict[str, Any]]) -> Iterator[str]:
    settings = declared(files)
    yield from (
        f"__init__.py: `{name}` is not in app-config-schema.json" for name in settings.keys() - properties.keys()
    )
    yield from (f"app-config-schema.json: there is no setting `{name}`" for name in properties.keys() - settings.keys())
    for name in settings.keys() & properties.keys():
        described = properties[name]
        if described.get("default") != settings[name] or type(described.get("default")) is not type(settings[name]):
            yield f"app-config-schema.json: the default of `{name}` is not {settings[name]!r}"
        if not described.get("description", "").endswith("."):
            yield f"app-config-schema.json: `{name}` has no description"
        if not _bounded(described) and name not in FREE_TEXT:
            yield f"app-config-schema.json: `{name}` has neither a range nor a list of values"


def _bounded(described: dict[str, Any]) -> bool:
    return "enum" in described or ({"minimum", "exclusiveMinimum"} & described.keys() and "maximum" in described)


def _readings(files: Files) -> Iterator[str]:
    places = readings(files)
    for name in declared(files):
        found = places[name]
        if not found and name not in LATER:
            yield f"__init__.py: no code reads the setting `{name}`"
        if found and name in LATER:
            yield f"{found[0]}: `{name}` is read by now; take it off LATER"
        if len(found) > 1:
            where = ", ".join(map(str, found))
            yield f"`{name}` is read in {len(found)} places: {where}; read it in one and pass it down"
    yield from _backdoors(files)


def readings(files: Files) -> dict[str, list[Place]]:
    """Setting -> where it is read: as an attribute of the Settings value, or by its name from Nautobot."""
    found: dict[str, list[Place]] = defaultdict(list)
    names = frozenset(declared(files))
    for path, source in files.items():
        for name, place in _readings_in(path, source, names):
            found[name].append(place)
    return found


@cache
def _readings_in(path: str, source: str, names: frozenset[str]) -> list[tuple[str, Place]]:
    found = []
    for place in walk({path: source}):
        match place.node:
            case ast.Attribute(value=value, attr=attr) if attr in names and _is_settings(value, place):
                found.append((attr, place))
            case ast.Call(func=function, args=[_, ast.Constant(value=str(name))]) if name in names:
                if "get_app_settings_or_config" in ast.unparse(function):
                    found.append((name, place))
    return found


def _is_settings(value: ast.expr, place: Place) -> bool:
    """Whether an expression is the Settings value: `settings()`, `self.settings`, a name given or annotated as one."""
    text = ast.unparse(value)
    if text.removesuffix("()").rpartition(".")[2] == "settings":
        return True
    for around in place.around:
        if not isinstance(around, Function):
            continue
        arguments = [*around.args.posonlyargs, *around.args.args, *around.args.kwonlyargs]
        if any(one.arg == text and one.annotation and ast.unparse(one.annotation) == "Settings" for one in arguments):
            return True
        given = [node.value for node in ast.walk(around) if isinstance(node, ast.Assign) and _names(node) == [text]]
        if any(_is_settings(one, place) for one in given if ast.unparse(one) != text):
            return True
    return False


def _names(node: ast.Assign) -> list[str]:
    return [ast.unparse(target) for target in node.targets]


def _backdoors(files: Files) -> Iterator[str]:
    for place in walk(files):
        word = place.node.id if isinstance(place.node, ast.Name) else getattr(place.node, "attr", "")
        if word in {"PLUGINS_CONFIG", "get_app_settings_or_config"} and place.path != READER:
            yield f"{place}: settings are read in {READER} alone"
