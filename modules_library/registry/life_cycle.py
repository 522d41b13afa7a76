"""The rules of a module's life: a record and an action in, the new record out, or a refusal.

    publish ──► active ──deprecate──► deprecated ──disable──► disabled
                  ▲                       │                      │
                  └────────enable─────────┴────────enable────────┘

The default pointer never names a disabled or deleted version. A version number stays bound to its
bytes for ever, also after it was deleted. The module's own state counts for every version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from modules_library.sdk.version import newest_first, normal_version
from runtime.errors import RequestError, close_matches
from runtime.model.module_spec import ModuleState


class VersionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One version as the registry keeps it."""

    digest: str
    builtin: bool = False
    state: ModuleState = "active"
    message: str = ""
    replacement: str = ""
    deleted: bool = False


class ModuleRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One module: its versions, the default pointer, and the state of the module as a whole."""

    id: str
    versions: Mapping[str, VersionRecord] = {}
    default: str | None = None
    state: ModuleState = "active"
    message: str = ""
    replacement: str = ""

    @property
    def candidates(self) -> list[str]:
        """Versions that can be the default, newest first."""
        usable = [
            number
            for number, version in self.versions.items()
            if not version.deleted and version.state != "disabled"
        ]
        return sorted(usable, key=newest_first, reverse=True)


def publish(
    record: ModuleRecord, version: str, digest: str, *, make_default: bool = False
) -> ModuleRecord:
    """Add a version, active; the same bytes under the same number change nothing.

    Raises:
        RequestError: M011 for other bytes under a number that was published, M014 when a disabled
            version is to become the default.
    """
    known = record.versions.get(version)
    if known is not None and known.digest != digest:
        raise RequestError(
            "M011",
            f"'{record.id}' {version} was already published with other bytes.",
            remedy="Give the module a higher version and publish again.",
        )
    is_new = known is None or known.deleted
    if is_new:
        record = _with_version(record, version, VersionRecord(digest=digest))
    if make_default or (is_new and record.default is None):
        return set_default(record, version)
    return record


def next_version(record: ModuleRecord, digest: str) -> str:
    """The number for these bytes: the one that has them already, else the next minor one."""
    same = [key for key, one in record.versions.items() if one.digest == digest and not one.deleted]
    if same:
        return max(same, key=newest_first)
    if not record.versions:
        return "1.0.0"
    major, minor = max(record.versions, key=newest_first).split(".")[:2]
    return f"{major}.{int(minor) + 1}.0"


def deprecate(
    record: ModuleRecord, version: str | None, message: str, replacement: str
) -> ModuleRecord:
    """Warn wherever the version, or the module, is used.

    Raises:
        RequestError: M002 for an unknown version, M003 when it is disabled.
    """
    current = record.state if version is None else existing(record, version).state
    if current == "disabled":
        raise RequestError(
            "M003",
            f"{_called(record, version)} is disabled, so it cannot be deprecated.",
            remedy="Enable it first.",
        )
    return _with_state(record, version, "deprecated", message, replacement)


def disable(record: ModuleRecord, version: str | None, reason: str) -> ModuleRecord:
    """Refuse new runs; the default pointer has to be somewhere else, or vanishes with the last one.

    Raises:
        RequestError: M002 for an unknown version, M014 when it is the default and others could be.
    """
    if version is not None:
        existing(record, version)
        record = _without_default(record, version, "disabled")
    return _with_state(record, version, "disabled", reason, "")


def enable(record: ModuleRecord, version: str | None) -> ModuleRecord:
    """Take a deprecation or a disabling back.

    Raises:
        RequestError: M002 for an unknown version.
    """
    if version is not None:
        existing(record, version)
    record = _with_state(record, version, "active", "", "")
    if version is not None and record.default is None:
        return msgspec.structs.replace(record, default=version)
    return record


def set_default(record: ModuleRecord, version: str) -> ModuleRecord:
    """Move the pointer.

    Raises:
        RequestError: M002 for an unknown version, M014 for a disabled one.
    """
    if existing(record, version).state == "disabled":
        raise RequestError(
            "M014",
            f"{_called(record, version)} is disabled and cannot be the default.",
            remedy="Enable it, or choose another version.",
        )
    return msgspec.structs.replace(record, default=version)


def delete(record: ModuleRecord, version: str, users: Sequence[str]) -> ModuleRecord:
    """Remove a version that nothing uses; its number stays bound to its bytes.

    Raises:
        RequestError: M002 for an unknown version, M012 when it is used or a built-in, M014 when it
            is the default and others could be.
    """
    if existing(record, version).builtin:
        raise RequestError(
            "M012",
            f"{_called(record, version)} comes with the designer and cannot be deleted.",
            remedy="Disable it instead.",
        )
    if users:
        shown = ", ".join(users[:5]) + (f" and {len(users) - 5} more" if len(users) > 5 else "")
        raise RequestError(
            "M012",
            f"{_called(record, version)} is used by {shown}.",
            remedy="Disable it instead, or change what uses it first.",
            users=list(users),
        )
    record = _without_default(record, version, "deleted")
    gone = msgspec.structs.replace(record.versions[version], deleted=True)
    return _with_version(record, version, gone)


def existing(record: ModuleRecord, version: str) -> VersionRecord:
    """The record of a version.

    Raises:
        RequestError: M002 when there is none.
    """
    found = record.versions.get(normal_version(version))
    if found is None or found.deleted:
        known = [number for number, entry in record.versions.items() if not entry.deleted]
        listed = ", ".join(sorted(known, key=newest_first, reverse=True)) or "none"
        raise RequestError(
            "M002",
            f"'{record.id}' has no version {version!r}.{close_matches(version, known)}",
            remedy=f"Choose one of its published versions: {listed}.",
        )
    return found


def _without_default(record: ModuleRecord, version: str, done: str) -> ModuleRecord:
    if record.default != version:
        return record
    others = [number for number in record.candidates if number != version]
    if others:
        raise RequestError(
            "M014",
            f"{_called(record, version)} is the default, so it cannot be {done}.",
            remedy=f"Make another version the default first: {', '.join(others)}.",
            candidates=others,
        )
    return msgspec.structs.replace(record, default=None)


def _with_version(record: ModuleRecord, version: str, entry: VersionRecord) -> ModuleRecord:
    return msgspec.structs.replace(record, versions={**record.versions, version: entry})


def _with_state(
    record: ModuleRecord, version: str | None, state: ModuleState, message: str, replacement: str
) -> ModuleRecord:
    if version is None:
        return msgspec.structs.replace(
            record, state=state, message=message, replacement=replacement
        )
    entry = msgspec.structs.replace(
        record.versions[version], state=state, message=message, replacement=replacement
    )
    return _with_version(record, version, entry)


def _called(record: ModuleRecord, version: str | None) -> str:
    return f"'{record.id}' {version}" if version else f"'{record.id}'"
