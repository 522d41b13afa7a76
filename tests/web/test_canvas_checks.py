"""The canvas's own tests and types, run from here so that one command runs everything."""

import shutil
import subprocess
from pathlib import Path

import pytest

WEB = Path(__file__).parent

needs_node = pytest.mark.skipif(
    shutil.which("node") is None, reason="needs node: apt install nodejs npm"
)


@needs_node
def test_the_canvas_passes_its_own_tests():
    done = subprocess.run(
        ["node", "--test"], cwd=WEB, capture_output=True, text=True, timeout=240, check=False
    )
    failures = [line for line in done.stdout.splitlines() if line.startswith("not ok")]
    assert done.returncode == 0, "\n".join(failures) or done.stdout[-3000:] + done.stderr[-3000:]


@needs_node
@pytest.mark.slow
def test_the_canvas_is_typed_throughout():
    if not (WEB / "node_modules/typescript").is_dir():
        pytest.skip("needs the canvas's development packages: make setup-dev")
    done = subprocess.run(
        ["node", "node_modules/typescript/bin/tsc", "--project", "tsconfig.json"],
        cwd=WEB, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
