"""The facts of a run and of a step: when, where from, what it took, what it cost. Pure."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from designer.pages.elements import fact, icon
from designer.pages.markup import Child, Markup, tag
from designer.pages.words import bytes_words, cost_words, moment, seconds_words
from runtime.execution.cost import RunCost, run_cost, step_seconds
from runtime.execution.environment_lock import EnvironmentLock
from runtime.model import FailedAttempt, Run, SourceState, StepRun

__all__ = ["StepData", "packages_dialog", "run_circumstances", "step_resources", "tried"]

PACKAGES = "run-packages"
_SHORT = 10


class StepData(NamedTuple):
    """Bytes of the artifacts that came into a step."""

    read: int = 0


def run_circumstances(run: Run, lock: EnvironmentLock | None) -> Iterable[Markup]:
    """Version control, packages and cost; each only where it is known."""
    for source in distinct(run.sources):
        yield fact("Git", _source(source))
    if lock is not None:
        label = f"Python {lock.python}, {len(lock.packages)} packages"
        yield fact("Packages", tag("button.pg-link", label, type="button", data_opens=PACKAGES))
    cost = run_cost(run)
    if cost.targets:
        yield fact("Cost", _cost(cost))


def distinct(sources: Sequence[SourceState]) -> tuple[SourceState, ...]:
    """One of each commit: graph and modules often lie in the same repository."""
    found: dict[tuple[str, str], SourceState] = {}
    for one in sources:
        known = found.get((one.commit, one.branch))
        if known is None or (one.is_dirty and not known.is_dirty):
            found[one.commit, one.branch] = one
    return tuple(found.values())


def packages_dialog(lock: EnvironmentLock | None) -> Markup | None:
    """Every package and its version."""
    if lock is None:
        return None
    rows = (tag("div", tag("dt", name), tag("dd", text)) for name, text in lock.packages.items())
    return tag(
        "dialog.pg-dialog.pg-dialog-wide",
        tag("h2", "Packages", id=f"{PACKAGES}-title"),
        tag(
            "div.pg-dialog-body",
            tag(
                "p.pg-hint",
                f"What steps on this machine ran with: Python {lock.python}, {lock.platform}.",
            ),
            tag("dl.pg-packages", rows),
        ),
        tag(
            "div.pg-dialog-foot",
            tag("button.pg-button.pg-plain", "Close", type="button", data_closes=True),
        ),
        id=PACKAGES,
        aria_labelledby=f"{PACKAGES}-title",
        data_key=PACKAGES,
    )


def step_resources(step: StepRun, data: StepData, price: float | None) -> Iterable[Markup]:
    """What a step took, read and wrote; each only where it is known."""
    written = sum(ref.bytes for ref in step.outputs.values())
    if step.cpu_seconds:
        yield fact("CPU", seconds_words(step.cpu_seconds))
    if step.peak_memory_bytes:
        yield fact("Peak memory", bytes_words(step.peak_memory_bytes))
    if step.peak_gpu_memory_bytes:
        yield fact("GPU memory", bytes_words(step.peak_gpu_memory_bytes))
    if data.read:
        yield fact("Read", bytes_words(data.read))
    if written:
        yield fact("Wrote", bytes_words(written))
    if step.moved_bytes:
        yield fact("Moved", bytes_words(step.moved_bytes))
    if price and not step.reused:
        yield fact("Cost", cost_words(step_seconds(step) * price / 3600))


def tried(attempts: Sequence[FailedAttempt]) -> Markup | None:
    """The attempts that came to nothing: when, how long, why, how the process ended."""
    if not attempts:
        return None
    return tag("ol.pg-attempts", (_attempt(one) for one in attempts), aria_label="Failed attempts")


def _attempt(one: FailedAttempt) -> Markup:
    ending = f" ({one.ending})" if one.ending else ""
    return tag(
        "li",
        icon("error"),
        tag("b", f"Attempt {one.attempt}"),
        tag("span", f"{one.reason}{ending}"),
        tag("span.pg-muted", moment(one.started_at), f", after {seconds_words(one.seconds)}"),
    )


def _source(source: SourceState) -> Child:
    commit = source.commit[:_SHORT] or "no commit so far"
    words = {True: " with changes", False: "", None: ""}[source.is_dirty]
    branch = f" on {source.branch}" if source.branch else ""
    return tag(
        "span",
        tag("code", commit),
        branch,
        tag("span.pg-changed", words) if words else None,
        title=f"{source.commit}, {source.folder}",
    )


def _cost(cost: RunCost) -> Child:
    parts = ", ".join(
        f"{one.target} {cost_words(one.cost)} for {seconds_words(one.seconds)}"
        for one in cost.targets
    )
    return tag("span", tag("b", cost_words(cost.total)), tag("span.pg-muted", f" · {parts}"))
