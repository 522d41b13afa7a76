"""`designer target`: list, add, test, remove."""

import argparse
import asyncio
from contextlib import closing

from designer.commands.output import complain, complain_about, print_json, print_table, say
from designer.commands.place import workspace_of
from designer.services.cluster_words import node_words, transport_words
from runtime.execution.held_now import held_now
from runtime.model import Slots, Target, TargetKind, TargetReport, TargetResources
from runtime.model.slots import amount, slots_words
from runtime.stores import SqliteRunStore
from runtime.stores.workspace import Workspace
from runtime.targets.declaring import declare, examine
from runtime.targets.kinds import fingerprint_of, where
from runtime.targets.target_file import TargetFile

INFRASTRUCTURE = 3
SETTINGS: dict[TargetKind, dict[str, str]] = {
    "ssh": {
        "host": "host",
        "port": "port",
        "user": "user",
        "key_file": "key",
        "python": "python",
        "wheels": "wheels",
        "folder": "folder",
    },
    "docker": {
        "url": "url",
        "tls_folder": "tls",
        "image": "image",
        "python": "python",
        "wheels": "wheels",
        "network": "network",
        "copies": "copies",
    },
    "ray": {
        "address": "ray",
        "token_file": "token",
        "builds": "builds",
        "wheels": "wheels",
        "folder": "folder",
    },
}
"""The option of `add` that gives each setting of a kind."""


def list_targets(chosen: argparse.Namespace) -> int:
    """Where steps can run."""
    place = workspace_of(chosen)
    targets, taken = TargetFile(place).targets().values(), _taken(Workspace(place))
    if chosen.json:
        found = [
            {
                "target": one,
                "fingerprint": fingerprint_of(one),
                "taken": taken.get(one.name, Slots(cpus=0)),
            }
            for one in targets
        ]
        print_json({"targets": found})
        return 0
    rows = [(*_row(one), _taken_words(taken.get(one.name))) for one in targets]
    print_table([("NAME", "KIND", "WHERE", "OFFERS", "TAKEN NOW"), *rows])
    return 0


def _taken(workspace: Workspace) -> dict[str, Slots]:
    if not workspace.runs_db.exists():
        return {}
    with closing(SqliteRunStore(workspace.runs_db)) as store:
        return held_now(store)


def _taken_words(taken: Slots | None) -> str:
    return slots_words(taken) if taken is not None else "nothing"


def add(chosen: argparse.Namespace) -> int:
    """Declare a host, whose key is shown and pinned, a Docker engine or a Ray cluster."""
    kind: TargetKind = "docker" if chosen.docker else "ssh" if chosen.ray is None else "ray"
    given = {name: getattr(chosen, option) for name, option in SETTINGS[kind].items()}
    target = Target(
        name=chosen.name,
        kind=kind,
        settings={name: value for name, value in given.items() if value},
        resources=TargetResources(cpus=chosen.cpus) if chosen.cpus else TargetResources(),
    )
    workspace = Workspace(workspace_of(chosen))
    declared = asyncio.run(declare(workspace.path, target, fingerprint=chosen.fingerprint))
    if chosen.json:
        print_json(declared)
        return 0
    pinned = f" Its key is pinned: {declared.fingerprint}" if declared.fingerprint else ""
    say(f"'{target.name}' is added.{pinned}")
    _tell(declared.report)
    return 0


def test(chosen: argparse.Namespace) -> int:
    """Connect and say what it offers; the status is 3 when no step can run there."""
    report = asyncio.run(examine(TargetFile(workspace_of(chosen)).get(chosen.name)))
    if chosen.json:
        print_json(report)
    else:
        _tell(report)
    return 0 if report.can_run else INFRASTRUCTURE


def remove(chosen: argparse.Namespace) -> int:
    """Forget a target."""
    target = TargetFile(workspace_of(chosen)).remove(chosen.name)
    if chosen.json:
        print_json({"removed": target.name})
    else:
        complain(f"'{target.name}' is removed.")
    return 0


def _row(target: Target) -> tuple[str, ...]:
    resources = target.resources
    offers = [amount("cpus", resources.cpus)]
    if resources.memory_gib:
        offers.append(f"{resources.memory_gib:g} GiB")
    if resources.gpus:
        offers.append(amount("gpus", resources.gpus))
    return target.name, target.kind, where(target), ", ".join(offers)


def _tell(report: TargetReport) -> None:
    if report.host:
        gpus = ", ".join(gpu.name for gpu in report.gpus) or "none"
        rows = [
            *([("Engine", report.engine)] if report.engine else []),
            ("Host", f"{report.host}, as {report.user}" if report.user else report.host),
            ("Python", f"{report.python_version} ({report.python})"),
            ("Processors", str(report.cpus)),
            ("Memory", f"{report.memory_bytes / 2**30:.1f} GiB"),
            ("GPUs", gpus),
            ("Free disk", f"{report.free_disk_bytes / 2**30:.1f} GiB"),
            *(("Built image", f"{one.name}, {one.bytes / 2**20:.0f} MiB") for one in report.images),
            *([("Ray", report.ray_version)] if report.ray_version else []),
            *(("Node", node_words(one)) for one in report.nodes),
            *([("Artifacts", transport_words(report))] if report.nodes else []),
            ("Connected in", f"{report.seconds:.2f} s"),
        ]
        print_table(rows)
    complain_about(report.problems)
    say("A step can run there." if report.can_run else "No step can run there.")
