"""Recipe, fingerprint and lineage: when two steps are the same work."""

from collections.abc import Mapping, Sequence
from typing import Any

from runtime.model.digest import canonical_json, digest_bytes
from runtime.model.environment import Environment
from runtime.model.module_spec import ModuleSpec
from runtime.model.plan import Step, StepInput


def recipe_base(spec: ModuleSpec, python_version: str, environment: Environment | None) -> bytes:
    """What the steps of a module version share in an environment: its bytes, packages, Python."""
    if environment is None:
        return canonical_json([spec.digest, sorted(spec.requirements), python_version])
    return canonical_json([spec.digest, sorted(environment.locked), environment.python])


def recipe_digest(base: bytes, parameters: Mapping[str, Any], files: Mapping[str, str]) -> str:
    """Digest over everything but the inputs."""
    return digest_bytes(b"\n".join((base, canonical_json(parameters), canonical_json(files))))


def fingerprint(step: Step, inputs: Mapping[str, Sequence[str]]) -> str:
    """Digest over the recipe and the input digests by port: equal fingerprints, equal results."""
    parts = ["fingerprint", step.recipe]
    for port in sorted(inputs):
        parts += (port, *inputs[port])
    return digest_bytes("\n".join(parts).encode())


def lineage_of(recipe: str, inputs: Sequence[StepInput], before: Mapping[str, str]) -> str:
    """Digest over the recipe and the lineage of what is read; empty where one of them has none."""
    parts = ["lineage", recipe]
    for wire in inputs:
        parent = before[wire.step]
        if not parent:
            return ""
        parts += (wire.port, wire.output, parent)
    return digest_bytes("\n".join(parts).encode())


def frozen_lineage(artifacts: Mapping[str, str]) -> str:
    """Lineage of a step whose outputs are given."""
    return digest_bytes(
        "\n".join(f"{port} {digest}" for port, digest in sorted(artifacts.items())).encode()
    )
