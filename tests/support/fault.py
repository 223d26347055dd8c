"""What a fault is: a change to a page, to an answer, or to how the answer is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from support.fault_rex import FaultRex

Form: TypeAlias = Literal["flat", "meta", "both"]


@dataclass(frozen=True, slots=True)
class Served:
    """A page before it becomes text: `events` `start` to `end` of the log; `more` and `cursor` are JSON, None absent.

    `asked` is the cursor that was sent, `number` counts the requests, `log` is the whole log.
    """

    start: int
    end: int
    events: tuple[bytes, ...]
    more: bytes | None
    cursor: bytes | None
    asked: str | None
    number: int
    log: Sequence[bytes]
    form: Form = "flat"

    @property
    def last(self) -> bool:
        """Tell whether the log has no more."""
        return self.end >= len(self.log)

    def body(self) -> bytes:
        """Give the JSON text."""
        data = b"[" + b",\n ".join(self.events) + b"]"
        told = {b"has_more": self.more}
        flat = _members({b"data": data, b"next_cursor": self.cursor} | told)
        meta = _members({b"cursor": self.cursor} | told)
        match self.form:
            case "flat":
                return b"{%b}" % flat
            case "meta":
                return b'{"data": %b, "meta": {%b}}' % (data, meta)
            case "both":
                return b'{"data": %b, "next_cursor": null, "meta": {%b}}' % (data, meta)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer before it is sent; a header set to None is left out."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


PageEdit: TypeAlias = Callable[[Served], Served]
AnswerEdit: TypeAlias = "Callable[[Answer, FaultRex], Answer]"
Delivery: TypeAlias = Callable[[asyncio.StreamWriter, bytes], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong, for `times` requests (None: until healed) after the first `after` ones.

    With several faults at once all pages are changed first, then all answers, and the last delivery counts. A delivery
    ends its connection.
    """

    name: str
    page: PageEdit | None = None
    answer: AnswerEdit | None = None
    deliver: Delivery | None = None
    times: int | None = None
    after: int = 0

    def concerns(self, number: int) -> bool:
        """Tell whether it is committed at the request with this number, counted from when it was committed."""
        return self.after < number and (self.times is None or number <= self.after + self.times)


def answer_text(answer: Answer) -> bytes:
    """Give the bytes of an answer."""
    headers = {"Content-Type": "application/json", "Content-Length": str(len(answer.body))} | dict(answer.headers)
    lines = [f"HTTP/1.1 {answer.status} Said", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + answer.body


def _members(values: Mapping[bytes, bytes | None]) -> bytes:
    return b", ".join(b'"%b": %b' % (name, value) for name, value in values.items() if value is not None)
