"""A node whose module's source is broken says where, not that the module is unknown."""

from runtime.model import Diagnostic
from runtime.model.graph_json import graph_from_document
from runtime.validation import validate
from tests.runtime.fake_catalog import fake_catalog, spec

BROKEN = Diagnostic(
    code="M007",
    message="own.py, line 3: invalid syntax.",
    remedy="Correct the line and save the file.",
    where="own.py:3",
)


def found(version, *specs):
    catalog = fake_catalog(*specs)
    catalog.broken["data.own"] = (BROKEN,)
    document = {"format": 1, "nodes": {"own": {"module": "data.own", "version": version}}}
    return validate(graph_from_document(document).graph, catalog)


def test_the_node_of_a_broken_draft_names_file_and_line():
    (one,) = found("draft")
    assert (one.code, one.where) == ("M007", "/nodes/own/module")
    assert (one.message, one.remedy) == (BROKEN.message, BROKEN.remedy)


def test_a_published_version_runs_on_while_its_draft_is_broken():
    assert found("1.0.0", spec("data.own")) == ()
