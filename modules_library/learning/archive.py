"""The model archive: one stored zip with `model.json` and the framework's own safe files.

`model.json` says which learner reads the other files, so nothing in the archive is ever executed or
unpickled. Dates are fixed and names sorted: the same model gives the same bytes.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from modules_library.learning.catalogue import find_learner
from modules_library.learning.encoding import FeatureEncoding
from modules_library.learning.labels import Label
from modules_library.learning.stored_zip import write_stored_zip
from modules_library.learning.trained_model import TrainedModel
from runtime.errors import InfrastructureError

FACTS = "model.json"
_NOTES = ("cluster_labels", "explanation")


def save_model(model: TrainedModel, path: Path) -> None:
    """Write a model archive."""
    text = json.dumps(model.facts(), ensure_ascii=False, indent=1, allow_nan=False)
    path.write_bytes(write_stored_zip({FACTS: text.encode(), **model.fitted.files()}))


def load_model(path: Path) -> TrainedModel:
    """Read a model archive.

    Raises:
        InfrastructureError: S003 when the archive is damaged.
        DataError: D008 when it holds a type that was not reviewed, D010 for an unknown learner.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        facts: dict[str, Any] = json.loads(files.pop(FACTS))
        return _model(facts, files)
    except (zipfile.BadZipFile, KeyError, ValueError) as exc:
        raise InfrastructureError(
            "S003",
            f"The model archive '{Path(path).name}' is damaged: {exc}.",
            remedy="Train the model again.",
        ) from exc


def _model(facts: dict[str, Any], files: dict[str, bytes]) -> TrainedModel:
    learner = find_learner(facts["learner"])
    encoding = FeatureEncoding.from_json(
        facts["features"],
        allow_unknown=facts["allow_unknown_categories"],
        allow_missing=learner.accepts_missing,
        learner=learner.title,
    )
    return TrainedModel(
        learner=learner,
        label=Label.from_json(facts["label"]) if facts["label"] else None,
        encoding=encoding,
        fitted=learner.read(files),
        parameters=facts["parameters"],
        seed=facts["seed"],
        rows=facts["rows"],
        rows_without_label=facts["rows_without_label"],
        notes={name: facts[name] for name in _NOTES if name in facts},
    )
