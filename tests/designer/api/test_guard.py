"""Secure defaults: host, origin, session, content type, headers; over every route there is."""

import re

import httpx
import pytest

from designer.api.guard import PUBLIC_FOLDERS, PUBLIC_PATHS, Guard
from designer.api.sessions import IDLE_S, Sessions
from tests.designer.running import BASE

ROUTES = {
    "DELETE /api/v1/pipelines/{pipeline_id}",
    "DELETE /api/v1/environments/{name}",
    "DELETE /api/v1/targets/{name}",
    "GET /api/v1/environments",
    "GET /api/v1/targets",
    "POST /api/v1/environments",
    "POST /api/v1/environments/{name}/build",
    "PUT /api/v1/environments/source",
    "POST /api/v1/targets",
    "POST /api/v1/targets/{name}/test",
    "PUT /api/v1/targets/{name}/price",
    "GET /api/v1/artifacts/{digest}",
    "GET /api/v1/artifacts/{digest}/cell",
    "GET /api/v1/artifacts/{digest}/chart",
    "GET /api/v1/artifacts/{digest}/columns",
    "POST /api/v1/artifacts/origins",
    "GET /api/v1/artifacts/{digest}/difference",
    "GET /api/v1/artifacts/{digest}/difference/distributions",
    "GET /api/v1/artifacts/{digest}/difference/rows",
    "GET /api/v1/artifacts/{digest}/document",
    "GET /api/v1/artifacts/{digest}/download",
    "GET /api/v1/artifacts/{digest}/find",
    "GET /api/v1/artifacts/{digest}/page",
    "GET /api/v1/artifacts/{digest}/profile",
    "GET /api/v1/modules",
    "GET /api/v1/modules/{module_id}",
    "GET /api/v1/modules/{module_id}/usage",
    "GET /api/v1/modules/{module_id}/{version}",
    "GET /api/v1/modules/{module_id}/{version}/definition",
    "GET /api/v1/openapi.json",
    "GET /api/v1/pipelines",
    "GET /api/v1/pipelines/{pipeline_id}",
    "GET /api/v1/pipelines/{pipeline_id}/file",
    "GET /api/v1/pipelines/{pipeline_id}/operations",
    "GET /api/v1/pipelines/{pipeline_id}/comments",
    "POST /api/v1/pipelines/{pipeline_id}/comments",
    "PATCH /api/v1/pipelines/{pipeline_id}/comments/{thread_id}",
    "POST /api/v1/pipelines/{pipeline_id}/comments/{thread_id}",
    "DELETE /api/v1/pipelines/{pipeline_id}/comments/{thread_id}/{comment_id}",
    "PATCH /api/v1/pipelines/{pipeline_id}/comments/{thread_id}/{comment_id}",
    "GET /api/v1/pipelines/{pipeline_id}/compare",
    "GET /api/v1/pipelines/{pipeline_id}/conflicts",
    "GET /api/v1/pipelines/{pipeline_id}/states/{reference}",
    "PATCH /api/v1/pipelines/{pipeline_id}/versions/{version_id}",
    "GET /api/v1/pipelines/{pipeline_id}/revisions",
    "GET /api/v1/pipelines/{pipeline_id}/schemas",
    "GET /api/v1/runs",
    "GET /api/v1/runs/{run_id}",
    "GET /api/v1/run_tags",
    "GET /api/v1/runs/{run_id}/comparison",
    "GET /api/v1/runs/{run_id}/cost",
    "GET /api/v1/runs/{run_id}/critical_path",
    "GET /api/v1/runs/{run_id}/packages",
    "GET /api/v1/runs/{run_id}/marks",
    "POST /api/v1/runs/{run_id}/marks",
    "GET /api/v1/runs/{run_id}/reopened",
    "POST /api/v1/runs/{run_id}/reopened",
    "GET /api/v1/runs/{run_id}/graph",
    "GET /api/v1/runs/{run_id}/inputs",
    "GET /api/v1/runs/{run_id}/steps/{step}/log",
    "GET /api/v1/runs/{run_id}/steps/{step}/log/file",
    "GET /api/v1/runs/{run_id}/steps/{step}/log/lines",
    "GET /api/v1/runs/{run_id}/steps/{step}/log/search",
    "GET /api/v1/samples",
    "GET /api/v1/suggestions",
    "GET /api/v1/step_runs",
    "GET /api/v1/workspace",
    "GET /health",
    "GET /login",
    "MOUNT /icons",
    "MOUNT /theme",
    "PATCH /api/v1/pipelines/{pipeline_id}",
    "POST /api/v1/files",
    "POST /api/v1/layouts",
    "POST /api/v1/login_tokens",
    "POST /api/v1/logout",
    "POST /api/v1/modules/{module_id}/default",
    "POST /api/v1/modules/{module_id}/publish",
    "POST /api/v1/modules/{module_id}/state",
    "POST /api/v1/pipelines",
    "POST /api/v1/pipelines/import",
    "POST /api/v1/pipelines/{pipeline_id}/duplicate",
    "POST /api/v1/pipelines/{pipeline_id}/operations",
    "POST /api/v1/pipelines/{pipeline_id}/restore",
    "POST /api/v1/pipelines/{pipeline_id}/unfreeze",
    "POST /api/v1/pipelines/{pipeline_id}/freeze",
    "POST /api/v1/pipelines/{pipeline_id}/revisions",
    "POST /api/v1/pipelines/{pipeline_id}/subgraphs/{name}/publish",
    "POST /api/v1/pipelines/{pipeline_id}/undelete",
    "POST /api/v1/plans",
    "POST /api/v1/plans/preview",
    "POST /api/v1/runs",
    "POST /api/v1/runs/{run_id}/cancel",
    "POST /api/v1/runs/{run_id}/rerun",
    "POST /api/v1/runs/{run_id}/resume",
    "POST /api/v1/samples/{sample_id}/copies",
    "POST /api/v1/workspace/collect",
    "WEBSOCKET /api/v1/push",
}
"""Every route, by hand: a new one is added here once somebody has thought about who may call it."""

EVIL_ORIGINS = [
    "http://evil.test",
    "null",
    "",
    "http://127.0.0.1",
    "http://127.0.0.1:80800",
    "http://127.0.0.1:8081",
    "https://127.0.0.1:8080",
    "http://127.0.0.1:8080.evil.test",
    "http://evil.test/127.0.0.1:8080",
    "http://127.0.0.1:8080/",
    "http://127.0.0.1:8080@evil.test",
    "http://user@127.0.0.1:8080",
    "http://127.0.0.1.:8080",
    "file://127.0.0.1:8080",
    "http://localhost:8080",
]


def inventory(routes):
    """Every route of an app, those of its routers included, as `METHOD path`."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        kind = type(route).__name__
        if inner is not None:
            yield from inventory(inner.routes)
        elif kind == "Mount":
            yield f"MOUNT {route.path}"
        elif "WebSocket" in kind:
            yield f"WEBSOCKET {route.path}"
        elif route.path != "/api/{rest:path}":
            yield from (f"{method} {route.path}" for method in route.methods - {"HEAD"})


def calls():
    """One request for every HTTP route, with made-up ids."""
    for line in sorted(ROUTES):
        method, path = line.split()
        if method not in {"MOUNT", "WEBSOCKET"}:
            yield method, re.sub(r"\{[^}]*\}", "x", path)


async def test_a_stranger_is_turned_away_from_every_route_that_is_not_public(stranger):
    for method, path in calls():
        answer = await stranger.request(method, path, json={})
        if path in PUBLIC_PATHS:
            assert answer.status_code == 200, path
        else:
            assert answer.status_code == 401, (method, path)
            assert answer.json()["error"]["code"] == "A001"


async def test_a_rebound_host_name_is_refused_on_every_route(client):
    for method, path in calls():
        headers = {"host": "attacker.test:8080"}
        answer = await client.request(method, path, json={}, headers=headers)
        assert answer.status_code == 400, (method, path)
        assert answer.json()["error"]["code"] == "A002"


@pytest.mark.parametrize(
    "host", ["", "127.0.0.1.evil.test", "evil@127.0.0.1", "[::1", "127.0.0.1:x", "127.0.0.1/"]
)
async def test_what_is_no_host_of_ours_is_refused(client, host):
    assert (await client.get("/health", headers={"host": host})).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8080", "LOCALHOST", "[::1]:8080"])
async def test_loopback_names_are_served(client, host):
    assert (await client.get("/health", headers={"host": host})).status_code == 200


@pytest.mark.parametrize("origin", EVIL_ORIGINS)
async def test_a_page_of_another_origin_can_change_nothing_and_read_nothing(app, client, origin):
    for method, path in calls():
        answer = await client.request(method, path, json={}, headers={"origin": origin})
        assert answer.status_code == 403, (method, path)
        assert "access-control-allow-origin" not in answer.headers


async def signed_in(app):
    """A browser: it has the session cookie and no token."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    browser = httpx.AsyncClient(transport=transport, base_url=BASE)
    token = app.state.sessions.new_login_token()
    answer = await browser.get(f"/login?token={token}&next=/pipelines/x")
    assert answer.status_code == 303 and answer.headers["location"] == "/pipelines/x"
    return browser, answer, token


async def test_the_login_token_signs_in_once_and_the_cookie_is_strict(app):
    browser, answer, token = await signed_in(app)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    assert (await browser.get("/api/v1/pipelines")).status_code == 200
    browser.cookies.clear()
    assert (await browser.get(f"/login?token={token}")).status_code == 401
    assert (await browser.get("/api/v1/pipelines")).status_code == 401


async def test_a_browser_must_prove_that_a_change_comes_from_our_page(app):
    browser, _, _ = await signed_in(app)
    bare = await browser.post("/api/v1/pipelines", json={})
    assert bare.status_code == 403
    own = await browser.post("/api/v1/pipelines", json={}, headers={"origin": BASE})
    assert own.status_code == 201


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None]
)
async def test_a_change_that_is_not_json_is_refused(client, kind):
    headers = {"content-type": kind} if kind else {}
    answer = await client.post("/api/v1/pipelines", content=b"{}", headers=headers)
    assert answer.status_code == 415 and answer.json()["error"]["code"] == "A004"
    assert "application/json" in answer.json()["error"]["remedy"]


async def test_an_upload_that_is_no_form_is_told_what_to_send(client):
    error = (await client.post("/api/v1/files", json={})).json()["error"]
    assert error["code"] == "A004" and "multipart/form-data" in error["message"]
    assert "file name" in error["remedy"]


async def test_signing_out_ends_the_session(app):
    browser, _, _ = await signed_in(app)
    kept = dict(browser.cookies)
    await browser.post("/api/v1/logout", headers={"origin": BASE})
    browser.cookies.update(kept)
    assert (await browser.get("/api/v1/pipelines")).status_code == 401


async def test_every_answer_carries_the_security_headers(client, stranger):
    for answer in [
        await client.get("/api/v1/pipelines"),
        await stranger.get("/login"),
        await stranger.get("/api/v1/pipelines"),
        await stranger.get("/theme/tokens.css"),
    ]:
        policy = answer.headers["content-security-policy"]
        for rule in (
            "frame-ancestors 'none'",
            "object-src 'none'",
            "base-uri 'self'",
            "connect-src 'self'",
            "form-action 'self'",
        ):
            assert rule in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
    assert (await client.get("/api/v1/pipelines")).headers["cache-control"] == "no-store"
    assert (await stranger.get("/login")).headers["cache-control"] == "no-store"


async def test_a_person_without_a_session_is_led_to_the_login_page(stranger):
    answer = await stranger.get("/runs?status=failed&x=1", headers={"accept": "text/html"})
    assert answer.status_code == 303
    page = await stranger.get(answer.headers["location"])
    assert 'value="/runs?status=failed&amp;x=1"' in page.text


@pytest.mark.parametrize(
    "target", ["//evil.test", "https://evil.test", "/\\evil.test", "javascript:alert(1)", "\t//x"]
)
async def test_signing_in_never_leads_to_another_site(app, target):
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as browser:
        token = app.state.sessions.new_login_token()
        answer = await browser.get("/login", params={"token": token, "next": target})
    assert answer.headers["location"] == "/"


async def test_the_login_page_shows_no_markup_of_the_address(stranger):
    page = await stranger.get("/login", params={"next": "/<script>alert(1)</script>"})
    assert "<script>alert" not in page.text and "&lt;script&gt;alert" in page.text


async def test_the_description_of_the_api_needs_a_session(client, stranger):
    assert (await stranger.get("/api/v1/openapi.json")).status_code == 401
    document = (await client.get("/api/v1/openapi.json")).json()
    assert "Operation" in document["components"]["schemas"]


async def test_every_route_is_in_the_inventory(app):
    assert set(PUBLIC_FOLDERS) == {"/theme/", "/icons/"}
    assert set(inventory(app.router.routes)) == ROUTES


async def test_a_websocket_is_refused_without_session_host_or_origin(app):
    cookie = f"{app.state.sessions.cookie_name}={app.state.sessions.sign_in(app.state.sessions.new_login_token())}"
    good = {"host": "127.0.0.1:8080", "origin": BASE, "cookie": cookie}
    assert await websocket(app, good) == "websocket.accept"
    for broken in (
        {**good, "cookie": ""},
        {**good, "host": "evil.test"},
        {**good, "origin": "http://evil.test"},
        {**good, "origin": "null"},
        {key: value for key, value in good.items() if key != "origin"},
    ):
        assert await websocket(app, broken) == "websocket.close", broken


async def websocket(app, headers):
    """The app's first answer to a handshake at the push channel."""
    answers = []
    incoming = [{"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1000}]
    scope = {
        "type": "websocket",
        "scheme": "ws",
        "path": "/api/v1/push",
        "raw_path": b"/api/v1/push",
        "query_string": b"",
        "headers": [(key.encode(), value.encode()) for key, value in headers.items()],
        "subprotocols": [],
        "asgi": {"version": "3.0"},
    }

    async def receive():
        return incoming.pop(0)

    async def send(message):
        answers.append(message["type"])

    await app(scope, receive, send)
    return answers[0]


class Clock:
    """A clock that a test moves."""

    now = 1_000_000.0

    def __call__(self):
        return self.now


def test_a_session_ends_after_twelve_idle_hours_and_lives_on_when_used(tmp_path):
    clock = Clock()
    sessions = Sessions(tmp_path / "server", clock)
    cookie = sessions.sign_in(sessions.new_login_token())
    clock.now += IDLE_S - 1
    renewed = sessions.renewed(cookie)
    assert sessions.check(cookie) and renewed != cookie
    clock.now += IDLE_S - 1
    assert sessions.check(renewed) and not sessions.check(cookie)


def test_a_forged_or_foreign_cookie_is_worth_nothing(tmp_path):
    sessions = Sessions(tmp_path / "a")
    other = Sessions(tmp_path / "b")
    cookie = sessions.sign_in(sessions.new_login_token())
    assert not other.check(cookie)
    for index in range(0, len(cookie), 7):
        forged = cookie[:index] + ("x" if cookie[index] != "x" else "y") + cookie[index + 1 :]
        assert not sessions.check(forged)
    for garbage in ("", ".", "..", "a.b.c", "\xff", "9" * 5000):
        assert not sessions.check(garbage)


def test_a_session_survives_a_restart_of_the_server_and_the_token_does_not(tmp_path):
    before = Sessions(tmp_path)
    cookie = before.sign_in(before.new_login_token())
    after = Sessions(tmp_path)
    assert after.check(cookie)
    assert not after.check_token(before.token)


def test_guessing_login_tokens_is_slowed_down(tmp_path):
    clock = Clock()
    sessions = Sessions(tmp_path, clock)
    token = sessions.new_login_token()
    for guess in range(20):
        assert sessions.sign_in(f"guess {guess}") is None
    assert sessions.sign_in(token) is None
    clock.now += 61
    assert sessions.sign_in(token) is not None


def test_secrets_are_readable_for_their_owner_only(tmp_path):
    Sessions(tmp_path / "server")
    for name in ("token", "session_key"):
        path = tmp_path / "server" / name
        assert path.stat().st_mode & 0o777 == 0o600
        assert len(path.read_text()) >= 32


def test_the_guard_passes_on_what_is_neither_http_nor_websocket(tmp_path):
    seen = []

    async def inner(scope, receive, send):
        seen.append(scope["type"])

    import asyncio

    guard = Guard(inner, Sessions(tmp_path))
    asyncio.run(guard({"type": "lifespan"}, None, None))
    assert seen == ["lifespan"]
