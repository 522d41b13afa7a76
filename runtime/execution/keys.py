"""Keys under which a finished result is found again."""

from collections.abc import Mapping, Sequence

from runtime.model import Plan, Step
from runtime.model.digest import digest_bytes


def lineage_keys(plan: Plan) -> list[str | None]:
    """For each step, a digest over its recipe and the lineage of what it reads; no IO needed.

    A step that is not reusable, and what comes after it, has none: its result is looked up by
    fingerprint once the inputs are known.
    """
    by_id: dict[str, str | None] = {}
    keys: list[str | None] = []
    for step in plan.steps:
        key = _lineage(step, by_id)
        by_id[step.id] = key
        keys.append(key)
    return keys


def _lineage(step: Step, by_id: Mapping[str, str | None]) -> str | None:
    if step.frozen:
        return digest_bytes(
            "\n".join(f"{port} {ref.digest}" for port, ref in sorted(step.frozen.items())).encode()
        )
    if not step.reuse:
        return None
    parts = ["lineage", step.recipe]
    for wire in step.inputs:
        parent = by_id[wire.step]
        if parent is None:
            return None
        parts += (wire.port, wire.output, parent)
    return digest_bytes("\n".join(parts).encode())


def inputs_by_port(step: Step, digests: Sequence[str]) -> dict[str, list[str]]:
    """Input digests, given in the order of the step's wires, by port."""
    by_port: dict[str, list[str]] = {}
    for wire, digest in zip(step.inputs, digests, strict=True):
        by_port.setdefault(wire.port, []).append(digest)
    return by_port


def fingerprint_of(step: Step, digests: Sequence[str]) -> str:
    """The step's fingerprint: recipe and input digests by port."""
    parts = ["fingerprint", step.recipe]
    for port, values in sorted(inputs_by_port(step, digests).items()):
        parts += (port, *values)
    return digest_bytes("\n".join(parts).encode())
