"""`python -m rex_tui` is `rex-tui`."""

from rex_tui.cli import main

if __name__ == "__main__":
    main(prog_name="rex-tui")
