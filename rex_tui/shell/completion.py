"""Completion in shells: click's own protocol, with scripts of ours that insert nothing that a shell would act on.

bash inserts what it is given as it is, so there only values pass that mean nothing to it between the quotation marks
that the cursor stands in. zsh and fish quote what they insert themselves.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import Final

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ZshComplete,
    add_completion_class,
)

SHELLS: Final = ("bash", "zsh", "fish")
PROGRAM: Final = "rex-tui"
MORE: Final = "more"
"""The type of an item behind which something must follow, so that no space is put there."""
_INSERTED: Final = {
    "": re.compile(r"[\w.:@%+,/=-]*", re.ASCII),
    "'": re.compile(r"[ -&(-\[\]-~]*", re.ASCII),
    '"': re.compile(r"[\w.:@%+,/=*()<> -]*", re.ASCII),
}
"""What means nothing to bash, by the quotation mark that is open; in ' that is all but the mark itself."""


def script(shell: str) -> str:
    """Give the script that makes a shell complete the commands."""
    return Path(__file__).with_name(f"{PROGRAM}.{shell}").read_text(encoding="utf-8")


def register() -> None:
    """Let click speak with our scripts."""
    for shell in (_Bash, _Zsh, _Fish):
        add_completion_class(shell)


class _Bash(BashComplete):
    """`COMP_WORDS` is the line up to the cursor, `COMP_CWORD` the end of it that bash is going to replace."""

    def source(self) -> str:
        return script(self.name)

    def complete(self) -> str:
        """Give the items that may stand where the cursor is, each as the text that bash inserts."""
        words, begun, mark = read_line(os.environ.get("COMP_WORDS", ""))
        replaced = os.environ.get("COMP_CWORD", "").lstrip("'\"")
        if mark not in _INSERTED or not words or not begun.endswith(replaced):
            return ""
        lead, stays = _lead(begun), len(begun) - len(replaced)
        lines = []
        for item in self.get_completions(words[1:], begun):
            whole = lead + item.value
            if item.type in ("file", "dir"):
                lines.append(self.format_completion(item))
            elif whole.startswith(begun[:stays]) and _INSERTED[mark].fullmatch(whole):
                lines.append(f"{item.type},{whole[stays:]}")
        return "\n".join(lines)


class _Zsh(ZshComplete):
    def source(self) -> str:
        return script(self.name)

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """Give the items as whole words."""
        return _whole(super().get_completions(args, incomplete), incomplete)

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Give an item with what it is, if anything, but for one behind which something must follow."""
        if item.type == MORE:
            return f"{MORE}\n{item.value}\n_"
        return super().format_completion(item)


class _Fish(FishComplete):
    def source(self) -> str:
        return script(self.name)

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """Give the items as whole words."""
        return _whole(super().get_completions(args, incomplete), incomplete)


def _whole(items: list[CompletionItem[str]], begun: str) -> list[CompletionItem[str]]:
    """Give items with the name of the option before them, where the word that is begun has it."""
    return [CompletionItem(_lead(begun) + item.value, item.type, item.help) for item in items]


def read_line(line: str) -> tuple[list[str], str, str]:
    """Give the whole words of a line, the word that is begun at its end, and the quotation mark that is open there.

    The mark is "" where none is open, and a backslash where the line ends with one.
    """
    read = shlex.shlex(line, posix=True)
    read.whitespace_split = True
    read.commenters = ""
    words: list[str] = []
    try:
        words.extend(read)
    except ValueError:
        return words, read.token, str(getattr(read, "state", ""))
    if not words or (line[-1:].isspace() and not words[-1].endswith(line[-1])):
        return words, "", ""
    return words[:-1], words[-1], ""


def _lead(begun: str) -> str:
    """Give what stands before the value in a word that is an option and its value, as in `--type=deal.won`."""
    name, sign, _value = begun.partition("=")
    return name + sign if sign and begun.startswith("-") else ""
