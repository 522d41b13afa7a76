"""`designer diff`, and graphs that are versions of pipelines: the same functions that commands use."""

import argparse
import json

import pytest

from designer.commands import differences, graphs
from designer.commands.states import given_state, wanted_state
from runtime.errors import RequestError
from tests.designer.running import SAMPLE_NODE, client_of, operation, running_app, send
from tests.designer.running import change as at


@pytest.fixture
async def workspace(tmp_path):
    """A pipeline `p` with a version 'Base line', and an edit after it."""
    folder = tmp_path / "workspace"
    async with running_app(folder) as app, client_of(app) as client:
        await client.post("/api/v1/pipelines", json={"name": "p"})
        await send(client, "p", operation("1", at("nodes/load", SAMPLE_NODE)))
        await client.post("/api/v1/pipelines/p/revisions", json={"name": "Base line"})
        await send(client, "p", operation("2", at("nodes/load/parameters/name", "wine")))
    return folder


def arguments(workspace, **given):
    return argparse.Namespace(workspace=workspace, json=False, **given)


def told(capsys, workspace, before, after, *, as_json=False):
    chosen = arguments(workspace, before=str(before), after=str(after))
    chosen.json = as_json
    assert differences.diff(chosen) == 0
    return capsys.readouterr().out


STEP = "~ Sample Dataset\n    parameter name breast_cancer → wine\n"


async def test_versions_revisions_drafts_and_files_are_compared(workspace, capsys, tmp_path):
    file = workspace / "pipelines/p.json"
    assert told(capsys, workspace, "p@Base line", "p") == STEP
    assert told(capsys, workspace, "p@1", file) == STEP
    assert told(capsys, workspace, "p@2", file) == f"p@2 and {file} are the same graph.\n"
    document = json.loads(told(capsys, workspace, "p@1", "p@now", as_json=True))
    (one,) = document["comparison"]["differences"]
    assert one["details"][0] == {
        "path": ["parameters", "name"],
        "before": "breast_cancer",
        "after": "wine",
        "text": "parameter name breast_cancer → wine",
    }


@pytest.mark.parametrize("text", ["gone", "p@9", "p@Baseline", "run:7"])
async def test_what_is_not_there_is_told_in_words(workspace, text):
    with pytest.raises(RequestError) as refused:
        given_state(text, workspace)
    assert refused.value.code in {"S005", "S006", "R006"}


async def test_a_command_takes_a_version_by_its_name_and_a_file_as_it_is(workspace):
    for graph, version in (("p", "Base line"), ("p.json", "1"), ("p@Base line", None)):
        state = wanted_state(
            arguments(workspace, graph=_path(graph), at_version=version), workspace
        )
        assert state.document["nodes"] == {"load": SAMPLE_NODE}
        assert (state.pipeline_id, state.revision) == ("p", 1)
        assert state.folder == workspace / "pipelines"
    plain = arguments(workspace, graph=_path("p.json"), at_version=None)
    assert wanted_state(plain, workspace) is None


async def test_a_version_is_validated_although_the_newest_draft_is_broken(workspace, capsys):
    given = {"graph": _path("p@Base line"), "at_version": None, "no_schema": True}
    assert graphs.validate(arguments(workspace, **given)) == 0
    assert capsys.readouterr().out == "p@Base line is valid.\n"


def _path(text):
    from pathlib import Path

    return Path(text)
