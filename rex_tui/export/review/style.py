"""How the page of a review looks: light and dark as the reader's system is, on paper, and on a narrow screen."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

LIGHT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "page": "#ffffff",
        "card": "#f5f6fa",
        "line": "#d5d9e3",
        "text": "#1d2230",
        "faint": "#565e72",
        "accent": "#2b5bd7",
        "moved": "#7a4fc9",
        "good": "#1b7a45",
        "bad": "#c22a48",
        "warn": "#8f5500",
        "heat": "#dde6ff",
        "hot": "#b9ccff",
    }
)
DARK: Final[Mapping[str, str]] = MappingProxyType(
    {
        "page": "#14161e",
        "card": "#1d2029",
        "line": "#363b4a",
        "text": "#e3e7f2",
        "faint": "#a2abc2",
        "accent": "#82a6ff",
        "moved": "#bd9bff",
        "good": "#6ccf95",
        "bad": "#ff8ca1",
        "warn": "#f0b45e",
        "heat": "#25304d",
        "hot": "#33457a",
    }
)
ON_PAGE: Final = ("text", "faint", "accent", "moved", "good", "bad", "warn")
"""Colours in which text stands, each on the page and on a card; `text` also on `heat` and `hot`."""


@cache
def style() -> str:
    """Give the page's only style; there is no other, and no attribute that has one."""
    rules = files(__package__).joinpath("page.css").read_text("utf-8")
    return (
        f":root {{ color-scheme: light dark; {_variables(LIGHT)} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {_variables(DARK)} }} }}\n{rules}"
    )


def policy() -> str:
    """Give what the page lets a browser do: apply that style, and nothing else at all."""
    digest = b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _variables(palette: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in palette.items())
