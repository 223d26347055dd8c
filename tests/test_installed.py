"""The program as it was installed: where it comes from, and that it finds all that it reads there."""

from __future__ import annotations

import os
import sys
from importlib.metadata import files, version
from pathlib import Path

import pytest
from support.other_rex import KEY, OtherRex, serving
from support.program import run_from_nothing as run
from support.terminal import FROM_NOTHING, terminal

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


def test_a_log_is_read_exported_and_reviewed(tmp_path: Path) -> None:
    events = [
        f'{{"id":"evt_{number}","type":"deal.won","occurred_at":"2026-03-16T12:00:00Z","data":{{"value":{number}}}}}'
        for number in range(3)
    ]
    store = str(tmp_path / "rex.db")
    with serving(OtherRex(events)) as rex:
        told = run("tail", "--once", REX_URL=rex.url, REX_API_KEY=KEY, REX_TUI_STORE=store)
    assert (told.returncode, told.stdout.count("\n")) == (0, 3)
    assert run("export", "--format", "csv", REX_TUI_STORE=store).stdout.count("deal.won") == 3
    page = run("review", "--period", "2026-03-16..2026-03-17", "--format", "html", REX_TUI_STORE=store).stdout
    assert "<style>" in page
    assert page.endswith("</html>\n")
    assert run("store", "check", REX_TUI_STORE=store).returncode == 0


def test_the_demo_is_shown_with_all_its_styles() -> None:
    with terminal(["demo", "--history", "300", "--rate", "0"], {}, program=FROM_NOTHING) as screen:
        screen.until("300 of 300")
        screen.press("q")
        assert screen.wait() == 0
    assert b"Traceback" not in screen.raw
