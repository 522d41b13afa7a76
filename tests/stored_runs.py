"""Runs with artifacts of any size, written into a workspace before a designer opens it."""

import json
import time
from pathlib import Path

import msgspec
import polars as pl
import pyarrow as pa

from modules_library.registry import open_catalog
from modules_library.sdk.codecs.arrow_file import write_arrow
from runtime.execution.submission import plan_graph
from runtime.model import ArtifactRef, Run, StepRun
from runtime.model.digest import digest_file
from runtime.planning import PlanOptions
from runtime.stores.artifact_store import FolderArtifactStore
from runtime.stores.run_store import SqliteRunStore
from runtime.stores.workspace import Workspace


class StoredRuns:
    """Writes pipelines, artifacts and runs that have ended; close it before a designer starts."""

    def __init__(self, path: Path) -> None:
        self.workspace = Workspace(path)
        self._artifacts = FolderArtifactStore(self.workspace.artifacts)
        self._runs = SqliteRunStore(self.workspace.runs_db)
        self._catalog = open_catalog(self.workspace.path)

    def close(self) -> None:
        self._runs.close()

    def read_modules(self) -> None:
        """Know the modules that the workspace has now."""
        self._catalog = open_catalog(self.workspace.path)

    def pipeline(self, name: str, graph: dict) -> str:
        """Write a pipeline's file; gives its id."""
        (self.workspace.pipelines / f"{name}.json").write_text(json.dumps(graph))
        return name

    def table(self, frame: pl.DataFrame | pa.Table) -> ArtifactRef:
        """Store a table as a step would."""
        table = (
            frame.to_arrow(compat_level=pl.CompatLevel.newest())
            if isinstance(frame, pl.DataFrame)
            else frame
        )
        path = self.workspace.path / "made"
        digest, size = write_arrow(table, path)
        summary = {"rows": table.num_rows, "columns": table.num_columns}
        ref = ArtifactRef(type="Table", digest=digest, bytes=size, format="arrow", summary=summary)
        self._artifacts.adopt(path, ref, durable=False)
        return ref

    def path(self, ref: ArtifactRef) -> Path:
        """The file of a stored artifact."""
        return self._artifacts.path(ref.digest)

    def document(self, type_: str, content: object) -> ArtifactRef:
        """Store a JSON document as a step would."""
        path = self.workspace.path / "made"
        path.write_bytes(msgspec.json.encode(content))
        size = path.stat().st_size
        ref = ArtifactRef(type=type_, digest=digest_file(path), bytes=size, format="json")
        self._artifacts.adopt(path, ref, durable=False)
        return ref

    def run(
        self, pipeline: str, outputs: dict[str, dict[str, ArtifactRef]], *, age_s: float = 60
    ) -> str:
        """A completed run of a pipeline with these outputs by step; gives its id."""
        options = PlanOptions(pipeline_id=pipeline)
        path = self.workspace.pipelines / f"{pipeline}.json"
        plan = plan_graph(path, self._catalog, options=options)
        at = time.time() - age_s
        facts = {"status": "completed", "started_at": at, "finished_at": at + 2, "seconds": 2.0}
        steps = {
            step.id: StepRun(
                step=step.id,
                label=step.label,
                module=step.module,
                version=step.version,
                attempts=1,
                outputs=outputs.get(step.id, {}),
                **facts,
            )
            for step in plan.steps
        }
        name = f"{int(at * 1000):x}"
        run = Run(
            id=name, name=plan.name, pipeline_id=pipeline, created_at=at, steps=steps, **facts
        )
        self._runs.create_run(run, msgspec.json.encode(plan))
        return name
