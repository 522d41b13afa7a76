"""How the list of runs looks: a pure drawing of what is there."""

from collections.abc import Sequence
from urllib.parse import quote

import msgspec

from designer.pages.elements import (
    button,
    choice,
    empty,
    link_button,
    search_field,
    status_mark,
    took,
)
from designer.pages.markup import Child, Markup, tag
from designer.pages.run_marks_view import tag_chips
from designer.pages.shell import heading
from designer.pages.words import moment, ticking
from designer.store import RunMarks
from runtime.model import TERMINAL, Run, counts_of

__all__ = ["PAGE", "RunLine", "Shown", "draw_runs", "run_seconds"]

PAGE = 50
_LONGEST_NOTE = 160
STATUSES = (
    ("", "All"),
    ("running", "Running"),
    ("completed", "Completed"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
)


class RunLine(msgspec.Struct, frozen=True, kw_only=True):
    """One run in the list."""

    run: Run
    done: int
    reused: int
    failed: int
    total: int
    marks: RunMarks = RunMarks()

    @classmethod
    def of(cls, run: Run) -> "RunLine":
        """Count the steps of a run."""
        return cls(run=run, **msgspec.structs.asdict(counts_of(run.steps.values())))


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the page shows."""

    lines: Sequence[RunLine]
    pipelines: Sequence[tuple[str, str]] = ()
    search: str = ""
    status: str = ""
    pipeline: str = ""
    is_first_page: bool = True
    older_than: int | None = None


def draw_runs(shown: Shown) -> Markup:
    """The whole page."""
    is_filtered = bool(shown.search or shown.status or shown.pipeline)
    parts: list[Child] = [heading("Runs")]
    if shown.lines or is_filtered or not shown.is_first_page:
        parts.append(_filters(shown))
    if shown.lines:
        parts += [_table(shown.lines), _paging(shown)]
    else:
        parts.append(_nothing(is_filtered))
    return tag("div.pg-page", parts)


def run_seconds(run: Run) -> Markup:
    """How long a run took, or counts while it goes."""
    if run.status not in TERMINAL and run.started_at is not None:
        return tag("span.pg-number", ticking(run.started_at))
    return took(run.seconds)


def _filters(shown: Shown) -> Markup:
    segments = tag(
        "div.pg-segments",
        (
            tag(
                "button",
                title,
                type="button",
                data_action="status",
                data_value=value,
                aria_pressed="true" if value == shown.status else "false",
            )
            for value, title in STATUSES
        ),
        role="group",
        aria_label="Status",
    )
    pipelines = [("", "All pipelines"), *shown.pipelines]
    if shown.pipeline and shown.pipeline not in dict(pipelines):
        pipelines.append((shown.pipeline, shown.pipeline))
    return tag(
        "div.pg-bar",
        search_field(shown.search, "Search by pipeline name, tag:name"),
        segments,
        tag("span.pg-spacer"),
        choice("Pipeline", "pipeline", pipelines, shown.pipeline),
    )


def _table(lines: Sequence[RunLine]) -> Markup:
    titles = ("Run", "Pipeline", "Status", "Steps", "Started", "Took", "By", "")
    kinds = ("", "", "", "", "", "pg-number", "", "")
    head = (
        tag("th", title, class_=kind or None, scope="col")
        for title, kind in zip(titles, kinds, strict=True)
    )
    return tag(
        "div.pg-table-box",
        tag(
            "table.pg-table",
            tag("thead", tag("tr", head)),
            tag("tbody", (_row(line) for line in lines), data_walk=True),
        ),
    )


def _row(line: RunLine) -> Markup:
    run = line.run
    path = f"/runs/{quote(run.id, safe='')}"
    cancel = None
    if run.status not in TERMINAL:
        cancel = button(
            f"Cancel run {run.number}",
            action="cancel",
            value=run.id,
            symbol="stop_circle",
            is_icon=True,
            kind="quiet",
        )
    return tag(
        "tr.pg-row-link",
        tag("td.pg-run-number", tag("a.pg-stretched", run.number, href=path, data_stop=True)),
        tag(
            "td.pg-wide",
            tag("span.pg-ellipsis", run.name or "Untitled pipeline"),
            tag_chips(line.marks),
            _note(line.marks.note),
        ),
        tag("td", status_mark(run.status), tag("span.pg-detail", run.detail)),
        tag("td", _steps(line)),
        tag("td", moment(run.started_at or run.created_at)),
        tag("td.pg-number", run_seconds(run)),
        tag("td.pg-muted", run.author),
        tag("td.pg-cell-actions", cancel),
        data_key=run.id,
    )


def _note(note: str) -> Markup | None:
    first = " ".join(note.split())[:_LONGEST_NOTE]
    return tag("span.pg-ellipsis.pg-muted.pg-note-line", first, title=note) if note else None


def _steps(line: RunLine) -> Markup:
    parts = (
        ("completed", line.done, "ran"),
        ("reused", line.reused, "reused"),
        ("failed", line.failed, "failed"),
    )
    bar = (
        tag(f"span.pg-share.pg-status-{status}", style=f"flex-grow: {count}")
        for status, count, _ in parts
        if count
    )
    rest = line.total - line.done - line.reused - line.failed
    words = ", ".join(f"{count} {word}" for _, count, word in parts if count) or "none yet"
    return tag(
        "span.pg-steps",
        tag("span.pg-shares", bar, tag("span", style=f"flex-grow: {rest}") if rest > 0 else None),
        tag("span.pg-muted", words),
        title=f"{line.total} steps: {words}",
    )


def _paging(shown: Shown) -> Markup | None:
    if shown.is_first_page and shown.older_than is None:
        return None
    newest = older = None
    if not shown.is_first_page:
        newest = button("Newest", action="newest", symbol="first_page")
    if shown.older_than is not None:
        older = button("Older", action="older", value=str(shown.older_than), symbol="chevron_right")
    return tag("div.pg-row.pg-paging", newest, older)


def _nothing(is_filtered: bool) -> Markup:
    if is_filtered:
        return empty(
            "search_off",
            "No run fits these filters",
            "Take a filter away to see more.",
            actions=button("Show all runs", action="clear"),
        )
    return empty(
        "history",
        "Nothing has run yet",
        "Every run is kept here with its steps, its logs and what it made. Open a pipeline and "
        "press Run; you can close the page while it goes.",
        actions=link_button("Open the pipelines", "/pipelines", kind="primary"),
    )
