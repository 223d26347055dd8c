"""The watch rules that a start follows, read from the settings file; wrong ones end the program before the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from rex_tui.api_key import KEY_VARIABLE
from rex_tui.ending import USAGE_EXIT, fail
from rex_tui.names import Names
from rex_tui.query.language import local_now
from rex_tui.query.naming import NO_NAMES
from rex_tui.rule_settings import RuleSetting
from rex_tui.rules.book import RuleBook
from rex_tui.rules.commands import child_environment
from rex_tui.rules.rule import Rule, RuleError
from rex_tui.settings import load_rules
from rex_tui.settings_error import SettingsError
from rex_tui.settings_file import settings_path
from rex_tui.store.notebook import Notebook, notebook_path


def own_book(
    rules: tuple[RuleSetting, ...], store: Path | None, environment: Mapping[str, str], hide: Callable[[str], str]
) -> RuleBook:
    """Give the rules for the log that they were written for; exits where one can't be read.

    `store` is the store's file, None where there is none; `hide` finds the API key in a text.
    """
    book = RuleBook(rules, child_environment(environment, hide), path=str(settings_path(environment)))
    rules_read(book, store)
    return book


def other_book(environment: Mapping[str, str], *, is_demo: bool = False) -> RuleBook:
    """Give the rules for another log, a demo's or a file's; exits where one can't be read.

    Those that name saved filters, which are not saved here, are read all the same, and told of on the screen.
    """
    key = environment.get(KEY_VARIABLE, "").strip()
    try:
        rules = load_rules(environment).value
    except SettingsError as error:
        fail(str(error), USAGE_EXIT)
    kept = child_environment(environment, lambda value: value.replace(key, "") if key else value)
    book = RuleBook(rules, kept, is_demo=is_demo, is_own=False, path=str(settings_path(environment)))
    rules_read(book, None)
    return book


def rules_read(book: RuleBook, store: Path | None, names: Names = NO_NAMES) -> tuple[Rule, ...]:
    """Give the rules with their queries, and the filters saved beside the store; exits where one can't be read."""
    saved: Mapping[str, str] = {}
    if book.settings and store is not None and notebook_path(store).exists():
        with Notebook(store) as notebook:
            saved = notebook.filters()
    try:
        return book.read(local_now(), saved, names)[0]
    except RuleError as error:
        fail(str(error), USAGE_EXIT, error.shown)
