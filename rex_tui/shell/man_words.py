"""What the manual page says beside the commands and their options. What stands between backticks is set in bold."""

from __future__ import annotations

from typing import Final

WRITTEN: Final = "2026-11-27"
"""When these words were last looked through."""
DESCRIPTION: Final = """
rex-tui polls the Events API of a Rex CRM, mirrors its event log once into a local file, and shows it as a table that
scrolls, filters and unfolds. It only ever reads. Without a command it opens the screen for your tenant; `?` there lists
all keys, and `ctrl+p` finds every command by name, and types, saved filters, ids, names and times, too.

`rex-tui demo` shows a made-up organisation and needs no account. The first start asks for the address and the API key
of yours on a form, `rex-tui setup` line by line; a key that may only read is enough.
"""
VARIABLES: Final = (
    ("REX_API_KEY", "the API key; a settings file never holds it, and no flag does"),
    ("REX_WEBHOOK_SECRET", "the secret that deliveries to `--doorbell` are signed with"),
    ("REX_TUI_PROFILE", "the profile to use, as `--profile` says it"),
    ("REX_TUI_CONFIG", "the settings file, in the place of the usual one"),
    ("NO_COLOR", "where it is set, lines for people have no colours"),
    ("VISUAL, EDITOR", "what `rex-tui settings edit` opens the settings file in"),
)
"""Those that stand for no key of the settings file."""
FILES: Final = (
    (
        "config.toml",
        (
            "Settings, in the folder rex-tui of your user configuration: ~/.config/rex-tui on Linux, "
            "~/Library/Application Support/rex-tui on macOS. `rex-tui settings path` prints where."
        ),
    ),
    (
        "HOST-TAG.db",
        (
            "The log of one tenant, an SQLite file, in the folder rex-tui of your user data: ~/.local/share/rex-tui on "
            "Linux. `rex-tui store path` prints where. Other programs may read its views log and gaps."
        ),
    ),
    (
        "HOST-TAG.db.notes",
        "What you added: marks and notes, checkpoints, saved filters, columns, and the places of consumers.",
    ),
)
EXIT_CODES: Final = (
    ("0", "Done."),
    ("1", "`doctor` found something to do."),
    ("2", "Usage or settings are wrong; standard error says what."),
    ("3", "Rex rejected the key."),
    ("4", "Rex could not be reached, answered wrongly, or rejected our place in its log."),
    ("5", "The store can't be used, or a file can't be written."),
    ("130", "Interrupted before all was done."),
)
EXAMPLES: Final = (
    ("Look at a made-up organisation", "rex-tui demo"),
    ("Set up your own tenant, and watch it", "rex-tui setup\nrex-tui"),
    ("Watch one of several tenants, deals only", "rex-tui -p acme --where 'type:deal.*'"),
    ("All events up to now, a JSON object a line", "rex-tui tail --once > events.jsonl"),
    (
        "New deals won above an amount, for people",
        "rex-tui tail --plain --since 1h --where 'type:deal.won value>500.00'",
    ),
    ("Feed another program, each event at least once", "rex-tui tail --as warehouse | kcat -P -b localhost -t rex"),
    ("A table for a spreadsheet", "rex-tui export --fields name,value -o deals.csv --type deal.won"),
    ("What moved last week", "rex-tui review --period last-week --format html -o review.html"),
    ("Look at saved events again, anywhere", "rex-tui open events.jsonl"),
    ("Find out why something does not work", "rex-tui doctor"),
)
SECURITY: Final = """
The API key is kept in memory only and sent in one header, to the address of your tenant alone, over https with the
certificate checked, or http on this machine; redirects are refused. It comes from the environment, from a command that
prints it, or from the system's keyring, and no child process inherits it.

What others wrote into your CRM passes one door before it reaches the terminal: escape sequences, control and
bidirectional characters become visible signs. Completions offer only values that mean nothing to a shell.

The store and everything else that is written can be read by you alone. `--masked` puts pseudonyms in the place of
names, addresses, amounts and texts.
"""
