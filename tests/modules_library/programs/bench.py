"""A folder for programs, and steps of them as a worker would execute them."""

import json
from textwrap import dedent

import nbformat

from modules_library.programs import program_spec
from modules_library.programs.execution import execute
from modules_library.sdk import Roles
from modules_library.sdk.codecs import write_output
from runtime.model import InputArtifact, OutputPort, StepRequest

COPY = """
    import argparse, shutil
    parser = argparse.ArgumentParser()
    parser.add_argument("--dataset")
    parser.add_argument("--result")
    given = parser.parse_args()
    shutil.copyfile(given.dataset, given.result)
"""
SCRIPT = """
    kind = "script"
    version = "1.0.0"
    entry = "main.py"
    summary = "Copy a table."
    [inputs.dataset]
    type = "Table"
    format = "csv"
    [outputs.result]
    type = "Table"
    format = "csv"
"""


class Bench:
    def __init__(self, folder):
        self.folder = folder
        self.program = folder / "program"
        self.program.mkdir(parents=True)
        self.events = []
        self.count = 0

    def write(self, declaration=SCRIPT, **files):
        """Files by name, with two underscores for the dot."""
        (self.program / "module.toml").write_text(dedent(declaration))
        for name, text in files.items():
            (self.program / name.replace("__", ".")).write_text(dedent(text))

    def read(self):
        return program_spec(self.program, module_id="custom.program")

    def spec(self):
        reading = self.read()
        assert reading.spec, reading.diagnostics
        return reading.spec

    def artifact(self, value, type_="Table"):
        self.count += 1
        folder = self.folder / f"in{self.count}"
        port = OutputPort(name="value", type=type_)
        made = write_output(value, port, folder=folder, inherited=Roles())
        return InputArtifact(ref=made.ref, path=str(folder / made.path))

    def request(self, inputs=None, *, spec=None, files=None, seed=None, **parameters):
        self.count += 1
        spec = spec or self.spec()
        folder = self.folder / f"attempt{self.count}"
        folder.mkdir()
        defaults = {one.name: one.default for one in spec.parameters}
        return StepRequest(
            run_id="r",
            step_id="s",
            attempt=1,
            fence=1,
            entry=spec.entry,
            module=spec.id,
            version=spec.version,
            digest=spec.digest,
            parameters=defaults | parameters,
            inputs={
                name: tuple(value) if isinstance(value, list) else (value,)
                for name, value in (inputs or {}).items()
            },
            outputs=spec.outputs,
            folder=str(folder),
            files=files or {},
            seed=seed,
            threads=2,
        )

    def run(self, inputs=None, **more):
        self.asked = self.request(inputs, **more)
        return execute(self.asked, self.events.append)

    def text(self, output):
        return open(f"{self.asked.folder}/{output.path}").read()


def notebook(*cells, parameters="dataset = result = None"):
    """The text of a notebook with a cell of parameters before the given ones."""
    first = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
    document = nbformat.v4.new_notebook(cells=[first, *map(nbformat.v4.new_code_cell, cells)])
    return json.dumps(document)
