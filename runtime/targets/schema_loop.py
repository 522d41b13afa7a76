"""What a forked schema worker does: answer questions over a socket, and change nothing meanwhile.

One JSON line per question: `{"function": "package.module:name", "argument": …, "guarded": true}`;
the function gets the argument as JSON bytes and gives a value that becomes the JSON line of the
answer. The process holds no file for writing and can open none, so a question can be asked as often
as one likes. A fault ends the answer, not the process; memory beyond the limit is a fault.
"""

import contextlib
import importlib
import os
import resource
import socket
import sys
from collections.abc import Callable
from typing import Any

import msgspec

from runtime.targets.lines import LineReader
from runtime.targets.no_effects import forbid_effects

MEMORY_BYTES = 2 << 30
"""What a worker may take besides the libraries that it was forked with."""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One question.

    Attributes:
        function: `package.module:name` of the function that answers it.
        guarded: Answer only where the kernel holds the process back from changing anything.
    """

    function: str
    argument: msgspec.Raw
    guarded: bool = False


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the function gave, or why there is nothing."""

    value: msgspec.Raw = msgspec.Raw(b"null")
    fault: str = ""


encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Question).decode


def answer_questions(connection: socket.socket) -> None:
    """Answer until the other end hangs up."""
    _be_quiet()
    _limit_memory()
    is_guarded = forbid_effects()
    lines = LineReader(connection)
    while (line := lines.next()) is not None:
        connection.sendall(encode(_answer(_decode(line), is_guarded=is_guarded)) + b"\n")


def _answer(question: Question, *, is_guarded: bool) -> Answer:
    if question.guarded and not is_guarded:
        return Answer(fault="This system cannot hold a process back from changing anything.")
    try:
        value = _function(question.function)(bytes(question.argument))
        return Answer(value=msgspec.Raw(encode(value)))
    except BaseException as exc:  # noqa: BLE001 - the boundary around people's code
        return Answer(fault=type(exc).__name__)


def _function(name: str) -> Callable[[bytes], Any]:
    module, _, function = name.partition(":")
    loaded = sys.modules.get(module) or importlib.import_module(module)
    found: Callable[[bytes], Any] = getattr(loaded, function)
    return found


def _be_quiet() -> None:
    """What a module prints while it is asked is nobody's log."""
    nowhere = os.open("/dev/null", os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _limit_memory() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = _data_bytes() + MEMORY_BYTES
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (allowed, hard))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _data_bytes() -> int:
    """What counts against the limit already."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as file:
        for line in file:
            if line.startswith("VmData"):
                return int(line.split()[1]) * 1024
    return 0
