import json

import pytest

from runtime.errors import InfrastructureError
from runtime.index_catalog import IndexCatalog


def module(version, **fields):
    return {
        "id": "test.add",
        "version": version,
        "digest": "b3:0",
        "title": "Add",
        "category": "test",
        "entry": {"executor": "a:b", "source": "add.py"},
        **fields,
    }


def write(folder, name, *modules, defaults=None, root=""):
    path = folder / name
    path.write_text(
        json.dumps({"format": 1, "root": root, "modules": modules, "defaults": defaults or {}})
    )
    return path


def test_versions_are_found_and_the_newest_comes_first(tmp_path):
    path = write(tmp_path, "index.json", module("1.9.0"), module("1.10.0"),
                 defaults={"test.add": "1.9.0"})  # fmt: skip
    catalog = IndexCatalog(path)
    assert [spec.version for spec in catalog.versions("test.add")] == ["1.10.0", "1.9.0"]
    assert catalog.default("test.add").version == "1.9.0"
    assert catalog.find("test.add", "2.0.0") is None
    assert catalog.default("test.other") is None


def test_sources_start_from_the_files_own_folder_unless_it_names_another(tmp_path):
    own = IndexCatalog(write(tmp_path, "own.json", module("1.0.0")))
    other = IndexCatalog(write(tmp_path, "other.json", module("1.0.0"), root="/library"))
    assert own.find("test.add", "1.0.0").entry.source == str(tmp_path / "add.py")
    assert other.find("test.add", "1.0.0").entry.source == "/library/add.py"


def test_a_later_file_overrides_an_earlier_one(tmp_path):
    first = write(tmp_path, "a.json", module("1.0.0"), defaults={"test.add": "1.0.0"})
    second = write(tmp_path, "b.json", module("1.0.0", state="disabled"), module("2.0.0"),
                   defaults={"test.add": "2.0.0"})  # fmt: skip
    catalog = IndexCatalog(first, second)
    assert catalog.find("test.add", "1.0.0").state == "disabled"
    assert catalog.default("test.add").version == "2.0.0"


def test_an_index_that_cannot_be_read_is_refused_with_a_code(tmp_path):
    (tmp_path / "index.json").write_text("{")
    with pytest.raises(InfrastructureError) as raised:
        IndexCatalog(tmp_path / "index.json")
    assert raised.value.code == "S003"
