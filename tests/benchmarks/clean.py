"""How fast text is cleaned: `python tests/benchmarks/clean.py` prints megabytes a second for kinds of text."""

from __future__ import annotations

import time

from rex_tui.safe_text import clean

PIECE = 32_768
RUNS = 200
TEXTS = {
    "one line of JSON": '{"name": "Acme renewal", "value": 1234500}',
    "JSON over lines": '{\n  "name": "Acme renewal",\n\t"value": 1234500\r\n}',
    "control sequences": "\x1b[31mred\x1b[0m\r\n\t\x00\x07\x7f",
    "all of ASCII": "".join(map(chr, range(0x80))),
    "Latin letters with marks": "Müller über Ærøskøbing",
    "Chinese": "客户关系管理系统",
    "emoji": "👩🏽\u200d🚀🇩🇪 hello",
}


def main() -> None:
    for name, text in TEXTS.items():
        payload = (text * PIECE)[:PIECE]
        spent = []
        for _ in range(RUNS):
            began = time.perf_counter()
            clean(payload, len(payload))
            spent.append(time.perf_counter() - began)
        print(f"{name:25} {len(payload.encode()) / min(spent) / 1e6:8.1f} MB/s")


if __name__ == "__main__":
    main()
