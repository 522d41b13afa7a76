"""The app: our FastAPI owns the guard and REST, NiceGUI draws the pages inside it."""

import os
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from designer.api.guard import Guard
from designer.api.routes import add_api
from designer.api.sessions import Sessions
from designer.assets_folder import assets_folder
from designer.services import use_services
from designer.services.services import Services

RECONNECT_S = 20.0
SERVER_FOLDER = "server"


def create_app(
    workspace: Path, *, host_names: Collection[str] = (), has_pages: bool = True
) -> FastAPI:
    """Build the app over a workspace.

    Args:
        workspace: The folder; created if absent.
        host_names: Names besides the loopback ones by which the server may be addressed.
        has_pages: False for REST alone, without NiceGUI.
    """
    services = Services(workspace)
    sessions = Sessions(services.workspace.path / SERVER_FOLDER)
    use_services(services)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await services.start()
        yield
        await services.stop()

    app = FastAPI(
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        middleware=[
            Middleware(Guard, sessions=sessions, host_names=host_names),
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5),
        ],
    )
    app.state.sessions = sessions
    add_api(app, services, sessions)
    for name in ("theme", "icons"):
        folder = assets_folder() / name
        app.mount(f"/{name}", StaticFiles(directory=folder, check_dir=False), name=name)
    if has_pages:
        _add_pages(app, services, sessions)
    return app


def _add_pages(app: FastAPI, services: Services, sessions: Sessions) -> None:
    os.environ.setdefault(
        "NICEGUI_STORAGE_PATH", str(services.workspace.path / SERVER_FOLDER / "pages")
    )
    from nicegui import core, ui

    from designer.pages import register_pages

    register_pages(services)
    ui.run_with(
        app,
        title="Designer",
        favicon=_favicon(),
        dark=None,
        language="en-US",
        tailwind=False,
        reconnect_timeout=RECONNECT_S,
        binding_refresh_interval=None,
        gzip_middleware_factory=None,
        show_welcome_message=False,
        storage_secret=sessions.storage_secret(),
        session_middleware_kwargs={"same_site": "strict"},
    )
    core.app.config.quasar_config["loadingBar"] = {"skipHijack": True}
    core.sio.eio.cors_allowed_origins = None


def _favicon() -> Path | None:
    path = assets_folder() / "icons" / "designer.svg"
    return path if path.is_file() else None
