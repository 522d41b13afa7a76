import os
import re
import time

import pytest
from nicegui.dependencies import compute_key, esm_modules

from designer.canvas.canvas import WEB, PipelineEditor, content_stamp


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "scene").mkdir()
    (tmp_path / "index.js").write_text("export default 1;")
    (tmp_path / "scene/grid.js").write_text("export const a = 1;")
    return tmp_path


def test_the_stamp_follows_the_bytes_and_the_names_not_the_clock(folder):
    before = content_stamp(folder)
    os.utime(folder / "index.js", (time.time() + 99, time.time() + 99))
    assert content_stamp(folder) == before
    (folder / "scene/grid.js").write_text("export const a = 2;")
    changed = content_stamp(folder)
    (folder / "scene/grid.js").rename(folder / "scene/grid2.js")
    assert len({before, changed, content_stamp(folder)}) == 3


def test_no_file_of_the_canvas_puts_text_into_html():
    """User text reaches the page as text nodes and attributes only."""
    sink = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    )
    found = [path.name for path in WEB.rglob("*.js") if sink.search(path.read_text())]
    assert found == []


def test_the_package_is_registered_under_a_key_made_from_its_content():
    """The registration uses a half-public function of NiceGUI; this pins what it must do."""
    keys = [key for key, module in esm_modules.items() if module.name == "pipeline-editor"]
    assert keys == [compute_key(WEB, max_time=content_stamp(WEB))]
    assert compute_key(WEB, max_time=1.0) != keys[0]
    assert PipelineEditor.component.name == "pipeline_editor"
