"""The graph document under edit: operations by path, merging by path, differences. All pure."""

from designer.document.difference import difference
from designer.document.operations import ABSENT, Change, Conflict, Operation, apply, invert
from designer.document.renaming import free_id, resolve_clashes

__all__ = [
    "ABSENT",
    "Change",
    "Conflict",
    "Operation",
    "apply",
    "difference",
    "free_id",
    "invert",
    "resolve_clashes",
]
