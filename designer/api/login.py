"""Signing in: the token in the address that the command opened becomes a session cookie."""

import html
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from designer.api.guard import session_cookie
from designer.api.messages import answer
from designer.api.sessions import Sessions

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in · Designer</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><link rel="icon" href="/icons/designer.svg">
<link rel="stylesheet" href="/theme/fonts.css"><link rel="stylesheet" href="/theme/tokens.css">
<link rel="stylesheet" href="/theme/login.css">
<script>
const kept = localStorage.getItem("designer.theme");
const dark = kept ? kept === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
addEventListener("DOMContentLoaded", () => document.body.classList.toggle("body--dark", dark));
</script></head><body><main>
<img src="/icons/designer.svg" alt="" width="40" height="40">
<h1>Sign in to Designer</h1>{problem}
<p>Open the address that the <code>designer</code> command printed. It signs one browser in, once;
run <code>designer</code> in the same folder again for another.</p>
<form action="/login" method="get"><label for="token">or paste its token</label>
<div><input id="token" name="token" autocomplete="off" spellcheck="false" autofocus required>
<input type="hidden" name="next" value="{next}"><button>Sign in</button></div></form>
</main></body></html>
"""
_WRONG = '<p role="alert">This token was used before or is not one of this server\'s.</p>'


def login_routes(sessions: Sessions) -> APIRouter:
    """The routes for signing in and out."""
    router = APIRouter()

    @router.get("/login", include_in_schema=False)
    async def login(request: Request, token: str = "", next: str = "/") -> Response:
        target = local_path(next)
        cookie = sessions.sign_in(token) if token else None
        if cookie is None:
            return _form(target, is_wrong=bool(token))
        response = RedirectResponse(target, status_code=303)
        response.headers["set-cookie"] = session_cookie(sessions.cookie_name, cookie)
        return response

    @router.post("/api/v1/login_tokens", status_code=201, tags=["access"])
    async def new_login_token() -> Response:
        """A token that signs one more browser in, once."""
        return answer({"token": sessions.new_login_token()}, 201)

    @router.post("/api/v1/logout", tags=["access"])
    async def logout(request: Request) -> Response:
        """End the session of this browser."""
        sessions.end(request.cookies.get(sessions.cookie_name, ""))
        response = answer({})
        response.headers["set-cookie"] = session_cookie(sessions.cookie_name, "", max_age=0)
        return response

    return router


def local_path(target: str) -> str:
    """The path to go on to after signing in; anything that leads elsewhere becomes `/`.

    >>> local_path("/runs/1"), local_path("//evil.test"), local_path("https://evil.test")
    ('/runs/1', '/', '/')
    """
    parts = urlsplit(target) if target.isprintable() else None
    is_local = parts is not None and not parts.scheme and not parts.netloc
    return target if is_local and target[:1] == "/" and target[1:2] not in {"/", "\\"} else "/"


def _form(target: str, *, is_wrong: bool) -> Response:
    page = _PAGE.format(problem=_WRONG if is_wrong else "", next=html.escape(target, quote=True))
    return HTMLResponse(page, status_code=401 if is_wrong else 200)
