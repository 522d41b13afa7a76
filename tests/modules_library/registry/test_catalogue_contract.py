"""What every module catalogue does: the fake, the engine's and the workspace's."""

import msgspec
import pytest

from modules_library.registry import Registry, open_catalog
from runtime.index_catalog import IndexCatalog
from runtime.interfaces import ModuleCatalog
from runtime.model import Entry, ModuleSpec
from tests.modules_library.registry.sources import no_example, write

VERSIONS = ("1.0.0", "1.2.0", "1.10.0")


class ListCatalog:
    """A catalogue out of a list of specs, in memory."""

    def __init__(self, specs, defaults):
        self.specs = {(spec.id, spec.version): spec for spec in specs}
        self.defaults = defaults

    def find(self, module_id, version):
        return self.specs.get((module_id, version))

    def default(self, module_id):
        return self.specs.get((module_id, self.defaults.get(module_id)))

    def versions(self, module_id):
        found = [spec for spec in self.specs.values() if spec.id == module_id]
        return tuple(sorted(found, key=_number, reverse=True))

    def module_ids(self):
        return {module_id for module_id, _ in self.specs}

    def problems(self, module_id):
        return ()


def _number(spec):
    return tuple(map(int, spec.version.split(".")))


def specs():
    entry = Entry(executor="a:b", source="x.py")
    return [
        ModuleSpec(
            id="custom.double",
            version=version,
            digest=f"b3:{version}",
            title="Double",
            category="custom",
            entry=entry,
        )
        for version in VERSIONS
    ]


def fake(folder):
    return ListCatalog(specs(), {"custom.double": "1.0.0"})


def engine(folder):
    index = {"format": 1, "modules": specs(), "defaults": {"custom.double": "1.0.0"}}
    path = folder / "index.json"
    path.write_bytes(msgspec.json.encode(index))
    return IndexCatalog(path)


def workspace(folder):
    registry = Registry(folder)
    for version in VERSIONS:
        registry.publish(write(folder, version=version), run_example=no_example)
    (folder / "modules" / "double.py").unlink()
    registry.close()
    return open_catalog(folder)


def engine_over_a_workspace(folder):
    workspace(folder)
    return IndexCatalog(folder / "module_index.json")


@pytest.fixture(params=[fake, engine, workspace, engine_over_a_workspace])
def catalog(request, tmp_path) -> ModuleCatalog:
    return request.param(tmp_path)


def test_a_version_is_found_by_its_number(catalog):
    assert catalog.find("custom.double", "1.2.0").version == "1.2.0"


def test_an_unknown_module_or_version_is_none_and_never_another(catalog):
    assert catalog.find("custom.double", "1.3.0") is None
    assert catalog.find("custom.treble", "1.0.0") is None
    assert catalog.default("custom.treble") is None
    assert catalog.versions("custom.treble") == ()


def test_the_default_is_what_the_pointer_says_not_the_newest(catalog):
    assert catalog.default("custom.double").version == "1.0.0"


def test_versions_come_newest_first_by_number_not_by_text(catalog):
    assert [spec.version for spec in catalog.versions("custom.double")] == [
        "1.10.0",
        "1.2.0",
        "1.0.0",
    ]


def test_a_module_that_can_be_used_has_no_problems(catalog):
    assert catalog.problems("custom.double") == ()
    assert catalog.problems("custom.treble") == ()


def test_a_draft_that_cannot_be_read_says_in_which_line(tmp_path):
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "broken.py").write_text("x = 1\ndef broken(:\n")
    (problem,) = open_catalog(tmp_path).problems("custom.broken")
    assert (problem.code, problem.where) == ("M007", "broken.py:2")


def test_every_module_is_listed_once(catalog):
    assert [name for name in catalog.module_ids() if name == "custom.double"] == ["custom.double"]
