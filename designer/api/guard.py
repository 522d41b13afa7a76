"""The guard before everything: host, origin, session, content type and headers, HTTP and websocket.

A pure ASGI middleware, because one that sees only HTTP would leave the websockets open.
"""

from collections.abc import Collection
from http.cookies import CookieError, SimpleCookie
from typing import Literal
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from designer.api.messages import error_response
from designer.api.origins import (
    LOOPBACK_NAMES,
    Host,
    is_allowed_host,
    is_same_origin,
    parse_host,
    parse_origin,
)
from designer.api.sessions import IDLE_S, Sessions
from runtime.errors import RequestError

Credential = Literal["none", "cookie", "token"]

PUBLIC_PATHS = frozenset({"/login", "/health", "/favicon.ico"})
PUBLIC_FOLDERS = ("/theme/", "/icons/")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_UPLOAD = "/api/v1/files"
_FORM = "multipart/form-data"
_JSON = "application/json"
_HEADERS = {
    "content-security-policy": "frame-ancestors 'none'; object-src 'none'; base-uri 'self'; "
    "connect-src 'self'; form-action 'self'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Guard:
    """Lets through what comes from this machine's owner, and nothing else.

    Args:
        app: What is guarded.
        sessions: Who is signed in.
        host_names: Further names by which this server may be addressed.
    """

    def __init__(self, app: ASGIApp, sessions: Sessions, host_names: Collection[str] = ()) -> None:
        self._app = app
        self._sessions = sessions
        self._names = LOOPBACK_NAMES | {name.lower() for name in host_names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in place of the app, or hand the request on."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        cookie = _cookie(headers, self._sessions.cookie_name)
        answer = self._refusal(scope, headers, cookie)
        if answer is None:
            await self._app(scope, receive, _Finisher(scope, send, self._renewed(cookie)))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await answer(scope, receive, _Finisher(scope, send, None))

    def _refusal(self, scope: Scope, headers: Headers, cookie: str) -> Response | None:
        hosts = headers.getlist("host")
        host = parse_host(hosts[0]) if len(hosts) == 1 else None
        if host is None or not is_allowed_host(host, self._names):
            return _refuse("A002", "This host name is not one of this server's.", 400)
        credential = self._credential(headers, cookie)
        if not _has_allowed_origin(scope, headers, host, credential):
            return _refuse("A002", "The request comes from a page of another site.", 403)
        if credential == "none" and not _is_public(scope["path"]):
            return _ask_to_sign_in(scope, headers)
        if not _has_allowed_content(scope, headers):
            return _refuse_content(scope)
        return None

    def _credential(self, headers: Headers, cookie: str) -> Credential:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self._sessions.check_token(token.strip()):
            return "token"
        return "cookie" if cookie and self._sessions.check(cookie) else "none"

    def _renewed(self, cookie: str) -> str | None:
        value = self._sessions.renewed(cookie) if cookie else None
        return session_cookie(self._sessions.cookie_name, value) if value else None


def session_cookie(name: str, value: str, *, max_age: int = IDLE_S) -> str:
    """The text of a `Set-Cookie` header for a session."""
    return f"{name}={value}; HttpOnly; Path=/; SameSite=Strict; Max-Age={max_age}"


class _Finisher:
    """Adds the security headers, and a renewed cookie, to the start of an answer."""

    def __init__(self, scope: Scope, send: Send, cookie: str | None) -> None:
        self._path: str = scope["path"]
        self._send = send
        self._cookie = cookie

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
            is_page = headers.get("content-type", "").startswith("text/html")
            if is_page or self._path.startswith("/api/") or message["status"] >= 400:
                headers["cache-control"] = "no-store"
            if self._cookie and "set-cookie" not in headers:
                headers.append("set-cookie", self._cookie)
        await self._send(message)


def _has_allowed_origin(scope: Scope, headers: Headers, host: Host, credential: Credential) -> bool:
    origins = headers.getlist("origin")
    if origins:
        scheme = "https" if scope["scheme"] in {"https", "wss"} else "http"
        return len(origins) == 1 and is_same_origin(parse_origin(origins[0]), host, scheme)
    is_reading = scope["type"] == "http" and scope["method"] in _SAFE_METHODS
    return is_reading or credential != "cookie" or headers.get("sec-fetch-site") == "same-origin"


def _has_allowed_content(scope: Scope, headers: Headers) -> bool:
    is_api = scope["path"].startswith("/api/")
    if scope["type"] != "http" or scope["method"] in _SAFE_METHODS or not is_api:
        return True
    has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    wanted = _FORM if scope["path"] == _UPLOAD else _JSON
    return not has_body or kind == wanted


def _refuse_content(scope: Scope) -> Response:
    if scope["path"] == _UPLOAD:
        return _refuse(
            "A004",
            f"A file must come as a form (`{_FORM}`).",
            415,
            remedy="Send it as a form part with a file name, as `curl -F file=@table.csv` does.",
        )
    return _refuse(
        "A004",
        f"The body must be JSON (`{_JSON}`).",
        415,
        remedy=f"Send JSON with the header 'Content-Type: {_JSON}'.",
    )


def _is_public(path: str) -> bool:
    return path in PUBLIC_PATHS or path.startswith(PUBLIC_FOLDERS)


def _ask_to_sign_in(scope: Scope, headers: Headers) -> Response:
    is_page = (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and "text/html" in headers.get("accept", "")
        and not scope["path"].startswith(("/api/", "/_nicegui"))
    )
    if is_page:
        query = scope["query_string"].decode("latin-1")
        target = quote(scope["path"] + (f"?{query}" if query else ""))
        return RedirectResponse(f"/login?next={target}", status_code=303)
    return _refuse(
        "A001",
        "Not signed in.",
        401,
        remedy="Open the address that the `designer` command printed, or send the token in "
        "the workspace's 'server/token' file as a bearer token.",
    )


def _refuse(
    code: str,
    message: str,
    status: int,
    *,
    remedy: str = "Use the address that the `designer` command printed.",
) -> Response:
    return error_response(RequestError(code, message, remedy=remedy), status=status)


def _cookie(headers: Headers, name: str) -> str:
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return morsel.value if morsel is not None else ""
