"""What a person asks of one run."""

from typing import Any

import msgspec

from runtime.model.plan import FailurePolicy
from runtime.model.run import Scope


class PlanOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which part of the graph runs, with which values.

    Attributes:
        to: Run these nodes and what they need.
        from_: Run these nodes and everything after them; what is before them stays as it was.
        only: Run just these nodes; what is before them stays as it was.
        failed: Run what was not done when it last ran, and everything behind it; what was done
            stays as it was.
        stop_before: Run nothing of these nodes and what is behind them: they have a breakpoint.
        regenerate: Run everything again although nothing changed.
        parameters: Values of pipeline parameters for this run.
        target: Compute target of nodes that name none.
    """

    to: tuple[str, ...] = ()
    from_: tuple[str, ...] = msgspec.field(name="from", default=())
    only: tuple[str, ...] = ()
    failed: bool = False
    stop_before: tuple[str, ...] = ()
    regenerate: bool = False
    parameters: dict[str, Any] = {}
    target: str | None = None
    failure_policy: FailurePolicy = "stop"
    author: str = ""
    pipeline_id: str = ""
    revision: int = 0

    @property
    def scope(self) -> Scope:
        """Which part of the graph is asked for."""
        return Scope(
            to=self.to,
            from_=self.from_,
            only=self.only,
            failed=self.failed,
            stop_before=self.stop_before,
        )
