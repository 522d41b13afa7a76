"""How a run looks: its facts, its steps in order and on a time line. Pure."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from designer.pages.comparison_view import compared_with, draw_comparison
from designer.pages.elements import (
    button,
    error_box,
    fact,
    icon,
    link_button,
    status_mark,
    took,
)
from designer.pages.longest_chain import NO_PATH, chain_notes, chain_place, longest_chain
from designer.pages.markup import Child, Markup, tag
from designer.pages.rerunning_view import (
    NO_PARAMETERS,
    NO_RELATIVES,
    Relatives,
    relatives_line,
    rerun_buttons,
    rerun_dialog,
)
from designer.pages.run_facts import (
    StepData,
    packages_dialog,
    run_circumstances,
    step_resources,
    tried,
)
from designer.pages.run_list import RunLine, run_seconds
from designer.pages.run_marks_view import draw_marks, marks_button, marks_dialog
from designer.pages.shell import heading
from designer.pages.words import (
    bytes_words,
    moment,
    number_words,
    seconds_words,
    ticking,
)
from designer.services.compared_runs import RunComparison
from designer.store import RunMarks
from runtime.execution.critical_path import CriticalPath
from runtime.execution.environment_lock import EnvironmentLock
from runtime.model import TERMINAL, ArtifactRef, GraphParameter, Run, StepRun
from runtime.model.slots import slots_words

__all__ = ["draw_run", "draw_step_head"]

NO_MARKS = RunMarks()
METRICS_SHOWN = 2
MAIN_METRICS = (
    "auc",
    "accuracy",
    "f1",
    "coefficient_of_determination",
    "r2",
    "root_mean_squared_error",
)
NOTABLE_S = 0.05
SEEN = 0.004
LATER = float("inf")
NO_DATA: Mapping[str, StepData] = {}
NOTHING_TYPED: Mapping[str, str] = {}


def draw_run(
    run: Run,
    *,
    order: Sequence[str],
    chosen: str,
    has_pipeline: bool,
    longest: CriticalPath = NO_PATH,
    marks: RunMarks = NO_MARKS,
    typed: Mapping[str, str] = NOTHING_TYPED,
    relatives: Relatives = NO_RELATIVES,
    parameters: Mapping[str, GraphParameter] = NO_PARAMETERS,
    lock: EnvironmentLock | None = None,
    data: Mapping[str, StepData] = NO_DATA,
    others: Sequence[Run] = (),
    comparison: RunComparison | None = None,
) -> Markup:
    """Everything about a run but the chosen step.

    Args:
        run: The run.
        order: The steps in the order of the plan.
        chosen: The step that is looked at.
        has_pipeline: The pipeline is still there.
        longest: The chain of steps that determined the run's end.
        marks: Its tags and its note.
        typed: Tags and note that a person wrote and that could not be saved.
        relatives: The run that it goes on with, and those that went on with it.
        parameters: What its graph's parameters are.
        lock: The packages that its steps on this machine ran with.
        data: What came into its steps.
        others: Runs of the same pipeline that it can be compared with.
        comparison: With one of them.
    """
    path = f"/runs/{quote(run.id, safe='')}"
    actions: list[Child] = [
        compared_with(others, comparison.before.id if comparison else ""),
        marks_button(),
        link_button("Open on the canvas as it was", f"{path}/canvas", symbol="account_tree"),
    ]
    if run.status not in TERMINAL:
        actions.append(button("Cancel", action="cancel", symbol="stop_circle", kind="danger"))
    else:
        actions += rerun_buttons(run, has_pipeline=has_pipeline)
    title = (f"Run {run.number} ", tag("span.pg-title-mark", status_mark(run.status)))
    return tag(
        "div.pg-page.pg-page-run",
        tag(
            "nav.pg-crumbs",
            tag("a", "Runs", href="/runs"),
            icon("chevron_right"),
            _name(run, has_pipeline),
            aria_label="Where",
        ),
        heading(title, *actions),
        relatives_line(relatives),
        _facts(run, lock),
        draw_marks(marks),
        error_box(run.error) if run.error and not chosen else None,
        longest_chain(run, longest),
        draw_comparison(comparison) if comparison else None,
        _steps(run, order, chosen, longest, data),
        marks_dialog(marks, typed),
        packages_dialog(lock),
        rerun_dialog(run, parameters, has_pipeline=has_pipeline),
    )


def draw_step_head(
    step: StepRun,
    longest: CriticalPath = NO_PATH,
    *,
    data: StepData = StepData(),  # noqa: B008 - a value that nobody changes
    host: str = "",
    price: float | None = None,
) -> Markup:
    """What is known of a step beside its outputs."""
    module = tag(
        "a.pg-link",
        f"{step.module} {step.version}",
        href=f"/library/{quote(step.module, safe='')}?version={quote(step.version, safe='')}",
    )
    facts = (
        fact("Module", module) if step.module else None,
        fact("Why it ran", _reason(step)) if step.reason or step.reused_from else None,
        fact("Target", f"{step.target} · {host}" if host else step.target),
        fact("Environment", tag("a.pg-link", step.environment, href="/environments")),
        fact("Slots", slots_words(step.slots)) if step.slots is not None else None,
        fact("Attempts", step.attempts) if step.attempts > 1 else None,
        fact("Seed", step.seed) if step.seed is not None else None,
        fact("Longest chain", place) if (place := chain_place(longest, step.step)) else None,
        fact("State", step.detail) if step.detail else None,
        list(step_resources(step, data, price)),
    )
    return tag(
        "div.pg-step-head",
        tag(
            "div.pg-row",
            tag("h2", step.label or step.step),
            tag("code.pg-muted", step.step),
            tag("span.pg-spacer"),
            tag(
                "span",
                button("Close (Esc)", action="close", symbol="close", is_icon=True, kind="quiet"),
                data_escape=True,
            ),
        ),
        tag("dl.pg-facts.pg-facts-row", facts),
        tried(step.failed_attempts) if step.attempts > 1 else None,
    )


def _name(run: Run, has_pipeline: bool) -> Markup:
    name = run.name or "Untitled pipeline"
    if has_pipeline:
        return tag("a", name, href=f"/pipelines/{quote(run.pipeline_id, safe='')}")
    return tag(
        "span", name, title="This pipeline is gone; the run is kept." if run.pipeline_id else None
    )


def _facts(run: Run, lock: EnvironmentLock | None) -> Markup:
    line = RunLine.of(run)
    digest = run.graph_hash
    parameters = ", ".join(f"{name} = {value}" for name, value in run.parameters.items())
    return tag(
        "dl.pg-facts.pg-facts-row",
        fact("Took", run_seconds(run) or "–"),
        fact("Started", moment(run.started_at or run.created_at)),
        fact("Steps", _counts(line)),
        fact("By", run.author) if run.author else None,
        fact("Revision", run.revision) if run.revision else None,
        fact("Parameters", parameters) if parameters else None,
        fact("When a step fails", "go on with the rest") if run.failure_policy != "stop" else None,
        fact("Graph", _digest(digest)) if digest else None,
        fact("State", run.detail) if run.detail else None,
        list(run_circumstances(run, lock)),
    )


def _counts(line: RunLine) -> str:
    counts = ((line.done, "ran"), (line.reused, "reused"), (line.failed, "failed"))
    words = ", ".join(f"{count} {word}" for count, word in counts if count)
    rest = line.total - line.done - line.reused - line.failed
    if not rest:
        return words
    return f"{words or 'none done'} of {line.total}"


def _digest(digest: str) -> Markup:
    return tag(
        "button.pg-copy",
        tag("code", digest[:15] + "…", data_label=True),
        icon("content_copy"),
        type="button",
        data_copy=digest,
        title=f"Copy {digest}",
    )


def _steps(
    run: Run,
    order: Sequence[str],
    chosen: str,
    longest: CriticalPath,
    data: Mapping[str, StepData],
) -> Markup:
    steps = [run.steps[step] for step in order] + [
        step for key, step in run.steps.items() if key not in order
    ]
    steps.sort(key=lambda step: step.started_at or LATER)
    span = _span(run, steps)
    columns = (
        ("Step", ""),
        ("Time line", "pg-col-line"),
        ("Took", "pg-number"),
        ("Why it ran", "pg-col-why"),
        ("Metrics", "pg-col-metrics"),
        ("Made", "pg-col-made"),
        ("CPU", "pg-number pg-col-use"),
        ("Memory", "pg-number pg-col-use"),
        ("Read", "pg-number pg-col-use"),
        ("Wrote", "pg-number pg-col-use"),
        ("Target", "pg-col-target"),
    )
    head = tag(
        "tr", (tag("th", title, class_=kind or None, scope="col") for title, kind in columns)
    )
    notes = chain_notes(longest)
    body = (
        _step_row(
            step,
            chosen == step.step,
            span,
            notes.get(step.step),
            data.get(step.step, StepData()),
        )
        for step in steps
    )
    return tag(
        "div.pg-table-box.pg-steps-box",
        tag(
            "table.pg-table.pg-steps-table",
            tag("thead", head),
            tag("tbody", body, data_walk=True),
        ),
    )


def _step_row(
    step: StepRun,
    is_chosen: bool,
    span: tuple[float, float],
    note: Markup | None,
    data: StepData,
) -> Markup:
    name = tag(
        "button.pg-stretched",
        step.label or step.step,
        type="button",
        data_action="step",
        data_value=step.step,
        data_stop=True,
        aria_pressed="true" if is_chosen else "false",
    )
    return tag(
        "tr.pg-row-link",
        tag(
            "td.pg-step-name",
            status_mark(step.status, reused=step.reused, has_word=False),
            tag("span.pg-ellipsis", name),
        ),
        tag("td.pg-col-line", _bar(step, span), note),
        tag("td.pg-number", _took(step)),
        tag("td.pg-col-why", tag("span.pg-two-lines", _why(step) or step.detail)),
        tag("td.pg-col-metrics", _metrics(step)),
        tag("td.pg-col-made", (_output(name, ref) for name, ref in step.outputs.items())),
        _use(seconds_words(step.cpu_seconds) if step.cpu_seconds else ""),
        _use(bytes_words(step.peak_memory_bytes) if step.peak_memory_bytes else ""),
        _use(bytes_words(data.read) if data.read else ""),
        _use(_written(step)),
        tag("td.pg-col-target.pg-muted", step.target, _attempts(step)),
        class_="pg-on-chain" if note else None,
        data_key=step.step,
        aria_selected="true" if is_chosen else None,
    )


def _use(words: str) -> Markup:
    return tag("td.pg-number.pg-col-use", words)


def _written(step: StepRun) -> str:
    written = sum(ref.bytes for ref in step.outputs.values())
    return bytes_words(written) if written and not step.reused else ""


def _took(step: StepRun) -> Markup:
    if step.reused:
        return tag("span.pg-muted", "reused")
    if step.status == "running" and step.started_at is not None:
        return ticking(step.started_at)
    if step.seconds is None and step.started_at and step.finished_at:
        return took(step.finished_at - step.started_at)
    return took(step.seconds)


def _why(step: StepRun) -> Child:
    if step.error is not None:
        return tag("span.pg-failed", step.error.message)
    return _reason(step)


def _reason(step: StepRun) -> Child:
    if not step.reused_from:
        return step.reason
    return tag(
        "a.pg-link",
        step.reason or "reused",
        href=f"/runs/{quote(step.reused_from, safe='')}?step={quote(step.step, safe='')}",
    )


def _attempts(step: StepRun) -> str:
    return f" · {step.attempts} attempts" if step.attempts > 1 else ""


def _metrics(step: StepRun) -> list[Markup]:
    found = [(k, v) for k, v in step.metrics.items() if not isinstance(v, list | dict)]
    found.sort(key=lambda metric: _rank(metric[0]))
    shown = [
        tag(
            "span.pg-metric",
            tag("span.pg-muted", name.replace("_", " ")),
            " ",
            tag("b", number_words(value)),
        )
        for name, value in found[:METRICS_SHOWN]
    ]
    more = len(step.metrics) - len(shown)
    return [*shown, tag("span.pg-muted", f"+{more}")] if more > 0 else shown


def _rank(metric: str) -> int:
    """The metrics people look for first; counts of rows last."""
    if metric in MAIN_METRICS:
        return MAIN_METRICS.index(metric)
    return len(MAIN_METRICS) + metric.startswith("rows")


def _output(name: str, ref: ArtifactRef) -> Markup:
    rows, columns = ref.summary.get("rows"), ref.summary.get("columns")
    if isinstance(rows, int) and isinstance(columns, int):
        what = f"{rows:,} × {columns:,}"
    else:
        what = str(ref.summary.get("learner") or ref.summary.get("task") or bytes_words(ref.bytes))
        what = what.replace("_", " ")
    plain = "".join(c for c in ref.type if c.isalpha()).lower()
    return tag(
        "span.pg-made",
        tag("span.pg-dot", style=f"background: var(--type-{plain}, var(--type-any))"),
        tag("span", what),
        title=f"{name}: {ref.type}, {bytes_words(ref.bytes)}",
    )


def _span(run: Run, steps: Sequence[StepRun]) -> tuple[float, float]:
    starts = [s.started_at for s in steps if s.started_at is not None and not s.reused]
    ends = [s.finished_at for s in steps if s.finished_at is not None and not s.reused]
    begin = min([*starts, *([run.started_at] if run.started_at else [])], default=0.0)
    end = max([*ends, *([run.finished_at] if run.finished_at else [])], default=begin)
    if run.status not in TERMINAL:
        end = max([end, *starts]) + 1
    return begin, max(end - begin, 0.001)


def _bar(step: StepRun, span: tuple[float, float]) -> Markup | None:
    begin, length = span
    if step.started_at is None or step.reused:
        return None
    end = step.finished_at if step.finished_at is not None else begin + length
    worked = step.started_at if step.seconds is None else max(step.started_at, end - step.seconds)
    words = f"began {seconds_words(max(step.started_at - begin, 0))} into the run"
    if worked - step.started_at > NOTABLE_S:
        words += f", waited {seconds_words(worked - step.started_at)} for its worker"
    if step.seconds is not None:
        words += f", worked {seconds_words(step.seconds)}"
    return tag(
        "span.pg-line",
        _stretch(
            "span.pg-line-wait", (step.started_at - begin) / length, (worked - begin) / length
        ),
        _stretch(
            f"span.pg-line-bar.pg-status-{step.status}",
            (worked - begin) / length,
            (end - begin) / length,
        ),
        title=words,
    )


def _stretch(name: str, start: float, end: float) -> Markup | None:
    left, right = (min(max(share, 0.0), 1.0) for share in (start, end))
    if name.endswith("wait") and right - left < SEEN:
        return None
    style = (
        f"left: min({left * 100:.2f}%, 100% - 3px); width: max(3px, {(right - left) * 100:.2f}%)"
    )
    return tag(name, style=style)
