"""Builds docs/ into the app's static files, from where Nautobot serves it and the wheel carries it."""

import subprocess
import sys
from pathlib import Path

from development import ROOT
from development.processes import LaunchError

SOURCES = (ROOT / "docs", ROOT / "mkdocs.yml")
SITE = ROOT / "nautobot_topology_cache" / "static" / "nautobot_topology_cache" / "docs"


def build_documentation(log: Path, *, always: bool = False) -> bool:
    """Build if a source is newer than the last build; answers whether it did."""
    index = SITE / "index.html"
    if not always and index.exists() and index.stat().st_mtime > _newest_source():
        return False
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(SITE)]
    with log.open("wb") as output:
        done = subprocess.run(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise LaunchError(f"mkdocs refused: {log.read_text(errors='replace').strip()[-500:]}")
    return True


def _newest_source() -> float:
    files = [file for source in SOURCES for file in (source.rglob("*") if source.is_dir() else [source])]
    return max(file.stat().st_mtime for file in files)
