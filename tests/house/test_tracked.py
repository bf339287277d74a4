"""What is under version control was written by somebody, or is a picture; no program left it there."""

import shutil
import subprocess
from pathlib import Path

from tests.house.source import ROOT

PICTURES = {".png"}
GIT = shutil.which("git") or "git"


def left_behind(folder: Path) -> list[str]:
    """Tracked files that are neither text nor pictures."""
    listed = subprocess.run([GIT, "ls-files", "-z"], cwd=folder, capture_output=True, check=True, text=True)
    named = (name for name in listed.stdout.split("\0") if name and Path(name).suffix not in PICTURES)
    return [name for name in named if (folder / name).is_file() and b"\0" in (folder / name).read_bytes()]


def test_only_pictures_are_binary():
    assert left_behind(ROOT) == []


def test_a_dump_of_a_database_is_reported(tmp_path):
    (tmp_path / "dump.rdb").write_bytes(b"REDIS\0")
    (tmp_path / "words.txt").write_text("words")
    for command in (["init", "-q"], ["add", "."]):
        subprocess.run([GIT, *command], cwd=tmp_path, check=True)
    assert left_behind(tmp_path) == ["dump.rdb"]
