"""The values of the names on a failing line, in few words: no data, no secrets, never raising.

People's objects are looked at, not run: what would call their code gets a moment in which a signal
ends it, and only in the main thread, where signals arrive.
"""

import ast
import contextlib
import inspect
import re
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import FrameType
from typing import Any

MOST_NAMES = 12
LONGEST_VALUE = 200
_LONGEST_TEXT = 160
_MOST_ITEMS = 5
_MOST_COLUMNS = 12
_DEEPEST = 3
_LARGE = 1_000
_LOOK_S = 0.1
_ALL_S = 0.5
_HIDDEN_NAMES = (
    "secret", "password", "passwd", "token", "credential", "api_key", "apikey", "private_key",
)  # fmt: skip
HIDDEN = "(hidden)"
_WORD = "|".join(_HIDDEN_NAMES)
_ASSIGNED = re.compile(
    rf"(?i)(\w*(?:{_WORD})\w*['\"]?\s*[=:]\s*)(?!\(hidden)('[^']*'|\"[^\"]*\"|[^\s,)}}\]]+)"
)
_IN_ADDRESS = re.compile(r"(\w+://[^\s/:@]*:)[^\s/@]+@")
_PLAIN = (bool, int, float, complex, type(None))


class _TooSlow(BaseException):
    """A look at a value took too long."""


def values_on_line(frame: FrameType, line: int, source: str) -> dict[str, str]:
    """What the names of a statement stood for, in the order they are read.

    Where it reads none, as `raise ValueError("odd")`, those of the function.

    Args:
        frame: The frame in which it failed.
        line: The line that failed.
        source: The text of the whole file.
    """
    is_nested = frame.f_code.co_name.startswith("<") and frame.f_code.co_name != "<module>"
    return _found_of(frame, _names(source, line, is_nested=is_nested)) or _found_of(
        frame, ((name, (name,)) for name in frame.f_locals)
    )


def _found_of(frame: FrameType, names: "Iterable[tuple[str, _Path]]") -> dict[str, str]:
    until = time.monotonic() + _ALL_S
    found: dict[str, str] = {}
    for text, path in names:
        if len(found) == MOST_NAMES or time.monotonic() > until:
            break
        words = None if text in found else _found_words(frame, text, path)
        if words is not None:
            found[text] = words
    return found


def _found_words(frame: FrameType, text: str, path: "_Path") -> str | None:
    try:
        with _moment():
            value = _value_of(frame, path)
        return None if value is _UNKNOWN else in_words(text, value)
    except (Exception, _TooSlow):  # noqa: BLE001 - the boundary around people's code
        return None


def in_words(name: str, value: Any) -> str:
    """A value in few words; of a name that sounds like a secret, nothing.

    >>> in_words("rows", [1, 2, 3]), in_words("api_token", "abc")
    ('[1, 2, 3]', '(hidden)')
    """
    if _is_hidden(name):
        return HIDDEN
    try:
        with _moment():
            text = _words(value, _DEEPEST)
        return _shorten(_without_secrets(text), LONGEST_VALUE)
    except (Exception, _TooSlow):  # noqa: BLE001 - the boundary around people's code
        return type(value).__name__


@contextlib.contextmanager
def _moment() -> Iterator[None]:
    """End what takes longer than a moment, where signals arrive."""
    if not _has_signals():
        yield
        return
    handler = signal.signal(signal.SIGALRM, _give_up)
    timer = signal.setitimer(signal.ITIMER_REAL, _LOOK_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, handler)


def _give_up(number: int, frame: FrameType | None) -> None:
    raise _TooSlow


def _has_signals() -> bool:
    return threading.current_thread() is threading.main_thread()


# -- which names ---------------------------------------------------------------------------------

_UNKNOWN = object()
_Path = tuple[str | int | None, ...]


def _names(source: str, line: int, *, is_nested: bool) -> Iterator[tuple[str, _Path]]:
    """The names that the statement at a line reads, as text and as the way to their value.

    Of a `raise` also those of the condition that led to it.

    Args:
        source: The text of the whole file.
        line: The line.
        is_nested: The frame is that of a comprehension or a function without a name, and knows
            the names that it makes for itself.
    """
    try:
        around = _statements_at(ast.parse(source), line)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        yield from _names_in_text(source, line)
        return
    concerned = around[-1:]
    if around and isinstance(around[-1], ast.Raise):
        conditions = [one for one in around if isinstance(one, (ast.If, ast.While))]
        concerned = [*conditions[-1:], around[-1]]
    for statement in concerned:
        for part in _own_parts(statement):
            yield from _read_in(part, is_nested=is_nested)


def _names_in_text(source: str, line: int) -> Iterator[tuple[str, _Path]]:
    lines = source.splitlines()
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    for name in re.findall(r"(?<![\w.'\"])[A-Za-z_]\w*", text):
        yield name, (name,)


def _statements_at(tree: ast.AST, line: int) -> list[ast.stmt]:
    """The statements whose lines hold this one, outer ones first."""
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _own_parts(statement: ast.stmt) -> Iterator[ast.AST]:
    """What a statement evaluates itself: of a loop or a condition its head, not its body."""
    for name, value in ast.iter_fields(statement):
        if name in ("body", "orelse", "finalbody", "handlers", "cases"):
            continue
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.AST):
                yield part


def _read_in(part: ast.AST, *, is_nested: bool) -> Iterator[tuple[str, _Path]]:
    if isinstance(part, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        own = set() if is_nested else set(_names_made(part))
        yield from (found for child in ast.iter_child_nodes(part) for found in _read_in(child, is_nested=is_nested)
                    if found[1][0] not in own)  # fmt: skip
        return
    path = _path(part)
    if path is not None:
        for length in range(1, len(path) + 1):
            yield _text(path[:length]), path[:length]
        return
    for child in ast.iter_child_nodes(part):
        yield from _read_in(child, is_nested=is_nested)
    if isinstance(part, ast.Subscript) and (base := _path(part.value)) is not None:
        yield _text(base), base


def _names_made(part: ast.AST) -> Iterator[str]:
    """The names that a comprehension or a function without a name makes for itself."""
    for node in ast.walk(part):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield name


def _path(node: ast.AST) -> _Path | None:
    """`self.rates["low"]` as ("self", None, "rates", "low"): None before an attribute's name."""
    match node:
        case ast.Name(id=name, ctx=ast.Load()):
            return (name,)
        case ast.Attribute(value=owner, attr=name):
            base = _path(owner)
            return None if base is None else (*base, None, name)
        case ast.Subscript(value=owner, slice=ast.Constant(value=str() | int() as key)):
            base = _path(owner)
            return None if base is None else (*base, key)
    return None


def _text(path: _Path) -> str:
    text, parts = str(path[0]), iter(path[1:])
    for part in parts:
        text += f".{next(parts, '')}" if part is None else f"[{part!r}]"
    return text


def _value_of(frame: FrameType, path: _Path) -> Any:
    if path[-1] is None or _is_hidden(_text(path)):
        return _UNKNOWN if path[-1] is None else HIDDEN
    name = str(path[0])
    value = frame.f_locals.get(name, frame.f_globals.get(name, _UNKNOWN))
    parts = iter(path[1:])
    for part in parts:
        value = _attribute(value, next(parts, "")) if part is None else _item(value, part)
    is_code = inspect.ismodule(value) or inspect.isroutine(value) or inspect.isclass(value)
    return _UNKNOWN if is_code else value


def _attribute(value: Any, name: Any) -> Any:
    """An attribute that is plain data: reading it runs nobody's code."""
    try:
        found = inspect.getattr_static(value, str(name))
    except AttributeError:
        return _UNKNOWN
    return _UNKNOWN if hasattr(type(found), "__get__") else found


def _item(value: Any, key: str | int) -> Any:
    try:
        return value[key] if type(value) in (dict, list, tuple) else _UNKNOWN
    except (KeyError, IndexError, TypeError):
        return _UNKNOWN


# -- in which words ------------------------------------------------------------------------------


def _words(value: Any, depth: int) -> str:
    kind = type(value)
    if kind in _PLAIN:
        return _shorten(repr(value), _LONGEST_TEXT) if kind is not int else _number(value)
    if kind in (str, bytes, bytearray):
        return _text_words(value)
    if kind in (list, tuple, set, frozenset):
        return _sequence(value, depth)
    if kind is dict:
        return _mapping(value, depth)
    return _object(value)


def _number(value: int) -> str:
    return repr(value) if value.bit_length() < 500 else f"int of {value.bit_length()} bits"


def _text_words(value: str | bytes | bytearray) -> str:
    if len(value) <= _LONGEST_TEXT:
        return repr(value)
    return f"{value[:_LONGEST_TEXT]!r}… {len(value):,} long"


def _sequence(value: Any, depth: int) -> str:
    if not depth:
        return f"{type(value).__name__} of {len(value):,}"
    shown = [_words(item, depth - 1) for item, _ in zip(value, range(_MOST_ITEMS), strict=False)]
    if len(value) > _MOST_ITEMS:
        shown.append(f"… {len(value):,} in all")
    first, last = "[]" if type(value) is list else "()" if type(value) is tuple else "{}"
    inner = ", ".join(shown)
    return f"{first}{inner}{',' if type(value) is tuple and len(value) == 1 else ''}{last}"


def _mapping(value: dict[Any, Any], depth: int) -> str:
    if not depth:
        return f"dict of {len(value):,}"
    shown = []
    for (key, item), _ in zip(value.items(), range(_MOST_ITEMS), strict=False):
        is_hidden = type(key) is str and _is_hidden(key)
        shown.append(f"{_words(key, 0)}: {HIDDEN if is_hidden else _words(item, depth - 1)}")
    if len(value) > _MOST_ITEMS:
        shown.append(f"… {len(value):,} in all")
    return f"{{{', '.join(shown)}}}"


def _object(value: Any) -> str:
    kind = type(value)
    for base in inspect.getmro(kind):
        library, _, _ = base.__module__.partition(".")
        describe = _KNOWN.get((library, base.__name__))
        if describe is not None:
            return describe(value)
        length = _CONTAINERS.get(base)
        if length is not None:
            return f"{kind.__name__} of {length(value):,}"
    says_nothing = getattr(kind, "__repr__", None) is getattr(object, "__repr__", None)
    if says_nothing or not _has_signals() or _is_large(value):
        return kind.__name__
    return " ".join(repr(value)[: 4 * LONGEST_VALUE].split())


def _is_large(value: Any) -> bool:
    """Whether an object holds so much that telling of itself could take long without end."""
    held: dict[str, Any] = {}
    with contextlib.suppress(AttributeError):
        held = object.__getattribute__(value, "__dict__")
    return any(
        type(item) in (*_CONTAINERS, str, bytes) and len(item) > _LARGE for item in held.values()
    )


def _table(value: Any) -> str:
    rows, columns = value.shape
    names = [str(name) for name, _ in zip(value.columns, range(_MOST_COLUMNS), strict=False)]
    more = f", … {columns:,} in all" if columns > _MOST_COLUMNS else ""
    return f"{type(value).__name__} {rows:,} × {columns:,}: {', '.join(names)}{more}"


def _arrow_table(value: Any) -> str:
    names = value.schema.names
    more = f", … {len(names):,} in all" if len(names) > _MOST_COLUMNS else ""
    shown = ", ".join(names[:_MOST_COLUMNS])
    return f"Table {value.num_rows:,} × {len(names):,}: {shown}{more}"


def _array(value: Any) -> str:
    shape = " × ".join(f"{size:,}" for size in value.shape)
    return f"{type(value).__name__} {shape or 'scalar'} of {value.dtype}"


def _series(value: Any) -> str:
    return f"Series '{value.name}' of {len(value):,}, {value.dtype}"


_CONTAINERS: Mapping[type, Callable[[Any], int]] = {
    list: list.__len__,
    tuple: tuple.__len__,
    dict: dict.__len__,
    set: set.__len__,
    frozenset: frozenset.__len__,
}
_KNOWN: Mapping[tuple[str, str], Callable[[Any], str]] = {
    ("pandas", "DataFrame"): _table,
    ("pandas", "Series"): _series,
    ("polars", "DataFrame"): _table,
    ("polars", "Series"): _series,
    ("polars", "LazyFrame"): lambda _: "LazyFrame, not computed",
    ("pyarrow", "Table"): _arrow_table,
    ("pyarrow", "RecordBatch"): _arrow_table,
    ("numpy", "ndarray"): _array,
    ("torch", "Tensor"): _array,
}


def _is_hidden(name: str) -> bool:
    lowered = name.lower()
    return any(word in lowered for word in _HIDDEN_NAMES)


def _without_secrets(text: str) -> str:
    return _IN_ADDRESS.sub(rf"\1{HIDDEN}@", _ASSIGNED.sub(rf"\1{HIDDEN}", text))


def _shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
