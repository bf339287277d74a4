"""The parts of README.md and docs/ that are made from the code: settings, platforms, commands, the files of the app.

A part stands between `<!-- made from the code: NAME -->` and `<!-- end -->`. `invoke docs` renews all of them; a test
fails while one is out of date.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from development import ROOT
from development.faults import GROUPS
from nautobot_topology_cache.collect.commands import Entry, Platform
from nautobot_topology_cache.collect.platforms import platforms
from nautobot_topology_cache.collect.records import RECORDS
from nautobot_topology_cache.topology.score import RULES

PACKAGE = ROOT / "nautobot_topology_cache"
PART = re.compile(r"(<!-- made from the code: (?P<name>[\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


FAULT_HEADER = ("Fault", "What happens", "How it ends; the rows", "What you see", "What to do")


def pages() -> list[Path]:
    """Everything that may have such parts."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def renew() -> list[Path]:
    """Bring every page up to date; answers those that were not."""
    outdated = [page for page in pages() if renewed(page.read_text("utf-8")) != page.read_text("utf-8")]
    for page in outdated:
        page.write_text(renewed(page.read_text("utf-8")), "utf-8")
    return outdated


def renewed(page: str) -> str:
    """The page with its parts as the code has them now; an unknown part is a KeyError."""
    return PART.sub(lambda found: f"{found[1]}\n{PARTS[found['name']]()}\n\n{found[3]}", page)


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; a bar inside a cell does not end it."""
    names = list(header)
    lines = [names, ["---"] * len(names), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def settings() -> str:
    """Every setting of the schema."""
    properties = json.loads((PACKAGE / "app-config-schema.json").read_text("utf-8"))["properties"]
    rows = [
        (f"`{name}`", f"`{json.dumps(schema['default'])}`", _range(schema), schema["description"])
        for name, schema in properties.items()
    ]
    return table(("Setting", "Default", "Range", "Meaning"), rows)


def _range(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema["enum"])
    if "maximum" not in schema:
        return "list of text" if schema["type"] == "array" else "text"
    least = f"{schema['minimum']} to" if "minimum" in schema else f"above {schema['exclusiveMinimum']}, up to"
    return f"{least} {schema['maximum']}"


def matrix() -> str:
    """Which platform can answer which table."""
    rows = [
        (f"`{table_name}`", *("yes" if table_name in platform.tables() else "no" for platform in platforms().values()))
        for table_name in RECORDS
    ]
    return table(("Table", *(f"`{driver}`" for driver in platforms())), rows)


def commands() -> str:
    """Everything that is typed on a device, by platform."""
    return "\n\n".join(_commands_of(platform) for platform in platforms().values())


def _commands_of(platform: Platform) -> str:
    setup = ", ".join(f"`{command}`" for command in platform.setup) or "what netmiko sends for this device type"
    enable = " The commands need privileged mode: `enable` is sent first where the prompt ends in `>`."
    rows = [(_text(entry), ", ".join(f"`{name}`" for name in _fed(entry))) for entry in platform.entries]
    return "\n\n".join(
        (
            f"### `{platform.driver}`",
            f"Session set-up: {setup}.{enable if platform.enable else ''}",
            table(("Command", "Tables"), rows),
        )
    )


def _text(entry: Entry) -> str:
    first, *others = (f"`{command.text.format(vrf='VRF')}`" for command in entry.alternatives)
    fallback = f", or where that is unsupported {', '.join(others)}" if others else ""
    return f"{first}{', once per VRF' if entry.per_vrf else ''}{fallback}"


def _fed(entry: Entry) -> Iterable[str]:
    """Tables in the catalog's order; the list of VRFs feeds none and serves them all."""
    return [name for name in RECORDS if name in entry.tables]


def files() -> str:
    """Every module of the app with what its docstring says first."""
    modules = [path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts]
    rows = [(f"`{path.relative_to(PACKAGE)}`", said) for path in modules if (said := _first_sentence(path))]
    return table(("File", "What it does"), rows)


def _first_sentence(module: Path) -> str:
    said = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    return " ".join(said.partition("\n\n")[0].split())


def faults() -> str:
    """Every fault with what the app does then, in the groups of the table."""
    return "\n\n".join(
        f"### {heading}\n\n"
        + table(FAULT_HEADER, [(f"`{one.id}`", one.happens, one.stated, one.sees, one.do) for one in group])
        for heading, group in GROUPS.items()
    )


def rules() -> str:
    """What each kind of evidence means and weighs."""
    signs = {True: "+", False: "\u2212"}
    rows = [
        (f"`{kind}`", f"{signs[rule.supports]}{rule.weight}", "yes" if rule.conflict else "", rule.meaning)
        for kind, rule in RULES.items()
    ]
    return table(("Evidence", "Weight", "Conflict", "Meaning"), rows)


PARTS: dict[str, Callable[[], str]] = {
    "settings": settings,
    "platforms": matrix,
    "commands": commands,
    "files": files,
    "faults": faults,
    "rules": rules,
}
