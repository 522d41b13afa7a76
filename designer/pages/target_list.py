"""How the compute targets look. Pure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote

from designer.pages.elements import (
    button,
    dialog,
    error_box,
    fact,
    field,
    icon,
    problem_list,
    status_mark,
    text_input,
)
from designer.pages.markup import Markup, tag
from designer.pages.shell import heading
from designer.pages.target_price_view import price_button, price_dialog
from designer.pages.words import bytes_words, cost_words, seconds_words
from designer.services.answers import TargetAnswer
from runtime.model import (
    LOCAL,
    ErrorRecord,
    Run,
    Slots,
    StepRun,
    Target,
    TargetReport,
    TargetResources,
)
from runtime.model.slots import KINDS, Kind, amount, slots_words

__all__ = ["RunningStep", "Shown", "Tested", "draw_targets"]

GIB = 1 << 30
_NAMES: dict[Kind, str] = {"gpus": "GPU", "memory_gib": "memory", "cpus": "processor"}


class RunningStep(NamedTuple):
    """A step that runs now, and the run it belongs to."""

    run: Run
    step: StepRun


class Tested(NamedTuple):
    """How the last test of a target ended; `error` where there was no way in."""

    report: TargetReport
    error: ErrorRecord | None = None


class Shown(NamedTuple):
    """Everything the page shows.

    Attributes:
        running: What runs on each target, by its name.
        tested: The last test of this page, by the target's name.
        testing: Targets that are being tested.
        typed: What a person typed for a host that could not be added.
    """

    targets: Sequence[TargetAnswer]
    running: Mapping[str, Sequence[RunningStep]]
    tested: Mapping[str, Tested]
    testing: frozenset[str]
    typed: Mapping[str, str]


def draw_targets(shown: Shown) -> Markup:
    """The whole page."""
    add = button("Add a host", opens="add-target", symbol="add", kind="primary")
    return tag(
        "div.pg-page.pg-page-narrow",
        heading(
            "Targets",
            add,
            count=str(len(shown.targets)),
            lead="Where steps run. A node chooses its target under “Run settings”; data travels by "
            "itself, and a result is reused wherever it was made.",
        ),
        (_panel(one, shown) for one in shown.targets),
        _only_here() if len(shown.targets) == 1 else None,
        _add_dialog(shown.typed),
    )


def _panel(answer: TargetAnswer, shown: Shown) -> Markup:
    target = answer.target
    is_testing = target.name in shown.testing
    remove = None
    if target.name != LOCAL:
        remove = button(
            f"Remove {target.name}",
            action="remove",
            value=target.name,
            symbol="delete_outline",
            is_icon=True,
            kind="quiet",
        )
    return tag(
        "section.pg-panel.pg-target",
        tag(
            "div.pg-panel-head",
            icon("computer" if target.name == LOCAL else "dns"),
            tag("h2", target.name),
            tag("span.pg-muted", _where(target)),
            tag("span.pg-spacer"),
            button(
                "Testing …" if is_testing else "Test",
                action="test",
                value=target.name,
                symbol="network_check",
                disabled=is_testing,
            ),
            price_button(target.name),
            remove,
        ),
        tag("dl.pg-facts.pg-facts-row", _facts(answer)),
        _result(shown.tested.get(target.name)),
        _running(shown.running.get(target.name, ())),
        price_dialog(answer),
        id=quote(target.name, safe=""),
        data_key=target.name,
    )


def _where(target: Target) -> str:
    settings = target.settings
    if "host" not in settings:
        return "this machine"
    user = f"{settings['user']}@" if settings.get("user") else ""
    port = f":{settings['port']}" if settings.get("port", 22) != 22 else ""
    return f"{user}{settings['host']}{port}"


def _facts(answer: TargetAnswer) -> list[Markup]:
    resources, settings = answer.target.resources, answer.target.settings
    facts = [
        fact("Shared among steps", _offers(answer.target)),
        fact("Free now", _free(resources, answer.taken)),
    ]
    if "host" in settings:
        python = settings.get("python") or "an environment of its own"
        facts.append(fact("Python", tag("code", python) if settings.get("python") else python))
    if answer.price_per_hour:
        facts.append(fact("Price of an hour", cost_words(answer.price_per_hour)))
    if answer.fingerprint:
        facts.append(fact("Pinned key", tag("code", answer.fingerprint)))
    return facts


def _offers(target: Target) -> str:
    resources = target.resources
    return slots_words(
        Slots(cpus=resources.cpus, memory_gib=resources.memory_gib, gpus=resources.gpus)
    )


def _free(resources: TargetResources, taken: Slots) -> str:
    """What nobody holds of each kind that there is."""
    left = {
        kind: max(0.0, round(getattr(resources, kind) - getattr(taken, kind), 2))
        for kind in KINDS
        if getattr(resources, kind)
    }
    if all(left[kind] == getattr(resources, kind) for kind in left):
        return "all of it"
    return ", ".join(
        amount(kind, count) if count else f"no {_NAMES[kind]}" for kind, count in left.items()
    )


def _result(tested: Tested | None) -> Markup | None:
    if tested is None:
        return None
    if tested.error is not None:
        return error_box(tested.error)
    report = tested.report
    word = "A step can run here" if report.can_run else "No step can run here"
    mark = tag(
        f"span.pg-status.pg-status-{'completed' if report.can_run else 'failed'}",
        icon("check_circle" if report.can_run else "error"),
        tag("span", word),
    )
    return tag(
        "div.pg-target-report",
        tag("p", mark, role="status"),
        tag("dl.pg-facts.pg-facts-row", _found(report)),
        problem_list(report.problems) if report.problems else None,
    )


def _found(report: TargetReport) -> list[Markup]:
    gpus = ", ".join(_gpu(gpu.name, gpu.memory_bytes) for gpu in report.gpus) or "none"
    facts = [
        fact("Host", f"{report.host}, as {report.user}" if report.user else report.host),
        fact("Python", report.python_version or "none"),
        fact("Processors", str(report.cpus)),
        fact("Memory", bytes_words(report.memory_bytes)),
        fact("GPUs", gpus),
        fact("Free disk", bytes_words(report.free_disk_bytes)),
    ]
    if report.seconds:
        facts.append(fact("Answered in", seconds_words(report.seconds)))
    return facts


def _gpu(name: str, memory_bytes: int) -> str:
    return f"{name}, {memory_bytes / GIB:.0f} GiB" if memory_bytes else name


def _running(steps: Sequence[RunningStep]) -> Markup:
    if not steps:
        return tag("p.pg-hint", "Nothing runs here now.")
    rows = (
        tag(
            "li",
            status_mark(step.status),
            tag(
                "a.pg-link",
                step.label or step.step,
                href=f"/runs/{quote(run.id, safe='')}?step={quote(step.step, safe='')}",
            ),
            tag("span.pg-muted", f"{run.name or 'Untitled pipeline'}, run {run.number}"),
            tag("span.pg-detail", step.detail) if step.detail else None,
            data_key=f"{run.id} {step.step}",
        )
        for run, step in steps
    )
    return tag("ul.pg-rows", rows, aria_label="Runs here now")


def _only_here() -> Markup:
    return tag(
        "p.pg-hint",
        "Any host with Python and SSH can run steps: a box with a GPU, a larger server. Add one, and "
        "it can be chosen on every node.",
    )


def _add_dialog(typed: Mapping[str, str]) -> Markup:
    def text(label: str, name: str, *, hint: str = "", **attributes: str | bool) -> Markup:
        return field(label, text_input(name, typed.get(name, ""), **attributes), hint=hint)

    more = tag(
        "details.pg-more",
        tag("summary", icon("chevron_right"), "More"),
        text("Private key", "key_file", placeholder="~/.ssh/id_ed25519", hint="A file on this machine. Empty: your own keys and agent."),
        text("Python", "python", placeholder="/usr/bin/python3", hint="Empty: an environment is built there with what steps need."),
        text("Folder of wheels", "wheels", hint="On the host, for environments without a network."),
        text("Fingerprint", "fingerprint", placeholder="SHA256:…", hint="The key that the host must show. Empty: what it shows now is pinned."),
    )  # fmt: skip
    return dialog(
        "add-target",
        "Add a host over SSH",
        (
            text("Name", "name", required=True, placeholder="gpu-box", hint="What nodes call it."),
            text("Host", "host", required=True, placeholder="gpu.example.org"),
            tag(
                "div.pg-field-row",
                text("User", "user", hint="Empty: who runs the designer."),
                text("Port", "port", placeholder="22", inputmode="numeric"),
            ),
            more,
        ),
        action="add",
        confirm="Reach it and add it",
    )
