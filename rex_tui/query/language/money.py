"""Numbers and amounts of money, as people type them.

Rex keeps money as whole cents in `value`, with an ISO 4217 code in `currency` beside it and USD where there is none
(source: Rex's documentation of deals).
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from msgspec import Struct

MONEY_FIELD: Final = "value"
DEFAULT_CURRENCY: Final = "USD"
CENTS: Final = 2
_SIGNS: Final = {"$": "USD", "€": "EUR", "£": "GBP"}
_NUMBER: Final = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_AMOUNT: Final = re.compile(
    rf"(?P<sign>[$€£])? ?(?P<number>{_NUMBER})(?: ?(?P<code>[A-Za-z]{{3}})| ?(?P<after>[$€£]))?", re.ASCII
)
_PLAIN: Final = re.compile(rf"{_NUMBER}(?:[eE][+-]?\d+)?", re.ASCII)


class Amount(Struct, frozen=True):
    """A number to compare with; with a currency, cents of that currency only."""

    number: Decimal
    currency: str | None = None


def read_amount(text: str, *, money: bool) -> Amount | None:
    """Read a number, or an amount like `500.00 EUR` or `$500`, which is given in cents; None where it is neither.

    A number with decimals and without a currency is money only where `money` says that the field holds cents.
    """
    found = _AMOUNT.fullmatch(text)
    if found is None:
        number = read_number(text.replace(",", "")) if _PLAIN.fullmatch(text) else None
        return None if number is None else Amount(number)
    number = Decimal(found["number"].replace(",", ""))
    decimals = len(found["number"].partition(".")[2])
    signs = [sign for sign in (found["sign"], found["after"]) if sign]
    if signs or found["code"]:
        currency = _SIGNS[signs[0]] if signs else found["code"].upper()
        in_one_way = len(signs) + bool(found["code"]) == 1
        return Amount(number.scaleb(CENTS), currency) if in_one_way and decimals <= CENTS else None
    if money and decimals:
        return Amount(number.scaleb(CENTS)) if decimals <= CENTS else None
    return Amount(number)


def read_number(text: str) -> Decimal | None:
    """Read the spelling of a number, of any size; None where it is none."""
    try:
        number = Decimal(text)
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() else None
