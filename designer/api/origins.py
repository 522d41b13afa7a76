"""Hosts and origins as parsed tuples: what a header names is compared, never matched by pattern."""

import re
from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import urlsplit

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"(?:\[(?P<six>[0-9a-f:]+)\]|(?P<name>[a-z0-9.-]+))(?::(?P<port>[0-9]{1,5}))?")


class Host(NamedTuple):
    """A host header: name in lower case, and the port if it names one."""

    name: str
    port: int | None


class Origin(NamedTuple):
    """An origin as the browser's security model has it."""

    scheme: str
    name: str
    port: int


def parse_host(text: str) -> Host | None:
    """Give the host of a header, None for anything else.

    >>> parse_host("[::1]:8080"), parse_host("127.0.0.1"), parse_host("a@b")
    (Host(name='::1', port=8080), Host(name='127.0.0.1', port=None), None)
    """
    match = _HOST.fullmatch(text.lower())
    if match is None:
        return None
    port = match["port"]
    return Host(match["six"] or match["name"], int(port) if port else None)


def parse_origin(text: str) -> Origin | None:
    """Give an origin, None for `null` and whatever is no origin.

    >>> parse_origin("http://127.0.0.1:8080"), parse_origin("null"), parse_origin("http://a/b")
    (Origin(scheme='http', name='127.0.0.1', port=8080), None, None)
    """
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    host = parse_host(parts.netloc)
    rest = parts.path or parts.query or parts.fragment
    if host is None or rest or parts.scheme not in _DEFAULT_PORTS or text.endswith(("?", "#")):
        return None
    return Origin(parts.scheme, host.name, host.port or _DEFAULT_PORTS[parts.scheme])


def is_allowed_host(host: Host | None, names: Collection[str]) -> bool:
    """Whether the header names this machine by a name that is allowed."""
    return host is not None and host.name in names


def is_same_origin(origin: Origin | None, host: Host, scheme: str) -> bool:
    """Whether a page of that origin came from this very server."""
    return origin == Origin(scheme, host.name, host.port or _DEFAULT_PORTS[scheme])
