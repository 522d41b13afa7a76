"""How the settings look. Pure."""

from typing import Any

from designer.pages.elements import dialog, fact, icon
from designer.pages.markup import Child, Markup, tag
from designer.pages.shell import heading
from designer.pages.words import bytes_words
from runtime.stores.collection import Retention

__all__ = ["draw_settings"]

DAY_S = 86_400
THEMES = (
    ("auto", "As the system", "brightness_auto"),
    ("light", "Light", "light_mode"),
    ("dark", "Dark", "dark_mode"),
)
WHEELS = (
    ("auto", "Mouse zooms, trackpad pans", ""),
    ("zoom", "Always zoom", ""),
    ("pan", "Always pan", ""),
)
_PARTS = {
    "artifacts": "Artifacts",
    "logs": "Logs",
    "databases": "Databases",
    "environments": "Environments",
}
_PRODUCTS = {"designer": "Designer", "python": "Python", "nicegui": "NiceGUI"}


def draw_settings(facts: dict[str, Any]) -> Markup:
    """The whole page."""
    return tag(
        "div.pg-page.pg-page-narrow",
        heading("Settings"),
        _panel(
            "Appearance",
            _setting("Theme", "Kept in this browser.", _segments("designer.theme", THEMES)),
            _setting(
                "Wheel on the canvas",
                "Ctrl and the wheel, or a pinch, always zoom.",
                _segments("designer.wheel", WHEELS),
            ),
            _setting(
                "Keys and gestures",
                ("Press ", tag("kbd", "?"), " on any canvas for all of them."),
                tag("span.pg-keys", tag("kbd", "?")),
            ),
        ),
        _panel("Workspace", _workspace(facts)),
        _panel("Disk", _disk(facts["disk"])),
        _panel("About", _about(facts)),
        _collect_dialog(),
    )


def _panel(title: str, *children: Child) -> Markup:
    return tag("section.pg-panel.pg-settings", tag("h2", title), children)


def _setting(title: str, text: Child, control: Child) -> Markup:
    return tag("div.pg-setting", tag("div", tag("p", title), tag("p.pg-hint", text)), control)


def _segments(key: str, options: tuple[tuple[str, str, str], ...]) -> Markup:
    return tag(
        "div.pg-segments",
        (
            tag(
                "button",
                icon(symbol) if symbol else None,
                title,
                type="button",
                role="radio",
                aria_checked="false",
                data_keeps=key,
                data_value=value,
            )
            for value, title, symbol in options
        ),
        role="radiogroup",
    )


def _workspace(facts: dict[str, Any]) -> list[Markup]:
    path = str(facts["path"])
    is_connected = facts["runner"]["connected"]
    state = tag(
        f"span.pg-status.pg-status-{'completed' if is_connected else 'queued'}",
        icon("check_circle" if is_connected else "hourglass_top"),
        tag("span", "Ready" if is_connected else "Starting"),
    )
    return [
        _setting("Folder", "Pipelines, modules, runs and artifacts lie here.", _copied(path)),
        _setting(
            "Runner",
            "A process of its own: runs go on while the page or the designer is closed.",
            state,
        ),
        _setting(
            "Token for programs",
            "Send it as a bearer token to /api/v1. Only your user can read the file.",
            _copied(f"{path}/server/token"),
        ),
    ]


def _copied(text: str) -> Markup:
    return tag(
        "button.pg-copy",
        tag("code", text, data_label=True),
        icon("content_copy"),
        type="button",
        data_copy=text,
        title="Copy",
    )


def _disk(disk: dict[str, Any]) -> list[Markup]:
    parts: dict[str, int] = disk["parts"]
    used = max(sum(parts.values()), 1)
    bar = tag(
        "div.pg-disk",
        (
            tag(
                f"span.pg-disk-{name}",
                style=f"flex-grow: {size / used:.4f}",
                title=f"{_PARTS.get(name, name)}: {bytes_words(size)}",
            )
            for name, size in parts.items()
            if size
        ),
        aria_hidden="true",
    )
    legend = (
        fact(
            (tag(f"span.pg-dot.pg-disk-{name}"), _PARTS.get(name, name)),
            bytes_words(size),
        )
        for name, size in parts.items()
    )
    kinds: dict[str, int] = disk.get("by_type", {})
    by_type = [
        f"{_kind(name)} {bytes_words(size)}"
        for name, size in sorted(kinds.items(), key=lambda item: -item[1])
        if size
    ]
    collect = tag(
        "button.pg-button.pg-plain",
        icon("cleaning_services"),
        tag("span", "Collect what is old"),
        type="button",
        data_opens="collect",
    )
    return [
        tag("div.pg-setting.pg-setting-tall", bar, tag("dl.pg-facts.pg-facts-row", legend)),
        _setting(
            "Artifacts by type",
            ", ".join(by_type) or "None yet.",
            None,
        ),
        _setting(f"{bytes_words(disk['free'])} free on this disk", _policy(), collect),
    ]


def _policy() -> str:
    rule = Retention()
    return (
        f"The {rule.newest_runs} newest runs, every run of the last "
        f"{rule.youngest_s / DAY_S:.0f} days and everything that a frozen node holds are kept."
    )


def _kind(name: str) -> str:
    return "not used by any run" if name == "unused" else name


def _about(facts: dict[str, Any]) -> Markup:
    lines = (fact(_PRODUCTS.get(k, k), v) for k, v in facts["versions"].items())
    return tag("div.pg-setting", tag("dl.pg-facts.pg-facts-row", lines))


def _collect_dialog() -> Markup:
    text = (
        tag("p", "Artifacts and logs of older runs are removed from the disk."),
        tag("p.pg-hint", _policy()),
        tag(
            "p.pg-hint",
            "The records of all runs stay: what ran, why, with which metrics. A step whose result "
            "was removed is computed again when it is needed.",
        ),
    )
    return dialog("collect", "Collect what is old", text, action="collect", confirm="Collect")
