"""The manual page, in the macros of man(7), made from the commands themselves so that it says what they take."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import click

from rex_tui.settings_options import OPTIONS
from rex_tui.shell.man_words import DESCRIPTION, EXAMPLES, EXIT_CODES, FILES, SECURITY, VARIABLES, WRITTEN

NAME: Final = "rex-tui"
LINE_MAX: Final = 78
WIDE: Final = 10_000
"""Columns in which click writes a line, since man breaks lines itself."""
_SIGNS: Final = {
    "\\": r"\e",
    "-": r"\-",
    "'": r"\(aq",
    "`": r"\(ga",
    "“": r"\(lq",
    "”": r"\(rq",
    "…": r"\&...",
    "–": r"\(en",  # noqa: RUF001 - a dash
    "€": r"\[Eu]",
}
_CODE: Final = re.compile(r"`([^`]+)`")

Records = Sequence[tuple[str, str]]


def man_page(root: click.Group, version: str) -> str:
    """Give the page as text for `man`, ASCII only."""
    top = click.Context(root, info_name=NAME, max_content_width=WIDE, terminal_width=WIDE)
    shared = _records(top)
    lines = [f'.TH REX\\-TUI 1 {WRITTEN} "{NAME} {version}" "User Commands"']
    lines += [".SH NAME", f"{_text(NAME)} \\- watch a Rex CRM's event log live in a terminal"]
    lines += [".SH SYNOPSIS", *_usage(top)]
    lines += [".SH DESCRIPTION", *_paragraphs(_split(DESCRIPTION))]
    lines += [".SH OPTIONS", *_listed(shared)]
    lines += [".SH COMMANDS"]
    for context in _commands(top):
        lines += _command(context, shared)
    lines += [".SH ENVIRONMENT", "A flag goes over the environment, the environment over the settings file."]
    lines += _listed(_variables())
    lines += [".SH FILES", *_listed(FILES), ".SH EXIT STATUS", *_listed(EXIT_CODES), ".SH EXAMPLES"]
    for words, command in EXAMPLES:
        lines += [".TP 4", f"{_text(words)}:", *_as_it_is(command)]
    lines += [".SH SECURITY", *_paragraphs(_split(SECURITY))]
    return "\n".join(lines) + "\n"


def _commands(above: click.Context) -> Iterator[click.Context]:
    """Yield every command with what stands above it, in the order of the help."""
    assert isinstance(above.command, click.Group)  # noqa: S101 - the caller looked
    for name in above.command.list_commands(above):
        command = above.command.get_command(above, name)
        if command is None or command.hidden:
            continue
        context = click.Context(command, info_name=name, parent=above, max_content_width=WIDE, terminal_width=WIDE)
        yield context
        if isinstance(command, click.Group):
            yield from _commands(context)


def _command(context: click.Context, shared: Records) -> Iterator[str]:
    own = [record for record in _records(context) if record not in shared and "--help" not in record[0]]
    also = [record[0] for record in _records(context) if record in shared and "--help" not in record[0]]
    yield f".SS {_text(context.command_path.removeprefix(NAME).strip())}"
    yield from _usage(context)
    yield from _paragraphs(_split(context.command.help or ""), first=".PP")
    yield from _listed(own)
    if also:
        names = ", ".join(f"\\fB{_text(_name(one))}\\fR" for one in also)
        yield from (".PP", *textwrap.wrap(f"Also {names}: see OPTIONS.", LINE_MAX, break_on_hyphens=False))
    if context.command.epilog:
        title, *lines = context.command.epilog.lstrip("\b\n").splitlines()
        yield from (".PP", _text(title), ".RS 2", *_as_it_is("\n".join(line.strip() for line in lines)), ".RE")


def _usage(context: click.Context) -> Iterator[str]:
    yield f".B {_text(context.command_path)}"
    yield _text(" ".join(context.command.collect_usage_pieces(context)))


def _records(context: click.Context) -> Records:
    """Give the options as click tells of them: their names, and what they do."""
    found = (option.get_help_record(context) for option in context.command.get_params(context))
    return [record for record in found if record is not None and record[1]]


def _name(option: str) -> str:
    """Give the long name out of `-p, --profile NAME`."""
    return next(word for word in option.replace(",", " ").split() if word.startswith("--"))


def _variables() -> Records:
    told = [
        (option.variable, option.words[0].upper() + option.words[1:] + ".") for option in OPTIONS if option.variable
    ]
    return told + [(name, words[0].upper() + words[1:] + ".") for name, words in VARIABLES]


def _split(text: str) -> list[str]:
    return [part.strip("\n") for part in inspect.cleandoc(text).split("\n\n")]


def _paragraphs(parts: Iterable[str], first: str = "") -> Iterator[str]:
    """Yield paragraphs; one that begins with click's mark for lines that stay as they are keeps its lines."""
    for number, part in enumerate(parts):
        if number or first:
            yield ".PP"
        if part.startswith("\b"):
            yield from (".RS 4", *_as_it_is(part.lstrip("\b\n")), ".RE")
        else:
            yield from _wrapped(part)


def _listed(records: Records) -> Iterator[str]:
    for name, words in records:
        yield from (".TP", f"\\fB{_text(name)}\\fR", *_wrapped(words))


def _as_it_is(text: str) -> Iterator[str]:
    yield from (".nf", *map(_text, text.splitlines()), ".fi")


def _wrapped(text: str) -> list[str]:
    """Give a paragraph in lines that fit an editor; man breaks them anew."""
    lines = textwrap.wrap(_text(text), LINE_MAX, break_long_words=False, break_on_hyphens=False)
    return [_harmless(line) for line in lines]


def _text(text: str) -> str:
    """Give a text so that man shows it as it is, what stands between backticks in bold."""
    parts = _CODE.split(text)
    shown = "".join(f"\\fB{_signs(part)}\\fR" if place % 2 else _signs(part) for place, part in enumerate(parts))
    return _harmless(shown)


def _harmless(line: str) -> str:
    """Give a line that man takes for no request of ours."""
    return f"\\&{line}" if line.startswith((".", "'")) else line


def _signs(text: str) -> str:
    return "".join(_SIGNS.get(sign, sign) for sign in text)
