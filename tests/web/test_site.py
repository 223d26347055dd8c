"""The web server over real HTTP: what is refused before anything is looked at, and a program for each screen."""

from __future__ import annotations

import asyncio
import os
import re
from contextlib import suppress

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError
from support.waiting import until
from support.web_site import ANOTHER, served

from rex_tui.web.screen import LEFT
from rex_tui.web.site import COOKIE, FILES, FOREIGN_HOST, FOREIGN_PAGE, SERVER_ENDS

posix = pytest.mark.skipif(os.name != "posix", reason="processes are asked for by signal 0")
SECURE = {
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "server": "rex-tui",
}


def runs(process: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(process, 0)
        return True
    return False


async def first(socket: ClientWebSocketResponse) -> tuple[str, int, str]:
    """Give what the program was told, its process, its size."""
    told, process, size = (await socket.receive_bytes()).decode().rsplit(" ", 2)
    return told, int(process), size


async def test_without_the_link_nothing_is_there() -> None:
    async with served() as site:
        paths = ["/", site.room, f"{site.room}ws", "/favicon.ico", "/static/js/textual.js", "/download/x", "/?token="]
        paths += [f"{site.room}static/{name}" for name in FILES] + [f"{site.room}download/x", f"/?token={'x' * 43}"]
        for path in paths:
            for method in ("GET", "HEAD", "POST"):
                origin = {"Origin": site.origin} if method == "POST" else {}
                answer = await site.client.request(method, path, headers=origin)
                assert answer.status_code == 403, (method, path)
                assert answer.headers["content-type"].startswith("text/html")
                assert "set-cookie" not in answer.headers
                assert ANOTHER in answer.text or method == "HEAD"


async def test_the_link_becomes_a_cookie_of_this_server_alone_once() -> None:
    async with served() as site:
        token = site.gate.new_token()
        head = await site.client.head("/", params={"token": token})
        assert head.status_code == 403, "whoever only looks at the link does not use it up"
        answer = await site.client.get("/", params={"token": token})
        name, _, attributes = answer.headers["set-cookie"].partition("=")
        assert name == COOKIE
        assert attributes.split("; ")[1:] == ["HttpOnly", f"Path={site.room}", "SameSite=Strict"], "and it ends with it"
        assert answer.headers["refresh"] == f"0; url={site.room}"
        assert token not in answer.text + str(answer.headers)
        again = await site.client.get("/", params={"token": token})
        assert again.status_code == 403
        assert "works once" in again.text
        assert ANOTHER in again.text
        site.client.cookies.set(COOKIE, attributes.split("; ")[0])
        assert (await site.client.get(site.room)).status_code == 200


async def test_every_answer_says_that_it_is_for_its_own_page_alone() -> None:
    async with served() as site:
        refused = await site.client.get("/")
        await site.enter()
        for answer in (refused, await site.client.get(site.room), await site.client.get(f"{site.room}none")):
            assert SECURE.items() <= dict(answer.headers).items()
            policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
            assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
            assert policy["script-src"] == policy["font-src"] == "'self'"
            assert policy["connect-src"] == f"'self' ws://127.0.0.1:{site.port}"


async def test_the_page_names_no_other_host_and_its_files_are_there() -> None:
    async with served() as site:
        await site.enter()
        page = (await site.client.get(site.room)).text
        assert "//" not in page.replace("</", "")
        for name, (_, _, kind) in FILES.items():
            answer = await site.client.get(f"{site.room}static/{name}")
            assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, kind)
            assert not re.search(rb"(@import|url\()[^;]*//", answer.content)
        for none in ("../site.py", "..%2fsite.py", "textual.js/", "x"):
            assert (await site.client.get(f"{site.room}static/{none}")).status_code == 404


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Host": "evil.example:{port}"}, FOREIGN_HOST),
        ({"Host": "evil.example:{port}", "Origin": "http://evil.example:{port}"}, FOREIGN_HOST),
        ({"Origin": "http://evil.example"}, FOREIGN_PAGE),
        ({"Origin": "http://127.0.0.1:1"}, FOREIGN_PAGE),
        ({"Origin": "https://127.0.0.1:{port}"}, FOREIGN_PAGE),
        ({"Origin": "null"}, FOREIGN_PAGE),
        ({"Sec-Fetch-Site": "cross-site"}, FOREIGN_PAGE),
        ({"Sec-Fetch-Site": "same-site"}, FOREIGN_PAGE),
    ],
)
async def test_with_the_session_a_foreign_page_gets_nothing(headers: dict[str, str], why: str) -> None:
    async with served() as site:
        session = await site.enter()
        told = {name: value.format(port=site.port) for name, value in headers.items()}
        for path in (site.room, f"{site.room}static/page.js"):
            answer = await site.client.get(path, headers=told)
            assert (answer.status_code, why in answer.text) == (403, True)
        with pytest.raises(WSServerHandshakeError) as refused:
            await site.screen(session, changed=told)
        assert refused.value.status == 403
        if "Sec-Fetch-Site" not in headers:
            answer = await site.client.get("/", params={"token": site.gate.new_token()}, headers=told)
            assert (answer.status_code, why in answer.text) == (403, True)


async def test_a_screen_needs_the_session_and_an_origin() -> None:
    async with served() as site:
        session = await site.enter()
        for cookie, origin in (("", site.origin), ("x" * 43, site.origin), (session, "")):
            with pytest.raises(WSServerHandshakeError) as refused:
                await site.screen(cookie, changed={"Origin": origin})
            assert refused.value.status == 403
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            assert (await site.client.request(method, site.room)).status_code == 403
            answer = await site.client.request(method, site.room, headers={"Origin": site.origin})
            assert answer.status_code == 405


async def test_the_link_may_be_clicked_in_another_sites_page() -> None:
    async with served() as site:
        told = {"Sec-Fetch-Site": "cross-site"}
        answer = await site.client.get("/", params={"token": site.gate.new_token()}, headers=told)
        assert answer.status_code == 200


async def test_a_tunnel_may_end_at_another_port() -> None:
    async with served() as site:
        session = await site.enter()
        tunnel = {"Host": "localhost:9000", "Origin": "http://localhost:9000"}
        async with await site.screen(session, changed=tunnel) as socket:
            assert (await first(socket))[0] == "hello"


@posix
async def test_a_screen_is_a_program_that_ends_with_its_tab() -> None:
    async with served() as site:
        session = await site.enter()
        async with await site.screen(session) as one, await site.screen(session, "width=0&height=x") as other:
            told, process, size = await first(one)
            assert (told, size) == ("hello", "90x30")
            _, second, odd = await first(other)
            assert odd == "2x24"
            await _odd_messages(one)
            await one.send_json(["stdin", "é"])
            assert await one.receive_bytes() == "Dé".encode()
            await one.send_json(["resize", {"width": 10**9, "height": 40}])
            assert await one.receive_bytes() == b'M{"type": "resize", "width": 1000, "height": 40}'
            await one.close()
            await until(lambda: not runs(process))
            assert runs(second)
        await until(lambda: not runs(second))
        assert site.said == []


async def _odd_messages(socket: ClientWebSocketResponse) -> None:
    for odd in ("", "[", "{}", "[]", '["stdin"]', '["stdin", 1]', '["resize", {}]', "null", "[" * 100_000):
        await socket.send_str(odd)
    await socket.send_bytes(b"stdin")


@posix
async def test_what_does_not_leave_is_ended() -> None:
    async with served("deaf", patience_s=0.1) as site:
        session = await site.enter()
        async with await site.screen(session) as socket:
            process = (await first(socket))[1]
        await until(lambda: not runs(process))


@posix
async def test_all_programs_end_with_the_server_which_says_so() -> None:
    async with served("deaf", patience_s=0.1) as site:
        session = await site.enter()
        sockets = [await site.screen(session) for _ in range(2)]
        processes = [(await first(socket))[1] for socket in sockets]
        ending = asyncio.create_task(site.runner.cleanup())
        for socket in sockets:
            assert await socket.receive_json() == ["ended", SERVER_ENDS, "for good"]
            assert (await socket.receive()).type == WSMsgType.CLOSE
        await ending
    assert not any(map(runs, processes))


@pytest.mark.parametrize(
    ("told", "why", "said"),
    [
        ("fails", "The store ␛]0;evil␇ can't be used.", "can't be used"),
        ("crashes", "rex-tui failed, which should not be.", "RuntimeError: unheard of"),
    ],
)
async def test_a_page_is_told_why_its_program_ended(told: str, why: str, said: str) -> None:
    async with served(told) as site:
        async with await site.screen(await site.enter()) as socket:
            kind, words = await socket.receive_json()
            assert kind == "ended"
            assert words.startswith(why)
            assert "Traceback" not in words
            assert (await socket.receive()).type == WSMsgType.CLOSE
        assert any(said in line for line in site.said)


async def test_who_leaves_is_told_that_it_can_be_opened_again() -> None:
    async with served() as site, await site.screen(await site.enter()) as socket:
        await first(socket)
        await socket.send_json(["stdin", "q"])
        assert await socket.receive_bytes() == b"Dq"
        assert await socket.receive_json() == ["ended", LEFT]
        assert (await socket.receive()).type == WSMsgType.CLOSE


async def test_what_a_program_hands_over_is_saved_by_the_browser_and_never_shown() -> None:
    async with served("hands over") as site, await site.screen(await site.enter()) as socket:
        await first(socket)
        assert await socket.receive_json() == ["deliver_file_start", "k1"]
        await socket.send_json(["stdin", "x"])
        assert await socket.receive_bytes() == b"Dx", "and no address is opened"
        answer = await site.client.get(f"{site.room}download/k1")
        assert (answer.status_code, answer.content) == (200, b"<svg></svg>")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"] == 'attachment; filename="a--- .svg"'
        for gone in ("k1", "k2"):
            assert (await site.client.get(f"{site.room}download/{gone}")).status_code == 404


async def test_there_is_a_last_screen() -> None:
    async with served(screens_max=1) as site:
        session = await site.enter()
        async with await site.screen(session) as one, await site.screen(session) as other:
            await first(one)
            kind, words = await other.receive_json()
            assert (kind, "(1)" in words) == ("ended", True)
