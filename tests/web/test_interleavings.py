"""Many editors at once on a bad network, against the merge that the server really uses.

The editors are the browser's own code in node; their server is `designer.services.draft.merge`
behind a pipe, or the whole service behind REST. A model of the merge runs beside it, and both
must give the same verdicts, names and documents.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None, reason="needs node: apt install nodejs npm"
)

RUN = Path(__file__).parent / "interleavings/run.js"
CHUNK = 250


def interleave(first, last, *options):
    """Run interleavings; gives what happened in them, added up."""
    command = ["node", str(RUN), f"--from={first}", f"--to={last}", f"--python={sys.executable}"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[:4000]
    facts = json.loads(done.stdout)
    assert facts["interleavings"] == last - first + 1 and facts["operations"] > 0
    return facts


@pytest.mark.slow
def test_editors_on_a_bad_network_end_with_the_same_document():
    interleave(1, 8)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(1, 2000, CHUNK))
def test_two_thousand_interleavings_lose_nothing(first):
    facts = interleave(first, first + CHUNK - 1)
    happened = ("conflicts", "renamed", "refused", "crashes", "reloads", "restarts")
    assert all(facts[name] > 0 for name in happened), facts


@pytest.mark.slow
def test_interleavings_through_rest_and_the_database_lose_nothing():
    interleave(5001, 5040, "--rest")
