"""The folder of a program: ignore files, the digest over the rest, and its limits."""

import shutil
import string
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules_library.programs import files_of, folder, folder_digest, folder_stamp
from runtime.errors import RequestError


def write(root, **files):
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def source(tmp_path):
    write(tmp_path, main="code", data__big="rows", data__deep__small="few", notes="words")
    return tmp_path


def left_in(root):
    return [name for name in files_of(root) if not name.startswith(".")]


def test_what_gitignore_names_does_not_belong(source):
    (source / ".gitignore").write_text("data/\n")
    assert left_in(source) == ["main", "notes"]


def test_designerignore_leaves_out_more_and_takes_back_in(source):
    (source / ".gitignore").write_text("/data/\n")
    (source / ".designerignore").write_text("notes\n!/data/deep/\n")
    assert left_in(source) == ["data/deep/small", "main"]


def test_a_deeper_ignore_file_decides(source):
    (source / ".gitignore").write_text("small\n")
    (source / "data/deep/.gitignore").write_text("!small\n")
    assert "data/deep/small" in left_in(source)


def test_ignore_files_and_caches_never_belong(source):
    write(source, __pycache__="")
    (source / ".gitignore").write_text("# nothing\n")
    assert set(files_of(source)) == {"main", "notes", "data/big", "data/deep/small"}


def test_a_copy_of_the_files_has_the_same_digest(source, tmp_path_factory):
    (source / ".gitignore").write_text("*\n")
    (source / ".designerignore").write_text("!main\n!data/big\n")
    copy = tmp_path_factory.mktemp("copy")
    for name, path in files_of(source).items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy / name)
    assert set(files_of(copy)) == {"main", "data/big"}
    assert folder_digest(copy) == folder_digest(source)


def test_a_stamp_changes_with_a_file_and_not_with_an_ignored_one(source):
    (source / ".gitignore").write_text("data/\n")
    before = folder_stamp(source)
    (source / "data/big").write_text("more rows")
    assert folder_stamp(source) == before
    (source / "main").write_text("other code")
    assert folder_stamp(source) != before


def test_a_folder_that_is_too_large_to_travel_is_refused(source, monkeypatch):
    monkeypatch.setattr(folder, "MOST_FILES", 3)
    with pytest.raises(RequestError) as caught:
        files_of(source)
    assert caught.value.code == "M017" and ".designerignore" in str(caught.value)


NAMES = st.text(string.ascii_lowercase, min_size=1, max_size=3)
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)


@settings(max_examples=40)
@given(
    kept=st.dictionaries(PATHS, st.binary(max_size=8), min_size=1, max_size=4),
    ignored=st.dictionaries(PATHS, st.binary(max_size=8), min_size=1, max_size=4),
    change=st.binary(max_size=8),
    data=st.data(),
)
def test_the_digest_ignores_what_is_ignored_and_changes_with_everything_else(
    kept, ignored, change, data
):
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        (root / ".gitignore").write_text("*.tmp\nbuild-*/\n")
        for path, content in kept.items():
            target = root / f"{path}.py"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        before = folder_digest(root)
        for path, content in ignored.items():
            for target in (root / f"{path}.tmp", root / "build-x" / f"{path}.py"):
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
        assert folder_digest(root) == before
        name = data.draw(st.sampled_from(sorted(kept)))
        (root / f"{name}.py").write_bytes(change)
        assert (folder_digest(root) == before) == (change == kept[name])
        (root / f"{name}.py").unlink()
        assert folder_digest(root) != before
