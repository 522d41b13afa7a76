"""The mini-batch that failed first, of a step that was mapped in parallel."""

from pathlib import Path

import msgspec

from designer.reopening.placing import Inputs
from designer.reopening.subject import Subject
from modules_library.sdk.parallel.settings import FAILED, Parallel
from modules_library.sdk.parallel.splitting import split
from runtime.stores.artifact_store import FolderArtifactStore

PLACE = "batch"
"""Where it lies, below the folder."""


def narrowed(
    subject: Subject,
    parallel: Parallel | None,
    inputs: Inputs,
    *,
    artifacts: FolderArtifactStore,
    folder: Path,
) -> tuple[Inputs, list[str]]:
    """The inputs with that mini-batch in the place of the whole, and what is to be said of it.

    The step keeps its whole inputs where no mini-batch is known to have failed.
    """
    if parallel is None:
        return inputs, []
    number = _first_failed(subject, artifacts)
    if number is None:
        return inputs, [
            "",
            "It was mapped in parallel; here it is called once, for the whole input.",
        ]
    (whole,) = inputs[parallel.input]
    whole = msgspec.structs.replace(whole, path=str(folder / whole.path))
    (batch,) = split(whole, subject.batch_size, folder / PLACE, only=number)
    path = str(Path(batch.artifact.path).relative_to(folder))
    given = msgspec.structs.replace(batch.artifact, path=path)
    return {**inputs, parallel.input: (given,)}, [
        "",
        f"It was mapped in parallel; here it is called for mini-batch {number}, the first that failed:",
        f"the {parallel.unit} of '{parallel.input}' from {batch.first} on, {batch.size} of them.",
    ]


def _first_failed(subject: Subject, artifacts: FolderArtifactStore) -> int | None:
    import polars as pl

    listed = subject.state.outputs.get(FAILED)
    path = artifacts.path(listed.digest) if listed else None
    if path is None or not path.exists():
        return None
    number = pl.read_ipc(path, columns=["batch"])["batch"].min()
    return int(number) if isinstance(number, int) else None
