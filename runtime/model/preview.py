"""What a run would do: step by step, with what it would take."""

from typing import Literal

import msgspec

from runtime.model.diagnostic import Diagnostic
from runtime.model.slots import ONE_PROCESSOR, Slots

Outcome = Literal[
    "runs", "reused", "probably_reused", "keeps", "frozen", "skipped", "waits", "invalid"
]


class Estimate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a step took in the past, as a guess at what it will take.

    Attributes:
        low_s: The least; `typical_s` is the median and `high_s` the most.
        memory_bytes: The most that its processes held at once.
        runs: How many past executions this is made from.
        basis: `settings`: they had the same parameters; `module`: just the same module version.
            All had inputs of a similar size.
    """

    low_s: float
    typical_s: float
    high_s: float
    memory_bytes: int | None = None
    gpu_memory_bytes: int | None = None
    runs: int
    basis: Literal["settings", "module"]


class PreviewStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What would become of one node.

    Attributes:
        step: Id of the node in the flattened graph.
        outcome: `runs`; `reused`: a stored result stands in; `probably_reused`: it will, if a
            step before it gives the same as before; `keeps`: it is left as it was; `frozen`;
            `skipped`; `waits`: behind a breakpoint; `invalid`: its diagnostics stop the run.
        is_certain: Whether the outcome depends on no step that has yet to run.
        reason: Why, in words.
        from_run: Number of the run that made the outputs it has; 0 for none.
        made_at: When, in seconds since the epoch.
        asks: What it takes of its target while it runs.
        estimate: What running it would take; absent when it is not to run, or has no past run
            with inputs of a similar size.
    """

    step: str
    label: str = ""
    module: str = ""
    version: str = ""
    target: str = ""
    outcome: Outcome
    is_certain: bool = True
    reason: str = ""
    from_run: int = 0
    from_run_id: str = ""
    made_at: float | None = None
    asks: Slots = ONE_PROCESSOR
    estimate: Estimate | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


class Forecast(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the whole run would take.

    Attributes:
        low_s: Wall time when every step takes the least it took; `typical_s`, `high_s` likewise.
        unknown: Steps to run that have no estimate; they count as nothing, so the times are the
            least there can be.
        cpus: Processors that the steps share.
        critical_path: The steps to run that the end waits for, in order.
        long_pole: The longest of them.
        memory_bytes: The most that steps which run at once would hold together.
    """

    low_s: float
    typical_s: float
    high_s: float
    unknown: int = 0
    cpus: int
    critical_path: tuple[str, ...] = ()
    long_pole: str = ""
    memory_bytes: int | None = None


class Preview(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a run would do. Nothing was executed or written to find out.

    Attributes:
        summary: One line in words.
        can_run: Whether nothing stops the run.
        steps: Every node that the run is about, producers first.
        counts: How many steps have each outcome.
        stopped_before: Nodes with a breakpoint at which it would stop.
        diagnostics: Everything that is wrong.
    """

    summary: str
    can_run: bool
    steps: tuple[PreviewStep, ...]
    counts: dict[Outcome, int]
    forecast: Forecast
    stopped_before: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
