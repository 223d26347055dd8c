"""Make README's table of what rex-tui survives from the fault tables that the tests go through.

    python tests/faults/table.py [--check]

With `--check` nothing is written; it exits with 1 where the README is out of date.
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from faults.case import Group
from faults.rows import CASES, GROUPS

README: Final = Path(__file__).parents[2] / "README.md"
BEGIN: Final = "<!-- survives -->\n"
END: Final = "<!-- /survives -->\n"

INTRO: Final = (
    "What Rex's reference leaves open, and what breaks on the way to it. Each of these {rows} rows stands for one or "
    "more of {cases} tests of the real client, poller and store on a real socket, and is made from them. They look at "
    "what is in the file, what the status says, how often Rex was asked, and that the feed comes back alone, with "
    "every event once and in order. Where rex-tui stops, it asks for nothing more until you say so."
)


def table() -> str:
    """Give the section in Markdown."""
    rows = sum(len(group.rows) for group in GROUPS)
    intro = textwrap.fill(INTRO.format(rows=rows, cases=len(CASES)), 120) + "\n"
    return "\n".join([intro, *map(_group, GROUPS)])


def rewritten(readme: str) -> str:
    """Give the README's text with the section made anew."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"README.md has no {BEGIN.strip()} or no {END.strip()}")
    return before + begin + table() + end + after


def main() -> int:
    """Write or check; give the exit code."""
    readme = README.read_text(encoding="utf-8")
    made = rewritten(readme)
    if "--check" not in sys.argv[1:]:
        README.write_text(made, encoding="utf-8")
        return 0
    if made != readme:
        print("README.md is out of date: run python tests/faults/table.py")
    return int(made != readme)


def _group(group: Group) -> str:
    rows = "".join(f"| {row.rex} | {row.rex_tui} |\n" for row in group.rows)
    return f"| {group.title}: Rex … | rex-tui … |\n|---|---|\n{rows}"


if __name__ == "__main__":
    sys.exit(main())
