"""Where in a graph's text a limit is exceeded, for texts that no parser takes as a whole."""

import re
import sys
from collections.abc import Callable

from runtime.model.graph_limits import MAX_NESTING

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{}]|\d[\d.eE+-]*+', re.DOTALL)


def place_of_nesting(data: bytes) -> str:
    """Where a value begins that lies deeper than allowed.

    >>> place_of_nesting(b'{"a":' + b"[" * 100)
    'at line 1, column 69'
    """
    depth = 0

    def is_too_deep(token: bytes) -> bool:
        nonlocal depth
        depth += (token in b"[{") - (token in b"]}")
        return depth > MAX_NESTING

    return _place(data, is_too_deep)


def place_of_long_number(data: bytes) -> str:
    """Where a whole number begins that has more digits than Python reads.

    >>> place_of_long_number(b'{"a":' + b"1" * 5000)
    'at line 1, column 6'
    """
    most = sys.get_int_max_str_digits()
    return _place(data, lambda token: len(token) > most and token.isdigit())


def _place(data: bytes, is_culprit: Callable[[bytes], bool]) -> str:
    for match in _TOKEN.finditer(data):
        if is_culprit(match.group()):
            start = data.rfind(b"\n", 0, match.start()) + 1
            line = data.count(b"\n", 0, start) + 1
            column = len(data[start : match.start()].decode("utf-8", "replace")) + 1
            return f"at line {line}, column {column}"
    return "somewhere"
