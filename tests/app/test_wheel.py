"""The wheel, built and imported from where nothing of the checkout is, carries all that Nautobot needs of the app."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.apps import apps

from development import ROOT
from development.documentation import build_documentation
from tests.nautobot_env import CONFIGURATION

APP = "nautobot_topology_cache"

PROBE = """
import json, sys
from pathlib import Path
import nautobot
nautobot.setup(config_path=sys.argv[1])
import nautobot_topology_cache
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template.loader import get_template
from nautobot_topology_cache.collect.platforms import platforms

root = Path(nautobot_topology_cache.__file__).parent
assert root.parent == Path(sys.argv[2]), root
call_command("check")
templates = sorted((root / "templates").rglob("*.html"))
assert templates
for template in templates:
    get_template(str(template.relative_to(root / "templates")))
page = "nautobot_topology_cache/docs/index.html"
assert finders.find(page) == str(root / "static" / page)
for platform in platforms().values():
    for entry in platform.entries:
        for command in entry.alternatives:
            assert command.parser.columns, command.text
print("it works")
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build_documentation(folder / "documentation.log")
    uv = os.environ.get("UV") or shutil.which("uv")
    assert uv, "uv builds the wheel: `pip install uv`"
    command = [uv, "build", "--wheel", "--offline", "--quiet", "--python", sys.executable, "--out-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    return set(ZipFile(wheel).namelist())


def sources(pattern: str) -> set[str]:
    paths = (ROOT / APP).rglob(pattern) if "/" not in pattern else (ROOT / APP).glob(pattern)
    return {str(path.relative_to(ROOT)) for path in paths}


@pytest.mark.parametrize(
    "pattern", ["*.py", "*.textfsm", "templates/**/*.html", "migrations/*.py", "app-config-schema.json"]
)
def test_the_wheel_has_all_there_is(names: set[str], pattern: str) -> None:
    assert sources(pattern)
    assert sources(pattern) <= names


def test_the_wheel_has_the_documentation_and_a_page_for_each_model(names: set[str]) -> None:
    docs = f"{APP}/static/{APP}/docs"
    pages = {f"{docs}/models/{model._meta.model_name}.html" for model in apps.get_app_config(APP).get_models()}
    assert {f"{docs}/index.html", *pages} <= names


def test_the_wheel_has_nothing_but_the_app_and_its_licence(names: set[str]) -> None:
    assert {name.partition("/")[0] for name in names if not name.startswith(f"{APP}/")} == {
        next(name.partition("/")[0] for name in names if name.endswith(".dist-info/METADATA"))
    }
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if "__pycache__" in name]


def test_nautobot_starts_with_the_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "site"
    ZipFile(wheel).extractall(installed)
    probe = tmp_path / "probe.py"
    probe.write_text(PROBE)
    configuration = tmp_path / "nautobot_config.py"
    shutil.copy(CONFIGURATION.parent.parent / "development" / "nautobot_config.py", configuration)
    done = subprocess.run(
        [sys.executable, str(probe), str(configuration), str(installed)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip().endswith("it works")
