"""Only store.py writes rows, and only it and purging.py remove any. Other writes are visibly of the other models."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.source import Files, Function, Place, tree, walk

WRITER = "store.py"
ERASER = "purging.py"
"""Removes what people want removed, and writes nothing: no second place decides what a row says."""
FREE = {"DeviceCache", "DiscoveryRun", "DiscoveryRunItem", "JobResult", "ScheduledJob"}
"""Models that others may write."""
REMOVES = {"delete", "_raw_delete", "adelete"}
VERBS = {"bulk_create", "bulk_update", "create", "delete", "_raw_delete", "get_or_create", "save", "save_base"}
VERBS |= {"update_or_create", "validated_save"}
VERBS |= {f"a{verb}" for verb in VERBS} | {"aupdate"}
BY_HAND = {"cursor", "execute", "executemany", "execute_batch", "copy"}
"""Calls that reach the database without a model, on anything called a connection or cursor."""


def violations(files: Files) -> list[str]:
    found = []
    for place in walk(files):
        call = place.node
        if place.path == WRITER or not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        if _by_hand(call.func):
            found.append(f"{place}: `{place.text()[:80]}` goes around the models; rows are written in {WRITER} alone")
        elif place.path == ERASER and call.func.attr in REMOVES:
            continue
        elif _writes(call) and not _free(call.func.value, place, files[place.path]):
            free = ", ".join(sorted(FREE))
            found.append(f"{place}: `{place.text()[:80]}` is not visibly a {free}; rows are written in {WRITER} alone")
    return found


def _writes(call: ast.Call) -> bool:
    """A verb of the ORM. A dict, a set or a digest is updated by position, a queryset by keywords."""
    verb = call.func.attr
    return verb in VERBS or (verb == "update" and not call.args and bool(call.keywords))


def _by_hand(function: ast.Attribute) -> bool:
    root = ast.unparse(function.value).lower()
    return function.attr in BY_HAND and ("cursor" in root or "connection" in root)


def _free(receiver: ast.expr, place: Place, source: str, depth: int = 0) -> bool:
    """Whether a chain begins at a free model, at something annotated as one, or at a name given such a chain."""
    if depth > 4:
        return False
    root = receiver
    while True:
        if isinstance(root, ast.Call | ast.Subscript):
            root = root.func if isinstance(root, ast.Call) else root.value
        elif isinstance(root, ast.Attribute) and not _annotated(root.attr, place, source):
            root = root.value
        else:
            break
    if isinstance(root, ast.Attribute):
        return bool(_annotated(root.attr, place, source) & FREE)
    if not isinstance(root, ast.Name):
        return False
    if root.id in FREE or _annotated(root.id, place, source) & FREE:
        return True
    given = list(_given(root.id, place))
    return bool(given) and all(_free(value, place, source, depth + 1) for value in given)


def _annotated(name: str, place: Place, source: str) -> set[str]:
    """Words of the annotations that a name has: as a parameter here, or as a field of a class of the module."""
    scope = [argument for around in place.around if isinstance(around, Function) for argument in _arguments(around)]
    found = {
        word
        for argument in scope
        if argument.arg == name and argument.annotation
        for word in _words(argument.annotation)
    }
    for node in ast.walk(tree(source)) if not found else ():
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target).removeprefix("self.") == name:
            found |= _words(node.annotation)
    return found


def _arguments(function: Function) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def _words(annotation: ast.expr) -> set[str]:
    text = annotation.value if isinstance(annotation, ast.Constant) else ast.unparse(annotation)
    return set(str(text).replace("|", " ").replace("[", " ").replace("]", " ").replace(",", " ").split())


def _given(name: str, place: Place) -> Iterator[ast.expr]:
    """What a name is assigned to in the functions around."""
    for around in place.around:
        for node in ast.walk(around):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", node)]
            if isinstance(node, ast.Assign | ast.NamedExpr) and any(ast.unparse(one) == name for one in targets):
                yield node.value
