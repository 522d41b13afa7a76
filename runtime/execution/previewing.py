"""What a run would do, found out as the engine would: the same look-ups, and nothing executed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from runtime.execution.estimates import Estimates
from runtime.execution.forecast import Playthrough, critical_path, play_through
from runtime.execution.intake import Intake, unchanged
from runtime.execution.known import Known
from runtime.execution.past import Past
from runtime.execution.shape import shape_of
from runtime.execution.summary import summary
from runtime.model import LOCAL, ONE_PROCESSOR, ArtifactRef, Plan, Step, TargetResources
from runtime.model.preview import Estimate, Forecast, Outcome, Preview, PreviewStep
from runtime.planning import Offers, PartialPlan
from runtime.planning.explanation import PreviousStep, explain, is_same_work
from runtime.planning.fingerprints import fingerprint
from runtime.planning.resolution import BLANK_SEED, CHANGES_BY_ITSELF
from runtime.stores import FolderArtifactStore, SqliteRunStore

_RUNS: Outcome = "runs"
_PROBABLY: Outcome = "probably_reused"
_TO_RUN = frozenset({_RUNS, _PROBABLY})


def preview(
    partial: PartialPlan,
    store: SqliteRunStore,
    artifacts: FolderArtifactStore,
    *,
    cpus: int,
    offers: Offers | None = None,
) -> Preview:
    """Say what a run would do.

    Args:
        partial: The plan, and what is wrong with the rest of the graph.
        store: The runs that went before.
        artifacts: What they left.
        cpus: Processors of this machine that the steps would share.
        offers: Gives what a target has for steps; not asked where no step asks for much.
    """
    plan = partial.plan
    foresight = _Foresight(plan, store, artifacts)
    steps = [foresight.see(index) for index in range(len(plan.steps))]
    forecast = _forecast(plan, steps, _resources(plan, cpus, offers), cpus)
    everything = (*steps, *_left_out(partial))
    counts = Counter(step.outcome for step in everything)
    return Preview(
        summary=summary(counts, forecast),
        can_run=bool(plan.steps) and not partial.invalid,
        steps=everything,
        counts=dict(counts),
        forecast=forecast,
        stopped_before=plan.stopped_before,
        diagnostics=plan.diagnostics,
    )


class _Foresight:
    """Goes through a plan in order and knows of each step what those before it will give."""

    def __init__(self, plan: Plan, store: SqliteRunStore, artifacts: FolderArtifactStore) -> None:
        self._plan = plan
        self._store = store
        self._intake = Intake(store, artifacts)
        self._known = self._intake.known(plan)
        self._past = Past(store, plan)
        self._estimates = Estimates(store, plan)
        self._outputs: dict[str, Mapping[str, ArtifactRef]] = {}
        self._labels = {step.id: step.label or step.id for step in plan.steps}
        self._repeats: set[str] = set()

    def see(self, index: int) -> PreviewStep:
        """What would become of a step."""
        step = self._plan.steps[index]
        inputs = self._inputs(step)
        known = self._known.get(index) or self._stand_in(step, inputs)
        if known is None:
            return self._to_run(step, inputs)
        self._outputs[step.id] = known.result.outputs
        outcome: Outcome = "frozen" if step.frozen else "keeps" if step.stored else "reused"
        return _preview_step(
            step,
            outcome,
            known.reason,
            from_run=known.result.run_number,
            from_run_id=known.result.run_id,
            made_at=known.result.finished_at,
        )

    def _inputs(self, step: Step) -> "_Inputs":
        """The digests by port that are known already, and the steps whose outputs are not."""
        digests: dict[str, list[str]] = {}
        pending: dict[str, None] = {}
        for wire in step.inputs:
            outputs = self._outputs.get(wire.step)
            if outputs is None:
                pending[wire.step] = None
            else:
                digests.setdefault(wire.port, []).append(outputs[wire.output].digest)
        return _Inputs(digests, tuple(pending))

    def _stand_in(self, step: Step, inputs: "_Inputs") -> Known | None:
        """A result that the engine would find once it has come to the step."""
        if inputs.pending or not step.reuse:
            return None
        key = fingerprint(step, inputs.digests)
        result = self._store.look_up([key]).get(key)
        if result is None or not self._intake.is_present(result):
            return None
        return unchanged(result)

    def _to_run(self, step: Step, inputs: "_Inputs") -> PreviewStep:
        previous = self._past.previous(step.id)
        digests = self._likely_digests(step, inputs, previous)
        reason, outcome = explain(previous, step, digests), _RUNS
        is_certain = not inputs.pending or not step.reuse
        if previous is not None and is_same_work(previous, step, digests):
            gives_the_same = step.fresh_because not in (BLANK_SEED, CHANGES_BY_ITSELF)
            is_repeat = gives_the_same and self._repeats.issuperset(inputs.pending)
            if is_repeat:
                self._repeats.add(step.id)
            if not is_certain:
                before = " and ".join(f"'{self._labels[name]}'" for name in inputs.pending)
                runs = "runs" if len(inputs.pending) == 1 else "run"
                reason = f"it reads from {before}, which {runs}"
                if is_repeat:
                    gives = "gives" if len(inputs.pending) == 1 else "give"
                    outcome, reason = _PROBABLY, f"if {before} {gives} the same again"
        estimate = self._estimates.of(step, self._input_bytes(step))
        return _preview_step(step, outcome, reason, is_certain=is_certain, estimate=estimate)

    def _likely_digests(
        self, step: Step, inputs: "_Inputs", previous: PreviousStep | None
    ) -> dict[str, list[str]]:
        """The inputs' digests, with those of the last time where a step before has yet to run."""
        if previous is None or not inputs.pending:
            return inputs.digests
        ports = {wire.port for wire in step.inputs if wire.step in inputs.pending}
        return inputs.digests | {port: list(previous.inputs.get(port, ())) for port in ports}

    def _input_bytes(self, step: Step) -> int | None:
        """Size of the inputs; of those that are not there, what they were the last time."""
        total = 0
        for wire in step.inputs:
            outputs = self._outputs.get(wire.step)
            ref = outputs[wire.output] if outputs else self._past.output(wire.step, wire.output)
            if ref is None:
                return None
            total += ref.bytes
        return total


class _Inputs(NamedTuple):
    digests: dict[str, list[str]]
    pending: tuple[str, ...]


def _preview_step(
    step: Step,
    outcome: Outcome,
    reason: str,
    *,
    is_certain: bool = True,
    from_run: int = 0,
    from_run_id: str = "",
    made_at: float | None = None,
    estimate: Estimate | None = None,
) -> PreviewStep:
    return PreviewStep(
        step=step.id,
        label=step.label,
        module=step.module,
        version=step.version,
        target=step.target,
        outcome=outcome,
        is_certain=is_certain,
        reason=reason,
        from_run=from_run,
        from_run_id=from_run_id,
        made_at=made_at,
        asks=step.asks,
        estimate=estimate,
    )


def _left_out(partial: PartialPlan) -> list[PreviewStep]:
    """The nodes that have no step: wrong, switched off, or behind a breakpoint."""
    plan, broken = partial.plan, partial.invalid
    reasons: list[tuple[str, Outcome, str]] = [
        *((name, "invalid", errors[0].message) for name, errors in broken.items() if name),
        *((name, "skipped", reason) for name, reason in plan.skipped.items() if name not in broken),
        *((name, "waits", reason) for name, reason in plan.waiting.items()),
    ]
    return [
        PreviewStep(
            step=name,
            label=partial.titles.get(name, ""),
            outcome=outcome,
            reason=reason,
            diagnostics=broken.get(name, ()),
        )
        for name, outcome, reason in reasons
    ]


def _resources(plan: Plan, cpus: int, offers: Offers | None) -> dict[str, TargetResources]:
    """What each target of a plan has for its steps."""
    here = TargetResources(cpus=cpus)
    found = dict.fromkeys({step.target for step in plan.steps}, here)
    for step in plan.steps:
        if offers is not None and (step.target != LOCAL or step.asks != ONE_PROCESSOR):
            found[step.target] = offers(step.target) or here
    if LOCAL in found:
        found[LOCAL] = msgspec.structs.replace(found[LOCAL], cpus=cpus)
    return found


def _forecast(
    plan: Plan, steps: Sequence[PreviewStep], offers: Mapping[str, TargetResources], cpus: int
) -> Forecast:
    shape = shape_of(plan)
    asks = [step.asks for step in plan.steps]
    done = {index for index, step in enumerate(steps) if step.outcome not in _TO_RUN}
    memory = [(step.estimate and step.estimate.memory_bytes) or 0 for step in steps]

    def played(seconds: Sequence[float]) -> Playthrough:
        return play_through(
            shape, asks=asks, offers=offers, done=done, seconds=seconds, weights=memory
        )

    running = [step.estimate if step.outcome == _RUNS else None for step in steps]
    typical = [estimate.typical_s if estimate else 0.0 for estimate in running]
    likely = played(typical)
    path = critical_path(shape, done=done, seconds=typical)
    longest = max(path, key=lambda index: typical[index], default=-1)
    return Forecast(
        low_s=played([estimate.low_s if estimate else 0.0 for estimate in running]).seconds,
        typical_s=likely.seconds,
        high_s=played([step.estimate.high_s if step.estimate else 0.0 for step in steps]).seconds,
        unknown=sum(step.outcome == _RUNS and not step.estimate for step in steps),
        cpus=cpus,
        critical_path=tuple(steps[index].step for index in path),
        long_pole=steps[longest].step if longest >= 0 and typical[longest] > 0 else "",
        memory_bytes=likely.most_at_once or None,
    )
