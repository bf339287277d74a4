"""The lab knows nothing of what it tests: neither the app nor the libraries that read what the lab prints."""

import ast

import pytest

from tests.house.source import APP, ROOT, Files, walk

LAB = ROOT / "development" / "lab"
READERS = {APP, "nautobot", "netutils", "ntc_templates", "textfsm"}


def violations(files: Files) -> list[str]:
    found = []
    for place in walk(files):
        if isinstance(place.node, ast.Import):
            modules = [one.name for one in place.node.names]
        elif isinstance(place.node, ast.ImportFrom):
            modules = [place.node.module or ""]
        else:
            continue
        found += [f"{place} imports {module}" for module in modules if module.partition(".")[0] in READERS]
    return found


def test_the_lab_reads_nothing_with_the_apps_eyes():
    files = {str(path.relative_to(LAB)): path.read_text("utf-8") for path in sorted(LAB.rglob("*.py"))}
    assert "render/ios.py" in files
    assert violations(files) == []


@pytest.mark.parametrize("line", ["import netutils.mac", f"from {APP}.collect import records", "from textfsm import x"])
def test_an_eye_of_the_apps_is_reported(line):
    assert violations({"render/ios.py": line})
