"""What is built: the wheel has all of the package, its manual page and its completions, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import rex_tui
from rex_tui import __version__
from rex_tui.shell.completion import SHELLS, script

PACKAGE = Path(rex_tui.__file__).parent
ROOT = PACKAGE.parent
SHARED = {
    "bash": "share/bash-completion/completions/rex-tui",
    "zsh": "share/zsh/site-functions/_rex-tui",
    "fish": "share/fish/vendor_completions.d/rex-tui.fish",
}
pytestmark = pytest.mark.skipif(not (ROOT / "pyproject.toml").exists(), reason="no source here")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    made = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-t", "sdist", "-d", str(folder)]
    done = subprocess.run(made, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def source() -> set[str]:
    files = (file for file in PACKAGE.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return {file.relative_to(ROOT).as_posix() for file in files}


def test_the_wheel_has_the_whole_package_and_nothing_beside_it(built: Path) -> None:
    with zipfile.ZipFile(built / f"rex_tui-{__version__}-py3-none-any.whl") as wheel:
        names = set(wheel.namelist())
        data = f"rex_tui-{__version__}.data/data/"
        shared = {name.removeprefix(data): wheel.read(name).decode() for name in names if name.startswith(data)}
        points = wheel.read(f"rex_tui-{__version__}.dist-info/entry_points.txt").decode()
    assert {name for name in names if name.startswith("rex_tui/")} == source()
    assert {name.partition("/")[0] for name in names} == {
        "rex_tui",
        f"rex_tui-{__version__}.dist-info",
        f"rex_tui-{__version__}.data",
    }
    assert shared.pop("share/man/man1/rex-tui.1") == (PACKAGE / "shell" / "rex-tui.1").read_text()
    assert shared == {SHARED[shell]: script(shell) for shell in SHELLS}
    assert "rex-tui = rex_tui.cli:main" in points


def test_the_source_archive_has_what_building_and_testing_need(built: Path) -> None:
    with tarfile.open(built / f"rex_tui-{__version__}.tar.gz") as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert source() <= names
    assert {"pyproject.toml", "README.md", "tests/conftest.py", ".ci/run"} <= names
    assert not [name for name in names if name.startswith(("screenshots", ".venv", ".git/"))]
