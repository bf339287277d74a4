"""`invoke lock`: writes the exact versions of everything installed here into pyproject.toml.

`uv run` reads no constraints file, and its own lock file names registry hosts; `[tool.uv] constraint-dependencies` is
the one place that pins for everybody and names nobody.
"""

import re
import subprocess
import tempfile
from pathlib import Path

from development import ROOT
from development.processes import LaunchError

PYPROJECT = ROOT / "pyproject.toml"
BLOCK = re.compile(r"(?<=^constraint-dependencies = \[\n).*?(?=^\]$)", re.MULTILINE | re.DOTALL)


def lock() -> int:
    """Resolve anew, within the ranges of pyproject.toml, for every supported Python; answers how many are pinned."""
    text = PYPROJECT.read_text()
    pins = _resolve(BLOCK.sub("", text))
    PYPROJECT.write_text(BLOCK.sub("".join(f'    "{pin}",\n' for pin in pins), text))
    return len(pins)


def _resolve(pyproject: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "pyproject.toml").write_text(pyproject)
        command = ["uv", "pip", "compile", "--universal", "--no-header", "--no-annotate", "--no-emit-index-url"]
        command += ["--no-emit-find-links", "--group", "dev", "pyproject.toml"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LaunchError(f"uv could not resolve the dependencies: {done.stderr.strip()}")
    lines = [line.strip() for line in done.stdout.splitlines() if "==" in line]
    names = [line.partition("==")[0] for line in lines]
    # A marker matters only where it tells two versions of one package apart.
    return sorted(
        line if names.count(name) > 1 else line.partition(" ;")[0] for name, line in zip(names, lines, strict=True)
    )
