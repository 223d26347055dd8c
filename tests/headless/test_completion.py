"""What shells complete: by click's protocol, and in the shells themselves where they are."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.shell_completion import get_completion_class
from support.hostile import NAMES, hostile
from support.terminal import terminal

from rex_tui.checkpoint import Checkpoint
from rex_tui.cli import main
from rex_tui.cli_group import COMPLETE_VARIABLE
from rex_tui.event import Event, Page
from rex_tui.settings_options import FILE_VARIABLE, PROFILE_VARIABLE, STORE_VARIABLE
from rex_tui.shell.completion import SHELLS, register
from rex_tui.store import EventStore
from rex_tui.store.consumers import Consumer
from rex_tui.store.notebook import Notebook

PROGRAM = Path(sys.executable).with_name("rex-tui")
HARMFUL = (
    "deal.$(touch${IFS}pwned)",
    "deal.`touch pwned`",
    "deal.won;touch pwned",
    "deal.won\ntouch pwned\n",
    "deal.'; touch pwned; '",
    'deal."; touch pwned; "',
    "--log-file=pwned",
    "~root",
    "deal.*",
    "deal.won&",
    "deal.!!",
    "deal.won\\",
    "plain,deal.won\nfile,/etc",
)
STRANGE = tuple(text for name in NAMES if not (text := hostile(name, "t").encode(errors="ignore").decode()).isalnum())
SETTINGS = """
[[rules]]
name = "Big wins"
where = "type:deal.won"
do = ["toast"]
[profiles.acme]
url = "https://acme.rexgtm.com"
[profiles.globex]
url = "https://globex.rexgtm.com"
"""
Offered = Callable[..., list[str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store full of harm, and notes beside it."""
    folder = tmp_path_factory.mktemp("made")
    file = folder / "rex.db"
    data = '{"value":5,"contact":{"email":"x"},"$(touch pwned)":1,"to_stage_id":"stg_01J6RVYX"}'
    types = ("deal.won", "deal.lost", "contact.created", *HARMFUL, *STRANGE)
    with EventStore(file, "https://acme.rexgtm.com") as opened:
        events = [Event(f"evt_{number}", type_, "", data, 2e9) for number, type_ in enumerate(dict.fromkeys(types))]
        opened.append([Page(tuple(events), (), has_more=False, next_cursor=None)])
    with Notebook(file) as notes:
        for name in ("big", "my deals", *HARMFUL, *STRANGE):
            notes.save_filter(name, "type:deal.won")
        notes.keep_checkpoint(Checkpoint("weekly-review", "", "", 1.0))
        for name in ("warehouse", *HARMFUL):
            notes.keep_consumer(Consumer(name))
    return folder


@pytest.fixture
def store(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That store, and settings that name a command."""
    file = Path(shutil.copytree(made, tmp_path / "kept")) / "rex.db"
    (tmp_path / "config.toml").write_text(SETTINGS)
    for name in [name for name in os.environ if name.startswith("REX_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv(PROFILE_VARIABLE, "")
    monkeypatch.setenv(STORE_VARIABLE, str(file))
    monkeypatch.setenv(FILE_VARIABLE, str(tmp_path / "config.toml"))
    monkeypatch.setenv("REX_API_KEY_COMMAND", f"touch {tmp_path / 'asked'}")
    monkeypatch.chdir(tmp_path)
    return file


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Offered:
    """What a shell is answered at the end of a line; of bash, `replaced` is what it is going to replace."""
    register()

    def ask(line: str, shell: str = "bash", replaced: str | None = None) -> list[str]:
        begun = line.rpartition(" ")[2]
        current = {"bash": begun if replaced is None else replaced, "zsh": str(line.count(" ")), "fish": begun}[shell]
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", current)
        speaking = get_completion_class(shell)
        assert speaking is not None
        answer = speaking(main, {}, "rex-tui", COMPLETE_VARIABLE).complete().splitlines()
        if shell == "zsh":
            return [value.replace("\\:", ":") for value in answer[1::3]]
        return [line.partition(",")[2].partition("\t")[0] for line in answer]

    return ask


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("rex-tui ta", ["tail"]),
        ("rex-tui store co", ["compact", "consumers"]),
        ("rex-tui tail --on", ["--once", "--on-gap"]),
        ("rex-tui tail --on-gap ", ["stop", "read-again", "go-on"]),
        ("rex-tui export --format p", ["parquet"]),
        ("rex-tui -p ", ["acme", "globex"]),
        ("rex-tui --profile=gl", ["--profile=globex"]),
        ("rex-tui tail --type ", ["contact.created", "deal.lost", "deal.won"]),
        ("rex-tui export --type=deal.w", ["--type=deal.won"]),
        ("rex-tui tail --as ", ["warehouse"]),
        ("rex-tui store consumers rewind w", ["warehouse"]),
        ("rex-tui review --period last-q", ["last-quarter"]),
        ("rex-tui review --period since:", ["since:weekly-review"]),
        ("rex-tui tail --since w", ["weekly-review"]),
        ("rex-tui --about stg_", ["stg_01J6RVYX"]),
        ("rex-tui export --fields value,con", ["value,contact", "value,contact.email"]),
        ("rex-tui completion z", ["zsh"]),
        ("rex-tui --store no/such.db tail --type ", []),
    ],
)
def test_what_may_follow_is_offered_to_every_shell(
    offered: Offered, shell: str, line: str, expected: list[str]
) -> None:
    found = offered(line, shell)
    if shell == "bash" and "=" in line:
        found = [
            f"{line.rpartition(' ')[2].partition('=')[0]}={value}"
            for value in offered(line, shell, line.rpartition("=")[2])
        ]
    assert found == expected


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("line", "replaced", "expected"),
    [
        ("--where 'type:deal.w", "type:deal.w", ["type:deal.won"]),
        ("--where type:deal.w", "deal.w", ["deal.won"]),
        ("--where='type:deal.w", "type:deal.w", ["type:deal.won"]),
        ("--where 'my", "my", ['filter:"my deals"']),
        ("--where my", "my", []),
        ('--where "my', "my", []),
        (
            "--where 'a -type:deal.won since:week",
            "a -type:deal.won since:week",
            ["a -type:deal.won since:weekly-review"],
        ),
        ("--where 'valu", "valu", ["value:", "value:*"]),
        ("--where 'sinc", "sinc", ["since:today", "since:yesterday", "since:monday"]),
        ("--where it\\'s\\ typ", "it\\'s\\ typ", []),
        ("--where typ\\", "typ\\", []),
        ('--where "$(touch pwned) typ', "$(touch pwned) typ", []),
    ],
)
def test_bash_is_given_what_may_stand_between_the_marks_that_are_open(
    offered: Offered, line: str, replaced: str, expected: list[str]
) -> None:
    assert offered(f"rex-tui tail {line}", "bash", replaced)[:3] == expected


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.usefixtures("store")
def test_nothing_that_others_wrote_can_mean_something_to_a_shell(offered: Offered, shell: str) -> None:
    for option in ("--type ", "--as ", "--about ", "--since "):
        assert all(re.fullmatch(r"\w[\w.:-]*", value, re.ASCII) for value in offered(f"rex-tui tail {option}", shell))
    for begun in ("'", "'filter:", "'type:", "'deal", "'x"):
        for value in offered(f"rex-tui tail --where {begun}", shell):
            assert re.fullmatch(r'[\w.:*/, "-]{0,150}', value, re.ASCII), value
    assert offered("rex-tui rules test --rule ", "zsh") == ["Big wins"]


def test_nothing_is_made_run_or_asked_for_it(store: Path, offered: Offered, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (
        "-p ",
        "tail --type ",
        "tail --where '",
        "tail --as ",
        "review --period ",
        "--about ",
        "demo --where 'sin",
    )
    before = {file: file.read_bytes() for file in store.parent.iterdir()}
    with socket.create_server(("127.0.0.1", 0)) as rex:
        rex.setblocking(False)
        monkeypatch.setenv("REX_URL", f"http://127.0.0.1:{rex.getsockname()[1]}")
        for line in lines:
            assert offered(f"rex-tui {line}")
        with pytest.raises(BlockingIOError):
            rex.accept()
    assert {file: file.read_bytes() for file in store.parent.iterdir()} == before
    monkeypatch.setenv(STORE_VARIABLE, str(store.parent / "other" / "none.db"))
    assert offered("rex-tui tail --type ") == []
    assert not (store.parent / "other").exists()
    assert not (store.parent.parent / "asked").exists()


def test_a_store_that_is_written_meanwhile_is_read(store: Path, offered: Offered) -> None:
    with EventStore(store, "https://acme.rexgtm.com") as opened:
        opened.append([Page((Event("evt_new", "task.done", "", "{}", 2e9),), (), has_more=False, next_cursor=None)])
        assert offered("rex-tui tail --type ta") == ["task.done"]


@pytest.mark.parametrize("content", [b"no store at all", b"", b"SQLite format 3\0" + bytes(4096)])
def test_where_nothing_can_be_read_nothing_is_offered(store: Path, offered: Offered, content: bytes) -> None:
    store.write_bytes(content)
    store.with_name("rex.db.notes").write_bytes(content)
    Path(os.environ[FILE_VARIABLE]).write_text("interval = [")
    for line in ("tail --type ", "tail --as ", "tail --where 'x", "-p ", "rules test --rule "):
        assert offered(f"rex-tui {line}") == []


def test_masked_names_of_filters_are_not_offered(offered: Offered, store: Path) -> None:
    assert store.exists()
    assert offered("rex-tui --where 'big", replaced="big") == ["filter:big"]
    Path(os.environ[FILE_VARIABLE]).write_text("masked = true")
    assert offered("rex-tui --where 'big", replaced="big") == []


def test_a_press_of_tab_waits_for_no_screen_and_no_network() -> None:
    code = """
import sys
sys.argv = ["rex-tui"]
from rex_tui.cli import main
try:
    main(prog_name="rex-tui")
finally:
    print(sorted({name.partition(".")[0] for name in sys.modules} & {"textual", "rich", "httpx", "asyncio"}))
"""
    environment = os.environ | {
        COMPLETE_VARIABLE: "bash_complete",
        "COMP_CWORD": "'ty",
        "COMP_WORDS": "rex-tui --where 'ty",
    }
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "more,type:\nplain,type:*\n[]\n"


@pytest.fixture
def with_program(store: Path) -> Iterator[dict[str, str]]:
    """The environment of a shell that finds the program, and nothing of ours in its way."""
    yield {
        "PATH": f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}",
        STORE_VARIABLE: str(store),
        "HOME": str(store.parent.parent),
        "ZDOTDIR": str(store.parent.parent),
        "TERM": "dumb",
    }
    assert not list(store.parent.parent.glob("**/pwned")), "something was run"


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash here")
def test_bash_completes(with_program: dict[str, str], tmp_path: Path) -> None:
    start = tmp_path / "bashrc"
    start.write_text('PS1="ready: "; eval "$(rex-tui completion bash)"')
    with terminal(["--noprofile", "--rcfile", str(start), "-i"], with_program, 100, program=["bash"]) as shell:
        shell.until("ready:")
        shell.press("rex-tui tail --type \t\t")
        shell.until("contact.created  deal.lost        deal.won")
        shell.press("deal.w\t")
        shell.until("rex-tui tail --type deal.won ")
        shell.press("--where 'type:deal.lo\t")
        shell.until("--where 'type:deal.lost' ")
        shell.press("--where filter:b\t")
        shell.until("--where filter:big ")


@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh here")
def test_zsh_completes(with_program: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / ".zshrc").write_text(
        'PS1="ready: "; autoload -Uz compinit; compinit -D; eval "$(rex-tui completion zsh)"'
    )
    with terminal(["-i"], with_program, 100, program=["zsh"]) as shell:
        shell.until("ready:")
        shell.press("rex-tui tail --type \t")
        shell.until("contact.created")
        shell.press("deal.w\t")
        shell.until("--type deal.won")
        shell.press("--where 'filter:m\t")
        shell.until("""--where 'filter:"my deals"'""")


@pytest.mark.skipif(not shutil.which("fish"), reason="no fish here")
def test_fish_completes(with_program: dict[str, str]) -> None:
    asked = (
        "rex-tui completion fish | source; complete -C 'rex-tui tail --type '; complete -C \"rex-tui tail --where 'my\""
    )
    done = subprocess.run(
        ["fish", "-N", "-c", asked], env=os.environ | with_program, capture_output=True, text=True, check=False
    )
    assert [line.partition("\t")[0] for line in done.stdout.splitlines()] == [
        "contact.created",
        "deal.lost",
        "deal.won",
        'filter:"my deals"',
    ]
