"""`designer plan`: what a run would do, and what it would take."""

import argparse
import time
from collections.abc import Iterator

from designer.commands.graphs import WRONG, check_readable, options_of
from designer.commands.output import complain_about, print_json, print_table, say
from designer.commands.place import workspace_of
from designer.commands.states import wanted_state
from modules_library.registry import open_catalog
from runtime.errors import InvalidGraphError
from runtime.execution.submission import preview_graph
from runtime.execution.summary import duration, time_range
from runtime.model import LOCAL, ONE_PROCESSOR
from runtime.model.documents import plan_document
from runtime.model.preview import Estimate, Forecast, Outcome, Preview, PreviewStep
from runtime.model.slots import slots_words

_WORDS: dict[Outcome, tuple[str, str]] = {
    "runs": ("▶", "runs"),
    "reused": ("↻", "reused"),
    "probably_reused": ("≈", "probably reused"),
    "keeps": ("=", "kept as it is"),
    "frozen": ("❄", "frozen"),
    "skipped": ("–", "skipped"),
    "waits": ("‖", "waits"),
    "invalid": ("✗", "invalid"),
}

_TO_RUN = ("runs", "probably_reused")


def plan(chosen: argparse.Namespace) -> int:
    """Show what a run would do; nothing is executed or written."""
    workspace = workspace_of(chosen)
    state = wanted_state(chosen, workspace)
    if state is None:
        check_readable(chosen.graph)
    planned, preview = preview_graph(
        chosen.graph if state is None else state.document,
        workspace,
        catalog=open_catalog(workspace if workspace.is_dir() else None),
        options=options_of(chosen, state),
        folder=state.folder if state is not None else None,
    )
    if chosen.json:
        if not preview.can_run:
            raise InvalidGraphError(planned.diagnostics)
        print_json(plan_document(planned, preview))
        return 0
    print_table([_row(step) for step in preview.steps])
    for line in _conclusion(preview):
        say(line)
    complain_about(preview.diagnostics)
    return 0 if preview.can_run else WRONG


def _row(step: PreviewStep) -> tuple[str, str, str, str, str]:
    mark, word = _WORDS[step.outcome]
    name = f"{step.label} [{step.step}]" if step.label else step.step
    return f"{mark} {name}", word, _takes(step), _asks(step), _reason(step)


def _asks(step: PreviewStep) -> str:
    """What a step takes of its target, where it is more than one processor of this machine."""
    if step.outcome not in _TO_RUN or (step.asks == ONE_PROCESSOR and step.target == LOCAL):
        return ""
    where = "" if step.target == LOCAL else f" on {step.target}"
    return f"asks for {slots_words(step.asks)}{where}"


def _reason(step: PreviewStep) -> str:
    if not step.from_run:
        return step.reason
    made = f"made in run {step.from_run}"
    if step.made_at:
        made += f", {_ago(step.made_at)}"
    where = f" on {step.target}" if step.outcome == "reused" else ""
    return f"{made}{where}"


def _takes(step: PreviewStep) -> str:
    if step.outcome not in _TO_RUN:
        return ""
    return _estimated(step.estimate) if step.estimate else "no past run"


def _estimated(estimate: Estimate) -> str:
    parts = [time_range(estimate.low_s, estimate.typical_s, estimate.high_s)]
    if estimate.memory_bytes:
        parts.append(_size(estimate.memory_bytes))
    if estimate.gpu_memory_bytes:
        parts.append(f"{_size(estimate.gpu_memory_bytes)} of GPU memory")
    return ", ".join(parts)


def _conclusion(preview: Preview) -> Iterator[str]:
    yield ""
    yield f"{preview.summary}."
    forecast = preview.forecast
    if forecast.long_pole:
        yield f"{_shared(forecast)} The long pole is '{_label(preview, forecast.long_pole)}'."
    if forecast.memory_bytes:
        yield f"Steps that run at once hold up to {_size(forecast.memory_bytes)}."
    if preview.stopped_before:
        nodes = " or ".join(f"'{_label(preview, node)}'" for node in preview.stopped_before)
        yield f"It would stop before {nodes}."


def _shared(forecast: Forecast) -> str:
    return "On 1 processor." if forecast.cpus == 1 else f"On {forecast.cpus} processors."


def _label(preview: Preview, node: str) -> str:
    return next((step.label for step in preview.steps if step.step == node and step.label), node)


def _ago(at: float) -> str:
    return f"{duration(max(0.0, time.time() - at))} ago"


def _size(size: int) -> str:
    return f"{size / 2**30:.1f} GiB" if size >= 2**30 else f"{max(1, size >> 20)} MiB"
