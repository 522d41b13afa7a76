"""What is kept of an exception that a module raised: the author's lines, never ours."""

import errno
import sys
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from runtime.errors import DesignerError
from runtime.model import ErrorRecord, StepRequest

_OURS = (str(Path(__file__).parent), "<frozen ")
_SDK = ("modules_library/sdk", "modules_library/registry")
_INSTALLED = ("/site-packages/", "/dist-packages/")
_BUILTIN = "modules_library/builtin/"
_HIDDEN = ("secret", "password", "passwd", "token", "credential", "api_key", "apikey")
_LONGEST_MESSAGE = 2000
_LONGEST_VALUE = 200
_MOST_VALUES = 20
_MOST_FRAMES = 30


def describe(exc: BaseException, request: StepRequest) -> ErrorRecord:
    """Give the record of an exception: code, sentence, remedy, and the author's frames."""
    frames, last = _author_frames(exc.__traceback__, request)
    known = _known(exc, request)
    details = dict(known.details)
    if last is not None and known.code == "M008":
        details["values"] = _values(last)
    return ErrorRecord(
        code=known.code,
        message=_plain(_shorten(known.message, _LONGEST_MESSAGE)),
        remedy=_plain(_shorten(known.remedy, _LONGEST_MESSAGE)),
        where=_plain(known.where),
        frames=_plain(known.frames or _shown(exc, frames, request)),
        details=_plain(details),
    )


def _plain(value: Any) -> Any:
    """The value as JSON can hold it: an author's text may have halves of letters in it."""
    match value:
        case str():
            return str.encode(value, "utf-8", "backslashreplace").decode()
        case None | bool() | int() | float():
            return value
        case dict():
            return {_plain(str(key)): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return tuple(map(_plain, value))
    return _plain(_shorten(_words_of(value), _LONGEST_VALUE))


def _words_of(value: object) -> str:
    """The value as text, also where making one fails."""
    try:
        return str(value)
    except Exception:  # noqa: BLE001 - the boundary around people's code
        return "(its text cannot be made)"


def _known(exc: BaseException, request: StepRequest) -> ErrorRecord:
    name = request.label or request.module
    match exc:
        case DesignerError():
            return exc.record
        case MemoryError():
            return ErrorRecord(
                code="R002",
                message=f"'{name}' ran out of memory{_limit(request)}.",
                remedy="Give the node more memory, or give it less data.",
            )
        case SystemExit():
            return ErrorRecord(
                code="M010",
                message=f"'{name}' ended its process with sys.exit({exc.code!r}).",
                remedy="Return from the function instead of exiting.",
            )
    if is_disk_full(exc):
        return ErrorRecord(
            code="S001",
            message=f"The disk is full: {_words_of(exc)}.",
            remedy="Free some space; the run goes on by itself.",
        )
    return ErrorRecord(
        code="M008",
        message=f"{type(exc).__name__}: {_words_of(exc)}",
        remedy="Read the lines below, then change the module or its input.",
    )


def is_disk_full(exc: BaseException) -> bool:
    """Whether the exception says that a disk or quota is full, whatever library raised it."""
    if isinstance(exc, OSError) and exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    words = _words_of(exc)
    return "No space left on device" in words or "os error 28" in words


def _limit(request: StepRequest) -> str:
    if request.memory_bytes is None:
        return ""
    return f" (limit {request.memory_bytes / 2**30:.1f} GiB)"


def _shown(
    exc: BaseException, frames: list[dict[str, Any]], request: StepRequest
) -> tuple[dict[str, Any], ...]:
    """The innermost frames; none where a built-in module refuses data, for its lines tell nothing."""
    if isinstance(exc, DesignerError) and _BUILTIN in request.entry.source:
        return ()
    return tuple(frames[-_MOST_FRAMES:])


def _author_frames(
    traceback: TracebackType | None, request: StepRequest
) -> tuple[list[dict[str, Any]], FrameType | None]:
    import linecache

    kept: list[dict[str, Any]] = []
    last: FrameType | None = None
    while traceback is not None:
        code = traceback.tb_frame.f_code
        is_hidden = "__tracebackhide__" in traceback.tb_frame.f_locals
        if not is_hidden and _is_authors(code.co_filename, request):
            last = traceback.tb_frame
            kept.append(
                {
                    "file": code.co_filename,
                    "line": traceback.tb_lineno,
                    "function": code.co_name,
                    "text": linecache.getline(code.co_filename, traceback.tb_lineno).strip(),
                }
            )
        traceback = traceback.tb_next
    return kept, last


def _is_authors(file: str, request: StepRequest) -> bool:
    if request.entry.source and file.endswith(request.entry.source):
        return True
    if file.startswith(_OURS) or any(part in file for part in (*_SDK, *_INSTALLED)):
        return False
    return "/site-packages/" not in file and not file.startswith(f"{sys.base_prefix}/lib/")


def _values(frame: FrameType) -> dict[str, str]:
    names = [name for name in frame.f_locals if not name.startswith("_")]
    return {name: _safe_value(name, frame.f_locals[name]) for name in names[:_MOST_VALUES]}


def _safe_value(name: str, value: Any) -> str:
    try:
        return _value(name, value)
    except Exception:  # noqa: BLE001 - the boundary around people's code
        return type(value).__name__


def _value(name: str, value: Any) -> str:
    if any(word in name.lower() for word in _HIDDEN):
        return "(hidden)"
    if isinstance(value, bool | int | float | str | bytes | type(None)):
        return _shorten(repr(value), _LONGEST_VALUE)
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple):
        return f"{type(value).__name__} {shape}"
    if isinstance(value, list | tuple | dict | set | frozenset):
        return f"{type(value).__name__} of {len(value)}"
    return type(value).__name__


def _shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
