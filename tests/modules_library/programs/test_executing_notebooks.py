"""Notebooks as steps: parameters in as a cell, the executed notebook out, also of one that fails."""

import json

import polars as pl
import pytest

from modules_library.programs import notebook as notebooks
from runtime.errors import ModuleError
from tests.modules_library.programs.bench import SCRIPT, notebook

DECLARATION = (
    SCRIPT.replace("script", "notebook").replace("main.py", "n.ipynb")
    + """
    [parameters]
    rows = { kind = "int", default = 1 }
    key = { kind = "secret", default = "hidden" }
"""
)
FRAME = pl.DataFrame({"a": [1, 2]})
COPY = """
import os, shutil
if rows == 9:
    raise ValueError("nine")
print("copying", os.environ["DESIGNER_PARAMETER_KEY"] == "hidden")
shutil.copyfile(dataset, result)
"""


@pytest.mark.slow
def test_a_notebook_is_executed_with_its_values_and_kept(bench, capfd):
    bench.write(DECLARATION, n__ipynb=notebook(COPY, "rows + 1"))
    given = {"dataset": bench.artifact(FRAME)}
    made = bench.run(given, rows=4)
    assert made["result"].ref.summary == {"rows": 2, "columns": 1}
    assert "copying True" in capfd.readouterr().out
    cells = json.loads(bench.text(made["executed_notebook"]))["cells"]
    assert cells[1]["metadata"]["tags"] == ["injected-parameters"]
    assert "".join(cells[1]["source"]).splitlines()[-1] == "rows = 4"
    assert "hidden" not in json.dumps(cells[1])
    assert cells[3]["outputs"][0]["data"]["text/plain"] == ["5"]
    assert bench.run(given, rows=4) == made, "the same values give the same bytes"


@pytest.mark.slow
def test_a_notebook_that_fails_is_kept_as_far_as_it_came(bench):
    bench.write(DECLARATION, n__ipynb=notebook(COPY))
    with pytest.raises(ModuleError) as caught:
        bench.run({"dataset": bench.artifact(FRAME)}, rows=9)
    assert caught.value.code == "M019" and "ValueError: nine (cell 3)" in str(caught.value)
    kept = caught.value.outputs["executed_notebook"]
    assert json.loads(bench.text(kept))["cells"][2]["outputs"][0]["ename"] == "ValueError"


def test_without_its_packages_the_error_says_what_to_install(bench, monkeypatch):
    bench.write(DECLARATION, n__ipynb=notebook(COPY))
    monkeypatch.setattr(notebooks, "find_spec", lambda name: None)
    with pytest.raises(ModuleError) as caught:
        bench.run({"dataset": bench.artifact(FRAME)})
    assert caught.value.code == "M018" and "designer[notebook]" in caught.value.record.remedy
    assert caught.value.outputs == {}
