"""A column as a text and back, which columns a filter has, and what an event says in them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.hostile import NAMES, hostile

from rex_tui.event import Row
from rex_tui.query.cell import UNREAD, Cell, read_row
from rex_tui.query.column import (
    BUILT_IN,
    USUAL,
    WIDTH_MAX,
    WIDTH_MIN,
    Column,
    chosen_for,
    column_at,
    column_of,
    columns_of,
    with_column,
)
from rex_tui.query.summary import summarise

DEAL = "deal_01JQ0000000000000000000ABC"

names = st.one_of(
    st.text(min_size=1),
    st.sampled_from([*BUILT_IN, "data.type", "a=b", "a=14", "=", "==", "=5", "items[0].id", "data.data.x", *NAMES]),
    st.from_regex(r"\A[a=0-9.\n]{1,8}\Z"),
).filter(lambda name: name != "data.")
columns = st.builds(Column, names, st.one_of(st.none(), st.integers(WIDTH_MIN, WIDTH_MAX)))


@given(columns)
def test_the_text_of_a_column_is_read_as_the_same_column(column: Column) -> None:
    assert column_of(column.text) == column


@given(st.text())
def test_any_text_is_a_column_or_none_and_stays_what_it_is(text: str) -> None:
    column = column_of(text)
    if column is None:
        assert not text.partition("=")[0].removeprefix("data.")
    else:
        assert column_of(column.text) == column
        assert column.path != ""
        assert column.width is None or WIDTH_MIN <= column.width <= WIDTH_MAX


@given(st.text(min_size=1))
def test_a_path_whatever_it_is_called_has_a_column_that_leads_there(path: str) -> None:
    column = column_at(path)
    assert column.path == path
    assert column.name not in BUILT_IN


def test_what_is_written_otherwise_is_read_as_far_as_it_means_something() -> None:
    assert columns_of(["value=99999", "", "time=1", "value", "data.", "name="]) == (
        Column("value", WIDTH_MAX),
        Column("time", WIDTH_MIN),
        Column("name"),
    )


def test_a_filter_has_its_own_columns_else_those_of_its_types_else_those_of_everything() -> None:
    one, two, three = (Column("a"),), (Column("b"),), (Column("c"),)
    filters = ["type:deal.* acme", "type:deal.*", ""]
    assert chosen_for({}, filters) == USUAL
    assert chosen_for({"": three}, filters) == three
    assert chosen_for({"": three, "type:deal.*": two}, filters) == two
    assert chosen_for({"": three, "type:deal.*": two, "type:deal.* acme": one}, filters) == one
    assert chosen_for({"other": one}, filters) == USUAL


def test_another_column_comes_last_but_before_whom_it_is_about() -> None:
    assert [one.name for one in with_column(USUAL, Column("value"))] == ["time", "type", "summary", "value", "about"]
    assert with_column((Column("a"),), Column("b")) == (Column("a"), Column("b"))


def row(data: object) -> Row:
    text = data if isinstance(data, str) else json.dumps(data)
    return Row(1, "evt_01JQ0000000000000000000EVT", "deal.won", "", 0.0, text, len(text))


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("value", Cell("1,234.50 EUR", number=True)),
        ("deal.value", Cell("-0.07 USD", number=True)),
        ("half.value", Cell("1.5", number=True)),
        ("big", Cell("1180591620717411303424", number=True)),
        ("rate", Cell("0.10", number=True)),
        ("deal_id", Cell(DEAL, "deal_…000ABC", DEAL)),
        ("id", Cell("evt_01JQ0000000000000000000EVT", "evt_…000EVT", "evt_01JQ0000000000000000000EVT")),
        ("data.type", Cell("call")),
        ("data.id", Cell("own")),
        ("contact.email", Cell("a@b")),
        ("items[1].name", Cell("two")),
        ("items.name", Cell("one, two")),
        ("tags", Cell("x, y")),
        ("items", Cell("2 items")),
        ("contact", Cell("1 field")),
        ("with.dots", Cell("whole")),
        ("nothing", Cell("")),
        ("not.there[7]", Cell("")),
        ("value.deeper", Cell("")),
        ("yes", Cell("true")),
        ("at", Cell("2026-03-16T12:00:00+01:00")),
    ],
)
def test_what_stands_in_a_column(name: str, cell: Cell) -> None:
    payload = (
        '{"value": 123450, "currency": "EUR", "deal": {"value": -7}, "half": {"value": 1.5}, "rate": 0.10,'
        f' "big": 1180591620717411303424, "deal_id": "{DEAL}", "type": "call", "id": "own", "nothing": null,'
        ' "contact": {"email": "a@b"}, "items": [{"name": "one"}, {"name": "two"}], "tags": ["x", "y"],'
        ' "with.dots": "whole", "yes": true, "at": "2026-03-16T12:00:00+01:00"}'
    )
    told = read_row(row(payload), [*USUAL, Column(name)])
    assert told.fields == {name: cell}
    assert told.summary == summarise(row(payload))


def test_what_is_not_shown_is_not_read_and_what_can_not_be_read_says_so() -> None:
    told = read_row(row({"name": "x", "deal_id": DEAL}), [Column("name")])
    assert (told.summary, told.about, told.fields) == ("", "", {"name": Cell("x")})
    large = Row(1, "evt_1", "deal.won", "", 0.0, None, 1_000_000)
    for unreadable in (large, row("[" * 100_000), row("no json")):
        told = read_row(unreadable, [*USUAL, Column("a"), Column("b.c")])
        assert told.fields == {"a": Cell(UNREAD), "b.c": Cell(UNREAD)}
        assert told.summary
    assert read_row(row("null"), [Column("a")]).fields == {"a": Cell("")}
    deep = row('{"a": ' * 900 + "1" + "}" * 900)
    assert read_row(deep, [Column(".".join("a" * 900)), Column("a"), Column("[0]" * 900)])
    nested = row("[" * 900 + "]" * 900)
    assert read_row(nested, [Column("a.b.c"), Column("[0][0]")]).fields["a.b.c"] == Cell("")


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_and_values_are_harmless(name: str) -> None:
    field = hostile(name, "k")
    payload = {field: {"inner": hostile(name, "v")}, "value": 1, "currency": hostile(name, "c"), "list": [field] * 30}
    told = read_row(row(payload), [Column("value"), Column("list"), column_at(field), column_at(f"{field}.inner")])
    for cell in told.fields.values():
        assert cell.text.isprintable()
        assert cell.short.isprintable()
        assert len(cell.text) <= WIDTH_MAX
