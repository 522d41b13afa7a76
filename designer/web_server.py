"""The web server itself: uvicorn over our app, which says when it answers."""

import contextlib
import socket
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import uvicorn

from designer.app import create_app
from designer.server import OpenPage, Start, announce

LARGEST_MESSAGE = 1 << 20
PING_S, PONG_S = 3, 5
"""Browsers answer by themselves, also in a tab that rests: one that does not is gone, within seconds."""


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            await self._ready()


def run_web_server(
    workspace: Path,
    listener: socket.socket,
    url: str,
    *,
    host_names: Sequence[str],
    open_page: OpenPage | None,
    start: Start | None,
) -> None:
    """Serve until interrupted; announces the address with a login token once it answers."""
    app = create_app(workspace, host_names=host_names)
    token = app.state.sessions.new_login_token()

    async def ready() -> None:
        path = await start(app.state.services) if start is not None else "/"
        announce(f"{url}/login?token={token}&next={path}", open_page=open_page)

    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
        ws_max_size=LARGEST_MESSAGE,
        ws_ping_interval=PING_S,
        ws_ping_timeout=PONG_S,
    )
    with contextlib.suppress(KeyboardInterrupt):
        _Server(config, ready).run(sockets=[listener])
