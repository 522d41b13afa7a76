"""An immutable stored output, addressed by the digest of its bytes."""

from typing import Any

import msgspec


class ArtifactRef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the rest of the system knows of an artifact without opening it.

    Attributes:
        type: Port type of the output that made it.
        digest: `b3:` and 64 hexadecimal digits of BLAKE3 over its bytes (directory: its manifest).
        bytes: Size on disk.
        format: File format: `arrow`, `json`, `model`, `transform`, `folder`, `file`.
        summary: Small facts for the node's face and hover (`rows`, `columns`, `learner`, …).
    """

    type: str
    digest: str
    bytes: int
    format: str
    summary: dict[str, Any] = {}


class Origin(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an artifact came from: the step that made it first.

    Attributes:
        at: When it was finished, in seconds since the epoch.
    """

    artifact: ArtifactRef
    run_id: str
    run_number: int
    step: str
    port: str
    at: float | None = None
