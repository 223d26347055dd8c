"""The program as it was installed: where it comes from, and that it finds all that it reads there."""

from __future__ import annotations

import os
import sys
from importlib.metadata import files, version
from pathlib import Path

import pytest
from support.program import run

import rex_tui

INSTALLED = os.environ.get("REX_TUI_INSTALLED")
"""Set where these tests are to look at an installed wheel and at nothing else."""


@pytest.mark.skipif(not INSTALLED, reason="the tests run beside the source")
def test_nothing_of_the_source_is_in_reach() -> None:
    package = Path(rex_tui.__file__).parent
    assert package.parent.name == "site-packages"
    assert package.is_relative_to(sys.prefix)
    assert not (package.parent / "_editable_impl_rex_tui.pth").exists()
    assert not (Path.cwd() / "rex_tui").exists()
    missing = [str(file) for file in files("rex-tui") or () if not Path(str(file.locate())).exists()]
    assert not missing
    for shared in ("man/man1/rex-tui.1", "bash-completion/completions/rex-tui", "zsh/site-functions/_rex-tui"):
        assert (Path(sys.prefix) / "share" / shared).is_file()


def test_the_installed_version_is_that_of_the_package() -> None:
    assert version("rex-tui") == rex_tui.__version__
    assert run("--version").stdout == f"rex-tui, version {rex_tui.__version__}\n"


def test_the_scripts_for_shells_are_there() -> None:
    for shell, word in (("bash", "complete -o nosort"), ("zsh", "#compdef rex-tui"), ("fish", "complete --no-files")):
        assert word in run("completion", shell).stdout
