"""Fingers on the canvas: a rest opens the menu, one moves or pans, two pan and zoom."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Fingers:
    def __init__(self, page):
        self.session = page.context.new_cdp_session(page)
        self.page = page

    def __call__(self, kind, *points):
        touches = [{"x": x, "y": y, "id": at} for at, (x, y) in enumerate(points)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def drag(self, start, end, steps=6):
        self("touchStart", start)
        for step in range(1, steps + 1):
            share = step / steps
            self("touchMove", tuple(a + (b - a) * share for a, b in zip(start, end, strict=True)))
        self("touchEnd")


@pytest.fixture
def canvas(open_canvas):
    return open_canvas("log=1")


@pytest.fixture
def fingers(canvas):
    return Fingers(canvas.page)


def view_of(canvas):
    return canvas.page.evaluate(
        "(({ x, y, zoom }) => ({ x, y, zoom }))(window.canvas.view.viewport)"
    )


def test_a_finger_that_rests_opens_the_menu(canvas, fingers):
    fingers("touchStart", canvas.middle("forest"))
    canvas.page.get_by_role("menuitem", name="Duplicate").wait_for()
    fingers("touchEnd")
    assert canvas.page.evaluate("[...session.selection.nodes]") == ["forest"]


def test_a_finger_moves_a_node_and_pans_where_there_is_none(canvas, fingers):
    x, y = canvas.middle("script")
    before = canvas.place("script")
    fingers.drag((x, y), (x + 80, y + 40))
    assert canvas.place("script") != before
    start = view_of(canvas)
    fingers.drag((1000, 700), (940, 640))
    moved = view_of(canvas)
    assert moved["x"] < start["x"] and moved["y"] < start["y"]
    assert moved["zoom"] == start["zoom"]


def test_two_fingers_zoom_about_their_middle(canvas, fingers):
    before = view_of(canvas)
    fingers("touchStart", (500, 400), (600, 400))
    for step in range(1, 6):
        fingers("touchMove", (500 - 10 * step, 400), (600 + 10 * step, 400))
    fingers("touchEnd")
    assert view_of(canvas)["zoom"] > before["zoom"] * 1.5


def test_a_finger_that_the_browser_took_away_is_forgotten(canvas, fingers):
    fingers("touchStart", (1000, 700))
    fingers("touchCancel")
    before = view_of(canvas)
    fingers.drag((1000, 700), (900, 700))
    after = view_of(canvas)
    assert after["zoom"] == before["zoom"] and after["x"] < before["x"]
