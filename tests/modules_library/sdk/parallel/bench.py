"""A folder for modules that are called in parallel, and steps of them."""

from pathlib import Path
from textwrap import dedent

import polars as pl

from modules_library.sdk import Roles
from modules_library.sdk.codecs import write_output
from modules_library.sdk.codecs.arrow_file import open_arrow
from modules_library.sdk.parallel.execution import execute
from modules_library.sdk.source import spec_from_source
from runtime.model import InputArtifact, OutputPort, StepRequest

HEADER = """\
import os
from typing import NamedTuple
import polars as pl
from modules_library.sdk import *
"""
DOUBLE = """
class Both(NamedTuple):
    rows: pl.DataFrame
    count: Value

@module(version="1.0.0", parallel={"input": "dataset", "rows": 2})
def double(dataset: pl.DataFrame, context: StepContext, *, bad: int = -1, dies: int = -1) -> Both:
    '''Double every number.'''
    first = dataset["a"][0] if len(dataset) else 0
    context.log_metric("first", first)
    if first == dies:
        os._exit(3)
    if first == bad:
        raise ValueError(f"bad {first}")
    return Both(dataset.with_columns(pl.col("a") * 2), len(dataset))
"""
FRAME = pl.DataFrame({"a": list(range(7))})


class Bench:
    def __init__(self, folder):
        self.folder = folder
        self.modules = folder / "modules"
        self.modules.mkdir(parents=True)
        self.events = []

    def read(self, text):
        path = self.modules / "double.py"
        path.write_text(HEADER + dedent(text))
        return spec_from_source(
            path, module_id="custom.double", root=self.modules, source=str(path)
        )

    def artifact(self, value, type_="Table"):
        made = write_output(
            value, OutputPort(name="in", type=type_), folder=self.folder, inherited=Roles()
        )
        return InputArtifact(ref=made.ref, path=str(self.folder / made.path))

    def request(self, spec, artifact, **parameters):
        folder = self.folder / "attempt"
        folder.mkdir()
        return StepRequest(
            run_id="r",
            step_id="s",
            attempt=1,
            fence=1,
            entry=spec.entry,
            module=spec.id,
            version=spec.version,
            digest=spec.digest,
            parameters={one.name: one.default for one in spec.parameters} | parameters,
            inputs={"dataset": (artifact,)},
            outputs=spec.outputs,
            folder=str(folder),
            threads=2,
        )

    def run(self, spec, artifact, **parameters):
        self.asked = self.request(spec, artifact, **parameters)
        return execute(self.asked, self.events.append)

    def frame(self, output):
        return pl.from_arrow(open_arrow(Path(self.asked.folder) / output.path))
