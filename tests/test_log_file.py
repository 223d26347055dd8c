"""The log file: for its owner, rotated, without payloads or whole cursors, and without the key."""

from __future__ import annotations

import io
import json
import logging
import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.other_rex import KEY, OtherRex, serving
from support.program import in_text
from support.warm import run_warm

from rex_tui import log_file
from rex_tui.log_file import open_log
from rex_tui.settings import load_settings
from rex_tui.settings_error import SettingsError

SECRET_NAME = "Ada Lovelace"
EVENTS = [
    json.dumps({"id": f"evt_{n}", "type": "deal.won", "occurred_at": "", "data": {"name": SECRET_NAME}})
    for n in range(250)
]


@pytest.fixture
def rex() -> Iterator[OtherRex]:
    with serving(OtherRex([*EVENTS, '{"id": 7}'])) as running:
        yield running


def tail(rex: OtherRex, folder: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REX_")}
    command = ["--store", str(folder / "rex.db"), "tail", "--once", *arguments]
    return in_text(run_warm(command, kept | {"REX_URL": rex.url, "REX_API_KEY": KEY} | changes))


def test_it_says_what_was_done_without_what_was_read(rex: OtherRex, tmp_path: Path) -> None:
    file = tmp_path / "rex.log"
    assert tail(rex, tmp_path, "--log-file", str(file)).returncode == 0
    said = file.read_text()
    assert "key from REX_API_KEY" in said
    assert "page: 200 events, has_more True" in said
    assert "events, up to 250" in said
    assert "set aside: " in said
    assert "CaughtUp" in said
    assert SECRET_NAME not in said
    assert KEY not in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_payloads_are_logged_only_when_that_is_asked_for(rex: OtherRex, tmp_path: Path) -> None:
    file = tmp_path / "rex.log"
    tail(rex, tmp_path, "--log-payloads", REX_TUI_LOG_FILE=str(file))
    said = file.read_text()
    assert said.count(SECRET_NAME) == 250
    assert "because --log-payloads was given" in said
    assert KEY not in said


def test_a_log_that_cannot_be_opened_is_told(rex: OtherRex, tmp_path: Path) -> None:
    done = tail(rex, tmp_path, "--log-file", str(tmp_path / "none" / "rex.log"))
    assert done.returncode == 2
    assert "can't be opened (No such file or directory)" in done.stderr


@pytest.fixture
def own_logger() -> Iterator[logging.Logger]:
    logger = logging.getLogger("rex_tui")
    before = (logger.handlers[:], logger.propagate, logger.level)
    yield logger
    for handler in logger.handlers:
        if handler not in before[0]:
            handler.close()
    logger.handlers, logger.propagate = before[0], before[1]
    logger.setLevel(before[2])
    logging.raiseExceptions = True


def test_it_is_rotated_and_each_file_is_for_its_owner(
    tmp_path: Path, own_logger: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_file, "FILE_BYTES", 2_000)
    settings = load_settings({"REX_URL": "https://acme.rexgtm.com", "REX_API_KEY": KEY})
    file = tmp_path / "rex.log"
    file.touch(0o644)
    open_log(settings, file, payloads=False)
    for number in range(200):
        own_logger.info("line %d \x1b[31m %s\nand more", number, KEY)
    files = sorted(tmp_path.iterdir())
    assert [path.name for path in files] == ["rex.log", *(f"rex.log.{n}" for n in range(1, 6))]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    said = "".join(path.read_text() for path in files)
    assert KEY not in said
    assert "\x1b" not in said
    assert "␛[31m (the API key)␊and more" in said
    assert all(path.stat().st_size <= 2_000 for path in files)


def test_a_folder_is_no_log_file(tmp_path: Path, own_logger: logging.Logger) -> None:
    settings = load_settings({"REX_URL": "https://acme.rexgtm.com", "REX_API_KEY": KEY})
    with pytest.raises(SettingsError, match="can't be opened"):
        open_log(settings, tmp_path, payloads=False)


@pytest.mark.parametrize("kind", ["pipe", "link", "device"])
def test_what_is_no_file_is_not_logged_into(rex: OtherRex, tmp_path: Path, kind: str) -> None:
    there = tmp_path / "there"
    if kind == "pipe":
        os.mkfifo(there)
    elif kind == "link":
        (tmp_path / "elsewhere").touch(0o644)
        there.symlink_to(tmp_path / "elsewhere")
    else:
        there = Path(os.devnull)
    done = tail(rex, tmp_path, "--log-file", str(there))
    assert done.returncode == 2
    assert f"log file {there} can't be opened (it is " in done.stderr
    if kind == "link":
        assert stat.S_IMODE((tmp_path / "elsewhere").stat().st_mode) == 0o644


def test_lines_that_a_full_disk_does_not_take_are_counted(tmp_path: Path, own_logger: logging.Logger) -> None:
    settings = load_settings({"REX_URL": "https://acme.rexgtm.com", "REX_API_KEY": KEY})
    file = open_log(settings, tmp_path / "rex.log", payloads=False)
    assert file.loss == ""
    assert file.stream is not None
    file.stream.close()
    file.stream = io.TextIOWrapper(io.FileIO("/dev/full", "a"), line_buffering=True)
    own_logger.info("first")
    assert file.loss.startswith("1 line could not be written")
    own_logger.info("second")
    assert file.loss == f"2 lines could not be written to the log file {tmp_path}/rex.log (No space left on device)."
    file.stream.close()
    file.stream = file._open()
    own_logger.info("third")
    assert "third" in (tmp_path / "rex.log").read_text()
