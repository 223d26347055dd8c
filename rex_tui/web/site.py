"""The web server: nothing is answered before the gate has let it in, and then only the page, its files, its screens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from importlib.resources import files
from types import MappingProxyType
from typing import Final, TypeAlias

from aiohttp import WSCloseCode, WSMsgType, web
from textual_serve.download_manager import DownloadManager

from rex_tui.web.answers import headers_of, page, refusal
from rex_tui.web.gate import Gate, is_same_origin
from rex_tui.web.screen import Program, Screen, browser_message

COOKIE: Final = "rex-tui-session"
SCREENS_MAX: Final = 16
"""Each is a program of its own."""
CELLS_MIN: Final = 2
CELLS_MAX: Final = 1_000
HEARTBEAT_S: Final = 15.0
FAREWELL_S: Final = 2.0
"""How long a browser may take to answer that its socket is closed, in seconds."""
MESSAGE_BYTES: Final = 1 << 20
FILES: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "page.css": ("rex_tui.web", "page.css", "text/css"),
        "page.js": ("rex_tui.web", "page.js", "text/javascript"),
        "icon.svg": ("rex_tui.web", "icon.svg", "image/svg+xml"),
        "xterm.css": ("textual_serve", "static/css/xterm.css", "text/css"),
        "textual.js": ("textual_serve", "static/js/textual.js", "text/javascript"),
        "regular.ttf": ("textual_serve", "static/fonts/RobotoMono-VariableFont_wght.ttf", "font/ttf"),
        "italic.ttf": ("textual_serve", "static/fonts/RobotoMono-Italic-VariableFont_wght.ttf", "font/ttf"),
    }
)
"""What the page is made of: by name, the package, the place in it, the kind."""

FOREIGN_HOST: Final = "This server does not go by the name that was asked for, so nothing is shown."
FOREIGN_PAGE: Final = "A page of another site asked for this, so nothing is shown. Open it in a tab of its own."
NO_SESSION: Final = "rex-tui is served here to those who have its link."
USED: Final = "This link does not work: each works once, and only the newest."
NO_SUCH: Final = "There is nothing of this name."
TOO_MANY: Final = "As many screens are open as there may be ({}). Close one of them first."
SERVER_ENDS: Final = "rex-tui is not served any more."

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site:
    """Serves a program's screen to whoever comes through the gate."""

    def __init__(
        self, gate: Gate, program: Program, say: Callable[[str], object], another: str, screens_max: int = SCREENS_MAX
    ) -> None:
        """Start `program` for each screen; `say` tells the terminal, `another` tells people how to get a link."""
        self._gate = gate
        self._program = program
        self._say = say
        self._another = another
        self._screens_max = screens_max
        self._downloads = DownloadManager()
        self._screens: dict[Screen, web.WebSocketResponse] = {}

    def application(self) -> web.Application:
        """Give the web application."""
        made = web.Application(middlewares=[self._let_in])
        room = f"/{self._gate.room}/"
        made.add_routes(
            [
                web.get("/", self._link, allow_head=False),
                web.get(room, self._page),
                web.get(room + "static/{name}", self._file),
                web.get(room + "ws", self._screen, allow_head=False),
                web.get(room + "download/{key}", self._download, allow_head=False),
            ]
        )
        made.on_response_prepare.append(self._mark)
        made.on_shutdown.append(self._close)
        return made

    def kill(self) -> None:
        """End at once what still runs."""
        for screen in self._screens:
            screen.kill()

    # ---- who is let in

    async def _mark(self, request: web.BaseRequest, response: web.StreamResponse) -> None:
        host = request.headers.get("Host", "")
        response.headers.update(headers_of(host if self._gate.answers_to(host) else ""))

    @web.middleware
    async def _let_in(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer what comes from a page of ours, or from somebody with the link; refuse all else."""
        if why := self._objection(request):
            return refusal(why)
        try:
            return await handler(request)
        except web.HTTPException as error:
            return page(NO_SUCH, status=error.status)

    def _objection(self, request: web.Request) -> str:
        """Give why a request is not let in, "" where it is."""
        host, origin = request.headers.get("Host", ""), request.headers.get("Origin")
        if not self._gate.answers_to(host):
            return FOREIGN_HOST
        is_reading = request.method in ("GET", "HEAD") and "Upgrade" not in request.headers
        if (origin is not None or not is_reading) and not is_same_origin(origin or "", host):
            return FOREIGN_PAGE
        if request.path == "/" and request.method == "GET" and "token" in request.query:
            return ""  # wherever the link was clicked, in a terminal on the web say; its token is looked at next
        if not self._gate.knows(request.cookies.get(COOKIE, "")):
            return f"{NO_SESSION} {self._another}"
        return "" if request.headers.get("Sec-Fetch-Site", "none") in ("same-origin", "none") else FOREIGN_PAGE

    async def _link(self, request: web.Request) -> web.Response:
        """Exchange a link's token for a session, and go on without it.

        By a page, not by a redirect: after a click in another site's page browsers send no strict cookie along one.
        """
        session = self._gate.exchange(request.query.get("token", ""))
        if session is None:
            return refusal(f"{USED} {self._another}")
        room = f"/{self._gate.room}/"
        answer = page("rex-tui opens …", link=room)
        answer.headers["Refresh"] = f"0; url={room}"
        answer.set_cookie(COOKIE, session, path=room, httponly=True, samesite="Strict")
        return answer

    # ---- what is there

    async def _page(self, _request: web.Request) -> web.Response:
        return web.Response(
            text=files("rex_tui.web").joinpath("page.html").read_text("utf-8"), content_type="text/html"
        )

    async def _file(self, request: web.Request) -> web.Response:
        if (found := FILES.get(request.match_info["name"])) is None:
            raise web.HTTPNotFound
        package, place, kind = found
        return web.Response(body=files(package).joinpath(place).read_bytes(), content_type=kind)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """Hand over a file that a program offered, a picture of the screen say; always to be saved, never shown."""
        key = request.match_info["key"]
        try:
            name = (await self._downloads.get_download_metadata(key)).file_name
        except KeyError:
            raise web.HTTPNotFound from None
        answer = web.StreamResponse()
        answer.content_type = "application/octet-stream"
        safe = "".join(sign if sign.isalnum() or sign in "-_. " else "-" for sign in name if sign.isascii())
        answer.headers["Content-Disposition"] = f'attachment; filename="{safe}"'
        await answer.prepare(request)
        async for piece in self._downloads.download(key):
            await answer.write(piece)
        await answer.write_eof()
        return answer

    async def _screen(self, request: web.Request) -> web.WebSocketResponse:
        """Run the program behind a tab for as long as the tab and the program last."""
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, timeout=FAREWELL_S, max_msg_size=MESSAGE_BYTES)
        await socket.prepare(request)
        if len(self._screens) >= self._screens_max:
            await socket.send_json(["ended", TOO_MANY.format(self._screens_max)])
            await socket.close()
            return socket
        screen = Screen(self._program, socket, self._downloads, self._say)
        self._screens[screen] = socket
        try:
            await screen.start(_cells(request.query.get("width"), 80), _cells(request.query.get("height"), 24))
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    await _take(browser_message(message.data), screen)
        finally:
            try:
                await screen.stop()
            finally:
                screen.kill()
                del self._screens[screen]
        return socket

    async def _close(self, _application: web.Application) -> None:
        """Say that the server ends, which ends what waits for browsers, and so their programs."""
        await asyncio.gather(*map(_part, self._screens.values()))


async def _part(socket: web.WebSocketResponse) -> None:
    with suppress(ConnectionError, RuntimeError):  # the browser went first
        await socket.send_json(["ended", SERVER_ENDS, "for good"])
        await socket.close(code=WSCloseCode.GOING_AWAY)


async def _take(message: list[object], screen: Screen) -> None:
    """Give the program what a browser sent; what is not understood is passed over."""
    match message:
        case ["stdin", str(keys)]:
            await screen.send_bytes(keys.encode(errors="replace"))
        case ["resize", {"width": int(width), "height": int(height)}]:
            await screen.set_terminal_size(_cells(width, 80), _cells(height, 24))
        case ["focus"]:
            await screen.focus()
        case ["blur"]:
            await screen.blur()


def _cells(said: str | int | None, otherwise: int) -> int:
    """Give a number of columns or rows that a screen can have."""
    try:
        return max(CELLS_MIN, min(int(said or otherwise), CELLS_MAX))
    except ValueError:
        return otherwise
