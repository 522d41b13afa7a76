"""What every page is made of: icons, buttons, marks, menus, dialogs, empty states."""

from collections.abc import Iterable, Sequence
from typing import Literal

from designer.pages.markup import Child, Markup, tag
from designer.pages.words import seconds_words
from runtime.model import Diagnostic, ErrorRecord

__all__ = [
    "button",
    "category_style",
    "choice",
    "dialog",
    "empty",
    "field",
    "icon",
    "link_button",
    "menu",
    "problem_list",
    "search_field",
    "status_mark",
]

ButtonKind = Literal["plain", "primary", "quiet", "danger"]

_STATUS_ICONS = {
    "idle": "radio_button_unchecked",
    "queued": "schedule",
    "preparing": "hourglass_top",
    "running": "autorenew",
    "completed": "check_circle",
    "reused": "bolt",
    "failed": "error",
    "cancelled": "block",
    "skipped": "remove_circle_outline",
}


def icon(name: str) -> Markup:
    """An icon of the bundled font; decoration, so hidden from screen readers."""
    return tag("i.material-icons.pg-icon", name, aria_hidden="true")


def status_mark(status: str, *, reused: bool = False, has_word: bool = True) -> Markup:
    """A status as shape, colour and word."""
    shown = "reused" if reused and status == "completed" else status
    word = "Not run yet" if shown == "idle" else shown.capitalize()
    return tag(
        f"span.pg-status.pg-status-{shown}",
        icon(_STATUS_ICONS.get(shown, "circle")),
        tag("span", word, class_=None if has_word else "pg-hidden"),
        title=None if has_word else word,
    )


def button(
    label: str,
    *,
    action: str = "",
    value: str | None = None,
    kind: ButtonKind = "plain",
    symbol: str = "",
    opens: str | None = None,
    is_icon: bool = False,
    is_submit: bool = False,
    disabled: bool = False,
    title: str | None = None,
) -> Markup:
    """A button: acts on the server, opens a dialog, or sends a form."""
    return tag(
        f"button.pg-icon-button.pg-{kind}" if is_icon else f"button.pg-button.pg-{kind}",
        icon(symbol) if symbol else None,
        None if is_icon else tag("span", label),
        type="submit" if is_submit else "button",
        data_action=action or None,
        data_value=value,
        data_opens=opens,
        disabled=disabled,
        aria_label=label if is_icon else None,
        title=title or (label if is_icon else None),
    )


def link_button(
    label: str,
    href: str,
    *,
    kind: ButtonKind = "plain",
    symbol: str = "",
    download: bool = False,
) -> Markup:
    """A link that looks like a button."""
    mark = icon(symbol) if symbol else None
    return tag(f"a.pg-button.pg-{kind}", mark, tag("span", label), href=href, download=download)


def menu(menu_id: str, label: str, items: Iterable[Markup]) -> Markup:
    """A button with three dots and the menu it opens."""
    opener = tag(
        "button.pg-icon-button.pg-quiet",
        icon("more_horiz"),
        type="button",
        popovertarget=menu_id,
        aria_label=label,
        title=label,
    )
    return Markup(opener + tag("div.pg-menu", items, id=menu_id, popover="auto"))


def menu_item(
    label: str, symbol: str, *, href: str = "", **attributes: str | bool | None
) -> Markup:
    """A line of a menu."""
    inside = (icon(symbol), tag("span", label))
    if href:
        return tag("a.pg-menu-item", inside, href=href, **attributes)
    return tag("button.pg-menu-item", inside, type="button", **attributes)


def dialog(
    dialog_id: str,
    title: str,
    body: Child,
    *,
    action: str,
    confirm: str,
    value: str | None = None,
    kind: ButtonKind = "primary",
    post: str | None = None,
    is_wide: bool = False,
) -> Markup:
    """A dialog that sends its fields as one act; opened by a button that names it."""
    heading = f"{dialog_id}-title"
    form = tag(
        "form",
        tag("h2", title, id=heading),
        tag("div.pg-dialog-body", body),
        tag(
            "div.pg-dialog-foot",
            tag("button.pg-button.pg-plain", "Cancel", type="button", data_closes=True),
            button(confirm, kind=kind, is_submit=True),
        ),
        method="dialog",
        data_action=action,
        data_value=value,
        data_post=post,
    )
    return tag(
        "dialog.pg-dialog",
        form,
        id=dialog_id,
        aria_labelledby=heading,
        class_="pg-dialog-wide" if is_wide else None,
        data_key=dialog_id,
    )


def field(label: str, control: Markup, *, hint: str = "") -> Markup:
    """A labelled control."""
    note = tag("span.pg-hint", hint) if hint else None
    return tag("label.pg-field", tag("span.pg-field-label", label), control, note)


def text_input(name: str, value: str = "", **attributes: str | bool | None) -> Markup:
    """A text field."""
    return tag(
        "input.pg-input", type="text", name=name, value=value, autocomplete="off", **attributes
    )


def select(name: str, options: Sequence[tuple[str, str]], chosen: str) -> Markup:
    """A drop-down of a form."""
    return tag(
        "select.pg-input.pg-select",
        (tag("option", text, value=value, selected=value == chosen) for value, text in options),
        name=name,
    )


def search_field(value: str, label: str) -> Markup:
    """The search of a page; `/` goes to it."""
    return tag(
        "div.pg-search",
        icon("search"),
        tag(
            "input",
            type="search",
            value=value,
            placeholder=label,
            aria_label=label,
            data_action="search",
            autocomplete="off",
            spellcheck="false",
        ),
        tag("kbd", "/", aria_hidden="true"),
    )


def choice(label: str, action: str, options: Sequence[tuple[str, str]], chosen: str) -> Markup:
    """A drop-down that filters or sorts."""
    return tag(
        "select.pg-input.pg-select",
        (tag("option", text, value=value, selected=value == chosen) for value, text in options),
        aria_label=label,
        title=label,
        data_action=action,
    )


def empty(symbol: str, title: str, text: Child = "", *, actions: Child = None) -> Markup:
    """What an empty place says: what it is and the first step."""
    return tag(
        "div.pg-empty",
        icon(symbol),
        tag("h2", title),
        tag("p", text) if text else None,
        tag("div.pg-row", actions) if actions else None,
    )


def problem_list(problems: Iterable[Diagnostic]) -> Markup:
    """Diagnostics as a list: code, sentence, place, what to do."""
    return tag("ul.pg-problems", (_problem(one) for one in problems))


def error_box(error: ErrorRecord | Diagnostic) -> Markup:
    """One error with its remedy."""
    return tag(
        "div.pg-error",
        icon("error"),
        tag("div", tag("strong", error.message), tag("p", error.remedy) if error.remedy else None),
        tag("code", error.code),
        role="alert",
    )


def category_style(category: str) -> str:
    """The colour of a module category, for use as `--category`."""
    plain = "".join(c for c in category if c.isalpha() or c == "_").lower()
    return f"--category: var(--category-{plain}, var(--category-other))"


def fact(name: Child, value: Child) -> Markup:
    """A name and its value in a `dl`."""
    return tag("div", tag("dt", name), tag("dd", value))


def took(seconds: float | None) -> Markup:
    """A duration in a table."""
    return tag("span.pg-number", seconds_words(seconds))


def _problem(problem: Diagnostic) -> Markup:
    symbol = {"error": "error", "warning": "warning"}.get(problem.severity, "info")
    return tag(
        f"li.pg-problem-{problem.severity}",
        icon(symbol),
        tag(
            "div",
            tag("p", problem.message),
            tag("p.pg-hint", problem.remedy) if problem.remedy else None,
            tag("p.pg-hint", tag("code", problem.where)) if problem.where else None,
        ),
        tag("code", problem.code),
    )
