"""Strings that mean harm, each with a name and a marker, so that a test can see that it was really shown."""

from __future__ import annotations

from typing import Final

ESC: Final = "\x1b"
ST: Final = "\x1b\\"
STOLEN: Final = "c3RvbGVu"
"""What the strings below try to put into the clipboard."""

_EVIL: Final = {
    "all of C0": "".join(map(chr, range(0x20))),
    "all of C1": "".join(map(chr, range(0x80, 0xA0))),
    "C1 read as Latin-1": "\x9b31m\x9d0;t\x9c".encode().decode("latin-1"),
    "DEL": "a\x7f\x7fb",
    "cursor up": f"{ESC}[5A{ESC}[2K",
    "cursor far away": f"{ESC}[999;999Hhere",
    "erase": f"{ESC}[2J{ESC}[3J{ESC}[K{ESC}[5X",
    "insert and delete lines": f"{ESC}[3L{ESC}[3M{ESC}[2@{ESC}[2P",
    "scroll region": f"{ESC}[2;5r{ESC}[3S{ESC}[3T",
    "colours": f"{ESC}[5;35mblinking{ESC}[8mhidden",
    "8-bit colours": "\x9b5;35mblinking",
    "what terminal": f"{ESC}[c{ESC}[>c{ESC}[=c{ESC}[5n",
    "report title": f"{ESC}[21t{ESC}[8;5;5t",
    "key protocol": f"{ESC}[>31u{ESC}[>4;2m",
    "mouse": f"{ESC}[?1000h{ESC}[?1003h{ESC}[?9h",
    "bracketed paste": f"{ESC}[?2004l{ESC}[201~",
    "alternate screen": f"{ESC}[?47h{ESC}[?1047l",
    "hide the cursor": f"{ESC}[?12h{ESC}[?7l",
    "title": f"{ESC}]0;owned\x07",
    "icon and title": f"{ESC}]2;owned{ST}",
    "8-bit title": "\x9d0;owned\x9c",
    "link": f"{ESC}]8;;https://evil.example/{ST}click{ESC}]8;;{ST}",
    "clipboard": f"{ESC}]52;c;{STOLEN}\x07",
    "read the clipboard": f"{ESC}]52;c;?{ST}",
    "palette": f"{ESC}]4;0;#ffffff\x07",
    "foreground": f"{ESC}]10;?\x07",
    "prompt marks": f"{ESC}]133;A\x07",
    "iTerm file": f"{ESC}]1337;File=name=eA==:eA==\x07",
    "notification": f"{ESC}]9;owned\x07{ESC}]777;notify;a;b\x07",
    "DCS": f"{ESC}P+q544e{ST}{ESC}P$qm{ST}",
    "sixel": f"{ESC}Pq#0;2;0;0;0#0~~{ST}",
    "SOS": f"{ESC}Xheld back{ST}",
    "PM": f"{ESC}^held back{ST}",
    "APC": f"{ESC}_held back{ST}",
    "kitty graphics": f"{ESC}_Gf=24,s=1,v=1;AAAA{ST}",
    "single shifts": f"{ESC}Na{ESC}Ob\x8ec\x8fd",
    "character sets": f"{ESC}(0qqq{ESC})0\x0eqqq\x0f{ESC}%@",
    "reset": f"{ESC}c",
    "soft reset": f"{ESC}[!p",
    "save and restore": f"{ESC}7{ESC}8{ESC}D{ESC}M{ESC}E{ESC}#8",
    "unfinished": f"{ESC}]0;never ends",
    "bare escape": f"a{ESC}",
    "bidi": "ab\u202ecd\u202c\u2066ef\u2069\u200f\u061c",
    "zero width": "a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u034fh",
    "marks": "e" + "\u0301\u0323" * 150,
    "mark on a space": " \u0301\u20e3",
    "wide": "漢字カナ한글ｶﾞＡ",
    "ambiguous": "①→─│█※°±",
    "joined letters": "हिन्दी राष्ट्र \u1112\u1161\u11ab",
    "family": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "skin": "\U0001f44d\U0001f3fd\U0001f3fd",
    "flag": "\U0001f1e9\U0001f1ea\U0001f1e9",
    "keycap": "1\ufe0f\u20e3 ♥\ufe0f ♥\ufe0e ☎\ufe0f",
    "tag flag": "\U0001f3f4\U000e0067\U000e0062\U000e007f",
    "blank": "\u3164\u2800\u115f\u00a0\u3000",
    "hexagrams": "䷀䷁☰☱𝌀",
    "half a pair": "\ud800x\udc00",
    "private": "\ue000\uf8ff\U0010fffd\uffff",
    "newlines": "one\ntwo\r\nthree\u2028four\u2029five\x0b\x0csix\x85",
    "tabs": "a\tb\t\tc",
    "carriage return": "over\rwritten",
    "backspaces": "abc\b\b\bxyz",
    "closing tag": "[/foo][/]",
    "action": "[@click=app.quit]click[/]",
    "style": "[b]bold[/b] [on red]x $primary [ACME] Ltd",
    "bracket": "\\[ [[ ]] [#ff0000",
    "long": "20,000 characters " + "x" * 19_982,
}
NAMES: Final = tuple(_EVIL)


def marker(name: str, place: str) -> str:
    """Give what stands before the hostile string of this name in a place (one letter): `h07v`."""
    return f"h{NAMES.index(name):02}{place}"


def hostile(name: str, place: str) -> str:
    """Give the hostile string of this name, after its marker."""
    return marker(name, place) + _EVIL[name]


def harmless(name: str, place: str) -> str:
    """Give what stands for it in a run without harm: about as long, and every bit as visible."""
    return (marker(name, place) + "." * len(_EVIL[name]))[: max(5, len(_EVIL[name]))]
