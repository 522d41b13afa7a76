"""Drafts: a saved file is in the catalogue within a second, its errors on its card."""

import os
import queue
import shutil
import subprocess
import sys
import time

import pytest

from modules_library.registry import Registry, open_catalog
from modules_library.registry.catalog import refresh_drafts
from modules_library.registry.watching import ModuleWatch, watch_modules
from tests.modules_library.registry.sources import no_example, write

MODULE = "custom.double"


def test_a_saved_file_is_a_draft_in_the_category_of_its_folder(tmp_path):
    write(tmp_path)
    write(tmp_path, "cleaning/trim")
    catalog = open_catalog(tmp_path)
    spec = catalog.find("cleaning.trim", "draft")
    assert (spec.origin, spec.category, spec.entry.isolated) == ("draft", "cleaning", True)
    assert catalog.find(MODULE, "draft").entry.source == str(tmp_path / "modules" / "double.py")
    assert catalog.default(MODULE) is None, "a draft alone has no default version"
    assert catalog.card(MODULE)["spec"]["version"] == "draft"


def test_a_broken_draft_is_a_card_with_file_and_line(tmp_path):
    write(tmp_path, body="return (")
    card = open_catalog(tmp_path).card(MODULE)
    assert card["spec"] is None
    assert card["error"]["code"] == "M007"
    assert "double.py, line 7" in card["error"]["message"]


def test_a_broken_draft_leaves_published_versions_alone(tmp_path):
    registry = Registry(tmp_path)
    registry.publish(write(tmp_path), run_example=no_example)
    write(tmp_path, body="return (")
    catalog = open_catalog(tmp_path)
    assert catalog.default(MODULE).version == "1.0.0"
    assert catalog.card(MODULE)["error"]["code"] == "M007"
    assert catalog.card(MODULE)["spec"]["version"] == "1.0.0"


def test_files_of_helpers_are_no_modules_and_change_who_imports_them(tmp_path):
    helper = tmp_path / "modules" / "rates.py"
    write(tmp_path, body="import rates; return dataset")
    helper.write_text("RATE = 1\n")
    catalog = open_catalog(tmp_path)
    before = catalog.find(MODULE, "draft").digest
    assert "custom.rates" not in [card["id"] for card in catalog.cards()]
    helper.write_text("RATE = 22\n")
    assert open_catalog(tmp_path).find(MODULE, "draft").digest != before


def test_a_deleted_file_takes_its_draft_along(tmp_path):
    path = write(tmp_path)
    assert open_catalog(tmp_path).find(MODULE, "draft")
    path.unlink()
    assert open_catalog(tmp_path).find(MODULE, "draft") is None


def test_nothing_is_written_while_nothing_changes(tmp_path):
    write(tmp_path)
    assert refresh_drafts(tmp_path)
    assert not refresh_drafts(tmp_path)


CANARY = """
from modules_library.sdk import *
import os
os.write(2, b"top level ran")

def noisy(f):
    os.write(2, b"decorator ran")
    return f

class Body(dict):
    os.write(2, b"class body ran")

@noisy
@module(version="1.0.0")
def double(dataset: Table, *, n: int = 1) -> Table:
    return dataset

def other(x=os.write(2, b"default ran")): ...
"""


def test_listing_modules_imports_no_module_code(tmp_path):
    """In a process of its own, so that what it imported can be told."""
    path = tmp_path / "modules" / "double.py"
    path.parent.mkdir()
    path.write_text(CANARY)
    program = (
        "import sys; from pathlib import Path; from modules_library.registry import open_catalog;"
        f"c = open_catalog(Path({str(tmp_path)!r})); c.cards();"
        f"assert c.find({MODULE!r}, 'draft');"
        "print([m for m in sys.modules if 'builtin.' in m or 'double' in m"
        " or m in ('polars', 'sqlmodel', 'numpy', 'sklearn', 'pyarrow')])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert (ended.stdout.strip(), ended.stderr) == ("[]", "")
    canary = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True)
    assert "decorator ran" in canary.stderr, "the canary sings when the file is run"


@pytest.fixture
def changes(tmp_path):
    (tmp_path / "modules").mkdir()
    found = queue.Queue()
    with watch_modules(tmp_path, lambda: found.put(time.monotonic())):
        time.sleep(0.2)
        yield found


def test_a_saved_file_is_seen_within_a_second(tmp_path, changes):
    write(tmp_path)
    saved = time.monotonic()
    assert changes.get(timeout=5) - saved < 1
    assert open_catalog(tmp_path).find(MODULE, "draft")


def test_an_editors_write_and_rename_is_one_change(tmp_path, changes):
    path = write(tmp_path)
    for _ in range(3):
        temporary = path.with_suffix(".tmp")
        shutil.copy(path, temporary)
        os.replace(temporary, path)
    changes.get(timeout=5)
    with pytest.raises(queue.Empty):
        changes.get(timeout=0.5)


def test_a_new_category_folder_is_watched_too(tmp_path, changes):
    write(tmp_path, "cleaning/trim")
    changes.get(timeout=5)
    write(tmp_path, "cleaning/trim", version="1.0.1", body="return dataset.with_frame(None)")
    changes.get(timeout=5)
    assert open_catalog(tmp_path).find("cleaning.trim", "draft")


def test_changes_without_events_are_found_by_looking_again(tmp_path, monkeypatch):
    monkeypatch.setattr(ModuleWatch, "_observe", lambda self: None)
    monkeypatch.setattr("modules_library.registry.watching.RESCAN_UNWATCHED_S", 0.05)
    found = queue.Queue()
    with watch_modules(tmp_path, lambda: found.put(1)):
        time.sleep(0.2)
        write(tmp_path)
        found.get(timeout=5)


def test_a_replaced_modules_folder_is_watched_again(tmp_path):
    found = queue.Queue()
    (tmp_path / "modules").mkdir()
    with ModuleWatch(tmp_path, lambda: found.put(1), rescan_s=0.1):
        (tmp_path / "modules").rename(tmp_path / "old")
        time.sleep(0.4)
        write(tmp_path)
        found.get(timeout=5)
