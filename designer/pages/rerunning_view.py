"""How a run is gone on with or run again: buttons, the dialog for other values, the way between runs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from designer.pages.elements import button, dialog, field, icon, status_mark, text_input
from designer.pages.markup import Child, Markup, tag
from runtime.errors import RequestError
from runtime.model import GraphParameter, Run

__all__ = [
    "NO_PARAMETERS",
    "NO_RELATIVES",
    "Relatives",
    "read_values",
    "relatives_line",
    "rerun_buttons",
    "rerun_dialog",
]

Relatives = tuple[Run | None, Sequence[Run]]
"""The run that a run goes on with, and those that went on with it."""

NO_RELATIVES: Relatives = (None, ())
NO_PARAMETERS: Mapping[str, GraphParameter] = {}
DIALOG = "run-again"


def rerun_buttons(run: Run, *, has_pipeline: bool) -> Iterable[Markup]:
    """What can be done with a run that has ended; first what is wanted most."""
    can_resume = run.status in ("failed", "cancelled")
    if can_resume:
        yield button(
            "Resume",
            action="resume",
            symbol="play_arrow",
            kind="primary",
            title="Take over what is done, and do the rest",
        )
    yield button("Run again with…", opens=DIALOG, symbol="tune")
    if has_pipeline:
        kind: Any = "plain" if can_resume else "primary"
        yield button("Run again", action="rerun", symbol="replay", kind=kind)


def rerun_dialog(
    run: Run, parameters: Mapping[str, GraphParameter], *, has_pipeline: bool
) -> Markup:
    """The graph's parameters with the run's values, and which graph it shall be."""
    fields = [
        _field(name, spec, run.parameters.get(name, spec.default))
        for name, spec in parameters.items()
    ]
    graphs: list[Child] = [
        tag("option", f"As it was in run {run.number}", value="as_it_was", selected=True)
    ]
    if has_pipeline:
        graphs.append(tag("option", "The newest of the pipeline", value="newest"))
    return dialog(
        DIALOG,
        "Run again with…",
        (
            field("Graph", tag("select.pg-input.pg-select", graphs, name="graph")),
            fields or tag("p.pg-hint", "The graph has no parameters."),
        ),
        action="rerun_with",
        confirm="Run",
    )


def relatives_line(relatives: Relatives) -> Markup | None:
    """Which run this one goes on with, and which went on with it."""
    earlier, later = relatives
    parts: list[Child] = []
    if earlier is not None:
        parts += ["Goes on with ", _link(earlier)]
    if later:
        parts.append("; gone on with in " if parts else "Gone on with in ")
        for at, run in enumerate(later):
            parts += [", " if at else None, _link(run), " ", status_mark(run.status)]
    if not parts:
        return None
    return tag("p.pg-chain.pg-relatives", icon("playlist_play"), tag("span", parts))


def read_values(
    parameters: Mapping[str, GraphParameter], fields: Mapping[str, str]
) -> dict[str, Any]:
    """The values that a person gave. Raises RequestError V002 for one that is no number."""
    return {
        name: _value(name, spec, fields[f"parameter:{name}"])
        for name, spec in parameters.items()
        if f"parameter:{name}" in fields
    }


def _field(name: str, spec: GraphParameter, value: Any) -> Markup:
    text = value if isinstance(value, str) else json.dumps(value)
    key = f"parameter:{name}"
    if spec.type == "bool":
        options = (tag("option", one, value=one, selected=one == text) for one in ("true", "false"))
        return field(name, tag("select.pg-input.pg-select", options, name=key))
    shown = "" if value is None else text
    return field(name, text_input(key, shown, spellcheck="false"), hint=spec.description)


def _value(name: str, spec: GraphParameter, text: str) -> Any:
    if spec.type not in ("int", "float", "bool"):
        return text
    try:
        return json.loads(text)
    except ValueError as exc:
        raise RequestError(
            "V002", f"'{text}' is no value for '{name}'.", remedy="Write a number."
        ) from exc


def _link(run: Run) -> Markup:
    return tag("a.pg-link", f"run {run.number}", href=f"/runs/{quote(run.id, safe='')}")
