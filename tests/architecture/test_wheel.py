"""What `pip install .` brings: everything the designer needs, without node or a compiler."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT],
        check=True,
    )
    (wheel,) = folder.glob("*.whl")
    assert wheel.name.endswith("-py3-none-any.whl")
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.mark.slow
def test_the_wheel_holds_the_canvas_the_module_index_the_theme_and_the_samples(names):
    web = {
        f"designer/canvas/{p.relative_to(ROOT / 'designer/canvas')}"
        for p in (ROOT / "designer/canvas").rglob("*.js")
    }
    samples = {
        f"designer/_assets/samples/{p.name}" for p in (ROOT / "assets/samples").glob("*.json")
    }
    assert web and samples
    assert web | samples <= names
    assert "modules_library/builtin/index.json" in names
    assert "designer/_assets/theme/tokens.css" in names
    assert "designer/_assets/theme/fonts/inter-latin.woff2" in names


@pytest.mark.slow
def test_the_wheel_holds_no_tests_and_no_packages_of_the_browser_tools(names):
    assert not [name for name in names if name.startswith("tests/") or "node_modules" in name]
