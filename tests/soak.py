"""Run the screen for a long time against a Rex that misbehaves at random, and look what that did.

    python tests/soak.py [--minutes 60] [--seed N] [--interval 5]

The real program runs in a pseudo-terminal; its log grows meanwhile, one request in four goes wrong in one of the ways
of `support/soak_rex.py`, and now and then somebody pages through the table. Where the feed stops for good (a revoked
key, answers against the contract again and again), `r` is pressed, as a person would. At the end the server behaves,
and the store must hold each event exactly once, in order. Prints a line a minute and one at the end; exits with 1 if
anything was lost or doubled, if memory grew by more than 5 MB after the warm-up, or if it took 2 % of a core or more
while it was caught up.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import pty
import select
import sqlite3
import struct
import subprocess
import sys
import tempfile
import termios
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from typing import Final

sys.path.insert(0, str(Path(__file__).parent))

import pyte
from support.soak_rex import KEY, SoakRex, soak_rex
from support.terminal import UNSEEN

SAMPLE_S: Final = 10.0
COLUMNS, ROWS = 160, 45
HISTORY: Final = 5_000
WARM_UP_MAX_S: Final = 300.0
WARM_UP_SHARE: Final = 0.1
GROWTH_MAX_MB: Final = 5.0
CPU_MAX: Final = 0.02
PATIENCE_S: Final = 120.0
KEYS: Final = ("\x1b[5~", "\x1b[5~", "\x1b[6~", "g", "G", "d", "a", "\x1b[A", "\x1b[B", "u", "G")


@dataclass
class Program:
    """The running program, as seen from outside."""

    process: subprocess.Popen[bytes]
    master: int
    screen: pyte.Screen = field(default_factory=lambda: pyte.Screen(COLUMNS, ROWS))

    def __post_init__(self) -> None:
        self._stream = pyte.ByteStream(self.screen)

    def read(self, seconds: float) -> None:
        """Take in what it writes for some time."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self.process.poll() is not None:
                return
            if select.select([self.master], [], [], left)[0]:
                self._stream.feed(UNSEEN.sub(b"", os.read(self.master, 65_536)))

    def press(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    @property
    def status(self) -> str:
        """Give the status bar's line."""
        return self.screen.display[ROWS - 2]

    @property
    def resident_mb(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    @property
    def cpu_s(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Samples:
    """What was measured: (seconds since the start, resident MB), and the share of a core while caught up."""

    resident: list[tuple[float, float]] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    stops: int = 0

    def growth(self, warm_up_s: float) -> tuple[float, float, float]:
        """Give the megabytes after the warm-up, at the end, and the most."""
        after = [megabytes for at, megabytes in self.resident if at >= warm_up_s]
        edge = max(1, min(6, len(after) // 4))
        return median(after[:edge]), median(after[-edge:]), max(after)


def start(store: Path, url: str, interval: float) -> Program:
    """Start the screen in a pseudo-terminal."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    environment = os.environ | {
        "REX_URL": url,
        "REX_API_KEY": KEY,
        "REX_TUI_STORE": str(store),
        "REX_TUI_INTERVAL": str(interval),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "rex_tui"],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment,
        start_new_session=True,
    )
    os.close(slave)
    return Program(process, master)


def soak(program: Program, rex: SoakRex, minutes: float, random: Random) -> Samples:
    """Let it run, and measure; at the end the server behaves until all is stored."""
    samples, begun = Samples(), time.monotonic()
    while (elapsed := time.monotonic() - begun) < minutes * 60:
        sample(program, rex, samples, elapsed)
        rex.happen(random.choice((0, 0, 1, 2, 5, 20)) if random.random() > 0.02 else 700)
        if random.random() < 0.1:
            program.press(random.choice(KEYS))
        if len(samples.resident) % 6 == 0:
            print(
                f"{elapsed / 60:5.1f} min  {samples.resident[-1][1]:6.1f} MB  {rex.requests} requests  "
                f"{rex.faults.total()} faults  {len(rex.events)} events  {program.status.strip()[:60]}",
                flush=True,
            )
    rex.healed = True
    give_up = time.monotonic() + PATIENCE_S
    program.press("aG")
    seen = rex.requests
    while time.monotonic() < give_up and not (rex.requests > seen + 2 and "caught up" in program.status):
        program.read(1)
        if "stopped" in program.status:
            program.press("r")
    program.press("q")
    with suppress(OSError):  # the terminal is closed when the program ends
        program.read(PATIENCE_S)
    return samples


def sample(program: Program, rex: SoakRex, samples: Samples, elapsed: float) -> None:
    """Watch for `SAMPLE_S` seconds."""
    cpu_before, begun, quiet = program.cpu_s, time.monotonic(), True
    for _ in range(round(SAMPLE_S)):
        program.read(1)
        quiet = quiet and "caught up" in program.status
        if "stopped" in program.status:
            samples.stops += 1
            program.press("r")
    quiet = quiet and rex.last_fault_at < begun
    if quiet:
        samples.cpu.append((program.cpu_s - cpu_before) / (time.monotonic() - begun))
    samples.resident.append((elapsed, program.resident_mb))


def compare(store: Path, rex: SoakRex) -> tuple[int, int, bool]:
    """Give how many events of the log the store has lost and doubled, and whether all are verbatim and in order."""
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT id, type, occurred_at, data FROM log ORDER BY seq").fetchall()
        sound = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    sent = [json.loads(text) for text in rex.events]
    ids = [row[0] for row in rows]
    lost = len({event["id"] for event in sent} - set(ids))
    kept = [(event["id"], event["type"], event["occurred_at"], event["data"]) for event in sent]
    same = [(id_, type_, at, json.loads(data)) for id_, type_, at, data in rows] == kept
    return lost, len(ids) - len(set(ids)), same and sound


def main() -> int:
    """Read the command line, run, report; give the exit code."""
    parser = argparse.ArgumentParser(description="Run for a long time against a Rex that misbehaves.")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--interval", type=float, default=5)
    chosen = parser.parse_args()
    rex = SoakRex(chosen.seed)
    rex.happen(HISTORY)
    with tempfile.TemporaryDirectory(prefix="rex-tui-soak-") as folder, soak_rex(rex):
        store = Path(folder) / "soak.db"
        program = start(store, rex.url, chosen.interval)
        try:
            samples = soak(program, rex, chosen.minutes, Random(chosen.seed))
            program.process.wait(20)
        finally:
            if program.process.poll() is None:
                program.process.kill()
            program.process.wait()
        lost, doubled, same = compare(store, rex)
    warm, end, most = samples.growth(min(WARM_UP_MAX_S, chosen.minutes * 60 * WARM_UP_SHARE))
    cpu = sum(samples.cpu) / len(samples.cpu) if samples.cpu else 0.0
    print(
        f"seed {chosen.seed}: {chosen.minutes:g} minutes, {rex.requests} requests, {rex.faults.total()} faults of "
        f"{len(rex.faults)} kinds, {samples.stops} times r pressed; {len(rex.events)} events: {lost} lost, {doubled} "
        f"doubled, {'all' if same else 'NOT all'} verbatim and in order; memory {warm:.1f} MB after the warm-up, "
        f"{end:.1f} MB at the end, {most:.1f} MB at most; {cpu:.2%} of a core while caught up "
        f"({len(samples.cpu)} samples)"
    )
    return 1 if lost or doubled or not same or end - warm > GROWTH_MAX_MB or cpu >= CPU_MAX else 0


if __name__ == "__main__":
    sys.exit(main())
