"""A problem as a value: what is wrong, where, and what to do about it."""

from typing import Literal

import msgspec

Severity = Literal["error", "warning", "info"]


class Diagnostic(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One problem found in a graph, a plan or a request.

    Attributes:
        code: Stable code, one letter and three digits (`runtime.errors` lists them).
        severity: `error` stops planning; `warning` and `info` do not.
        message: One sentence that names the culprit, with close matches.
        remedy: One imperative sentence that says what to do.
        where: JSON Pointer into the graph document, `""` for the whole document.
    """

    code: str
    message: str
    remedy: str = ""
    where: str = ""
    severity: Severity = "error"


def pointer(*parts: str | int) -> str:
    """Give the JSON Pointer (RFC 6901) of a path.

    >>> pointer("nodes", "a/b", "inputs")
    '/nodes/a~1b/inputs'
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
