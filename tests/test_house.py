"""The house stands: the core needs no screen, and commands without one don't wait for it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from rex_tui import __version__


def run(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REX_")}
    return subprocess.run(
        [sys.executable, *arguments], env=kept | changes, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_core_loads_no_screen() -> None:
    code = """
import sys
import rex_tui.feed, rex_tui.query, rex_tui.store, rex_tui.api, rex_tui.demo, rex_tui.headless.tail
print(sorted({name.partition(".")[0] for name in sys.modules} & {"textual", "rich"}))
"""
    assert run("-c", code).stdout == "[]\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["--help"],
        ["tail", "--help"],
        ["store", "consumers", "-h"],
        ["demo", "-h"],
        ["review", "-h"],
        ["rules", "-h"],
        ["rules", "test", "-h"],
        ["doctor", "-h"],
        ["settings", "-h"],
        ["setup", "-h"],
        ["serve", "-h"],
    ],
)
def test_help_and_version_load_neither_screen_nor_network(arguments: list[str]) -> None:
    code = f"""
import sys
sys.argv = ["rex-tui", *{arguments!r}]
from rex_tui.cli import main
try:
    main()
finally:
    print(sorted({{name.partition(".")[0] for name in sys.modules}} & {{"textual", "rich", "httpx", "msgspec"}}))
"""
    done = run("-c", code)
    assert done.stdout.endswith("[]\n")
    assert done.returncode == 0


def test_the_version() -> None:
    assert run("-m", "rex_tui", "--version").stdout == f"rex-tui, version {__version__}\n"


def test_a_first_start_names_what_is_missing_and_the_demo() -> None:
    done = run("-m", "rex_tui")
    assert done.returncode == 2
    assert "REX_URL and REX_API_KEY are not set" in done.stderr
    assert "rex-tui demo" in done.stderr


@pytest.mark.parametrize("arguments", [[], ["demo"]])
def test_without_a_terminal_the_screen_says_what_to_use_instead(arguments: list[str]) -> None:
    done = run("-m", "rex_tui", *arguments, REX_URL="http://127.0.0.1:1", REX_API_KEY="k")
    assert (done.returncode, done.stdout) == (2, "")
    assert "rex-tui tail" in done.stderr


def test_the_demo_takes_no_store_of_yours() -> None:
    done = run("-m", "rex_tui", "--store", "mine.db", "demo")
    assert done.returncode == 2
    assert "leave out --store" in done.stderr


def test_a_port_that_is_taken_is_told() -> None:

    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("-m", "rex_tui", "demo", "--serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "Choose another with --port" in done.stderr
