"""The bytes of a file as a file: plain, or out of gzip, bzip2, xz or zip, never more of them than is reasonable."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import BinaryIO, Final, cast

GROWTH_MAX: Final = 200
"""How many times its own size a packed file may become; logs become ten to thirty times theirs."""
UNPACKED_ALWAYS: Final = 64 * 2**20
"""Bytes that any packed file may become."""
UNPACKED_MAX: Final = 16 * 2**30
MEMBERS_MAX: Final = 10_000
MAGIC_BYTES: Final = 6
SPOILT: Final = (
    EOFError,
    gzip.BadGzipFile,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
)


class UnpackError(Exception):
    """The rest of a file can't be read; the message goes on after its name, in words for people."""


class Unpacked:
    """Lines out of a packed file; raises `UnpackError` where it is spoilt, or grows beyond what is reasonable."""

    def __init__(self, file: BinaryIO, packed: Callable[[], int | None]) -> None:
        """Read lines from `file`; `packed` gives the bytes of the packed file, None where it is not packed."""
        self._file = file
        self._packed = packed
        self._came = 0

    def readline(self, size: int, /) -> bytes:
        """Give the next line, or `size` bytes of a longer one; nothing at the end."""
        try:
            line = self._file.readline(size)
        except SPOILT as error:
            raise UnpackError(f"is damaged or cut off ({error})") from None
        except OSError as error:
            raise UnpackError(f"can't be read ({error.strerror or error})") from None
        self._came += len(line)
        packed = self._packed()
        if packed is not None and self._came > min(UNPACKED_MAX, max(UNPACKED_ALWAYS, GROWTH_MAX * packed)):
            raise UnpackError(
                f"becomes more than {GROWTH_MAX} times its size when it is unpacked, as no log does; the rest is left"
            )
        return line


def unpacked(file: io.BufferedReader) -> Iterator[Unpacked]:
    """Yield the files in an open one: itself, or what is packed in it, told by its first bytes, not by its name.

    Raises `UnpackError`.
    """
    try:
        magic = file.peek(MAGIC_BYTES)[:MAGIC_BYTES]
    except OSError as error:
        raise UnpackError(f"can't be read ({error.strerror or error})") from None
    if magic.startswith(b"PK\x03\x04"):
        yield from _members(file)
        return
    with ExitStack() as opened:
        plain: BinaryIO = file
        if magic.startswith(b"\x1f\x8b"):
            plain = cast("BinaryIO", opened.enter_context(gzip.GzipFile(fileobj=file)))
        elif magic.startswith(b"BZh"):
            plain = cast("BinaryIO", opened.enter_context(bz2.BZ2File(file)))
        elif magic.startswith(b"\xfd7zXZ\x00"):
            plain = cast("BinaryIO", opened.enter_context(lzma.LZMAFile(file)))
        yield Unpacked(plain, (lambda: None) if plain is file else lambda: _place(file))


def _members(file: BinaryIO) -> Iterator[Unpacked]:
    if not file.seekable():
        raise UnpackError("is a zip file, which can't be read from a pipe; save it and name the file")
    try:
        with zipfile.ZipFile(file) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if len(infos) > MEMBERS_MAX:
                raise UnpackError(f"has {len(infos):,} files in it, where at most {MEMBERS_MAX:,} are read")
            for info in infos:
                with archive.open(info) as member:
                    packed = info.compress_size
                    yield Unpacked(cast("BinaryIO", member), lambda packed=packed: packed)  # type: ignore[misc]
    except SPOILT as error:
        raise UnpackError(f"is damaged or cut off ({error})") from None


def _place(file: BinaryIO) -> int:
    """Give how far a file was read; for a pipe, nothing, so that only `UNPACKED_ALWAYS` comes out of it."""
    try:
        return file.tell()
    except OSError:
        return 0
