"""A file from the web: http and https, with limits on time, size and redirects."""

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit

from runtime.errors import DataError

_ATTEMPTS = 3
_CHUNK = 1 << 20


def download(
    url: str,
    folder: Path,
    *,
    timeout_s: float = 60.0,
    maximum_mib: int = 4096,
    pause: Callable[[float], None] = time.sleep,
) -> Path:
    """Bring a file here, under the name that its address ends with.

    A redirect is followed only within the same host and never from https to http. What fails in a
    way that may pass (no connection, time-out, status 429 or 5xx) is tried three times.

    Args:
        url: An http or https address.
        folder: Where the file goes.
        timeout_s: How long to wait for the server at any moment, in seconds.
        maximum_mib: Size limit, in MiB.
        pause: Called with the seconds to wait before the next attempt.

    Raises:
        DataError: D014 with the address and what went wrong.
    """
    name = _file_name(url)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _fetch(url, folder / name, timeout_s, maximum_mib)
        except urllib.error.HTTPError as exc:
            if attempt == _ATTEMPTS or not (exc.code == 429 or exc.code >= 500):
                raise _error(url, f"the server answers {exc.code} {exc.reason}") from exc
        except (OSError, http.client.HTTPException) as exc:
            if attempt == _ATTEMPTS:
                reason = getattr(exc, "reason", None) or exc
                raise _error(url, f"{reason} ({_ATTEMPTS} attempts)") from exc
        pause(0.5 * 2 ** (attempt - 1))
    raise AssertionError("the last attempt returns or raises")


def _file_name(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _error(url, "it is no http or https address")
    last = unquote(parts.path).rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isalnum() or sign in "._- ").lstrip(". ") or "data"


def _fetch(url: str, target: Path, timeout_s: float, maximum_mib: int) -> Path:
    opener = urllib.request.build_opener(_SameHost())
    opener.addheaders = [("User-Agent", "designer"), ("Accept", "*/*")]
    with opener.open(url, timeout=timeout_s) as answer, target.open("wb") as file:
        left = maximum_mib * 2**20
        while chunk := answer.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise _error(url, f"it is larger than {maximum_mib} MiB")
            file.write(chunk)
    return target


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows redirects within one host only."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if new.hostname != old.hostname or (old.scheme, new.scheme) == ("https", "http"):
            raise _error(req.full_url, f"it redirects to {newurl}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _error(url: str, what: str) -> DataError:
    return DataError(
        "D014",
        f"'{url}' cannot be downloaded: {what}.",
        remedy="Check the address, or download the file yourself and import it.",
        url=url,
    )
