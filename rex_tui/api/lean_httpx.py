"""httpx without its command line.

`import httpx` also imports its own command-line program where click and rich are installed, which brings all of rich
into programs that show nothing. httpx does without it when it can't be imported, so here it can't, for that moment.
"""

from __future__ import annotations

import sys
from typing import Final

_COMMAND_LINE: Final = "httpx._main"

if "httpx" not in sys.modules:
    sys.modules[_COMMAND_LINE] = None  # type: ignore[assignment] # what importlib documents for "not importable"

import httpx  # noqa: E402 - only now

if sys.modules.get(_COMMAND_LINE, httpx) is None:
    del sys.modules[_COMMAND_LINE]

__all__ = ["httpx"]
