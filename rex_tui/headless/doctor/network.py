"""The way to Rex and one small request: names, proxy, certificate, time, key, budget, clock."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from rex_tui.api import CertificatesError, Forbidden, Probe, RateLimited, Unauthorized, Unavailable, probe
from rex_tui.api.probe import DEADLINE_S
from rex_tui.api_key import ApiKey
from rex_tui.headless.doctor.check import Check, Fact
from rex_tui.safe_text import clean

WAY: Final = "Way to Rex"
REQUEST: Final = "One request"
NAMES_S: Final = 10.0
SLOW_S: Final = 3.0
"""An answer to one event that takes longer, in seconds, should be looked into."""
CERTIFICATE_DAYS: Final = 14
SKEW_S: Final = 60.0
TICK_S: Final = 1.5
"""How far two clocks seem apart at most that show the same time: `Date` has whole seconds."""
BUDGET_LEFT: Final = 0.1
DAY_S: Final = 86_400.0


async def look_at_rex(
    base_url: str,
    api_key: ApiKey | None,
    ca_file: Path | None,
    *,
    deadline_s: float = DEADLINE_S,
    now: Callable[[], float] = time.time,
) -> list[Check]:
    """Resolve the tenant's name, and ask for one event; without a key only the first. Takes seconds at most."""
    if api_key is None:
        return [*await _names(urlsplit(base_url).hostname or ""), _not_asked("there is no key to ask with")]
    try:
        found = await probe(base_url, api_key, ca_file=ca_file, deadline_s=deadline_s, now=now)
    except CertificatesError as error:
        return [Check(WAY, "certificates", "wrong", clean(str(error)), "Name a PEM file of certificates, or none.")]
    named = _host_of_proxy(found.proxy) if found.proxy else urlsplit(base_url).hostname or ""
    return [*await _names(named, is_proxy=bool(found.proxy)), *judge(found, base_url, now(), deadline_s)]


def not_looked_at(why: str) -> list[Check]:
    """Give the checks that stand in for the network where it is not looked at."""
    return [Check(WAY, "names", "skipped", f"not looked at: {why}"), _not_asked(why)]


def judge(found: Probe, base_url: str, now: float, deadline_s: float) -> list[Check]:
    """Give what the request's outcome means; `now` is in seconds since the epoch, UTC."""
    return [
        Check(WAY, "proxy", "fine", found.proxy or "none", facts={"proxy": found.proxy}),
        _encrypted(found, base_url, now),
        _answer(found, deadline_s),
        *_speed(found),
        *_budget(found),
        *_clock(found),
    ]


def _not_asked(why: str) -> Check:
    return Check(REQUEST, "answer", "skipped", f"not asked: {why}")


def _host_of_proxy(shown: str) -> str:
    return urlsplit(f"//{shown}").hostname or shown


async def _names(host: str, *, is_proxy: bool = False) -> list[Check]:
    began = time.perf_counter()
    name = "proxy's name" if is_proxy else "name"
    shown = clean(host, 200)
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(NAMES_S):
            found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except TimeoutError:
        todo = "Look at this machine's DNS settings, or its connection."
        return [Check(WAY, name, "wrong", f"{shown}: no answer from DNS within {NAMES_S:g} s", todo)]
    except (OSError, UnicodeError):
        todo = "Look for a typing error in the address, then at this machine's connection and DNS settings."
        return [Check(WAY, name, "wrong", f"{shown} is not known to DNS", todo)]
    took_s = time.perf_counter() - began
    kinds = {"IPv4": socket.AF_INET, "IPv6": socket.AF_INET6}
    ways = [kind for kind, family in kinds.items() if any(one[0] == family for one in found)]
    facts: dict[str, Fact] = {"seconds": round(took_s, 3), "addresses": len({one[4][0] for one in found})}
    return [Check(WAY, name, "fine", f"{shown} has {' and '.join(ways)} ({_ms(took_s)})", facts=facts)]


def _encrypted(found: Probe, base_url: str, now: float) -> Check:
    if base_url.startswith("http:"):
        return Check(WAY, "certificate", "fine", "none needed: this machine itself, unencrypted")
    said = "" if found.error is None else str(found.error)
    if found.certificate_until is None:
        if "certificate" in said:
            todo = "Look at this machine's date first; where a proxy opens TLS, name its certificate with --ca-file."
            return Check(WAY, "certificate", "wrong", "not trusted; the key was not sent", todo)
        return Check(WAY, "certificate", "skipped", "none was seen")
    days = int((found.certificate_until - now) // DAY_S)
    until = time.strftime("%Y-%m-%d", time.gmtime(found.certificate_until))
    shown = f"{found.tls}, by {found.issuer or 'unknown'}, until {until} ({days:,} days)"
    facts: dict[str, Fact] = {"days_left": days, "tls": found.tls}
    if days < CERTIFICATE_DAYS:
        return Check(WAY, "certificate", "attend", shown, "Tell whoever runs this address: it ends soon.", facts)
    return Check(WAY, "certificate", "fine", shown, facts=facts)


def _answer(found: Probe, deadline_s: float) -> Check:
    facts: dict[str, Fact] = {"status": found.status, "seconds": round(found.answered_s, 3)}
    error = found.error
    if error is None:
        said = "the key may read events; whether it may do more, Rex does not say here, and read is enough"
        if not found.events:
            said += "; the log has none yet"
        return Check(REQUEST, "answer", "fine", said, facts=facts)
    words = clean(str(error))
    match error:
        case Unauthorized():
            todo = "Make a new key in Rex, one that may read, and put it where the settings say it is."
        case Forbidden():
            todo = "The key is a real one: give it the right to read events in Rex, or make one that has it."
        case RateLimited():
            wait = f"{error.retry_in_s:,.0f} s"
            todo = f"Wait {wait}; rex-tui does so by itself. If it comes often, others use the same budget."
            return Check(REQUEST, "answer", "attend", words, todo, facts)
        case Unavailable() if found.status is not None:
            todo = "Rex has to mend that; rex-tui asks again by itself. Try in some minutes."
            return Check(REQUEST, "answer", "attend", words, todo, facts)
        case Unavailable():
            late = found.answered_s >= deadline_s
            todo = "Look at name, proxy and certificate above" + (
                ", then at the line: it is very slow." if late else "."
            )
        case _:
            todo = "Look at the address: it should be your tenant's own, like https://acme.rexgtm.com."
    return Check(REQUEST, "answer", "wrong", words, todo, facts)


def _speed(found: Probe) -> list[Check]:
    if found.status is None:
        return []
    connected = "" if found.connected_s is None else f", {_ms(found.connected_s)} of it to connect"
    shown = f"{_ms(found.answered_s)}{connected}"
    if found.answered_s > SLOW_S:
        todo = "It works, but catching up will take long; look at the line, the proxy, or ask again later."
        return [Check(REQUEST, "time", "attend", shown, todo)]
    return [Check(REQUEST, "time", "fine", shown)]


def _budget(found: Probe) -> list[Check]:
    budget = found.budget
    if found.status is None:
        return []
    if budget.remaining is None:
        return [Check(REQUEST, "budget", "skipped", "Rex does not say how many requests are left")]
    whole = "" if budget.limit is None else f" of {budget.limit:,}"
    reset = "" if budget.reset_in_s is None else f", whole again in {budget.reset_in_s:,.0f} s"
    shown = f"{budget.remaining:,}{whole} requests left{reset}"
    facts: dict[str, Fact] = {"remaining": budget.remaining, "limit": budget.limit}
    if budget.limit is not None and budget.remaining < budget.limit * BUDGET_LEFT:
        todo = "Look who else uses this budget; rex-tui slows down by itself."
        return [Check(REQUEST, "budget", "attend", shown, todo, facts)]
    return [Check(REQUEST, "budget", "fine", shown, facts=facts)]


def _clock(found: Probe) -> list[Check]:
    if found.status is None:
        return []
    if found.server_at is None:
        return [Check(REQUEST, "clock", "skipped", "Rex does not say what time it is")]
    ahead_s = found.at - found.server_at
    facts: dict[str, Fact] = {"ahead_seconds": round(ahead_s)}
    if abs(ahead_s) <= TICK_S + found.answered_s:
        return [Check(REQUEST, "clock", "fine", "the same as Rex's", facts=facts)]
    shown = f"{abs(ahead_s):,.0f} s {'ahead of' if ahead_s > 0 else 'behind'} Rex's"
    if abs(ahead_s) > SKEW_S:
        todo = "Set this machine's clock: times like “5 minutes ago” and certificates are judged by it."
        return [Check(REQUEST, "clock", "attend", shown, todo, facts)]
    return [Check(REQUEST, "clock", "fine", shown, facts=facts)]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"
