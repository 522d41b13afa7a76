"""What is kept of an exception that a module raised: the author's lines, never ours."""

import errno
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from runtime.errors import DesignerError
from runtime.model import ErrorRecord, StepRequest

_OURS = (str(Path(__file__).parent), "<frozen ")
_SDK = ("modules_library/sdk", "modules_library/registry", "modules_library/programs")
_INSTALLED = ("/site-packages/", "/dist-packages/")
_BUILTIN = "modules_library/builtin/"
_LONGEST_MESSAGE = 2000
_LONGEST_VALUE = 200
_MOST_FRAMES = 30
_FRAMES_WITH_VALUES = 5


def describe(exc: BaseException, request: StepRequest) -> ErrorRecord:
    """Give the record of an exception: code, sentence, remedy, and the author's frames."""
    frames = _author_frames(exc, request)
    known = _known(exc, request)
    details = dict(known.details)
    if known.code == "M008" and (because := _because(exc)):
        details["because"] = because
    return ErrorRecord(
        code=known.code,
        message=_plain(_shorten(known.message, _LONGEST_MESSAGE)),
        remedy=_plain(_shorten(known.remedy, _LONGEST_MESSAGE)),
        where=_plain(known.where),
        frames=_plain(known.frames or frames),
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


def _because(exc: BaseException) -> str:
    """What the exception was raised from, in words."""
    cause = exc.__cause__ or (None if exc.__suppress_context__ else exc.__context__)
    return f"{type(cause).__name__}: {_words_of(cause)}" if cause is not None else ""


def _author_frames(exc: BaseException, request: StepRequest) -> tuple[dict[str, Any], ...]:
    """The innermost frames; none where a built-in module refuses data, for its lines tell nothing."""
    if isinstance(exc, DesignerError) and _BUILTIN in request.entry.source:
        return ()
    found = list(_authors(exc.__traceback__, request))[-_MOST_FRAMES:]
    first_with_values = len(found) - _FRAMES_WITH_VALUES
    return tuple(
        _frame(traceback, request, has_values=index >= first_with_values)
        for index, traceback in enumerate(found)
    )


def _authors(traceback: TracebackType | None, request: StepRequest) -> Iterator[TracebackType]:
    while traceback is not None:
        is_hidden = "__tracebackhide__" in traceback.tb_frame.f_locals
        if not is_hidden and _is_authors(traceback.tb_frame.f_code.co_filename, request):
            yield traceback
        traceback = traceback.tb_next


def _frame(traceback: TracebackType, request: StepRequest, *, has_values: bool) -> dict[str, Any]:
    import linecache

    code, line = traceback.tb_frame.f_code, traceback.tb_lineno
    lines = linecache.getlines(code.co_filename)
    raw = lines[line - 1] if 0 < line <= len(lines) else ""
    found: dict[str, Any] = {
        "file": code.co_filename,
        "line": line,
        "function": code.co_name,
        "text": raw.strip(),
        **_place(code.co_filename, lines, request),
    }
    if mark := _mark(traceback, raw):
        found["mark"] = mark
    if has_values:
        from runtime.error_values import values_on_line

        found["values"] = values_on_line(traceback.tb_frame, line, "".join(lines))
    return found


def _place(file: str, lines: list[str], request: StepRequest) -> dict[str, str]:
    """Where a person finds the file: a parameter that holds its text, or the module's source."""
    if request.entry.source and file.endswith(request.entry.source):
        return {"module": request.module, "version": request.version}
    text = [line.rstrip("\n") for line in lines]
    for name, value in request.parameters.items() if text else ():
        if isinstance(value, str) and value.splitlines() == text:
            return {"parameter": name}
    return {}


def _mark(traceback: TracebackType, raw: str) -> tuple[int, int] | None:
    """Which part of the stripped line failed, from letter to letter."""
    positions = list(traceback.tb_frame.f_code.co_positions())
    at = traceback.tb_lasti // 2
    if not 0 <= at < len(positions):
        return None
    line, last_line, start, end = positions[at]
    if line != traceback.tb_lineno or last_line != line or start is None or end is None:
        return None
    data, indent = raw.encode(), len(raw) - len(raw.lstrip())
    first = len(data[:start].decode(errors="replace")) - indent
    return max(0, first), len(data[:end].decode(errors="replace")) - indent


def _is_authors(file: str, request: StepRequest) -> bool:
    if request.entry.source and file.endswith(request.entry.source):
        return True
    if file.startswith(_OURS) or any(part in file for part in (*_SDK, *_INSTALLED)):
        return False
    return "/site-packages/" not in file and not file.startswith(f"{sys.base_prefix}/lib/")


def _shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
