"""How the library looks: a pure drawing of the module cards."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any
from urllib.parse import quote

import msgspec

from designer.pages.docstring import inline
from designer.pages.elements import button, category_style, choice, empty, icon, search_field
from designer.pages.markup import Child, Markup, tag
from designer.pages.shell import heading

__all__ = [
    "YOURS",
    "Shown",
    "category_title",
    "draw_library",
    "matching",
    "state_badge",
    "states_of",
]

ModuleCard = dict[str, Any]

STATES = (
    ("", "Every state"),
    ("active", "Active"),
    ("deprecated", "Deprecated"),
    ("disabled", "Disabled"),
    ("draft", "Draft"),
    ("broken", "Broken"),
)
_STATE_ICONS = {
    "active": "check_circle",
    "deprecated": "warning",
    "disabled": "block",
    "draft": "edit",
    "broken": "error",
}
YOURS = "yours"
ORDER = (
    "data_input_output",
    "data_transformation",
    "feature_selection",
    "statistical_functions",
    "regression",
    "classification",
    "clustering",
    "anomaly_detection",
    "model_training",
    "model_scoring_evaluation",
    "python_language",
    "r_language",
    "text_analytics",
    "computer_vision",
    "recommendation",
    "web_service",
)
"""Categories in the order of a pipeline's work; others follow by name."""
EXAMPLE = '''import polars as pl
from modules_library.sdk import Column, module

@module(version="1.0.0")
def drop_negative(dataset: pl.DataFrame, *, column: Column) -> pl.DataFrame:
    """Keep the rows whose number is not negative."""
    return dataset.filter(pl.col(column) >= 0)
'''


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the page shows."""

    cards: Sequence[ModuleCard]
    folder: str
    search: str = ""
    state: str = ""
    category: str = ""


def draw_library(shown: Shown) -> Markup:
    """The whole page."""
    found = matching(shown)
    main: list[Child] = []
    if shown.category == YOURS:
        main.append(_write_your_own(shown.folder, is_open=not found))
    if found or shown.category != YOURS or shown.search:
        main += _groups(found) if found else [_nothing(shown)]
    parts: list[Child] = [
        heading("Library", count=f"{len(shown.cards):,}"),
        tag(
            "div.pg-bar",
            search_field(shown.search, "Search modules"),
            choice("State", "state", STATES, shown.state),
            tag("span.pg-spacer"),
            button("Write your own", action="category", value=YOURS, symbol="edit_note"),
        ),
        tag("div.pg-split", _categories(shown), tag("div.pg-split-main", main)),
    ]
    return tag("div.pg-page", parts)


def matching(shown: Shown) -> list[ModuleCard]:
    """The modules that fit search, state and category, by category and title."""
    words = shown.search.lower().split()
    found = [
        card
        for card in shown.cards
        if _is_in(card, shown.category)
        and (not shown.state or shown.state in states_of(card))
        and all(word in _text(card) for word in words)
    ]
    return sorted(found, key=lambda card: (_place(card["category"]), card["title"].lower()))


def is_own(card: ModuleCard) -> bool:
    """Whether people of this workspace wrote it."""
    return bool(card["origin"] != "builtin")


def states_of(card: ModuleCard) -> set[str]:
    """The states that the versions of a module are in."""
    states = {
        "draft" if version["version"] == "draft" else str(version["state"])
        for version in card["versions"]
    }
    return states | {"broken"} if card["error"] else states


def card_state(card: ModuleCard) -> str:
    """The one state that a list shows: that of the version a fresh drop takes."""
    if card["error"]:
        return "broken"
    default = next((v for v in card["versions"] if v["version"] == card["default"]), None)
    if default is not None:
        return str(default["state"])
    states = states_of(card)
    order = ("active", "draft", "deprecated", "disabled")
    return next((state for state in order if state in states), "disabled")


def state_badge(state: str) -> Markup:
    """A state as shape, colour and word."""
    return tag(
        f"span.pg-state.pg-state-{state}",
        icon(_STATE_ICONS.get(state, "circle")),
        tag("span", state.capitalize()),
    )


def highlighted(source: str) -> Markup:
    """Python source in colours; every text of it is escaped by the formatter."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return Markup(highlight(source, PythonLexer(), HtmlFormatter(cssclass="source")))


def category_title(category: str) -> str:
    """A category as people read it.

    >>> category_title("data_input_output"), category_title("model_scoring_evaluation")
    ('Data input and output', 'Model scoring and evaluation')
    """
    words = category.replace("input_output", "input and output").replace(
        "scoring_evaluation", "scoring and evaluation"
    )
    return words.replace("_", " ").capitalize()


def _is_in(card: ModuleCard, category: str) -> bool:
    return is_own(card) if category == YOURS else category in ("", card["category"])


def _place(category: str) -> tuple[int, str]:
    return ORDER.index(category) if category in ORDER else len(ORDER), category


def _text(card: ModuleCard) -> str:
    return f"{card['title']} {card['id']} {card['summary']}".lower()


def _categories(shown: Shown) -> Markup:
    counts = Counter(card["category"] for card in shown.cards)
    entries = [
        ("", "All modules", len(shown.cards)),
        (YOURS, "Yours", sum(map(is_own, shown.cards))),
    ] + [
        (category, category_title(category), count)
        for category, count in sorted(counts.items(), key=lambda item: _place(item[0]))
    ]
    return tag(
        "nav.pg-side",
        (
            tag(
                "button",
                tag("span.pg-dot", style=f"{category_style(key)}; background: var(--category)")
                if key not in ("", YOURS)
                else icon("person" if key else "widgets"),
                tag("span.pg-ellipsis", title, title=title),
                tag("span.pg-count", count),
                type="button",
                data_action="category",
                data_value=key,
                aria_current="true" if key == shown.category else None,
            )
            for key, title, count in entries
        ),
        aria_label="Categories",
    )


def _groups(cards: Sequence[ModuleCard]) -> list[Markup]:
    return [
        tag(
            "section.pg-group",
            tag("h2", category_title(category)),
            tag("ul.pg-modules", (_line(card) for card in group)),
            data_key=category,
        )
        for category, group in groupby(cards, key=lambda card: str(card["category"]))
    ]


def _line(card: ModuleCard) -> Markup:
    state = card_state(card)
    version = card["default"] or (card["versions"][-1]["version"] if card["versions"] else "")
    number = f"{version}" if version and version != "draft" else None
    more = len(card["versions"])
    return tag(
        "li.pg-module",
        tag("span.pg-module-icon", icon(card["icon"] or "extension")),
        tag(
            "div.pg-module-text",
            tag(
                "h3",
                tag(
                    "a.pg-stretched",
                    card["title"],
                    href=f"/library/{quote(card['id'], safe='')}",
                    data_stop=True,
                ),
            ),
            tag(
                "p.pg-ellipsis",
                card["error"]["message"] if card["error"] else inline(card["summary"]),
            ),
        ),
        tag("span.pg-badge", "yours") if is_own(card) else None,
        state_badge(state) if state != "active" else None,
        tag("span.pg-muted.pg-number", number, f" of {more}" if more > 1 else None),
        style=category_style(card["category"]),
        data_key=card["id"],
    )


def _nothing(shown: Shown) -> Markup:
    title = f"Nothing found for “{shown.search}”" if shown.search else "No module is in this state"
    return empty(
        "search_off",
        title,
        "Title, name and summary are searched.",
        actions=button("Show all modules", action="clear"),
    )


def _write_your_own(folder: str, *, is_open: bool) -> Markup:
    lead = tag(
        "p",
        "Save a function like this one as ",
        tag("code", f"{folder}/drop_negative.py"),
        ". A second later it is here and in the palette, with a form made from its signature. "
        "A script, a command or a notebook needs no function: ",
        tag("code", "designer module new NAME --kind script"),
        " writes the folder to start from.",
    )
    copy = tag(
        "button.pg-button.pg-plain",
        icon("content_copy"),
        tag("span", "Copy", data_label=True),
        type="button",
        data_copy=EXAMPLE,
    )
    summary = tag("summary", icon("chevron_right"), "Write your own module")
    inside = tag("div.pg-teach", tag("div", lead, copy), highlighted(EXAMPLE))
    return tag("details.pg-section.pg-own", summary, inside, data_key="own", open=is_open)
