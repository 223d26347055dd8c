"""Files in the poller's place: read once, bounded, and never called live."""

from __future__ import annotations

import asyncio
import bz2
import gzip
import io
import lzma
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from support.fakes import NOW, make_event

from rex_tui.feed import FeedStatus, FromFile
from rex_tui.feed import unpack as unpack_module
from rex_tui.feed.file_feed import FileFeed, SavedFile
from rex_tui.store import EventStore

COUNT = 4_500
TEXT = "".join(f"{make_event(number).json_line()}\n" for number in range(COUNT)).encode()


async def read(folder: Path, *files: Path) -> tuple[FileFeed, int]:
    with EventStore(folder / "file.db", "file") as store:
        feed = FileFeed([SavedFile(file.name, file.open("rb")) for file in files], store, NOW)
        shares: list[float | None] = []
        read_all = asyncio.Event()

        def told(status: FeedStatus) -> None:
            assert isinstance(status.state, FromFile), "it is never live, caught up or polling"
            shares.append(status.state.share)
            if not status.state.reading:
                read_all.set()

        feed.on_status = told
        running = asyncio.create_task(feed.run())
        await read_all.wait()
        running.cancel()
        known = [share for share in shares if share is not None]
        assert known == sorted(known)
        return feed, store.last_seq()


def zipped(text: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one.jsonl", text[: text.index(b"\n") + 1])
        archive.mkdir("folder")
        archive.writestr("folder/two.jsonl", text[text.index(b"\n") + 1 :])
    return packed.getvalue()


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress, zipped])
async def test_a_file_is_read_whatever_it_is_packed_in_and_called(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    file = tmp_path / "events"
    file.write_bytes(pack(TEXT))
    feed, last = await read(tmp_path, file)
    assert last == COUNT
    assert feed.status.state == FromFile(reading=False)
    assert (feed.status.cursor, feed.status.quarantined) == (None, 0)
    assert not feed.poll_now()


async def test_several_files_are_one_log_without_doubles(tmp_path: Path) -> None:
    lines = TEXT.splitlines(keepends=True)
    (tmp_path / "a").write_bytes(b"".join(lines[:3_000]))
    (tmp_path / "b").write_bytes(b"".join(lines[2_000:]) + b"oops\n")
    feed, last = await read(tmp_path, tmp_path / "a", tmp_path / "b")
    assert (last, feed.status.quarantined) == (COUNT, 1)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zipped])
async def test_a_packed_file_that_was_cut_off_is_told_and_what_came_is_kept(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    file = tmp_path / "events.packed"
    whole = pack(os.urandom(20_000).hex().encode() + b"\n" + TEXT)
    file.write_bytes(whole[: len(whole) - 40])
    feed, _ = await read(tmp_path, file)
    assert isinstance(feed.status.state, FromFile)
    (problem,) = feed.status.state.problems
    assert problem.startswith("events.packed is damaged or cut off")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zipped])
async def test_a_file_that_grows_without_end_is_left(
    tmp_path: Path, pack: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpack_module, "UNPACKED_ALWAYS", 2**20)
    file = tmp_path / "bomb"
    file.write_bytes(pack(make_event(1).json_line().encode() + b"\n" + (b" " * 1_000 + b"\n") * 60_000))
    feed, last = await read(tmp_path, file)
    assert isinstance(feed.status.state, FromFile)
    assert last <= 1
    assert "more than 200 times its size" in feed.status.state.problems[0]


async def test_leaving_does_not_wait_for_a_pipe_that_says_nothing(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    with EventStore(tmp_path / "file.db", "file") as store:
        feed = FileFeed([SavedFile("standard input", os.fdopen(reading, "rb"))], store, NOW)
        running = asyncio.create_task(feed.run())
        await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert feed.status.state == FromFile(reading=True)
    os.close(writing)
