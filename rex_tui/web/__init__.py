"""The screen in a browser: who is let in, the page, and a program a tab behind it. Needs the extra `rex-tui[serve]`."""
