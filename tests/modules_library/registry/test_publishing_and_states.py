"""The registry's rules, shown through the registry and the catalogue that reads its index."""

import sys
from pathlib import Path

import msgspec
import polars as pl
import pytest

from modules_library.registry import Registry, open_catalog
from modules_library.registry.catalog import refresh_drafts
from modules_library.registry.index_file import WORKSPACE_INDEX
from runtime.errors import InfrastructureError, RequestError
from tests.modules_library.registry.sources import no_example, write

MODULE = "custom.double"
SPLIT = "data_transformation.split_data"


class Shop:
    """A workspace with its registry and a catalogue that follows it."""

    def __init__(self, folder):
        self.folder = folder
        self.registry = Registry(folder, clock=lambda: 0.0)
        self.catalog = open_catalog(folder)

    def publish(self, version="1.0.0", *, body="return dataset", number=None, **options):
        source = write(self.folder, version=version, body=body)
        options.setdefault("run_example", no_example)
        return self.registry.publish(source, version=number, **options)

    def state(self, version, module=MODULE):
        self.catalog.reload()
        return self.catalog.find(module, version).state

    def default(self, module=MODULE):
        self.catalog.reload()
        spec = self.catalog.default(module)
        return spec.version if spec else None


@pytest.fixture
def shop(tmp_path):
    shop = Shop(tmp_path)
    yield shop
    shop.registry.close()


def test_the_first_version_becomes_the_default_and_a_later_one_does_not(shop):
    shop.publish("1.0.0")
    shop.publish("1.1.0")
    assert shop.default() == "1.0.0"
    shop.publish("1.2.0", make_default=True)
    assert shop.default() == "1.2.0"


def test_publishing_the_same_bytes_again_is_a_no_op(shop):
    first = shop.publish("1.0.0")
    again = shop.publish("1.0.0")
    assert again == first
    assert [entry.action for entry in shop.registry.audit()] == ["publish"]


def test_other_bytes_under_a_published_number_are_refused(shop):
    first = shop.publish("1.0.0")
    with pytest.raises(RequestError, match="M011"):
        shop.publish("1.0.0", body="return dataset.with_frame(dataset.frame * 3)")
    shop.catalog.reload()
    assert shop.catalog.find(MODULE, "1.0.0").digest == first.digest


def test_a_published_version_keeps_its_bytes_when_the_draft_changes(shop):
    spec = shop.publish("1.0.0")
    write(shop.folder, body="return None")
    with open(spec.entry.source) as file:
        assert "return dataset" in file.read()


def test_the_files_that_a_module_imports_are_frozen_with_it(shop):
    helper = shop.folder / "modules" / "rates_of_mine.py"
    helper.parent.mkdir(exist_ok=True)
    helper.write_text("RATE = 2\n")
    spec = shop.publish(
        "1.0.0", body="from rates_of_mine import RATE; return dataset.with_frame(dataset.frame)"
    )
    helper.write_text("RATE = 3\n")
    frozen = shop.folder / "library" / MODULE / "1.0.0" / "modules" / "rates_of_mine.py"
    assert frozen.read_text() == "RATE = 2\n"
    assert str(frozen.parent) in spec.entry.source
    with pytest.raises(RequestError, match="M011"):
        shop.registry.publish(shop.folder / "modules" / "double.py", run_example=no_example)


def test_requirements_are_locked_to_the_versions_that_are_installed(shop):
    path = write(shop.folder)
    wishes = 'version="1.0.0", requires=["polars[pyarrow]>=1", "msgspec"]'
    path.write_text(path.read_text().replace('version="1.0.0"', wishes))
    spec = shop.registry.publish(path, run_example=no_example)
    assert spec.requirements == (
        f"polars[pyarrow]=={pl.__version__}",
        f"msgspec=={msgspec.__version__}",
    )


def test_a_short_version_number_means_the_full_one(shop):
    assert shop.publish("2").version == "2.0.0"
    assert shop.state("2") == "active"


def test_disabling_the_default_asks_for_a_new_one(shop):
    shop.publish("1.0.0")
    shop.publish("1.1.0")
    with pytest.raises(
        RequestError, match=r"M014 .* Make another version the default first: 1.1.0"
    ):
        shop.registry.disable(MODULE, "1.0.0", "wrong")
    shop.registry.set_default(MODULE, "1.1.0")
    shop.registry.disable(MODULE, "1.0.0", "wrong")
    assert (shop.state("1.0.0"), shop.default()) == ("disabled", "1.1.0")


def test_disabling_the_only_version_takes_the_default_and_enabling_brings_it_back(shop):
    shop.publish("1.0.0")
    shop.registry.disable(MODULE, "1.0.0")
    assert shop.default() is None
    shop.registry.enable(MODULE, "1.0.0")
    assert shop.default() == "1.0.0"


def test_a_disabled_version_cannot_become_the_default(shop):
    shop.publish("1.0.0")
    shop.publish("1.1.0")
    shop.registry.disable(MODULE, "1.1.0")
    with pytest.raises(RequestError, match="M014"):
        shop.registry.set_default(MODULE, "1.1.0")


def test_a_deprecation_carries_message_and_replacement_and_can_be_taken_back(shop):
    shop.publish("1.0.0")
    shop.registry.deprecate(MODULE, "1.0.0", "Rounds wrongly.", "custom.treble")
    shop.catalog.reload()
    spec = shop.catalog.find(MODULE, "1.0.0")
    assert (spec.state, spec.state_message, spec.replacement) == (
        "deprecated",
        "Rounds wrongly.",
        "custom.treble",
    )
    shop.registry.enable(MODULE, "1.0.0")
    assert shop.state("1.0.0") == "active"


def test_a_state_of_the_module_counts_for_every_version_and_the_stronger_one_wins(shop):
    shop.publish("1.0.0")
    shop.publish("1.1.0")
    shop.registry.disable(MODULE, "1.1.0")
    shop.registry.deprecate(MODULE, None, "Old.")
    assert (shop.state("1.0.0"), shop.state("1.1.0")) == ("deprecated", "disabled")
    shop.registry.disable(MODULE, None)
    assert (shop.state("1.0.0"), shop.default()) == ("disabled", "1.0.0")
    shop.registry.enable(MODULE, None)
    assert (shop.state("1.0.0"), shop.state("1.1.0")) == ("active", "disabled")


def test_built_ins_have_states_and_defaults_in_a_workspace_too(shop):
    version = shop.default(SPLIT)
    shop.registry.disable(SPLIT, version, "We use our own.")
    assert (shop.state(version, SPLIT), shop.default(SPLIT)) == ("disabled", None)
    shop.registry.enable(SPLIT, version)
    assert (shop.state(version, SPLIT), shop.default(SPLIT)) == ("active", version)
    with pytest.raises(RequestError, match=r"M012 .* comes with the designer"):
        shop.registry.delete(SPLIT, version, lambda *_: [])
    assert open_catalog(None).find(SPLIT, version).state == "active"


def test_only_a_version_that_nothing_uses_is_deleted_and_its_number_stays_taken(shop):
    shop.publish("1.0.0")
    shop.publish("1.1.0")
    with pytest.raises(RequestError, match=r"M012 .*pipeline 'Churn', run 7"):
        shop.registry.delete(MODULE, "1.1.0", lambda *_: ["pipeline 'Churn'", "run 7"])
    shop.registry.delete(MODULE, "1.1.0", lambda *_: [])
    shop.catalog.reload()
    assert shop.catalog.find(MODULE, "1.1.0") is None
    assert not (shop.folder / "library" / MODULE / "1.1.0").exists()
    with pytest.raises(RequestError, match="M011"):
        shop.publish("1.1.0", body="return None")
    shop.publish("1.1.0")
    assert shop.state("1.1.0") == "active"


def test_unknown_names_are_refused_with_what_there_is(shop):
    shop.publish("1.0.0")
    with pytest.raises(RequestError, match=r"M001 .* Did you mean 'custom.double'"):
        shop.registry.disable("custom.duble")
    with pytest.raises(RequestError, match=r"M002 .*published versions: 1.0.0"):
        shop.registry.enable(MODULE, "3.0.0")
    with pytest.raises(RequestError, match="V003"):
        shop.publish(version="1.0.1", body="pass", number="first")


def test_a_broken_source_is_not_published(shop):
    path = write(shop.folder)
    path.write_text("from modules_library.sdk import *\n@module(versoin='1')\ndef double(): ...\n")
    with pytest.raises(RequestError, match=r"M007 double.py, line 2"):
        shop.registry.publish(path)
    assert not list((shop.folder / "library").glob("**/*.py"))


def test_every_change_is_in_the_audit_trail(shop):
    shop.publish("1.0.0", author="ada")
    shop.registry.deprecate(MODULE, "1.0.0", "Old.", author="grace")
    assert [(e.author, e.action, e.version, e.details) for e in shop.registry.audit(MODULE)] == [
        ("grace", "deprecate", "1.0.0", {"message": "Old."}),
        ("ada", "publish", "1.0.0", {}),
    ]


DAMAGES = [
    Path.unlink,
    lambda path: path.write_text('{"modules": ['),
    lambda path: path.write_text('{"modules": [{"id": 5}]}'),
    lambda path: path.write_bytes(b'{"root": "\xff"}'),
]


@pytest.mark.parametrize("damage", DAMAGES, ids=["lost", "cut", "wrong", "no text"])
def test_a_lost_or_damaged_index_is_written_again_from_the_database(shop, damage):
    shop.publish("1.0.0")
    shop.registry.deprecate(MODULE, "1.0.0", "Old.")
    damage(shop.folder / WORKSPACE_INDEX)
    assert open_catalog(shop.folder).find(MODULE, "1.0.0").state == "deprecated"


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_text("")])
def test_a_draft_saved_while_the_index_is_gone_hides_no_published_version(shop, damage):
    shop.publish("1.0.0")
    damage(shop.folder / WORKSPACE_INDEX)
    write(shop.folder, "other")
    assert refresh_drafts(shop.folder)
    shop.catalog.reload()
    assert shop.catalog.default(MODULE).version == "1.0.0"
    assert shop.catalog.find("custom.other", "draft")


def test_an_index_of_a_newer_designer_is_refused(shop):
    (shop.folder / WORKSPACE_INDEX).write_text('{"format": 99}')
    with pytest.raises(InfrastructureError) as caught:
        open_catalog(shop.folder)
    assert caught.value.code == "S004"


def test_an_index_that_missed_a_change_is_repaired_on_opening(shop):
    shop.publish("1.0.0")
    old = (shop.folder / WORKSPACE_INDEX).read_bytes()
    shop.registry.disable(MODULE, "1.0.0")
    (shop.folder / WORKSPACE_INDEX).write_bytes(old)
    Registry(shop.folder).close()
    assert open_catalog(shop.folder).find(MODULE, "1.0.0").state == "disabled"


EXAMPLE = "def example():\n    return {'inputs': {'dataset': pl.DataFrame({'a': [1]})}, 'parameters': {}}\n"


def test_a_module_whose_example_runs_is_published(tmp_path):
    registry = Registry(tmp_path)
    spec = registry.publish(write(tmp_path, extra=EXAMPLE))
    assert spec.version == "1.0.0"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("raise ValueError('no luck')", r"ValueError: no luck \(line 7"),
        ("return 1", "M009 Port 'result' expects Table"),
        ("import os; os._exit(3)", "its process ended with 3"),
    ],
)
def test_a_module_whose_example_fails_is_not_published(tmp_path, body, words):
    registry = Registry(tmp_path)
    with pytest.raises(RequestError, match=words) as caught:
        registry.publish(write(tmp_path, body=body, extra=EXAMPLE))
    assert caught.value.code == "M013"
    assert open_catalog(tmp_path).find(MODULE, "1.0.0") is None
    assert list((tmp_path / "library").iterdir()) == []


def test_publishing_runs_nothing_of_the_module_in_this_process(tmp_path):
    before = set(sys.modules)
    Registry(tmp_path).publish(write(tmp_path, extra=EXAMPLE))
    assert not [name for name in set(sys.modules) - before if "designer_module" in name]
