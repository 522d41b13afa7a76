"""The canvas alone in a real browser, against a server that lives in the page."""

import pytest

from tests.profile import Profile
from tests.web.stage_server import serve_stage


@pytest.fixture(scope="session")
def stage():
    with serve_stage() as address:
        yield address


@pytest.fixture(scope="session")
def profile(browser, stage):
    profile = Profile(browser, stage, viewport={"width": 1200, "height": 860})
    yield profile
    profile.close()


@pytest.fixture
def open_canvas(profile, stage):
    profile.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = profile.context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))

    def open_page(query=""):
        page.goto(f"{stage}?{query}")
        page.wait_for_function("window.isReady")
        return Canvas(page)

    yield open_page
    profile.empty()
    assert errors == []


class Canvas:
    """What a person does: looks for a port or a node, then moves the mouse there."""

    def __init__(self, page):
        self.page = page
        self.mouse = page.mouse
        self.keys = page.keyboard

    def port(self, node, port, side="output"):
        point = self.page.evaluate(f"canvas.portPoint('{node}', '{port}', '{side}')")
        return point["x"], point["y"]

    def middle(self, node):
        rect = self.page.evaluate(f"canvas.nodeRect('{node}')")
        return rect["x"] + rect["width"] / 2, rect["y"] + rect["height"] / 2

    def drag(self, start, end, *, steps=8, button="left"):
        self.mouse.move(*start)
        self.mouse.down(button=button)
        self.mouse.move(*end, steps=steps)
        self.mouse.up(button=button)

    def click(self, node, **options):
        self.mouse.click(*self.middle(node), **options)

    def graph(self):
        return self.page.evaluate("session.document")

    def place(self, node):
        place = self.graph()["layout"]["nodes"][node]
        return place["x"], place["y"]

    def selected(self):
        return set(self.page.evaluate("[...session.selection.nodes]"))

    def stats(self):
        return self.page.evaluate("canvas.stats()")

    def operations(self):
        self.page.evaluate("new Promise((resolve) => setTimeout(resolve, 20))")
        return self.page.evaluate("server.operations.map((item) => item.label)")
