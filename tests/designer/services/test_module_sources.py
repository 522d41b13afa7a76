"""The files of a module version as people read them."""

from pathlib import Path

from designer.services import module_sources
from designer.services.module_sources import source_files
from modules_library.programs import program_spec
from modules_library.programs.start import start_of


def spec_of(folder, kind="notebook"):
    for name, text in start_of(kind, "trim").items():
        (folder / name).write_text(text)
    return program_spec(folder, module_id="custom.trim").spec


def test_a_notebook_is_read_cell_by_cell(tmp_path):
    first = source_files(spec_of(tmp_path))[0]
    assert first.name == "notebook.ipynb"
    assert "# %% [markdown]" in first.html and "# %% parameters" in first.html
    (tmp_path / "notebook.ipynb").write_text("{")
    assert "{" in source_files(spec_of(tmp_path, "script"))[-1].html


def test_a_file_that_is_too_long_is_named_only(tmp_path, monkeypatch):
    monkeypatch.setattr(module_sources, "LARGEST_BYTES", 10)
    assert {one.html for one in source_files(spec_of(tmp_path)) if one.bytes > 10} == {""}


def test_a_folder_that_is_gone_has_no_files(tmp_path):
    folder = tmp_path / "trim"
    folder.mkdir()
    spec = spec_of(folder)
    for path in Path(folder).iterdir():
        path.unlink()
    folder.rmdir()
    assert source_files(spec) == []
