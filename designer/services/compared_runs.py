"""What differs between two runs: parameters, modules, metrics, outputs, sources, packages. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from runtime.execution.environment_lock import EnvironmentLock, differing_packages
from runtime.model import Run, SourceState

Pair = tuple[Any, Any]
"""Before and after; None where there is nothing."""


class RunFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A run in short."""

    id: str
    number: int
    status: str
    seconds: float | None


class StepDifference(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What differs in one step.

    Attributes:
        module: Id and version of its module, where they differ.
        status: Where it differs.
        seconds: Of both, where both were executed.
        metrics: Those that differ, by name.
        outputs: Digests, by port, where they differ.
    """

    step: str
    label: str
    module: Pair | None = None
    status: Pair | None = None
    seconds: Pair | None = None
    metrics: dict[str, Pair] = {}
    outputs: dict[str, Pair] = {}


class RunComparison(msgspec.Struct, frozen=True, kw_only=True):
    """What differs between two runs; what is the same is left out.

    Attributes:
        has_other_graph: Their graphs differ in more than layout.
        commits: What was checked out, where it differs.
        packages: Versions by name; empty text where a package is not there.
    """

    before: RunFacts
    after: RunFacts
    has_other_graph: bool
    parameters: dict[str, Pair]
    steps: tuple[StepDifference, ...]
    commits: Pair | None
    packages: dict[str, tuple[str, str]]


def compare_runs(
    before: Run,
    after: Run,
    locks: tuple[EnvironmentLock | None, EnvironmentLock | None] = (None, None),
) -> RunComparison:
    """Say what differs between two runs with their steps."""
    was, is_ = locks
    commits = _commits(before.sources), _commits(after.sources)
    return RunComparison(
        before=_facts(before),
        after=_facts(after),
        has_other_graph=before.graph_hash != after.graph_hash,
        parameters=_differing(before.parameters, after.parameters),
        steps=tuple(_steps(before, after)),
        commits=commits if commits[0] != commits[1] else None,
        packages=differing_packages(was, is_) if was is not None and is_ is not None else {},
    )


def _facts(run: Run) -> RunFacts:
    return RunFacts(id=run.id, number=run.number, status=run.status, seconds=run.seconds)


def _steps(before: Run, after: Run) -> Iterator[StepDifference]:
    for name in dict.fromkeys((*before.steps, *after.steps)):
        was, is_ = before.steps.get(name), after.steps.get(name)
        shown = is_ or was
        assert shown is not None
        modules = was and f"{was.module} {was.version}", is_ and f"{is_.module} {is_.version}"
        statuses = was and was.status, is_ and is_.status
        metrics = _differing(was.metrics if was else {}, is_.metrics if is_ else {})
        made = [
            {port: ref.digest for port, ref in one.outputs.items()} if one else {}
            for one in (was, is_)
        ]
        outputs = _differing(*made)
        differs = modules[0] != modules[1] or statuses[0] != statuses[1]
        if not (differs or metrics or outputs):
            continue
        ran = was is not None and is_ is not None and not was.reused and not is_.reused
        yield StepDifference(
            step=name,
            label=shown.label,
            module=modules if modules[0] != modules[1] else None,
            status=statuses if statuses[0] != statuses[1] else None,
            seconds=(was.seconds, is_.seconds) if ran and was and is_ else None,
            metrics=metrics,
            outputs=outputs,
        )


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Pair]:
    return {
        name: (before.get(name), after.get(name))
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    }


def _commits(sources: tuple[SourceState, ...]) -> str:
    """Every commit, with a sign where something was changed since."""
    found = {one.commit + "+" * bool(one.is_dirty) for one in sources if one.commit}
    return ", ".join(sorted(found))
