"""Sentences and lines on terminals that can't write everything: nothing fails, and nothing becomes unreadable.

Click takes an ASCII stream for a mistake and writes UTF-8 to it. Where that stream is a terminal, it is none: so such a
stream is given an encoding of ours, which is ASCII with our signs in it, and `?` for all else.
"""

from __future__ import annotations

import codecs
import sys
from collections.abc import Mapping
from io import TextIOWrapper
from typing import Any, Final, TextIO

from rex_tui.looks import PLAIN_LOCALES, locale_of
from rex_tui.signs import IN_ASCII, UNWRITABLE, is_utf8

OURS: Final = "rex_tui_ascii"
"""What Python calls our encoding, and our way with what another encoding does not have."""
ASCII_END: Final = 128


def write_what_can_be_written(environment: Mapping[str, str]) -> None:
    """Let no sentence of a command fail, or be unreadable, on a terminal that is not written in UTF-8."""
    plain = locale_of(environment) in PLAIN_LOCALES
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.isatty() and (plain or not is_utf8(stream.encoding)):
            codecs.register(_search)
            codecs.register_error(OURS, _replaced)
            is_ascii = plain or codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding=OURS if is_ascii else stream.encoding, errors=OURS)


def encoding_of(stream: TextIO) -> str:
    """Give the encoding of a stream, "" where it has none."""
    return "ascii" if stream.encoding == OURS else stream.encoding or ""


def encoded(lines: str, stream: TextIO) -> bytes:
    """Give the bytes of lines for a stream: UTF-8, but for a terminal what it can show."""
    if not stream.isatty() or is_utf8(stream.encoding or ""):
        return lines.encode()
    return lines.encode(stream.encoding, stream.errors or "replace")


class _InAscii(dict[int, str]):
    """Our signs in ASCII, ASCII as it is, and `?` for all else."""

    def __missing__(self, code: int) -> str:
        return chr(code) if code < ASCII_END else UNWRITABLE


_IN_ASCII: Final = _InAscii(IN_ASCII)


def _encode(text: str, _errors: str = "strict") -> tuple[bytes, int]:
    return text.translate(_IN_ASCII).encode("ascii"), len(text)


class _Encoder(codecs.IncrementalEncoder):
    def encode(self, text: str, final: bool = False) -> bytes:  # noqa: ARG002, FBT001, FBT002 - as codecs have it
        return _encode(text)[0]


def _search(name: str) -> codecs.CodecInfo | None:
    if name != OURS:
        return None
    ascii_ = codecs.lookup("ascii")
    decoders: Any = {"decode": ascii_.decode, "incrementaldecoder": ascii_.incrementaldecoder}
    return codecs.CodecInfo(_encode, name=OURS, incrementalencoder=_Encoder, **decoders)


def _replaced(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)  # noqa: S101 - only what is written comes here
    return error.object[error.start : error.end].translate(_IN_ASCII), error.end
