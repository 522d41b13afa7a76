"""How the environments look. Pure."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from designer.pages.elements import button, dialog, error_box, fact, field, icon, text_input
from designer.pages.markup import Child, Markup, tag
from designer.pages.shell import heading
from designer.pages.words import bytes_words, moment, seconds_words
from designer.services.answers import EnvironmentAnswer, EnvironmentList, EnvironmentUse
from runtime.environments.building import Progress, words
from runtime.environments.ready import ReadyEnvironment
from runtime.model import DESIGNER, PackageSource

__all__ = ["draw_environments"]


def draw_environments(listed: EnvironmentList, typed: Mapping[str, str]) -> Markup:
    """The whole page.

    Args:
        listed: What there is.
        typed: What a person typed for an environment that could not be added.
    """
    names = {one.environment.name for one in listed.environments}
    add = button("Add an environment", opens="add-environment", symbol="add", kind="primary")
    return tag(
        "div.pg-page.pg-page-narrow",
        heading(
            "Environments",
            add,
            count=str(len(listed.environments) + 1),
            lead="The packages that steps run with. A node chooses one under “Run settings”; a "
            "module that asks for more than the designer has gets one by itself. Each is built once "
            "wherever a step first needs it, and never changes what the designer runs with.",
        ),
        _own(listed),
        (_panel(one) for one in listed.environments),
        _ready([one for one in listed.ready if one.name not in names]),
        _source(listed.source),
        _add_dialog(typed),
        _source_dialog(listed.source),
    )


def _own(listed: EnvironmentList) -> Markup:
    return tag(
        "section.pg-panel.pg-target",
        tag(
            "div.pg-panel-head", icon("home"), tag("h2", DESIGNER), tag("span.pg-muted", "its own")
        ),
        tag(
            "dl.pg-facts.pg-facts-row",
            fact("Python", listed.python),
            fact("Packages", str(listed.packages)),
            fact("Used by", "built-in modules, and all whose requirements it meets"),
        ),
        data_key=DESIGNER,
    )


def _panel(answer: EnvironmentAnswer) -> Markup:
    environment = answer.environment
    name = environment.name or answer.digest.removeprefix("b3:")[:12]
    kind = "" if environment.name else "asked for by a module"
    build = None
    if answer.built is None:
        build = button(
            "Building …" if answer.is_building else "Build",
            action="build",
            value=name,
            symbol="construction",
            disabled=answer.is_building,
            title="Build it on this machine now",
        )
    remove = button(
        f"Remove {environment.title}",
        action="remove",
        value=name,
        symbol="delete_outline",
        is_icon=True,
        kind="quiet",
    )
    return tag(
        "section.pg-panel.pg-target",
        tag(
            "div.pg-panel-head",
            icon("inventory_2"),
            tag("h2", environment.title),
            tag("span.pg-muted", kind) if kind else None,
            tag("span.pg-spacer"),
            build,
            remove,
        ),
        tag("dl.pg-facts.pg-facts-row", _facts(answer)),
        _progress(answer.progress),
        error_box(answer.failure) if answer.failure and not answer.is_building else None,
        _packages(environment.locked, answer.digest),
        id=quote(name, safe=""),
        data_key=name,
    )


def _facts(answer: EnvironmentAnswer) -> list[Markup]:
    environment = answer.environment
    facts = [
        fact("Python", environment.python),
        fact("Packages", str(len(environment.locked))),
        fact("On this machine", _built(answer)),
        fact("Used by", _users(answer)),
    ]
    if environment.name:
        facts.append(fact("Asked for", tag("code", ", ".join(environment.requirements) or "–")))
    if environment.source != PackageSource():
        facts.append(fact("From", environment.source.wheels or environment.source.extra_index))
    return facts


def _built(answer: EnvironmentAnswer) -> Child:
    built = answer.built
    if built is None:
        return "being built" if answer.is_building else "not built yet"
    took = seconds_words(built.seconds)
    return (f"{bytes_words(built.bytes)}, built in {took}, ", moment(built.built_at))


def _users(answer: EnvironmentAnswer) -> Child:
    if answer.modules:
        return ", ".join(answer.modules)
    if not answer.nodes:
        return "nothing so far"
    links: list[Child] = []
    for use in answer.nodes:
        links += [", ", _link(use)] if links else [_link(use)]
    return links


def _link(use: EnvironmentUse) -> Markup:
    pipeline = use.pipeline or "Untitled pipeline"
    text = f"{use.label} in {pipeline}" if use.node else f"all of {pipeline}"
    return tag("a.pg-link", text, href=f"/pipelines/{quote(use.pipeline_id, safe='')}")


def _progress(progress: Progress | None) -> Markup | None:
    if progress is None:
        return None
    text = words("", progress)
    return tag(
        "div.pg-build",
        tag(
            "progress",
            value=progress.done,
            max=max(progress.total, 1),
            aria_label="Packages that the build has come to",
        ),
        tag("p.pg-hint", f"{text[:1].upper()}{text[1:]}", role="status"),
    )


def _packages(locked: Sequence[str], digest: str) -> Markup:
    return tag(
        "details.pg-more",
        tag("summary", icon("chevron_right"), "Locked versions"),
        tag("p.pg-hint", "Digest ", tag("code", digest[:15])),
        tag("ul.pg-packages", (tag("li", tag("code", line)) for line in locked)),
    )


def _ready(ready: Sequence[ReadyEnvironment]) -> Markup | None:
    if not ready:
        return None
    rows = (
        tag(
            "li",
            icon("inventory_2"),
            tag(
                "div",
                tag("p", tag("strong", one.name), tag("span.pg-muted", f"  {one.summary}")),
                tag("p.pg-hint", tag("code", ", ".join(one.requirements))),
                tag("p.pg-hint", one.note) if one.note else None,
            ),
            tag("span.pg-spacer"),
            button("Add", action="add-ready", value=one.name, symbol="add"),
            data_key=one.name,
        )
        for one in ready
    )
    return tag(
        "section.pg-section",
        tag("h2", "Ready to be added"),
        tag("ul.pg-rows", rows, aria_label="Ready environments"),
    )


def _source(source: PackageSource) -> Markup:
    if source.wheels:
        said = ("The folder ", tag("code", source.wheels), ". No network is used.")
    elif source.index:
        said = ("The index ", tag("code", source.index), ".")
    else:
        said = ("The usual index of ", tag("code", "uv"), ".")
    return tag(
        "section.pg-panel.pg-settings",
        tag("h2", "Where packages come from"),
        tag(
            "div.pg-setting",
            tag("div", tag("p", said), tag("p.pg-hint", "A host that has a folder of wheels of its own uses that.")),
            button("Change", opens="package-source", symbol="tune"),
        ),
    )  # fmt: skip


def _add_dialog(typed: Mapping[str, str]) -> Markup:
    def text(label: str, name: str, *, hint: str = "", **attributes: str | bool) -> Markup:
        return field(label, text_input(name, typed.get(name, ""), **attributes), hint=hint)

    wishes = tag(
        "textarea.pg-input.pg-code",
        typed.get("requirements", ""),
        name="requirements",
        rows="5",
        placeholder="lightgbm>=4.6\nscikit-learn>=1.6",
        spellcheck="false",
    )
    more = tag(
        "details.pg-more",
        tag("summary", icon("chevron_right"), "More"),
        text("Python", "python", placeholder="3.11", hint="Empty: that of the designer."),
        text(
            "Index", "index", placeholder="https://…", hint="Empty: where all packages come from."
        ),
        text("Folder of wheels", "wheels", hint="On this machine, instead of an index."),
    )
    return dialog(
        "add-environment",
        "Add an environment",
        (
            text("Name", "name", required=True, placeholder="boosting", hint="What nodes call it."),
            field("Packages", wishes, hint="One on a line, as pip reads them."),
            more,
        ),
        action="add",
        confirm="Resolve and add",
    )


def _source_dialog(source: PackageSource) -> Markup:
    return dialog(
        "package-source",
        "Where packages come from",
        (
            field(
                "Index",
                text_input("index", source.index, placeholder="https://pypi.org/simple"),
                hint="Empty: the usual one.",
            ),
            field(
                "Folder of wheels",
                text_input("wheels", source.wheels),
                hint="On this machine. Where it is given, no index is asked and no network used.",
            ),
        ),
        action="source",
        confirm="Use that",
    )
