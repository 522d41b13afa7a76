"""A step's log by lines, searched and whole: over REST and from the command line, on a stored run."""

import json

import polars as pl
import pytest

from designer.cli import run as command_line
from tests.designer.running import client_of, running_app
from tests.stored_runs import StoredRuns

GRAPH = {
    "format": 1,
    "name": "One step",
    "nodes": {
        "load": {
            "module": "data_input_output.enter_data_manually",
            "version": "1.0.0",
            "parameters": {"data": "a\n1\n"},
        }
    },
}
LOG = (
    b"".join(  # the last line has no end
        b"line %d%s\n" % (n, b" ERROR" if n % 100 == 7 else b"") for n in range(1000)
    )[:-1]
    + b" ERROR"
)


@pytest.fixture
def stored(tmp_path):
    """A workspace with a run whose step printed a thousand lines; gives its path and the run's id."""
    stored = StoredRuns(tmp_path / "workspace")
    stored.pipeline("p", GRAPH)
    run = stored.run("p", {"load": {"dataset": stored.table(pl.DataFrame({"a": [1]}))}})
    log = stored.workspace.log_file(run, "load", 1)
    log.parent.mkdir(parents=True)
    log.write_bytes(LOG)
    stored.close()
    return stored.workspace.path, run


async def test_a_log_is_read_by_line_searched_filtered_and_downloaded(stored):
    workspace, run = stored
    async with running_app(workspace) as app, client_of(app) as client:
        place = f"/api/v1/runs/{run}/steps/load/log"

        async def ask(what, **params):
            return (await client.get(f"{place}/{what}", params=params)).json()

        lines = await ask("lines", first=500, count=2)
        assert lines["lines"] == ["line 500", "line 501"]
        assert (lines["total"], lines["bytes"]) == (1000, len(LOG))
        assert (await ask("lines", first=-1))["lines"] == ["line 999 ERROR"]
        found = await ask("search", text="error", start=100)
        assert found == {"hits": 11, "lines": 1000, "is_whole": True, "hit": 1, "line": 107}
        only = await ask("lines", first=8, text=r"ERROR$", regex=True, case=True)
        assert only["lines"] == ["line 807 ERROR", "line 907 ERROR", "line 999 ERROR"]
        assert (only["numbers"], only["is_whole"]) == ([807, 907, 999], True)
        assert (await ask("search", text="(", regex=True))["error"]["code"] == "D009"
        whole = await client.get(f"{place}/file")
        assert whole.content == LOG
        assert whole.headers["content-disposition"].startswith("attachment")
        assert (await ask("lines", attempt=2))["total"] == 0
        gone = await client.get(f"{place}/file", params={"attempt": 2})
        assert gone.json()["error"]["code"] == "R006"


def test_the_end_of_a_log_and_what_fits_are_printed(stored, capfdbinary):
    workspace, _ = stored

    def logs(*options):
        status = command_line(
            ["runs", "logs", "1", "load", "--workspace", str(workspace), *options]
        )
        return status, capfdbinary.readouterr().out

    assert logs("--tail", "2") == (0, b"line 998\nline 999 ERROR")
    assert logs("--search", "error", "--tail", "1") == (0, b"1000:line 999 ERROR\n")
    assert logs("--follow", "--tail", "1") == (0, b"line 999 ERROR")
    assert json.loads(logs("--json")[1])["logs"]["load"].encode() == LOG
    assert logs() == (0, LOG)
    assert logs("--follow", "--search", "x")[0] == 2
