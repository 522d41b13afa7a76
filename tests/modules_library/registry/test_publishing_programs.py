"""Scripts, commands and notebooks in the registry: drafts, versions, examples."""

import shutil
from pathlib import Path

import pytest

from modules_library.programs.example import check_program
from modules_library.programs.start import start_of
from modules_library.registry import Registry, open_catalog
from modules_library.sdk.conformance import check_apart
from runtime.errors import RequestError
from tests.modules_library.registry.sources import no_example, write

MODULE = "cleaning.first_rows"


def write_program(workspace, place="modules/cleaning/first_rows", kind="script"):
    folder = workspace / place
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in start_of(kind, folder.name).items():
        (folder / name).write_text(text)
    return folder


def publish(workspace, source, **options):
    return Registry(workspace).publish(source, run_example=no_example, **options)


@pytest.mark.parametrize("kind", ["script", "command", "notebook"])
def test_a_folder_with_a_module_toml_is_a_draft(tmp_path, kind):
    folder = write_program(tmp_path, kind=kind)
    spec = open_catalog(tmp_path).find(MODULE, "draft")
    assert (spec.kind, spec.category, spec.origin) == (kind, "cleaning", "draft")
    assert spec.entry.source == str(folder / "module.toml")


def test_at_the_top_it_is_a_custom_one_and_its_python_files_are_no_modules(tmp_path):
    folder = write_program(tmp_path, "modules/first_rows")
    shutil.copy(write(tmp_path), folder / "helper.py")
    ids = set(open_catalog(tmp_path).module_ids())
    assert {"custom.first_rows", "custom.double"} <= ids
    assert not [one for one in ids if one.startswith("first_rows.")]


def test_a_saved_file_of_the_folder_is_a_new_draft_and_an_ignored_one_is_none(tmp_path):
    folder = write_program(tmp_path)
    (folder / ".designerignore").write_text("data/\n")
    before = open_catalog(tmp_path).find(MODULE, "draft").digest
    (folder / "data").mkdir()
    (folder / "data" / "rows").write_text("1")
    assert open_catalog(tmp_path).find(MODULE, "draft").digest == before
    (folder / "main.py").write_text("other code")
    assert open_catalog(tmp_path).find(MODULE, "draft").digest != before


def test_a_broken_declaration_is_on_the_card_with_its_line(tmp_path):
    folder = write_program(tmp_path)
    with (folder / "module.toml").open("a") as file:
        file.write("rows = 3\n")
    error = open_catalog(tmp_path).card(MODULE)["error"]
    assert error["code"] == "M016" and "module.toml, line 26" in error["message"]


def test_a_folder_that_is_too_large_is_on_the_card(tmp_path, monkeypatch):
    from modules_library.programs import folder

    write_program(tmp_path)
    monkeypatch.setattr(folder, "LARGEST_BYTES", 10)
    error = open_catalog(tmp_path).card(MODULE)["error"]
    assert error["code"] == "M017" and "MiB" in error["message"]


def test_a_published_version_is_a_frozen_copy_of_what_belongs(tmp_path):
    folder = write_program(tmp_path)
    (folder / ".gitignore").write_text("secret.txt\n")
    (folder / "secret.txt").write_text("s")
    spec = publish(tmp_path, Registry(tmp_path).draft_source(MODULE))
    shutil.rmtree(folder)
    frozen = open_catalog(tmp_path).find(MODULE, "1.0.0")
    assert frozen.digest == spec.digest and frozen.kind == "script"
    place = Path(frozen.entry.source)
    assert sorted(one.name for one in place.parent.iterdir()) == [
        *("example.csv", "main.py", "module.toml")
    ]


def test_other_files_need_another_number(tmp_path):
    folder = write_program(tmp_path)
    publish(tmp_path, folder)
    assert publish(tmp_path, folder).version == "1.0.0", "the same bytes again change nothing"
    (folder / "more.txt").write_text("1")
    with pytest.raises(RequestError) as caught:
        publish(tmp_path, folder)
    assert caught.value.code == "M011"
    assert publish(tmp_path, folder, version="1.1").version == "1.1.0"


def test_a_folder_from_anywhere_is_published_under_its_name(tmp_path):
    folder = write_program(tmp_path, "elsewhere/first_rows")
    assert publish(tmp_path / "workspace", folder).id == "custom.first_rows"
    bad = write_program(tmp_path, "elsewhere/First Rows")
    with pytest.raises(RequestError) as caught:
        publish(tmp_path / "workspace", bad)
    assert caught.value.code == "M016"


def test_a_version_whose_example_fails_is_not_published(tmp_path):
    folder = write_program(tmp_path)
    (folder / "main.py").write_text("raise ValueError('no')")
    with pytest.raises(RequestError) as caught:
        Registry(tmp_path).publish(folder)
    assert caught.value.code == "M013" and "ValueError: no" in str(caught.value)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["script", "command", "notebook"])
def test_what_a_new_program_starts_from_keeps_to_every_rule(tmp_path, kind):
    write_program(tmp_path, kind=kind)
    spec = open_catalog(tmp_path).find(MODULE, "draft")
    assert check_apart(spec, program="modules_library.programs.conformance") == ()


def test_a_program_that_gives_something_else_each_time_is_found_out(tmp_path):
    folder = write_program(tmp_path)
    (folder / "main.py").write_text(
        "import os, sys\nopen(sys.argv[4], 'w').write(f'a\\n{os.getpid()}\\n')"
    )
    spec = open_catalog(tmp_path).find(MODULE, "draft")
    assert [finding.rule for finding in check_program(spec)] == ["same result"]
    (folder / "main.py").write_text("raise ValueError('no')")
    spec = open_catalog(tmp_path).find(MODULE, "draft")
    (finding,) = check_program(spec)
    assert finding.rule == "example" and "M019" in finding.message
