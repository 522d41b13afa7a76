"""Who is signed in: one-time login tokens, signed session cookies, and the workspace's own token."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from runtime.durable_files import replace_durably

IDLE_S = 12 * 3600
RENEW_AFTER_S = 600
LOGIN_TOKEN_S = 12 * 3600
MOST_FAILURES_A_MINUTE = 10


class Sessions:
    """Issues and checks what proves that a request comes from the workspace's owner.

    Args:
        folder: The workspace's `server` folder; made readable for the owner only.
        clock: Seconds since the epoch.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / ".gitignore").write_text("*\n")
        self._clock = clock
        self._key = _kept_secret(folder / "session_key").encode()
        self.token = secrets.token_urlsafe(32)
        replace_durably(folder / "token", self.token.encode())
        self.cookie_name = f"designer_{hashlib.sha256(self._key).hexdigest()[:12]}"
        self._login_tokens: dict[str, float] = {}
        self._ended: set[str] = set()
        self._failures: list[float] = []

    def storage_secret(self) -> str:
        """A secret for the page framework's own cookies, made from the installation's key."""
        return hmac.new(self._key, b"storage", hashlib.sha256).hexdigest()

    def new_login_token(self) -> str:
        """A token that signs one browser in, once."""
        token = secrets.token_urlsafe(32)
        self._login_tokens[_hash(token)] = self._clock() + LOGIN_TOKEN_S
        return token

    def sign_in(self, token: str) -> str | None:
        """Use up a login token; gives the session cookie's value, None for a wrong token."""
        now = self._clock()
        self._failures = [at for at in self._failures if at > now - 60]
        if len(self._failures) >= MOST_FAILURES_A_MINUTE:
            return None
        if self._login_tokens.pop(_hash(token), 0.0) < now:
            self._failures.append(now)
            return None
        return self._signed(secrets.token_urlsafe(16))

    def check(self, cookie: str) -> bool:
        """Whether a session cookie is ours, not idle for too long and not ended."""
        return self._read(cookie) is not None

    def renewed(self, cookie: str) -> str | None:
        """The cookie's successor when it is time for one; keeps an active session alive."""
        found = self._read(cookie)
        if found is None or self._clock() - found[1] < RENEW_AFTER_S:
            return None
        return self._signed(found[0])

    def end(self, cookie: str) -> None:
        """Sign out: the session's cookies are worth nothing from now on."""
        if (found := self._read(cookie)) is not None:
            self._ended.add(found[0])

    def check_token(self, token: str) -> bool:
        """Whether this is the token in the workspace's `server/token` file."""
        return hmac.compare_digest(token.encode(), self.token.encode())

    def _signed(self, session: str) -> str:
        text = f"{session}.{int(self._clock())}"
        return f"{text}.{self._signature(text)}"

    def _read(self, cookie: str) -> tuple[str, int] | None:
        text, _, signature = cookie.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(text).encode()):
            return None
        session, _, at = text.rpartition(".")
        is_live = self._clock() - int(at) <= IDLE_S and session not in self._ended
        return (session, int(at)) if is_live else None

    def _signature(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


def _kept_secret(path: Path) -> str:
    if not path.exists():
        replace_durably(path, secrets.token_urlsafe(48).encode())
    path.chmod(0o600)
    return path.read_text()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
