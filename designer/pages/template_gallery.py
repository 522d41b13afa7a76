"""What a new pipeline may start from: nothing, or a sample, each as a card with its picture."""

from collections.abc import Sequence

from designer.pages.elements import dialog, field, icon, text_input
from designer.pages.markup import Child, Markup, tag
from designer.pages.thumbnail import draw_thumbnail
from designer.pages.words import count_words
from designer.services.answers import Sample, Thumbnail

__all__ = ["new_dialog"]

_NAME_FIELD = "new-name"


def new_dialog(samples: Sequence[Sample]) -> Markup:
    """The dialog of a name and a card to start from; the cards are one group of radio buttons."""
    name = text_input(
        "name",
        placeholder="Untitled pipeline",
        maxlength="200",
        autofocus=True,
        id=_NAME_FIELD,
    )
    gallery = tag(
        "div.pg-templates",
        _empty_card(),
        (_sample_card(sample) for sample in samples),
        role="radiogroup",
        aria_label="Start from",
    )
    return dialog(
        "new",
        "New pipeline",
        (field("Name", name), tag("span.pg-field-label", "Start from"), gallery),
        action="new",
        confirm="Create",
        is_wide=True,
    )


def _empty_card() -> Markup:
    text = "A canvas with nothing on it, for a pipeline of your own."
    return _card("", "Empty", Thumbnail(), tag("span.pg-card-about", text), fills="")


def _sample_card(sample: Sample) -> Markup:
    text = (
        tag("span.pg-card-about", _first_sentence(sample.description), title=sample.description),
        tag("span.pg-template-learned", icon("school"), tag("span", sample.learned))
        if sample.learned
        else None,
        tag("span.pg-muted", count_words(sample.node_count, "node")),
    )
    return _card(sample.id, sample.name, sample.thumbnail, text, fills=sample.name)


def _card(template: str, title: str, looks: Thumbnail, text: Child, *, fills: str) -> Markup:
    about = f"template-{template or 'empty'}"
    return tag(
        "label.pg-card.pg-template",
        tag(
            "input",
            type="radio",
            name="template",
            value=template,
            checked=not template,
            aria_label=title,
            aria_describedby=about,
            data_into=_NAME_FIELD,
            data_fills=fills,
        ),
        tag("span.pg-card-picture", draw_thumbnail(looks)),
        tag("span.pg-template-text", tag("strong", title), tag("span", text, id=about)),
        data_submits=True,
        data_key=about,
    )


def _first_sentence(text: str) -> str:
    first, stop, _ = text.partition(". ")
    return f"{first}." if stop else text
