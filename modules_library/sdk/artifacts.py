"""What travels over wires beside tables."""

from __future__ import annotations

import importlib
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from runtime.errors import ModuleError

Value: TypeAlias = Any
"""Port type: any JSON value."""
AnyArtifact: TypeAlias = Any
"""Port type `Any`: takes whatever is wired to it, as the class of its own type."""


@dataclass(frozen=True)
class UntrainedModel:
    """A learner with its parameters, before it has seen data.

    Attributes:
        learner: Id that the learning code knows it by, `two_class_decision_forest`.
        task: `binary`, `multiclass`, `regression`, `clustering`.
        title: What people read.
    """

    learner: str
    task: str
    parameters: dict[str, Any] = field(default_factory=dict)
    title: str = ""


@dataclass(frozen=True)
class Transform:
    """A transformation that was fitted on one table and can be applied to another.

    Attributes:
        kind: `normalize`, `clean_missing_data`, …
        state: What was learnt, JSON values only.
        columns: The columns it applies to.
    """

    kind: str
    state: dict[str, Any] = field(default_factory=dict)
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """Metrics and charts of an evaluation; `document` is a report of format 1."""

    document: dict[str, Any]


@dataclass(frozen=True)
class File:
    """A file on the local disk; `name` is what people see."""

    path: Path
    name: str = ""


@dataclass(frozen=True)
class Folder:
    """A folder on the local disk."""

    path: Path


@dataclass(frozen=True)
class ImageFolder(Folder):
    """A folder of images, one sub-folder per class."""


class Model:
    """Base of trained models: one file holds facts and the framework's own safe format.

    The file is a zip whose `model.json` names the function that reads it under `loader`.
    """

    def facts(self) -> dict[str, Any]:
        """What `model.json` holds: learner, title, task, columns, classes, importance."""
        raise NotImplementedError

    def save(self, path: Path) -> None:
        """Write the model archive; the same model gives the same bytes."""
        raise NotImplementedError

    @classmethod
    def load(cls, path: Path) -> Model:
        """Read a model archive with the loader that it names.

        Raises:
            ModuleError: M009 when the file is not a model archive of ours.
        """
        facts = read_model_facts(path)
        package, _, name = str(facts.get("loader", "")).partition(":")
        if not package.startswith("modules_library.") or not name:
            raise ModuleError(
                "M009",
                f"The model file names the loader {facts.get('loader')!r}, which is not ours.",
                remedy="Train the model again.",
            )
        model: Model = getattr(importlib.import_module(package), name)(path)
        return model


def read_model_facts(path: Path) -> dict[str, Any]:
    """The `model.json` of a model archive, without loading the model.

    Raises:
        ModuleError: M009 when the file is not a model archive.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            facts: dict[str, Any] = json.loads(archive.read("model.json"))
    except (zipfile.BadZipFile, KeyError, ValueError) as exc:
        raise ModuleError(
            "M009",
            f"'{path.name}' is not a model archive: {exc}.",
            remedy="Save the model as a zip that holds 'model.json'.",
        ) from exc
    return facts
