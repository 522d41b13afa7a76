"""The steps in a module version's life, each with what it brings about. Pure."""

from collections.abc import Sequence

from designer.pages.elements import button, dialog, field, menu, menu_item, text_input
from designer.pages.library_list import ModuleCard
from designer.pages.markup import Child, Markup, tag
from runtime.model import ModuleSpec

__all__ = ["draw_actions"]


def draw_actions(card: ModuleCard, spec: ModuleSpec, others: Sequence[str]) -> Markup:
    """Buttons and dialogs for what can be done with the version that is shown."""
    if spec.version == "draft":
        opener = button("Publish", opens="publish", kind="primary", symbol="publish")
        return Markup(opener + _publish_dialog(card, spec))
    items: list[Markup] = []
    if spec.version != card["default"] and spec.state != "disabled":
        items.append(
            menu_item("Make it the default", "star", data_action="default", data_value=spec.version)
        )
    if spec.state == "active":
        items.append(menu_item("Deprecate", "warning", data_opens="deprecate"))
    else:
        items.append(menu_item("Enable", "check_circle", data_opens="enable"))
    if spec.state != "disabled":
        items.append(menu_item("Disable", "block", data_opens="disable"))
    dialogs = (_deprecate_dialog(spec, others), _disable_dialog(spec), _enable_dialog(spec))
    return Markup(menu("module-menu", "Actions for this version", items) + "".join(dialogs))


def _publish_dialog(card: ModuleCard, spec: ModuleSpec) -> Markup:
    known = [v["version"] for v in card["versions"] if v["version"] != "draft"]
    so_far = ", ".join(known) or "none"
    body: list[Child] = [
        tag(
            "p.pg-hint",
            "The source is copied and frozen: pipelines that use this version give the same "
            "result for ever. The draft stays, and you can go on editing it.",
        ),
        field(
            "Version",
            text_input("version", "", placeholder="as the @module line says", autofocus=True),
            hint=f"Three numbers, as in 1.2.0. Published so far: {so_far}.",
        ),
        field("What changed", tag("textarea.pg-input", name="changelog", rows="3")),
        tag(
            "label.pg-check",
            tag("input", type="checkbox", name="make_default", value="yes", checked=True),
            "A fresh drop uses this version",
        ),
    ]
    return dialog("publish", f"Publish {spec.title}", body, action="publish", confirm="Publish")


def _deprecate_dialog(spec: ModuleSpec, others: Sequence[str]) -> Markup:
    options = tag("datalist", (tag("option", value=one) for one in others), id="modules")
    body: list[Child] = [
        tag(
            "p.pg-hint",
            "It goes on working in every pipeline that has it, with your message beside it. "
            "New drops take another version where there is one.",
        ),
        field("Message", text_input("message", "", required=True, autofocus=True)),
        field(
            "Use instead", text_input("replacement", "", list="modules"), hint="A module's name."
        ),
        options,
        _scope(spec),
    ]
    return dialog(
        "deprecate",
        f"Deprecate {spec.title} {spec.version}",
        body,
        action="deprecate",
        value=spec.version,
        confirm="Deprecate",
    )


def _disable_dialog(spec: ModuleSpec) -> Markup:
    body: list[Child] = [
        tag(
            "p.pg-hint",
            "Pipelines that have it open, but cannot run until it is enabled again or replaced. "
            "Past runs and what they made stay.",
        ),
        field("Reason", text_input("message", "", required=True, autofocus=True)),
        _scope(spec),
    ]
    return dialog(
        "disable",
        f"Disable {spec.title} {spec.version}",
        body,
        action="disable",
        value=spec.version,
        confirm="Disable",
        kind="danger",
    )


def _enable_dialog(spec: ModuleSpec) -> Markup:
    body: list[Child] = [
        tag("p.pg-hint", "It can be dropped and run again, without a warning."),
        _scope(spec),
    ]
    return dialog(
        "enable",
        f"Enable {spec.title} {spec.version}",
        body,
        action="enable",
        value=spec.version,
        confirm="Enable",
    )


def _scope(spec: ModuleSpec) -> Markup:
    return field(
        "Which",
        tag(
            "select.pg-input.pg-select",
            tag("option", f"Version {spec.version}", value="version"),
            tag("option", "Every version of the module", value="module"),
            name="scope",
        ),
    )
