"""How the compute targets look. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote

from designer.pages.elements import (
    button,
    error_box,
    fact,
    icon,
    problem_list,
    status_mark,
)
from designer.pages.markup import Markup, tag
from designer.pages.shell import heading
from designer.pages.target_forms import draw_forms, openers
from designer.pages.target_price_view import price_button, price_dialog
from designer.pages.words import bytes_words, cost_words, seconds_words
from designer.services.answers import TargetAnswer
from designer.services.cluster_words import node_words, transport_words
from runtime.model import (
    LOCAL,
    ClusterNode,
    ErrorRecord,
    Run,
    Slots,
    StepRun,
    Target,
    TargetKind,
    TargetReport,
    TargetResources,
)
from runtime.model.slots import KINDS, Kind, amount, slots_words

__all__ = ["RunningStep", "Shown", "Tested", "draw_targets"]

GIB = 1 << 30
_NAMES: dict[Kind, str] = {"gpus": "GPU", "memory_gib": "memory", "cpus": "processor"}
SYMBOLS: dict[TargetKind, str] = {
    "local": "computer",
    "ssh": "dns",
    "docker": "view_in_ar",
    "ray": "hub",
}


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
        typed: What a person typed for a target that could not be added, by its kind.
        where: Where each one's steps run, in words.
    """

    targets: Sequence[TargetAnswer]
    running: Mapping[str, Sequence[RunningStep]]
    tested: Mapping[str, Tested]
    testing: frozenset[str]
    typed: Mapping[str, Mapping[str, str]]
    where: Mapping[str, str]


def draw_targets(shown: Shown) -> Markup:
    """The whole page."""
    return tag(
        "div.pg-page.pg-page-narrow",
        heading(
            "Targets",
            *openers(),
            count=str(len(shown.targets)),
            lead="Where steps run. A node chooses its target under “Run settings”; data travels by "
            "itself, and a result is reused wherever it was made.",
        ),
        (_panel(one, shown) for one in shown.targets),
        _only_here() if len(shown.targets) == 1 else None,
        draw_forms(shown.typed),
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
            icon(SYMBOLS[target.kind]),
            tag("h2", target.name),
            tag("span.pg-muted", shown.where[target.name]),
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


def _facts(answer: TargetAnswer) -> list[Markup]:
    resources, settings = answer.target.resources, answer.target.settings
    facts = [
        fact("Shared among steps", _offers(answer.target)),
        fact("Free now", _free(resources, answer.taken)),
    ]
    if image := settings.get("image"):
        facts.append(fact("Image", tag("code", image)))
    if network := settings.get("network"):
        facts.append(fact("Network", str(network)))
    if answer.target.kind == "ray":
        own = "the nodes’ own"
        facts.append(fact("Python", "an environment made there" if settings.get("builds") else own))
    elif answer.target.name != LOCAL:
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
        _nodes(report.nodes),
        problem_list(report.problems) if report.problems else None,
    )


def _found(report: TargetReport) -> list[Markup]:
    gpus = Counter(_gpu(gpu.name, gpu.memory_bytes) for gpu in report.gpus)
    gpu_words = "; ".join(f"{n} × {one}" if n > 1 else one for one, n in gpus.items())
    engine = [fact("Engine", report.engine)] if report.engine else []
    facts = [
        *engine,
        fact("Host", f"{report.host}, as {report.user}" if report.user else report.host),
        fact("Python", report.python_version or "none"),
        fact("Processors", str(report.cpus)),
        fact("Memory", bytes_words(report.memory_bytes)),
        fact("GPUs", gpu_words or "none"),
        fact("Free disk", bytes_words(report.free_disk_bytes)),
    ]
    if report.images:
        built = ", ".join(f"{_short(one.name)}, {bytes_words(one.bytes)}" for one in report.images)
        facts.append(fact("Built images", built))
    if report.ray_version:
        facts.append(fact("Ray", report.ray_version))
        facts.append(fact("Artifacts through", transport_words(report)))
    if report.seconds:
        facts.append(fact("Answered in", seconds_words(report.seconds)))
    return facts


def _nodes(nodes: Sequence[ClusterNode]) -> Markup | None:
    if not nodes:
        return None
    rows = (tag("li", icon("dns"), tag("span", node_words(node))) for node in nodes)
    return tag("ul.pg-rows", rows, aria_label="Nodes of the cluster")


def _short(image: str) -> str:
    """An image of ours with as much of its digest as tells it from others."""
    repository, _, digest = image.partition(":")
    return f"{repository}:{digest[:8]}"


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
        "Any host with Python and SSH can run steps: a box with a GPU, a larger server. A Docker engine "
        "runs each step in a container of its own, a Ray cluster on whichever of its machines has room. "
        "Add one, and it can be chosen on every node.",
    )
