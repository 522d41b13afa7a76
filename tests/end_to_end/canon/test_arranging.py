"""Aligning, distributing, selecting along the wires, and the toolbox of a selection."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LEARNERS = ["logistic", "forest", "split"]


def select(editor, *ids):
    editor.evaluate("ids => __designerCanvas.view.session.select(ids)", list(ids))
    editor.page.locator(".dc-root").focus()


def places(editor):
    return editor.evaluate("__designerCanvas.view.session.document.layout.nodes")


def selected(editor):
    return set(editor.evaluate("[...__designerCanvas.view.session.selection.nodes]"))


@pytest.fixture
def trio(editor):
    return [node for node, value in editor.nodes().items() if not value.get("inputs")] + ["split"]


def chord(editor, first, second):
    editor.page.keyboard.press(first)
    expect(editor.page.locator(".dc-sequence")).to_be_visible()
    editor.page.keyboard.press(second)
    expect(editor.page.locator(".dc-sequence")).to_be_hidden()


def test_alt_a_and_a_letter_align_and_one_undo_takes_it_back(editor, trio):
    before = places(editor)
    select(editor, *trio)
    chord(editor, "Alt+a", "t")
    assert len({places(editor)[node]["y"] for node in trio}) == 1
    editor.page.keyboard.press("Control+z")
    assert places(editor) == before
    chord(editor, "Alt+a", "l")
    assert len({places(editor)[node]["x"] for node in trio}) == 1


def test_alt_a_h_makes_the_gaps_even(editor, trio):
    select(editor, *trio)
    chord(editor, "Alt+a", "h")
    rects = sorted(
        (
            editor.evaluate(
                "id => __designerCanvas.view.scene.rect(__designerCanvas.view.scene.index.get(id))",
                node,
            )
            for node in trio
        ),
        key=lambda rect: rect["x"],
    )
    gaps = [b["x"] - a["x"] - a["width"] for a, b in pairwise(rects)]
    assert max(gaps) - min(gaps) <= 1


def test_an_unfinished_chord_is_left_by_escape(editor):
    before = places(editor)
    select(editor, "split")
    editor.page.keyboard.press("Alt+a")
    editor.page.keyboard.press("Escape")
    expect(editor.page.locator(".dc-sequence")).to_be_hidden()
    assert selected(editor) == {"split"}
    assert places(editor) == before


def test_alt_s_selects_upstream_downstream_and_connected(editor):
    select(editor, "train_forest")
    chord(editor, "Alt+s", "u")
    assert {"train_forest", "forest", "split", "load"} == selected(editor)
    select(editor, "train_forest")
    chord(editor, "Alt+s", "d")
    assert {"train_forest", "score_forest", "evaluate"} == selected(editor)
    select(editor, "train_forest")
    chord(editor, "Alt+s", "c")
    assert selected(editor) == set(editor.nodes())


def test_the_toolbox_floats_over_a_selection_and_does_what_it_says(editor):
    toolbox = editor.page.get_by_role("toolbar", name="Selection")
    expect(toolbox).to_be_hidden()
    editor.select("split")
    expect(toolbox).to_be_visible()
    node = editor.evaluate("__designerCanvas.nodeRect('split')")
    box = toolbox.bounding_box()
    assert box["y"] + box["height"] <= node["y"]
    toolbox.get_by_role("button", name="Duplicate").click()
    assert "split_2" in editor.nodes()
    editor.page.keyboard.press("Escape")
    expect(toolbox).to_be_hidden()


def test_the_bar_in_the_corner_zooms_fits_and_holds_settings(editor):
    bar = editor.page.get_by_role("toolbar", name="View")
    before = editor.evaluate("__designerCanvas.view.viewport.zoom")
    bar.get_by_role("button", name="Zoom in").click()
    assert editor.evaluate("__designerCanvas.view.viewport.zoom") > before
    bar.get_by_role("button", name="Show everything").click()
    bar.get_by_role("button", name="More of the view").click()
    editor.page.get_by_role("menuitemcheckbox", name="Snap to grid and neighbours").click()
    assert editor.evaluate("__designerCanvas.view.settings.snaps") is False
    bar.get_by_role("button", name="More of the view").click()
    editor.page.get_by_role("menuitem", name="Show or hide the minimap").click()
    expect(editor.page.locator(".dc-minimap")).to_be_visible()
