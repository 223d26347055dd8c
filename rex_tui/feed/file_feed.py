"""Files in the poller's place: their events are read into the store once, and nobody is asked for more."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from io import BufferedReader
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from rex_tui.api.saved import read_saved
from rex_tui.event import Grown, Page
from rex_tui.feed.status import FeedStatus, FromFile
from rex_tui.feed.unpack import UnpackError, unpacked
from rex_tui.store import EventStore, StoreError

EVENTS_A_COMMIT: Final = 2_000
COMMIT_S: Final = 0.2
BATCHES_AHEAD: Final = 2
PROBLEMS_MAX: Final = 20


class SavedFile(Struct, frozen=True):
    """An open file with saved events, and the name that it goes by."""

    name: str
    file: BufferedReader


class _Batch(Struct, frozen=True):
    """What was read at once: pages, how much of all files was read (None where that is unknown), what went wrong."""

    pages: tuple[Page, ...] = ()
    share: float | None = None
    problem: str = ""


class _Left(Exception):
    """Nobody waits for what is read any more."""


class FileFeed:
    """Reads files into the store, in a thread, and then rests. It has the poller's interface, for the screen."""

    def __init__(self, files: Sequence[SavedFile], store: EventStore, received_at: float) -> None:
        """Read `files`, which this closes, into `store`; `received_at` is in seconds since the epoch."""
        self._files = files
        self._store = store
        self._received_at = received_at
        self._sizes = [_size_of(saved.file) for saved in files]
        self.on_status: Callable[[FeedStatus], None] = lambda _: None
        self.on_grown: Callable[[Grown], None] = lambda _: None
        self.on_reset: Callable[[], None] = lambda: None
        self.on_forgotten: Callable[[int], None] = lambda _: None
        self.status = FeedStatus(FromFile(reading=True))

    async def run(self) -> None:
        """Read everything, then wait to be cancelled."""
        self.on_status(self.status)
        batches: asyncio.Queue[_Batch | None] = asyncio.Queue(BATCHES_AHEAD)
        loop = asyncio.get_running_loop()

        def put(batch: _Batch | None) -> None:
            putting = batches.put(batch)
            try:
                asyncio.run_coroutine_threadsafe(putting, loop).result()
            except (RuntimeError, CancelledError):  # the program has ended meanwhile
                putting.close()
                raise _Left from None

        # A thread of its own, because a pipe may keep it waiting for ever, also when the program ends.
        threading.Thread(target=self._read, args=(put,), name="files", daemon=True).start()
        while (batch := await batches.get()) is not None:
            await self._take(batch)
        self._set(replace(self._state, reading=False, share=None))
        await asyncio.Event().wait()

    def pause(self) -> None:
        """Do nothing: there is nothing to ask."""

    def resume(self) -> None:
        """Do nothing: there is nothing to ask."""

    def poll_now(self) -> bool:
        """Say that there is nothing to ask."""
        return False

    async def read_again(self) -> None:
        """Do nothing: there is nothing to ask."""

    async def go_on(self) -> None:
        """Do nothing: there is nothing to ask."""

    def store_damaged(self, why: str) -> None:
        """Say that what was read into the store can't be read any more."""
        self._problem(f"{why} Quit and open the file again.")

    @property
    def _state(self) -> FromFile:
        assert isinstance(self.status.state, FromFile)  # noqa: S101 - it has no other
        return self.status.state

    async def _take(self, batch: _Batch) -> None:
        if batch.problem:
            self._problem(batch.problem)
        if batch.pages:
            try:
                grown = await asyncio.to_thread(self._store.append, batch.pages)
            except StoreError as error:
                self._problem(str(error))
                return
            self.status = replace(self.status, quarantined=self.status.quarantined + grown.quarantined)
            if len(grown):
                self.on_grown(grown)
        self._set(replace(self._state, share=batch.share))

    def _problem(self, words: str) -> None:
        if words not in self._state.problems and len(self._state.problems) < PROBLEMS_MAX:
            self._set(replace(self._state, problems=(*self._state.problems, words)))

    def _set(self, state: FromFile) -> None:
        self.status = replace(self.status, state=state)
        self.on_status(self.status)

    # ---- in the thread

    def _read(self, put: Callable[[_Batch | None], None]) -> None:
        with suppress(_Left):
            self._read_all(put)

    def _read_all(self, put: Callable[[_Batch | None], None]) -> None:
        for number, saved in enumerate(self._files):
            with saved.file:
                try:
                    for pages in _batches(self._pages(saved.file)):
                        put(_Batch(pages, self._share(number)))
                except UnpackError as error:
                    put(_Batch(problem=f"{saved.name} {error}. What came before that is shown."))
        put(None)

    def _pages(self, file: BufferedReader) -> Iterator[Page]:
        for part in unpacked(file):
            yield from read_saved(part, self._received_at)

    def _share(self, number: int) -> float | None:
        """Give how much of all the files was read, from 0 to 1."""
        if None in self._sizes or not (total := sum(filter(None, self._sizes))):
            return None
        try:
            here = self._files[number].file.tell()
        except (OSError, ValueError):
            return None
        return min(1.0, (sum(filter(None, self._sizes[:number])) + here) / total)


def _batches(pages: Iterator[Page]) -> Iterator[tuple[Page, ...]]:
    """Put pages together as one commit takes them; what came before an `UnpackError` is given first."""
    some: list[Page] = []
    count, due = 0, time.monotonic() + COMMIT_S
    failure: UnpackError | None = None
    while failure is None:
        try:
            page = next(pages, None)
        except UnpackError as error:
            failure = error
            break
        if page is None:
            break
        some.append(page)
        count += len(page.events) + len(page.quarantined)
        if count >= EVENTS_A_COMMIT or time.monotonic() >= due:
            yield tuple(some)
            some, count, due = [], 0, time.monotonic() + COMMIT_S
    if some:
        yield tuple(some)
    if failure is not None:
        raise failure


def _size_of(file: BufferedReader) -> int | None:
    try:
        return os.fstat(file.fileno()).st_size if file.seekable() else None
    except OSError:
        return None
