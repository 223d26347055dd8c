"""The commands for shells and readers of manuals: `completion` and `man`."""

from __future__ import annotations

import click

SHELLS = ("bash", "zsh", "fish")


@click.command("completion", short_help="Make your shell complete commands and values.")
@click.argument("shell", type=click.Choice(SHELLS))
def completion_command(*, shell: str) -> None:
    """Print what makes your shell complete rex-tui's commands, options and values.

    Keep what it prints where your shell looks for it, and new shells will know it:

    \b
    bash  ~/.local/share/bash-completion/completions/rex-tui
    zsh   _rex-tui in a folder of $fpath
    fish  ~/.config/fish/completions/rex-tui.fish

    For the shell you are in: eval "$(rex-tui completion bash)". Profiles, event types, fields, saved filters,
    checkpoints and consumers are completed from the settings file and the store; Rex is never asked.
    """  # noqa: D301 - click's mark for lines that stay as they are
    from rex_tui.shell.completion import script  # noqa: PLC0415 - help must not wait for what only the command needs

    click.echo(script(shell), nl=False)


@click.command("man", short_help="Print the manual page; `rex-tui man | man -l -` shows it.")
@click.pass_context
def man_command(context: click.Context, /) -> None:
    """Print the manual page; `rex-tui man | man -l -` shows it.

    Every command, option, variable and file, exit codes, examples, and what is done with your key.
    """
    from rex_tui import __version__  # noqa: PLC0415 - the same
    from rex_tui.shell.man import man_page  # noqa: PLC0415 - the same

    root = context.find_root().command
    assert isinstance(root, click.Group)  # noqa: S101 - it has this command
    click.echo(man_page(root, __version__), nl=False)
