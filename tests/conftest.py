"""What all tests share: how many of them run at once, and what of them is measured."""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import Final

import pytest

try:
    from hypothesis import settings
except ImportError:  # the tests of the wheel do without it
    pass
else:
    settings.register_profile("short", max_examples=40)
    if not os.environ.get("REX_TUI_LONG"):
        settings.load_profile("short")  # other examples each time; a long run takes 100

GARBAGE_MAX: Final = 100_000
"""Objects that a test may make before they are looked through for garbage."""


# Hundreds of programs are started, and each would compile all of the product where bytecode may not be kept: a sixth of
# the suite's time. What is kept lies in `__pycache__`, as after any first start.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# What was started in the background, or by nohup, takes no Ctrl-C and no hangup, nor does whatever it starts;
# but many tests press Ctrl-C, and look at how a program ends.
for _name in ("SIGINT", "SIGHUP", "SIGQUIT"):
    _signal = getattr(signal, _name, None)
    if _signal is not None and signal.getsignal(_signal) is signal.SIG_IGN:
        signal.signal(_signal, signal.default_int_handler if _name == "SIGINT" else signal.SIG_DFL)


def pytest_xdist_auto_num_workers() -> int:
    """Give one worker more than there are cores: many tests wait for a screen, a socket or a child now and then."""
    return (os.cpu_count() or 1) + 1


def pytest_configure(config: pytest.Config) -> None:
    """Measure what tests start, if tests are measured, and measure nothing twice.

    pytest-cov begins to measure a worker, and then again when its session starts. The first measuring goes on where a
    test is marked `no_cover`, and ours is then as slow as before; so it ends here. A program that tests start is
    measured because the environment says so, but only from here on: else a worker would be such a program.
    """
    measuring = config.pluginmanager.getplugin("_cov")
    is_worker = hasattr(config, "workerinput")
    if measuring is None or not (is_worker or not config.getoption("numprocesses", None)):
        return
    os.environ["COVERAGE_PROCESS_START"] = str(config.rootpath / "pyproject.toml")
    os.environ["COVERAGE_FILE"] = str(config.rootpath / ".coverage")
    if is_worker:
        measuring.cov_controller.cov.stop()


def pytest_collection_finish() -> None:
    """Leave what is loaded by now out of every collection: it stays, and walking it was a fifth of the suite's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_MAX, 50, 100)
