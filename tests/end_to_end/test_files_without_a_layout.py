"""A file without a layout in a real browser: laid out on opening, written with the first move."""

import json
from pathlib import Path

import pytest

from tests.end_to_end.editor_driver import Editor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SAMPLE = Path(__file__).parents[2] / "assets/samples/wine_clusters.json"


@pytest.fixture
def pipeline(designer):
    """The address of the designer, and a pipeline whose file has no layout."""
    document = json.loads(SAMPLE.read_text())
    del document["layout"]
    return designer.url, designer.api("POST", "/pipelines", {"graph": document})["id"]


def shown(editor):
    """Where the nodes are on the canvas, whatever the zoom."""
    return editor.evaluate(
        """() => { const { scene } = __designerCanvas.view;
        return Object.fromEntries([...scene.index].map(([id, slot]) => [id, [scene.x[slot], scene.y[slot]]])); }"""
    )


def held(editor):
    return editor.evaluate("__designerCanvas.view.session.document.layout?.nodes ?? {}")


def test_it_opens_laid_out_and_the_first_move_keeps_what_was_seen(page, pipeline):
    editor = Editor(page).open(*pipeline)
    before = shown(editor)
    assert before["load"][1] < before["normalize"][1] < before["train"][1] < before["evaluate"][1]
    assert len({tuple(place) for place in before.values()}) == 7
    assert held(editor) == {}

    rect = editor.evaluate("__designerCanvas.nodeRect('k_means')")
    x, y = rect["x"] + rect["width"] / 2, rect["y"] + 12
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 120, y + 60, steps=8)
    page.mouse.up()
    editor.wait_until_saved()
    after = shown(editor)
    assert after["k_means"] != before["k_means"]
    rest = set(before) - {"k_means"}
    assert {key: after[key] for key in rest} == {key: before[key] for key in rest}
    assert held(editor).keys() == before.keys()

    again = Editor(page).open(*pipeline)
    assert shown(again) == after
