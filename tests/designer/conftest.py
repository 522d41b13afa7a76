"""A designer for tests: the whole app over a fresh workspace, without pages, runner and sockets."""

import httpx
import pytest

from tests.designer.running import BASE, client_of, running_app


@pytest.fixture
async def app(tmp_path):
    async with running_app(tmp_path / "workspace") as app:
        yield app


@pytest.fixture
async def services(app):
    return app.state.services


@pytest.fixture
async def client(app):
    async with client_of(app) as client:
        yield client


@pytest.fixture
async def stranger(app):
    """A client that brings no token."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client
