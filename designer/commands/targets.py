"""`designer target`: list, add, test, remove."""

import argparse
import asyncio
from contextlib import closing

from designer.commands.output import complain, complain_about, print_json, print_table, say
from designer.commands.place import workspace_of
from runtime.execution.held_now import held_now
from runtime.model import Slots, Target, TargetReport, TargetResources
from runtime.model.slots import amount, slots_words
from runtime.stores import SqliteRunStore
from runtime.stores.workspace import Workspace
from runtime.targets.declaring import declare, examine
from runtime.targets.kinds import fingerprint_of
from runtime.targets.target_file import TargetFile

INFRASTRUCTURE = 3


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
    """Declare a host: its key is shown and pinned."""
    settings = {
        "host": chosen.host,
        "port": chosen.port,
        "user": chosen.user,
        "key_file": chosen.key,
        "python": chosen.python,
        "wheels": chosen.wheels,
        "folder": chosen.folder,
    }
    target = Target(
        name=chosen.name,
        kind="ssh",
        settings={key: value for key, value in settings.items() if value},
        resources=TargetResources(cpus=chosen.cpus) if chosen.cpus else TargetResources(),
    )
    workspace = Workspace(workspace_of(chosen))
    declared = asyncio.run(declare(workspace.path, target, fingerprint=chosen.fingerprint))
    if chosen.json:
        print_json(declared)
        return 0
    say(f"'{target.name}' is added. Its key is pinned: {declared.fingerprint}")
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
    settings = target.settings
    user = f"{settings['user']}@" if settings.get("user") else ""
    port = f":{settings['port']}" if "port" in settings else ""
    where = f"{user}{settings['host']}{port}" if "host" in settings else "this machine"
    return target.name, target.kind, where, ", ".join(offers)


def _tell(report: TargetReport) -> None:
    if report.host:
        gpus = ", ".join(gpu.name for gpu in report.gpus) or "none"
        rows = [
            ("Host", f"{report.host}, as {report.user}"),
            ("Python", f"{report.python_version} ({report.python})"),
            ("Processors", str(report.cpus)),
            ("Memory", f"{report.memory_bytes / 2**30:.1f} GiB"),
            ("GPUs", gpus),
            ("Free disk", f"{report.free_disk_bytes / 2**30:.1f} GiB"),
            ("Connected in", f"{report.seconds:.2f} s"),
        ]
        print_table(rows)
    complain_about(report.problems)
    say("A step can run there." if report.can_run else "No step can run there.")
