import json
from pathlib import Path

import jsonschema_rs
import msgspec
import pytest

from runtime.model import ArtifactRef, Diagnostic, ErrorRecord, Run, StepRun
from runtime.model.documents import ErrorDocument, problem_document, run_document
from runtime.model.schemas import graph_schema, schema_texts
from tests.runtime.model.test_graph_reading import EXAMPLE

SCHEMAS = Path(__file__).parents[3] / "assets" / "schemas"


@pytest.mark.parametrize("name", sorted(schema_texts()))
def test_the_schema_is_up_to_date(name):
    assert (SCHEMAS / name).read_text() == schema_texts()[name]


def test_the_schema_takes_the_example_and_extension_keys():
    document = json.loads(EXAMPLE)
    document["x-note"] = 1
    document["nodes"]["load"]["x-note"] = {}
    jsonschema_rs.validate(graph_schema(), document)


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"nme": "x"},
        {"nodes": {"A": {}}},
        {"nodes": {"a": {"modul": "x"}}},
        {"nodes": {"a": {"inputs": {"d": "nowhere"}}}},
        {"nodes": {"a": {"run": {"timeout_s": 0}}}},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(change):
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validate(graph_schema(), {"format": 1, **change})


def test_a_run_document_fits_its_schema():
    step = StepRun(
        step="train",
        status="failed",
        outputs={"model": ArtifactRef(type="Model", digest="b3:00", bytes=5, format="model")},
        error=ErrorRecord(code="D002", message="No rows.", remedy="Filter less."),
    )
    run = Run(id="r1", status="failed", seconds=1.5, steps={"train": step})
    document = msgspec.to_builtins(run_document(run, [Diagnostic(code="M004", message="Old.")]))
    jsonschema_rs.validate(json.loads(schema_texts()["run.v1.json"]), document)
    assert document["steps"]["train"]["outputs"]["model"] == {
        "type": "Model",
        "digest": "b3:00",
        "bytes": 5,
    }
    error = ErrorDocument(error=problem_document(step.error))
    jsonschema_rs.validate(json.loads(schema_texts()["error.v1.json"]), msgspec.to_builtins(error))
