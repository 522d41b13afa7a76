"""Examining a cluster: what its nodes offer, and whether a step can run on each of them.

A process of its own does this, for the designer must not load Ray: it reads a target and prints what
it found, each as JSON.
"""

import os
import secrets
import sys
import time
from typing import Any, NamedTuple

import msgspec

from runtime.errors import DesignerError
from runtime.model import ClusterNode, Diagnostic, Gpu, RaySettings, Target, TargetReport
from runtime.targets.cluster.connection import Connection, last_line
from runtime.targets.cluster.ray_kind import Examined
from runtime.targets.cluster.runtime_environment import runtime_environment
from runtime.targets.kinds import settings_of
from runtime.targets.remote import found
from runtime.targets.remote.probe import judged

_NODE_S = 90.0
_REMEDY = "Install the same versions on the nodes as here, or let an environment be made there."
_LOOPBACK = ("", "auto", "127.0.0.1", "localhost", "[::1]")


class _Asked(NamedTuple):
    """A node and what it answered: facts, or why it did not."""

    id: str
    node: ClusterNode
    facts: dict[str, Any]
    trouble: str = ""


def examine(target: Target) -> TargetReport:
    """Connect to a cluster and say what it offers.

    Raises:
        InfrastructureError: T003, T005, T006, T012 when there is no way in.
    """
    settings = settings_of(target, RaySettings)
    connection = Connection(target.name, settings)
    began = time.monotonic()
    ray = connection.open()
    seconds = round(time.monotonic() - began, 4)
    try:
        nodes = [node for node in ray.nodes() if node["Alive"]]
        asked = _ask(ray, nodes, settings)
        alive = {node["NodeID"] for node in ray.nodes() if node["Alive"]}
        asked = [one for one in asked if one.id in alive]
        report = _report(target, settings, asked, seconds=seconds)
        return msgspec.structs.replace(report, ray_version=str(ray.__version__))
    finally:
        connection.close()


def _ask(ray: Any, nodes: list[dict[str, Any]], settings: RaySettings) -> list[_Asked]:
    """Let every node tell of itself; the first leaves a word that the others look for."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    ray.cloudpickle.register_pickle_by_value(found)
    ask, word = ray.remote(_facts), secrets.token_hex(8)

    def asking(node: dict[str, Any]) -> Any:
        there = NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
        environment = runtime_environment(settings) or None
        options = {"num_cpus": 0, "max_retries": 0, "scheduling_strategy": there}
        return ask.options(runtime_env=environment, **options).remote(
            found.found, settings.folder, word
        )

    def answer(node: dict[str, Any], reference: Any) -> _Asked:
        try:
            return _Asked(node["NodeID"], _node(node), ray.get(reference, timeout=_NODE_S))
        except ray.exceptions.RayError as exc:
            return _Asked(node["NodeID"], _node(node), {}, last_line(exc))

    first = [answer(node, asking(node)) for node in nodes[:1]]
    others = [(node, asking(node)) for node in nodes[1:]]
    return first + [answer(*other) for other in others]


def _facts(found_on: Any, folder: str, word: str) -> dict[str, Any]:
    """On a node: what it says about itself, and whether the node before has left its word here."""
    import os
    import pathlib

    words = pathlib.Path(os.path.expanduser(folder)) / "probes"
    words.mkdir(mode=0o700, parents=True, exist_ok=True)
    is_shared = (words / word).exists()
    for path in words.iterdir():
        path.unlink(missing_ok=True)
    (words / word).touch()
    return {**found_on(folder), "is_shared": is_shared}


def _node(node: dict[str, Any]) -> ClusterNode:
    offers = node["Resources"]
    return ClusterNode(
        name=node["NodeManagerHostname"],
        address=node["NodeManagerAddress"],
        cpus=offers.get("CPU", 0),
        memory_bytes=int(offers.get("memory", 0)),
        gpus=offers.get("GPU", 0),
    )


def _report(
    target: Target, settings: RaySettings, asked: list[_Asked], *, seconds: float
) -> TargetReport:
    """The cluster as a whole; of what every node has, the least."""
    nodes = tuple(one.node for one in asked)
    answered = [one.facts for one in asked if one.facts]
    problems = [_silent(one) for one in asked if one.trouble]
    for one in asked:
        if one.facts:
            problems += _problems(target, one)
    problems += _open_to_all(target, settings)
    first = answered[0] if answered else {}
    gpus = [gpu for one in asked if one.facts for gpu in _gpus(one)]
    return TargetReport(
        host=str(first.get("host", "")),
        user=str(first.get("user", "")),
        python=str(first.get("python", "")),
        python_version=str(first.get("python_version", "")),
        packages=first.get("packages", {}),
        cpus=int(sum(node.cpus for node in nodes)),
        memory_bytes=sum(node.memory_bytes for node in nodes),
        gpus=tuple(gpus),
        free_disk_bytes=min((facts["free_disk_bytes"] for facts in answered), default=0),
        seconds=seconds,
        can_build=True,
        can_run=bool(answered) and not any(one.severity == "error" for one in problems),
        problems=tuple(problems),
        nodes=nodes,
        shares_folder=all(facts["is_shared"] for facts in answered[1:]),
    )


def _gpus(one: _Asked) -> list[Gpu]:
    """Those that the cluster gives out, by their names where the node knows them."""
    count = int(one.node.gpus)
    named = [Gpu(**gpu) for gpu in one.facts["gpus"]]
    return (named + count * [Gpu(name="GPU")])[:count]


def _problems(target: Target, one: _Asked) -> list[Diagnostic]:
    facts = {name: value for name, value in one.facts.items() if name != "is_shared"}
    report = msgspec.convert(facts, TargetReport)
    found_there = judged(f"{target.name}/{one.node.name}", report, builds=False).problems
    return [msgspec.structs.replace(problem, remedy=_REMEDY) for problem in found_there]


def _silent(one: _Asked) -> Diagnostic:
    return Diagnostic(
        code="T007",
        severity="error",
        message=f"No step can run on the node '{one.node.name}': {one.trouble}.",
        remedy="Look at that node's logs of Ray.",
    )


def _open_to_all(target: Target, settings: RaySettings) -> list[Diagnostic]:
    """A cluster without a token runs what anybody sends who reaches it."""
    host = settings.address.removeprefix("ray://").rpartition(":")[0] or settings.address
    if host in _LOOPBACK or os.environ.get("RAY_AUTH_MODE") == "token":
        return []
    return [
        Diagnostic(
            code="T013",
            severity="warning",
            message=f"The cluster of '{target.name}' asks for no token: it runs what anybody sends "
            "who reaches it.",
            remedy="Start it with RAY_AUTH_MODE=token and name the file with its token.",
        )
    ]


def main() -> None:
    """Examine the target that comes on standard input."""
    out = os.dup(1)
    os.dup2(2, 1)  # whatever Ray prints is not the answer
    target = msgspec.json.decode(sys.stdin.buffer.read(), type=Target)
    try:
        answer = Examined(report=examine(target))
    except DesignerError as exc:
        answer = Examined(error=exc.record)
    os.write(out, msgspec.json.encode(answer) + b"\n")
