"""How the tags and the note of a run look, and the dialog that changes them. Pure."""

from collections.abc import Mapping

from designer.pages.elements import button, dialog, field, icon, text_input
from designer.pages.markup import Markup, tag
from designer.pages.words import moment
from designer.store import RunMarks

__all__ = ["draw_marks", "marks_button", "marks_dialog", "tag_chips"]

DIALOG = "run-marks"


def marks_button() -> Markup:
    """What opens the dialog."""
    return button("Tags and note", opens=DIALOG, symbol="sell")


def draw_marks(marks: RunMarks) -> Markup | None:
    """The tags, each leading to the runs that have it, and the note."""
    if marks == RunMarks():
        return None
    by = tag("span.pg-muted", f"{marks.note_by}, ", moment(marks.note_at)) if marks.note else None
    note = tag("p.pg-run-note", marks.note) if marks.note else None
    return tag("div.pg-marks", tag_chips(marks, is_link=True), note, by)


def tag_chips(marks: RunMarks, *, is_link: bool = False) -> Markup | None:
    """The tags; a click shows the runs that have one."""
    if not marks.tags:
        return None
    return tag("span.pg-tags", (_chip(name, is_link=is_link) for name in marks.tags))


def marks_dialog(marks: RunMarks, typed: Mapping[str, str]) -> Markup:
    """Where both are changed; what was `typed` and could not be saved is still there."""
    tags = typed.get("tags", " ".join(marks.tags))
    note = tag("textarea.pg-input", typed.get("note", marks.note), name="note", rows="6")
    return dialog(
        DIALOG,
        "Tags and note",
        (
            field(
                "Tags",
                text_input("tags", tags, data_focus=True, spellcheck="false"),
                hint="Separated by spaces. Find them with tag:name in the list.",
            ),
            field("Note", note),
        ),
        action="marks",
        confirm="Save",
    )


def _chip(name: str, *, is_link: bool) -> Markup:
    inside = (icon("sell"), tag("span", name))
    title = f"Runs tagged {name}"
    if is_link:
        return tag("a.pg-tag", inside, href=f"/runs?q=tag:{name}", title=title)
    return tag(
        "button.pg-tag", inside, type="button", data_action="tag", data_value=name, title=title
    )
