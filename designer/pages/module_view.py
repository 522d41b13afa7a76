"""How a module looks: documentation, ports, parameters, source; versions and use beside them."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from designer.pages.docstring import draw_docstring, inline
from designer.pages.elements import (
    button,
    category_style,
    choice,
    error_box,
    fact,
    icon,
)
from designer.pages.library_list import ModuleCard, category_title, state_badge
from designer.pages.markup import Child, Markup, tag
from designer.pages.module_actions import draw_actions
from designer.pages.words import number_words
from designer.services.module_sources import SourceFile
from runtime.model import Diagnostic, InputPort, ModuleSpec, OutputPort, ParameterSpec

__all__ = ["Shown", "draw_module"]

Port = InputPort | OutputPort

_KINDS = {
    "function": "Python function",
    "script": "Python script",
    "command": "Command",
    "notebook": "Notebook",
    "subgraph": "Subgraph",
}


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the page shows."""

    card: ModuleCard
    spec: ModuleSpec | None
    sources: Sequence[SourceFile]
    usage: dict[str, list[dict[str, Any]]]
    others: Sequence[str] = ()


def draw_module(shown: Shown) -> Markup:
    """The whole page."""
    card, spec = shown.card, shown.spec
    problem = msgspec.convert(card["error"], Diagnostic) if card["error"] else None
    main: list[Child] = [error_box(problem) if problem else None]
    if spec is not None:
        main += [_state_note(spec), *_about(spec), _source(shown.sources)]
    return tag(
        "div.pg-page",
        _crumbs(card),
        _title(shown),
        tag(
            "div.pg-columns",
            tag("div.pg-column-main", main),
            tag("aside.pg-column-side", _side(shown)),
        ),
        style=category_style(card["category"]),
    )


def _crumbs(card: ModuleCard) -> Markup:
    category = card["category"]
    return tag(
        "nav.pg-crumbs",
        tag("a", "Library", href="/library"),
        icon("chevron_right"),
        tag("a", category_title(category), href=f"/library?category={quote(category, safe='')}"),
        aria_label="Where",
    )


def _title(shown: Shown) -> Markup:
    card, spec = shown.card, shown.spec
    versions = [(v["version"], _version_words(v, card["default"])) for v in card["versions"]]
    picker = None
    if spec is not None:
        picker = choice("Version", "version", list(reversed(versions)), spec.version)
    return tag(
        "div.pg-heading.pg-module-heading",
        tag("span.pg-module-icon.pg-module-icon-large", icon(card["icon"] or "extension")),
        tag("div", tag("h1", card["title"]), tag("code.pg-muted", card["id"])),
        tag("span.pg-spacer"),
        tag("div.pg-row", picker, draw_actions(card, spec, shown.others) if spec else None),
        tag("p.pg-lead", inline(card["summary"])) if card["summary"] else None,
    )


def _version_words(version: dict[str, Any], default: str | None) -> str:
    if version["version"] == "draft":
        return "Draft"
    words = f"Version {version['version']}"
    if version["version"] == default:
        words += " (default)"
    return words if version["state"] == "active" else f"{words}, {version['state']}"


def _state_note(spec: ModuleSpec) -> Markup | None:
    if spec.state == "active":
        return None
    words: list[Child] = [spec.state_message or f"This version is {spec.state}."]
    if spec.replacement:
        known = spec.replacement.partition("@")[0]
        link = tag("a.pg-link", spec.replacement, href=f"/library/{quote(known, safe='')}")
        words += [" Use ", link, " instead."]
    return tag(f"div.pg-note.pg-note-{spec.state}", state_badge(spec.state), tag("p", words))


def _about(spec: ModuleSpec) -> Iterable[Child]:
    text = spec.documentation.strip()
    if text.startswith(spec.summary):
        text = text[len(spec.summary) :]
    if text.strip():
        yield tag(
            "section.pg-block", draw_docstring(text, without=("Args", "Returns", "Attributes"))
        )
    if spec.inputs or spec.outputs:
        yield tag(
            "section.pg-block",
            tag("h2", "Ports"),
            tag("div.pg-ports", _ports("In", spec.inputs), _ports("Out", spec.outputs)),
        )
    if spec.parameters:
        yield tag("section.pg-block", tag("h2", "Parameters"), _parameters(spec.parameters))


def _ports(title: str, ports: Sequence[Port]) -> Markup | None:
    if not ports:
        return None
    return tag("div", tag("h3", title), tag("ul", (_port(port) for port in ports)))


def _port(port: Port) -> Markup:
    plain = "".join(c for c in port.type if c.isalpha()).lower()
    notes = []
    if isinstance(port, InputPort):
        notes = [
            w for w, is_so in (("optional", port.optional), ("many wires", port.many)) if is_so
        ]
    return tag(
        "li",
        tag("span.pg-dot", style=f"background: var(--type-{plain}, var(--type-any))"),
        tag(
            "div",
            tag(
                "p",
                tag("code", port.name),
                " ",
                tag("span.pg-muted", port.type, *(f", {note}" for note in notes)),
            ),
            tag("p.pg-hint", inline(port.description)) if port.description else None,
        ),
    )


def _parameters(parameters: Sequence[ParameterSpec]) -> Markup:
    head = (tag("th", title, scope="col") for title in ("Parameter", "Kind", "Default", "Meaning"))
    return tag(
        "div.pg-table-box",
        tag(
            "table.pg-table.pg-parameters",
            tag("thead", tag("tr", head)),
            tag("tbody", (_parameter(one) for one in parameters)),
        ),
    )


def _parameter(one: ParameterSpec) -> Markup:
    default = tag("span.pg-muted", "required") if one.required else _value(one.default)
    shown = [
        tag(
            "p.pg-hint",
            "Shown when ",
            tag("code", rule.parameter),
            " is ",
            " or ".join(str(value) for value in rule.values),
            ".",
        )
        for rule in one.visible_when
    ]
    return tag(
        "tr",
        tag("td", tag("p", one.title or one.name), tag("code.pg-muted", one.name)),
        tag("td", one.kind, tag("p.pg-hint", _limits(one)) if _limits(one) else None),
        tag("td", default, f" {one.unit}" if one.unit and not one.required else None),
        tag("td", tag("p", inline(one.description)), shown),
    )


def _value(value: object) -> Child:
    if value is None or value == "":
        return tag("span.pg-muted", "none" if value is None else "empty")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number_words(value)
    if isinstance(value, str):
        return value if len(value) < 60 else tag("code", value[:57] + "…")
    return tag("code", msgspec.json.encode(value).decode()[:80])


def _limits(one: ParameterSpec) -> str:
    if one.options:
        return ", ".join(str(option) for option in one.options)
    low, high = one.minimum, one.maximum
    more, less = (
        ("> " if one.exclusive_minimum else "≥ "),
        ("< " if one.exclusive_maximum else "≤ "),
    )
    parts = [
        f"{more}{number_words(low)}" if low is not None else "",
        f"{less}{number_words(high)}" if high is not None else "",
    ]
    return ", ".join(part for part in parts if part)


def _source(sources: Sequence[SourceFile]) -> Markup | None:
    return tag("div", _files(sources)) if sources else None


def _files(sources: Sequence[SourceFile]) -> Iterable[Child]:
    """Each file in a section of its own; the one that is run is open."""
    for number, one in enumerate(sources):
        name = tag("span.pg-muted", tag("code", one.name))
        title = "Source" if number == 0 else ""
        shown = Markup(one.html) if one.html else _unshown(one)
        yield tag(
            "details.pg-section",
            tag("summary", icon("chevron_right"), title, name),
            shown,
            data_key=f"source-{one.name}",
            open=number == 0,
        )


def _unshown(one: SourceFile) -> Markup:
    return tag("p.pg-muted", f"{number_words(one.bytes)} bytes, not shown here.")


def _side(shown: Shown) -> list[Child]:
    spec, card = shown.spec, shown.card
    parts: list[Child] = []
    if spec is not None:
        parts.append(_facts(spec))
    if card["versions"]:
        lines = (_version(v, card, spec) for v in reversed(card["versions"]))
        parts.append(tag("section", tag("h2", "Versions"), tag("ul.pg-versions", lines)))
    parts.append(_usage(shown.usage))
    return parts


def _facts(spec: ModuleSpec) -> Markup:
    digest = tag(
        "button.pg-copy",
        tag("code", spec.digest[:15] + "…", data_label=True),
        icon("content_copy"),
        type="button",
        data_copy=spec.digest,
        title=f"Copy {spec.digest}",
    )
    origin = {
        "builtin": "Built in",
        "workspace": "This workspace",
        "draft": "Draft in this workspace",
    }
    return tag(
        "dl.pg-facts",
        fact("Kind", _KINDS[spec.kind]),
        fact("State", state_badge("draft" if spec.origin == "draft" else spec.state)),
        fact("From", origin.get(spec.origin, spec.origin)),
        fact("Author", spec.author) if spec.author else None,
        fact("Published", spec.published_at) if spec.published_at else None,
        fact("Needs", ", ".join(spec.requirements)) if spec.requirements else None,
        fact(
            "Runs", "in a process of its own" if spec.entry.isolated else "in a shared warm worker"
        ),
        fact("Reuse", None if spec.reusable else "never; it runs every time")
        if not spec.reusable
        else None,
        fact("Tags", ", ".join(spec.tags)) if spec.tags else None,
        fact("Digest", digest),
    )


def _version(version: dict[str, Any], card: ModuleCard, spec: ModuleSpec | None) -> Markup:
    number = version["version"]
    is_shown = spec is not None and spec.version == number
    state = "draft" if number == "draft" else version["state"]
    note = version["changelog"] or version["message"]
    about = " · ".join(part for part in (version["published_at"][:10], version["author"]) if part)
    return tag(
        "li",
        tag(
            "div.pg-row",
            button(
                "Draft" if number == "draft" else number,
                action="version",
                value=number,
                kind="quiet",
            )
            if not is_shown
            else tag("strong", "Draft" if number == "draft" else number),
            tag("span.pg-badge", "default") if number == card["default"] else None,
            tag("span.pg-spacer"),
            state_badge(state) if state not in ("active", "draft") else None,
        ),
        tag("p.pg-hint", about) if about else None,
        tag("p.pg-hint", note) if note else None,
        aria_current="true" if is_shown else None,
    )


def _usage(usage: dict[str, list[dict[str, Any]]]) -> Markup:
    pipelines, runs = usage.get("pipelines", []), usage.get("runs", [])
    if not pipelines and not runs:
        return tag("section", tag("h2", "Used by"), tag("p.pg-muted", "Nothing uses it so far."))
    lines = (
        tag(
            "li",
            tag("a.pg-link", one["name"], href=f"/pipelines/{quote(one['id'], safe='')}"),
            tag("span.pg-muted", " ", ", ".join(one["versions"])),
        )
        for one in pipelines
    )
    recent = tag("p.pg-hint", f"{len(runs)} recent runs" if len(runs) != 1 else "1 recent run")
    return tag("section", tag("h2", "Used by"), tag("ul.pg-plain-list", lines), recent)
