"""The rules of the settings file: what can be written there, and what is told of what can't."""

from __future__ import annotations

from pathlib import Path

import pytest

from rex_tui.names import Names
from rex_tui.query.language import local_now
from rex_tui.rule_settings import RuleSetting
from rex_tui.rules.book import RuleBook
from rex_tui.rules.rule import FilterUnknown, RuleError
from rex_tui.settings import load_rules
from rex_tui.settings_error import SettingsError

WHOLE = """
[[rules]]
name = "Big wins"
where = "type:deal.won value>50000.00"
do = ["highlight", "toast", "bell", "notify"]
color = "success"
run = ["ring", "--loud"]
timeout_s = 2.5
run_in_demo = true

[[rules]]
name = "Everything"
where = ""
do = "toast"
"""


def environment(folder: Path, text: str) -> dict[str, str]:
    file = folder / "config.toml"
    file.write_text(text)
    return {"REX_TUI_CONFIG": str(file)}


def test_rules_are_read_whole(tmp_path: Path) -> None:
    rules = load_rules(environment(tmp_path, WHOLE))
    place = f"line {{}} of the settings file {tmp_path / 'config.toml'}"
    assert rules.value == (
        RuleSetting(
            "Big wins",
            "type:deal.won value>50000.00",
            frozenset({"highlight", "toast", "bell", "notify"}),
            ("ring", "--loud"),
            2.5,
            "success",
            run_in_demo=True,
            place=f"Rule “Big wins” ({place.format(2)})",
        ),
        RuleSetting("Everything", "", frozenset({"toast"}), place=f"Rule “Everything” ({place.format(11)})"),
    )
    assert rules.value[0].told() == "highlight in success, toast, bell, notify, run ring --loud"
    assert load_rules(environment(tmp_path, "")).value == ()


def test_the_example_of_the_readme_is_one(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text()
    lines = text.partition("### Watch rules")[2].partition("`highlight` colours")[0].splitlines()
    rules = load_rules(environment(tmp_path, "\n".join(line for line in lines if line.startswith("    ")))).value
    assert [rule.name for rule in rules] == ["Big wins", "Tell the team"]
    assert len(RuleBook(rules).read(local_now(), {}, Names())[0]) == 2


HEAD = '[[rules]]\nname = "A"\n'
ALL = HEAD + 'where = ""\ndo = ["toast"]\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rules = 5", "rules should be tables that begin with \\[\\[rules\\]\\]"),
        ("[rules]\nname = 'A'", "begin with \\[\\[rules\\]\\]"),
        ("interval = 20\n[[rules]]\nwhere = ''", "Rule 1 \\(line 2 of .*\\) needs a name"),
        ('[[rules]]\nname = "a\\u001b[2J"', "needs a name: a text of 1 to 60"),
        (ALL + ALL, "Rule “A” \\(line 5 of .*\\) has the name of a rule before it"),
        (ALL + "colour = 'red'", "has an unknown key, colour. Did you mean color\\?"),
        (ALL + "'\\u001b[2J' = 1", "unknown key, .*Known are name, where"),
        (HEAD + "do = 'toast'", "Rule “A” .* needs where, a text: what you would ask"),
        (HEAD + "where = ''", "does nothing. Give it do, a list of highlight, toast, bell, notify, or run"),
        (HEAD + "where = ''\ndo = ['toasts']", "toasts is none. Did you mean toast\\?"),
        (HEAD + "where = ''\ndo = ['run']", "A command goes into run, a list of its own"),
        (HEAD + "where = ''\ndo = [5]", "5 is none"),
        (HEAD + "where = ''\nrun = 'say won'", "run should be a list of texts.*No shell reads it"),
        (HEAD + "where = ''\nrun = ['a', 5]", "run should be a list of texts"),
        (HEAD + "where = ''\nrun = ['a\\u0000']".replace("'", '"'), "run should be a list of texts"),
        (HEAD + "where = ''\nrun = ['']", "run names no program"),
        (ALL + "timeout_s = 61", "timeout_s should be a number of seconds, more than 0 and at most 60"),
        (ALL + "timeout_s = true", "timeout_s should be a number"),
        (ALL + "color = 'red'", "color should be one of the theme's: primary, secondary"),
        (ALL + "run_in_demo = 1", "run_in_demo should be true or false"),
        ("\n".join(f'[[rules]]\nname = "{n}"\nwhere = ""\ndo = "bell"' for n in range(51)), "has 51 rules; at most 50"),
    ],
)
def test_what_is_wrong_is_told_with_rule_and_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as raised:
        load_rules(environment(tmp_path, text))
    assert str(raised.value).isprintable()


def test_a_file_that_others_may_write_runs_nothing(tmp_path: Path) -> None:
    told = environment(tmp_path, ALL)
    (tmp_path / "config.toml").chmod(0o622)
    assert load_rules(told).value
    (tmp_path / "config.toml").write_text(ALL + 'run = ["ring"]\n')
    with pytest.raises(SettingsError, match="names a command, and others may write the file"):
        load_rules(told)


def test_queries_are_read_with_filters_and_what_is_wrong_is_underlined() -> None:
    def book(where: str, *, is_own: bool = True) -> RuleBook:
        return RuleBook((RuleSetting("A", where, frozenset({"toast"}), place="Rule “A” (line 2)"),), is_own=is_own)

    now, names = local_now(), Names()
    rules, left = book("filter:big type:deal.won").read(now, {"big": "value>1000.00"}, names)
    assert ([rule.query.describe() for rule in rules], left) == (["value over 1000.00 deal.won"], ())
    with pytest.raises(RuleError, match=r"Rule “A” \(line 2\): where can't be read at character 7. Expected") as raised:
        book("deal (").read(now, {}, names)
    assert raised.value.shown.splitlines()[1].index("^") == 6
    for asked in ("is:new", "type:deal.* -is:marked", "(a or not is:quarantined)"):
        with pytest.raises(RuleError, match="can't be asked for by a rule"):
            book(asked).read(now, {}, names)
    with pytest.raises(FilterUnknown, match="There is no saved filter “big”"):
        book("filter:big").read(now, {}, names)
    rules_elsewhere, left_elsewhere = book("filter:big", is_own=False).read(now, {}, names)
    assert (rules_elsewhere, len(left_elsewhere)) == ((), 1)
    gone, why = book("filter:big").read(now, {}, names, before=rules)
    assert (gone, len(why)) == (rules, 1), "a rule whose filter is dropped while it is in force goes on as it was"
