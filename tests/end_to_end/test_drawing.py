"""A pipeline drawn by hand from an empty canvas, run, changed and run again."""

import pytest
from playwright.sync_api import expect

from tests.end_to_end.editor_driver import Editor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CSV = "city,sales\nOslo,3\nBergen,5\nOslo,4\n"


@pytest.fixture
def editor(page, designer):
    pipeline = designer.api("POST", "/pipelines", {"name": "Drawn by hand"})["id"]
    return Editor(page).open(designer.url, pipeline)


def draw(editor):
    enter = editor.drag_from_palette("Enter Data Manually", 400, 150)
    clean = editor.drag_from_palette("Remove Duplicate Rows", 400, 350)
    editor.wire((enter, "dataset"), (clean, "dataset"))
    editor.select(enter)
    editor.page.get_by_label("Data", exact=True).fill(CSV)
    editor.page.get_by_label("Data", exact=True).blur()
    return enter, clean


def test_modules_are_dragged_wired_filled_in_run_and_looked_at(editor, designer):
    enter, clean = draw(editor)
    assert editor.nodes()[clean]["inputs"]["dataset"] == f"{enter}.dataset"
    editor.wait_until_saved()

    editor.run()
    steps = editor.wait_for_status("completed")

    assert {step["status"] for step in steps.values()} == {"completed"}
    editor.open_port(clean, "results_dataset")
    expect(editor.page.get_by_text("Bergen").first).to_be_visible()
    expect(editor.page.get_by_text("city").first).to_be_visible()


def test_undo_takes_back_every_gesture_and_redo_brings_it_again(editor):
    enter, clean = draw(editor)
    page = editor.page
    rect = editor.evaluate("id => __designerCanvas.nodeRect(id)", clean)
    page.mouse.click(rect["x"] + 100, rect["y"] + 200)

    for _ in range(4):
        page.keyboard.press("Control+z")
    assert editor.nodes() == {}

    for _ in range(4):
        page.keyboard.press("Control+y")
    assert set(editor.nodes()) == {enter, clean}
    assert editor.nodes()[enter]["parameters"]["data"] == CSV
    assert editor.nodes()[clean]["inputs"] == {"dataset": f"{enter}.dataset"}


def test_a_wire_between_types_that_do_not_fit_is_refused(editor):
    learner = editor.drag_from_palette("Two-Class Logistic Regression", 400, 150)
    clean = editor.drag_from_palette("Remove Duplicate Rows", 400, 350)

    editor.wire((learner, "untrained_model"), (clean, "dataset"))

    assert "inputs" not in editor.nodes()[clean]


PLACES = {
    "load": ("Sample Dataset", 390, 60),
    "split": ("Split Data", 390, 170),
    "logistic": ("Two-Class Logistic Regression", 140, 170),
    "forest": ("Two-Class Decision Forest", 660, 170),
    "train": ("Train Model", 180, 300),
    "train_forest": ("Train Model", 620, 300),
    "score": ("Score Model", 260, 430),
    "score_forest": ("Score Model", 520, 430),
    "evaluate": ("Evaluate Model", 390, 560),
}
WIRES = [
    ("load", "dataset", "split", "dataset"),
    ("logistic", "untrained_model", "train", "untrained_model"),
    ("forest", "untrained_model", "train_forest", "untrained_model"),
    ("split", "results_dataset1", "train", "dataset"),
    ("split", "results_dataset1", "train_forest", "dataset"),
    ("train", "trained_model", "score", "trained_model"),
    ("train_forest", "trained_model", "score_forest", "trained_model"),
    ("split", "results_dataset2", "score", "dataset"),
    ("split", "results_dataset2", "score_forest", "dataset"),
    ("score", "scored_dataset", "evaluate", "scored_dataset"),
    ("score_forest", "scored_dataset", "evaluate", "scored_dataset_to_compare"),
]


def test_two_classifiers_are_compared_from_an_empty_canvas_with_the_defaults(editor):
    ids = {name: editor.drag_from_palette(*place) for name, place in PLACES.items()}
    for source, output, target, port in WIRES:
        editor.wire((ids[source], output), (ids[target], port))
    editor.wait_until_saved()

    editor.run()
    steps = editor.wait_for_status("completed")

    assert {step["status"] for step in steps.values()} == {"completed"}
    metrics = steps[ids["evaluate"]]["metrics"]
    assert metrics["auc"] > 0.95 and metrics["auc_compared"] > 0.95
