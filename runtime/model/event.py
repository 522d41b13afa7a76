"""Events: what the worker tells the engine, and what the engine tells everybody else."""

from typing import Any, Literal

import msgspec

from runtime.model.run import ErrorRecord, Status

RunEventKind = Literal["run", "step", "log", "metric", "progress", "meter"]


class RunEvent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One change of a run, as pushed to followers and kept in the event log.

    Attributes:
        sequence: Position in the workspace's event log; followers catch up from it.
        kind: `run` and `step` carry a status, `log` a text chunk, `metric`, `progress` and `meter`
            values.
        data: For `step`: the changed fields of the `StepRun`. For `log`: `{"text", "stream"}`.
            For `metric`: `{"name", "value", "index"?}`. For `progress`: `{"share", "text"}`. For
            `meter`: `{"cpu_percent", "memory_bytes", "gpu_percent"?, "gpu_memory_bytes"?}` and
            what the step took so far.
    """

    sequence: int = 0
    run_id: str
    kind: RunEventKind
    step: str = ""
    status: Status | None = None
    at: float = 0
    data: dict[str, Any] = {}
    error: ErrorRecord | None = None
