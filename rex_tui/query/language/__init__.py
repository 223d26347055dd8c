"""One small language for the bar, `--where` and saved filters."""

from rex_tui.query.language.asking import Way, term_for, with_term
from rex_tui.query.language.completion import Completion, Known, complete
from rex_tui.query.language.errors import QueryError, SavedFilterError
from rex_tui.query.language.lexer import escaped
from rex_tui.query.language.query import Query, parse
from rex_tui.query.language.terms import Condition, Facts
from rex_tui.query.language.times import SystemZone, local_now

__all__ = [
    "Completion",
    "Condition",
    "Facts",
    "Known",
    "Query",
    "QueryError",
    "SavedFilterError",
    "SystemZone",
    "Way",
    "complete",
    "escaped",
    "local_now",
    "parse",
    "term_for",
    "with_term",
]
