"""How the pipelines page looks: a pure drawing of what is there."""

from collections.abc import Sequence
from urllib.parse import quote

import msgspec

from designer.pages.elements import (
    button,
    choice,
    dialog,
    empty,
    error_box,
    field,
    icon,
    menu,
    menu_item,
    problem_list,
    search_field,
    status_mark,
    text_input,
)
from designer.pages.markup import Child, Markup, tag
from designer.pages.shell import heading
from designer.pages.template_gallery import new_dialog
from designer.pages.thumbnail import draw_thumbnail
from designer.pages.words import count_words, moment
from designer.services.answers import FileProblem, PipelineCard, Sample
from runtime.model import Diagnostic, ErrorRecord

__all__ = ["Refusal", "Shown", "draw_pipelines", "matching"]

FEW = 4
SORTS = (("modified", "Last modified"), ("name", "Name"), ("run", "Last run"), ("nodes", "Size"))


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why a graph was not imported."""

    error: ErrorRecord
    diagnostics: tuple[Diagnostic, ...] = ()


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the page shows."""

    cards: Sequence[PipelineCard]
    problems: Sequence[FileProblem] = ()
    bin: Sequence[PipelineCard] = ()
    samples: Sequence[Sample] = ()
    search: str = ""
    sort: str = "modified"
    refusal: Refusal | None = None


def draw_pipelines(shown: Shown) -> Markup:
    """The whole page."""
    parts = [
        heading(
            "Pipelines",
            button("Import", opens="import", symbol="upload_file"),
            button("New pipeline", opens="new", kind="primary", symbol="add"),
            count=f"{len(shown.cards):,}" if shown.cards else "",
        ),
        _refusal(shown.refusal),
        _unreadable(shown.problems),
        _list(shown) if shown.cards else _first_steps(),
        _samples(shown.samples, count=len(shown.cards)),
        _bin(shown.bin),
        new_dialog(shown.samples),
        _import_dialog(),
    ]
    return tag("div.pg-page", parts)


def matching(shown: Shown) -> list[PipelineCard]:
    """The pipelines whose name or description holds every word of the search, in order."""
    words = shown.search.lower().split()
    found = [c for c in shown.cards if all(w in f"{c.name} {c.description}".lower() for w in words)]
    match shown.sort:
        case "name":
            found.sort(key=lambda card: card.name.lower())
        case "run":
            found.sort(key=lambda card: -(card.last_run.number if card.last_run else 0))
        case "nodes":
            found.sort(key=lambda card: -card.node_count)
        case _:
            found.sort(key=lambda card: -card.modified_at)
    return found


def _list(shown: Shown) -> Markup:
    found = matching(shown)
    bar = tag(
        "div.pg-bar",
        search_field(shown.search, "Search pipelines"),
        tag("span.pg-spacer"),
        choice("Sort by", "sort", SORTS, shown.sort),
    )
    cards: Child = tag("ul.pg-cards", (_card(card) for card in found))
    if not found:
        text = "No name or description holds these words."
        cards = empty("search_off", f"Nothing found for “{shown.search}”", text)
    return Markup(bar + (cards if isinstance(cards, Markup) else ""))


def _card(card: PipelineCard) -> Markup:
    path = f"/pipelines/{quote(card.id, safe='')}"
    run = card.last_run
    state = (
        tag(
            "a.pg-card-run",
            status_mark(run.status),
            tag("span.pg-muted", f"run {run.number}"),
            href=f"/runs/{quote(run.id, safe='')}",
        )
        if run
        else tag("span.pg-card-run", status_mark("idle"))
    )
    return tag(
        "li.pg-card",
        tag("div.pg-card-picture", draw_thumbnail(card.thumbnail)),
        tag(
            "div.pg-card-text",
            tag("h2", tag("a.pg-stretched", card.name, href=path, data_stop=True)),
            tag("p.pg-card-about", card.description or "No description"),
        ),
        tag(
            "div.pg-card-foot",
            state,
            tag("span.pg-spacer"),
            tag(
                "span.pg-muted",
                count_words(card.node_count, "node"),
                " · ",
                moment(card.modified_at),
            ),
            _card_menu(card, path),
        ),
        data_key=f"pipeline {card.id}",
    )


def _card_menu(card: PipelineCard, path: str) -> Markup:
    rename = f"rename-{card.id}"
    file = f"/api/v1/pipelines/{quote(card.id, safe='')}/file"
    items = (
        menu_item("Open", "open_in_new", href=path),
        menu_item("Runs", "history", href=f"/runs?pipeline={quote(card.id, safe='')}"),
        menu_item("Rename", "edit", data_opens=rename),
        menu_item("Duplicate", "content_copy", data_action="duplicate", data_value=card.id),
        menu_item("Download JSON", "download", href=file, download=True),
        tag("hr"),
        menu_item("Move to the bin", "delete", data_action="delete", data_value=card.id),
    )
    opened = dialog(
        rename,
        "Rename pipeline",
        field(
            "Name", text_input("name", card.name, required=True, maxlength="200", autofocus=True)
        ),
        action="rename",
        value=card.id,
        confirm="Rename",
    )
    return Markup(menu(f"menu-{card.id}", f"Actions for {card.name}", items) + opened)


def _first_steps() -> Markup:
    return empty(
        "account_tree",
        "No pipeline yet",
        "A pipeline is a drawing of what happens to your data: modules, wired from top to bottom. "
        "Open a sample and press Run to see one work, or begin with an empty canvas.",
    )


def _samples(samples: Sequence[Sample], *, count: int) -> Markup:
    cards = tag(
        "ul.pg-cards.pg-cards-small",
        (
            tag(
                "li.pg-card.pg-card-sample",
                tag("div.pg-card-picture", draw_thumbnail(sample.thumbnail)),
                tag(
                    "div.pg-card-text",
                    tag(
                        "h3",
                        tag(
                            "button.pg-stretched",
                            sample.name,
                            type="button",
                            data_action="sample",
                            data_value=sample.id,
                        ),
                    ),
                    tag("p.pg-card-about", sample.description),
                ),
            )
            for sample in samples
        ),
    )
    title = "Samples" if count else "Start from a sample"
    if not count:
        return tag("section.pg-section", tag("h2", title), cards, data_key="samples")
    summary = tag("summary", icon("chevron_right"), title, tag("span.pg-count", len(samples)))
    return tag("details.pg-section", summary, cards, data_key="samples", open=count <= FEW)


def _bin(cards: Sequence[PipelineCard]) -> Markup | None:
    if not cards:
        return None
    rows = (
        tag(
            "li",
            icon("account_tree"),
            tag("span", card.name),
            tag("span.pg-muted", count_words(card.node_count, "node")),
            tag("span.pg-spacer"),
            button("Take out", action="undelete", value=card.id, symbol="undo"),
            data_key=f"bin {card.id}",
        )
        for card in cards
    )
    summary = tag("summary", icon("chevron_right"), "Bin", tag("span.pg-count", len(cards)))
    return tag("details.pg-section", summary, tag("ul.pg-rows", rows), data_key="bin")


def _refusal(refusal: Refusal | None) -> Markup | None:
    if refusal is None:
        return None
    found = problem_list(refusal.diagnostics) if refusal.diagnostics else error_box(refusal.error)
    title = "The graph was not imported"
    if refusal.diagnostics:
        title += f": {count_words(len(refusal.diagnostics), 'problem')}"
    return tag(
        "section.pg-panel.pg-refused",
        tag(
            "div.pg-panel-head",
            tag("h2", title),
            tag("span.pg-spacer"),
            button("Try again", opens="import", symbol="upload_file"),
            button("Dismiss", action="forget_refusal", symbol="close", is_icon=True, kind="quiet"),
        ),
        found,
        role="alert",
    )


def _unreadable(problems: Sequence[FileProblem]) -> Markup | None:
    """A quiet row for each file that somebody put there and that is no graph."""
    if not problems:
        return None
    rows = problem_list(_in_a_row(one) for one in problems)
    return tag("section.pg-panel", rows, role="status", data_key="unreadable files")


def _in_a_row(problem: FileProblem) -> Diagnostic:
    first, *more = problem.diagnostics
    others = f" And {count_words(len(more), 'more problem')}." if more else ""
    return Diagnostic(
        code=first.code,
        severity="warning",
        message=f"'{problem.file}' could not be read: {first.message}{others}",
        remedy="Correct the file in the workspace's 'pipelines' folder, or remove it from there.",
        where=first.where,
    )


def _import_dialog() -> Markup:
    area = tag(
        "textarea.pg-input.pg-code",
        name="text",
        id="import-text",
        rows="12",
        required=True,
        spellcheck="false",
        placeholder='{"format": 1, "name": "…", "nodes": {…}}',
    )
    file = tag(
        "input.pg-file", type="file", accept=".json,application/json", data_into="import-text"
    )
    return dialog(
        "import",
        "Import a graph",
        (
            field("Graph file", file, hint="A file that was downloaded here or written by hand."),
            field("or its text", area),
        ),
        action="import",
        confirm="Import",
        post="/api/v1/pipelines/import",
        is_wide=True,
    )
