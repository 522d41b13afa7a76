"""A process that can only think: from here on it writes no file, opens no connection, starts nothing.

Code that is asked what it would do must not do it, whatever library it does it with. So the kernel
refuses, by a filter on system calls that cannot be taken off again: opening for writing, making,
renaming and removing files, sockets, other programs, signals. Refused calls fail with "permission
denied"; what was open before stays open.

Source: Linux, Documentation/userspace-api/seccomp_filter.rst; classic BPF as in `linux/filter.h`.
"""

import ctypes
import errno
import os
import struct

_SET_SECCOMP, _NO_NEW_PRIVILEGES, _FILTER = 22, 38, 2
_LOAD, _EQUAL, _ANY_OF, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

_MACHINES: dict[str, tuple[int, dict[int, int], tuple[int, ...], tuple[int, ...]]] = {
    "x86_64": (
        0xC000003E,
        {2: 1, 257: 2},
        (
            *(41, 42, 59, 62, 76, 82, 83, 84, 85, 86, 87, 88, 90, 92, 94, 133),
            *(258, 259, 260, 263, 264, 265, 266, 268, 316, 322),
        ),
        (425, 437),
    ),
    "aarch64": (
        0xC00000B7,
        {56: 2},
        (33, 34, 35, 36, 37, 38, 45, 53, 54, 129, 198, 203, 221, 276, 281),
        (425, 437),
    ),
}
"""Per machine: its name for the kernel, the calls that open files with the place of their flags,
the calls that are refused, and those that are said not to exist, because programs then use the
others."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def forbid_effects() -> bool:
    """Take the right to change anything from this process, for good; tells whether it worked."""
    program = _filter(os.uname().machine)
    if program is None:
        return False
    memory = ctypes.create_string_buffer(program)
    described = _Program(len(program) // 8, ctypes.cast(memory, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return False
    return not libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(described), 0, 0)


def _filter(machine: str) -> bytes | None:
    if machine not in _MACHINES:
        return None
    name, opening, refused, absent = _MACHINES[machine]
    refuse = _instruction(_RETURN, _REFUSE | errno.EACCES)
    parts = [_instruction(_LOAD, _ARCHITECTURE), _instruction(_EQUAL, name, 1, 0), refuse]
    parts.append(_instruction(_LOAD, _NUMBER))
    for number in refused:
        parts += [_instruction(_EQUAL, number, 0, 1), refuse]
    for number in absent:
        parts += [
            _instruction(_EQUAL, number, 0, 1),
            _instruction(_RETURN, _REFUSE | errno.ENOSYS),
        ]
    for number, argument in opening.items():
        parts += [
            _instruction(_EQUAL, number, 0, 4),
            _instruction(_LOAD, _ARGUMENTS + 8 * argument),
            _instruction(_ANY_OF, _WRITING, 0, 1),
            refuse,
            _instruction(_RETURN, _ALLOW),
        ]
    parts.append(_instruction(_RETURN, _ALLOW))
    return b"".join(parts)


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
