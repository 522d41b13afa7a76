"""Two runs side by side on the page of one: a row for everything that differs. Pure."""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from designer.pages.elements import button, choice
from designer.pages.markup import Child, Markup, tag
from designer.pages.words import number_words, seconds_words
from designer.services.compared_runs import RunComparison, RunFacts, StepDifference
from runtime.model import Run

__all__ = ["compared_with", "draw_comparison"]

_MOST_STEPS = 200
_LONGEST = 120


def compared_with(others: Sequence[Run], against: str) -> Markup | None:
    """What chooses the other run; nothing where the pipeline has no other."""
    if not others:
        return None
    runs = [(run.id, f"Run {run.number}, {run.status}") for run in others]
    return choice("Compare with", "against", [("", "Compare with…"), *runs], against)


def draw_comparison(found: RunComparison) -> Markup:
    """Everything that differs; the other run is on the left, as what was before."""
    rows = list(_rows(found))
    head = ("What", _run(found.before), _run(found.after))
    return tag(
        "section.pg-comparison",
        tag(
            "div.pg-row",
            tag("h2", f"Compared with run {found.before.number}"),
            tag("span.pg-spacer"),
            button("Close the comparison", action="against", symbol="close", is_icon=True, kind="quiet"),
        ),
        tag(
            "div.pg-table-box",
            tag(
                "table.pg-table.pg-comparison-table",
                tag("thead", tag("tr", (tag("th", title, scope="col") for title in head))),
                tag("tbody", rows),
            ),
        )
        if rows
        else tag("p.pg-hint", "Nothing differs: parameters, modules, results and packages are the same."),
        aria_label="Comparison",
    )  # fmt: skip


def _rows(found: RunComparison) -> Iterator[Markup]:
    if found.has_other_graph:
        yield _row("Graph", "differs", "differs")
    for name, pair in found.parameters.items():
        yield _row(name, *map(_value, pair))
    if found.commits is not None:
        yield _row("Commit", *(tag("code", one[:12] or "none") for one in found.commits))
    for step in found.steps[:_MOST_STEPS]:
        yield from _step_rows(step)
    for name, versions in found.packages.items():
        yield _row(tag("code", name), *(version or "absent" for version in versions))


def _step_rows(step: StepDifference) -> Iterator[Markup]:
    name = tag(
        "button.pg-link",
        step.label or step.step,
        type="button",
        data_action="step",
        data_value=step.step,
    )
    if step.module is not None:
        yield _row((name, ": module"), *(str(one or "absent") for one in step.module))
    if step.status is not None:
        yield _row((name, ": status"), *(str(one or "absent") for one in step.status))
    for metric, pair in step.metrics.items():
        yield _row((name, f": {metric.replace('_', ' ')}"), *map(_value, pair))
    for port, digests in step.outputs.items():
        yield _row((name, f": {port}"), *map(_digest, digests))


def _row(what: Child, before: Child, after: Child) -> Markup:
    return tag("tr", tag("td", what), tag("td", before), tag("td", after))


def _run(run: RunFacts) -> Markup:
    took = f", {seconds_words(run.seconds)}" if run.seconds is not None else ""
    link = tag("a.pg-link", f"Run {run.number}", href=f"/runs/{quote(run.id, safe='')}")
    return tag("span", link, f" {run.status}{took}")


def _digest(digest: str | None) -> Markup:
    if digest is None:
        return tag("span.pg-muted", "none")
    return tag("code", f"{digest[:15]}…", title=digest)


def _value(value: Any) -> Child:
    if value is None:
        return tag("span.pg-muted", "none")
    if isinstance(value, list | dict):
        text = json.dumps(value)
        return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return number_words(value)
