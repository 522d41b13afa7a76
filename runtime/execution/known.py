"""A result that is there before a step runs."""

import msgspec

from runtime.stores.changes import StoredResult


class Known(msgspec.Struct, frozen=True):
    """A finished result that stands in for a step, and why it may."""

    result: StoredResult
    reason: str
