"""HTML as a tree: what is put into it is text, and only its writer makes markup, so that nothing need be escaped."""

from __future__ import annotations

from typing import Final, TypeAlias
from xml.etree.ElementTree import Element, tostring

Node: TypeAlias = Element

_ON_A_LINE: Final = frozenset(
    {
        *("head", "meta", "title", "style", "body", "header", "main", "section", "footer", "h1", "h2", "p", "div"),
        *("dl", "dt", "dd", "ul", "ol", "li", "table", "caption", "thead", "tbody", "tr", "details", "summary"),
        *("svg", "rect", "text", "line", "desc", "blockquote"),
    }
)
"""Elements after which the written page goes on in a new line, where that is not seen."""


def el(tag: str, *inside: Node | str, **attributes: str) -> Node:
    """Give an element with text and elements inside; `class_` and `aria_label` stand for `class` and `aria-label`."""
    element = Element(tag, {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()})
    last: Node | None = None
    for one in inside:
        if not isinstance(one, str):
            element.append(one)
            one.tail = "\n" if one.tag in _ON_A_LINE else None
            last = one
        elif last is None:
            element.text = (element.text or "") + one
        else:
            last.tail = (last.tail or "") + one
    return element


def page(html: Node) -> str:
    """Give the text of a whole page."""
    return f"<!doctype html>\n{tostring(html, encoding='unicode', method='html')}\n"
