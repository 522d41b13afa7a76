"""A step that was reopened in a folder: its inputs, its function, and a look at what it gives.

The folder holds `step.json`, a step request whose paths start from the folder. Reading and writing
are the worker's own, so the outputs have the digests that the run's outputs had.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from modules_library.sdk.codecs import read_input, write_output
from modules_library.sdk.context import StepContext
from modules_library.sdk.execution import by_port, context_arguments, inherited_roles
from modules_library.sdk.loading import load_module
from modules_library.sdk.table import Table
from runtime.errors import ModuleError
from runtime.model import ArtifactRef, InputArtifact, OutputFile, StepRequest, WorkerEvent

FACTS = "step.json"
SECRET_PREFIX = "DESIGNER_SECRET_"


class ReopenedFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What `step.json` holds.

    Attributes:
        request: The step's request; its paths are relative to the folder.
        made: What the step gave in the run, by output port; empty where it gave nothing.
    """

    request: StepRequest
    made: dict[str, ArtifactRef] = {}


class ReopenedStep:
    """The step in a folder that was made by reopening it.

    Args:
        folder: The folder with `step.json`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        facts = msgspec.json.decode((self.folder / FACTS).read_bytes(), type=ReopenedFacts)
        self._made = facts.made
        self._request = _placed(facts.request, self.folder)
        self._work = Path(self._request.folder)
        shutil.rmtree(self._work, ignore_errors=True)
        self._work.mkdir()
        # Without a digest, so that the source here may be changed while looking for a fault.
        self._loaded = load_module(Path(self._request.entry.source), "")
        ports = self._loaded.declaration.inputs
        self._ports = {port.name: port for port in ports}

    @property
    def function(self) -> Callable[..., Any]:
        """The module's function, from the source in this folder."""
        return self._loaded.function

    @property
    def context(self) -> StepContext:
        """What the module may know of its step; metrics are printed."""
        contexts = context_arguments(self._request, self._loaded.declaration, _print_metric)
        return next(iter(contexts.values()))

    def input(self, port: str) -> Any:
        """What came into a port, as the class that the function asks for."""
        return self.inputs(port)[0]

    def inputs(self, port: str) -> list[Any]:
        """The same for a port that takes several wires."""
        artifacts = self._request.inputs[port]
        return [read_input(artifact, self._ports[port]) for artifact in artifacts]

    def show(self, result: Any) -> list[OutputFile]:
        """Store what the function returned below `work/outputs`, and print it.

        Raises:
            ModuleError: M009 when the function returned something else than it declares.
        """
        values = by_port(result, self._request.outputs, self._loaded.declaration)
        roles = inherited_roles(self._request)
        return [
            self._shown(write_output(value, port, folder=self._work, inherited=roles), value)
            for port, value in values
        ]

    def _shown(self, output: OutputFile, value: Any) -> OutputFile:
        port, digest = Path(output.path).name.partition(".")[0], output.ref.digest
        facts = ", ".join(f"{name} {fact}" for name, fact in output.ref.summary.items())
        _say(f"\n{port}: {output.ref.type} {digest}{f' ({facts})' if facts else ''}")
        before = self._made.get(port)
        if before is not None:
            same = before.digest == digest
            _say("The same as in the run." if same else f"In the run it was {before.digest}.")
        _say(value.frame if isinstance(value, Table) else value)
        return output


def secret(name: str) -> str:
    """A secret from the environment, for no secret is ever written into the folder.

    Raises:
        ModuleError: V004 when the environment does not hold it.
    """
    variable = secret_variable(name)
    if variable not in os.environ:
        raise ModuleError(
            "V004",
            f"The secret '{name}' is not in the environment.",
            remedy=f"Set {variable} before you run the step.",
        )
    return os.environ[variable]


def secret_variable(name: str) -> str:
    """The environment variable that gives a secret.

    >>> secret_variable("warehouse-password")
    'DESIGNER_SECRET_WAREHOUSE_PASSWORD'
    """
    return SECRET_PREFIX + re.sub(r"\W", "_", name, flags=re.ASCII).upper()


def _placed(request: StepRequest, folder: Path) -> StepRequest:
    """The request with absolute paths."""
    replace = msgspec.structs.replace
    return replace(
        request,
        entry=replace(request.entry, source=str(folder / request.entry.source)),
        inputs={
            port: tuple(InputArtifact(ref=one.ref, path=str(folder / one.path)) for one in many)
            for port, many in request.inputs.items()
        },
        folder=str(folder / request.folder),
    )


def _print_metric(event: WorkerEvent) -> None:
    if event.kind == "metric":
        _say(f"{event.data['name']} = {event.data['value']}")


def _say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
