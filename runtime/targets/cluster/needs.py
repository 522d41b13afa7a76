"""What a step asks Ray for, and what is said while it waits for that."""

from typing import Any, NamedTuple

import ray

from runtime.model import StepRequest


class Needs(NamedTuple):
    """Resources of one step."""

    cpus: float
    gpus: float
    memory_bytes: int


def needs_of(request: StepRequest) -> Needs:
    """The resources that a step asked for."""
    return Needs(request.cpus, request.gpus, request.memory_bytes or 0)


def waiting_words(needs: Needs) -> str:
    """What a step waits for that no node has begun with.

    Ray keeps it until there is room, also where only a node that joins later has enough.
    """
    nodes: list[dict[str, Any]] = ray.nodes()  # type: ignore[no-untyped-call]
    alive = [node["Resources"] for node in nodes if node["Alive"]]
    if any(_holds(node, needs) for node in alive):
        return f"waiting in the cluster for {_words(needs)}"
    return f"waiting: no node of the cluster has {_words(needs)}"


def _holds(node: dict[str, float], needs: Needs) -> bool:
    return (
        node.get("CPU", 0) >= needs.cpus
        and node.get("GPU", 0) >= needs.gpus
        and node.get("memory", 0) >= needs.memory_bytes
    )


def _words(needs: Needs) -> str:
    parts = [_counted(needs.cpus, "processor")]
    if needs.gpus:
        parts.append(_counted(needs.gpus, "GPU"))
    if needs.memory_bytes:
        parts.append(f"{needs.memory_bytes / 2**30:.1f} GiB of memory")
    return ", ".join(parts)


def _counted(count: float, what: str) -> str:
    return f"{count:g} {what}" if count == 1 else f"{count:g} {what}s"
