"""Processes die, files change: what was drawn or computed stays."""

import time

import pytest
from playwright.sync_api import expect

from tests.end_to_end.editor_driver import Editor

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def designer(own_designer):
    """Each test has its own: it kills it, or gives it modules."""
    return own_designer


@pytest.fixture
def pipeline(designer):
    return designer.api("POST", "/pipelines", {"name": "Kept"})["id"]


def graph_of(designer, pipeline):
    return designer.api("GET", f"/pipelines/{pipeline}")["graph"]


def test_edits_made_while_the_server_is_dead_arrive_when_it_is_back(page, designer, pipeline):
    editor = Editor(page).open(designer.url, pipeline)
    before = editor.drag_from_palette("Sample Dataset", 300, 150)
    editor.wait_until_saved()

    designer.kill()
    during = editor.drag_from_palette("Split Data", 300, 350)
    editor.wire((before, "dataset"), (during, "dataset"))
    expect(page.locator(".ed-saved")).to_contain_text("offline", ignore_case=True, timeout=4000)
    designer.start()

    expect(page.locator(".ed-saved")).to_contain_text("Saved", timeout=30_000)
    nodes = graph_of(designer, pipeline)["nodes"]
    assert nodes[during]["inputs"] == {"dataset": f"{before}.dataset"}


def test_a_server_killed_right_after_an_edit_was_saved_has_it_when_it_is_back(
    page, designer, pipeline
):
    editor = Editor(page).open(designer.url, pipeline)
    node = editor.drag_from_palette("Sample Dataset", 300, 150)
    editor.wait_until_saved()

    designer.kill()
    designer.start()

    assert node in graph_of(designer, pipeline)["nodes"]


def test_a_run_goes_on_when_the_designer_is_killed(page, designer):
    pipeline = designer.api("POST", "/pipelines", {"sample": "breast_cancer"})["id"]
    editor = Editor(page).open(designer.url, pipeline)
    editor.run()
    page.wait_for_function("window.__designerCanvas?.view.session.run")

    designer.kill()
    designer.start()

    steps = editor.wait_for_status("completed", 60)
    assert {step["status"] for step in steps.values()} == {"completed"}
    assert len(designer.api("GET", "/runs")["runs"]) == 1


MODULE = '''
from typing import NamedTuple

import polars as pl

from modules_library.sdk import module


class Result(NamedTuple):
    doubled: pl.DataFrame


@module(version="1.0.0", title="Double Every Number")
def double(dataset: pl.DataFrame, *, times: int = 2) -> Result:
    """Multiply every number.

    Args:
        dataset: The numbers.
        times: By how much.
    """
    return Result(dataset.select(pl.col(pl.Float64, pl.Int64) * times))
'''


def test_a_saved_module_is_in_the_palette_within_a_second_and_runs(page, designer, pipeline):
    editor = Editor(page).open(designer.url, pipeline)
    expect(page.locator(".ed-module").first).to_be_visible()

    (designer.workspace / "modules").mkdir(exist_ok=True)
    (designer.workspace / "modules" / "double.py").write_text(MODULE)
    saved = time.monotonic()
    expect(page.locator(".ed-module", has_text="Double Every Number")).to_be_visible(timeout=3000)
    print(f"in the palette after {time.monotonic() - saved:.2f} s")

    data = editor.drag_from_palette("Sample Dataset", 300, 150)
    double = editor.drag_from_palette("Double Every Number", 300, 350)
    editor.wire((data, "dataset"), (double, "dataset"))
    editor.wait_until_saved()
    editor.run()
    steps = editor.wait_for_status("completed")
    assert steps[double]["outputs"]["doubled"]["summary"]["rows"] > 100


def test_a_broken_module_shows_its_error_on_its_card_with_the_line(page, designer, pipeline):
    Editor(page).open(designer.url, pipeline)
    expect(page.locator(".ed-module").first).to_be_visible()

    (designer.workspace / "modules").mkdir(exist_ok=True)
    (designer.workspace / "modules" / "broken.py").write_text("def broken(:\n    pass\n")

    card = page.locator(".ed-module-error")
    expect(card).to_be_visible(timeout=3000)
    expect(card).to_contain_text("broken.py, line 1")
