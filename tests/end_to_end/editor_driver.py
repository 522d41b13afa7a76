"""The editor as a person uses it: mouse and keyboard on a real page."""

import re

from playwright.sync_api import Page, expect


class Editor:
    """Drives one open editor page; places on the canvas come from the canvas itself."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, base: str, pipeline_id: str) -> "Editor":
        self.page.goto(f"{base}/pipelines/{pipeline_id}")
        self.page.wait_for_function("window.__designerCanvas?.view.session.isLoaded")
        return self

    def evaluate(self, script: str, argument: object = None) -> object:
        return self.page.evaluate(script, argument)

    def nodes(self) -> dict:
        return self.evaluate("__designerCanvas.view.session.document.nodes ?? {}")

    def drag_from_palette(self, title: str, x: float, y: float) -> str:
        """Drag a module onto the canvas; gives the id of the new node."""
        before = set(self.nodes())
        self.page.get_by_role("searchbox", name="Search modules").fill(title)
        row = self.page.locator(".ed-module", has_text=title).first
        canvas = self.page.locator(".dc-root").first
        row.drag_to(canvas, target_position={"x": x, "y": y})
        self.page.wait_for_function(
            "n => Object.keys(__designerCanvas.view.session.document.nodes ?? {}).length === n",
            arg=len(before) + 1,
        )
        return (set(self.nodes()) - before).pop()

    def wire(self, source: tuple[str, str], target: tuple[str, str]) -> None:
        """Drag a wire from an output port to an input port."""
        script = "([id, port, side]) => __designerCanvas.portPoint(id, port, side)"
        start = self.evaluate(script, [*source, "output"])
        end = self.evaluate(script, [*target, "input"])
        self.page.mouse.move(start["x"], start["y"])
        self.page.mouse.down()
        self.page.mouse.move((start["x"] + end["x"]) / 2, (start["y"] + end["y"]) / 2, steps=5)
        self.page.mouse.move(end["x"], end["y"], steps=5)
        self.page.mouse.up()

    def select(self, node_id: str) -> None:
        rect = self.evaluate("id => __designerCanvas.nodeRect(id)", node_id)
        self.page.mouse.click(rect["x"] + rect["width"] / 2, rect["y"] + 14)

    def open_port(self, node_id: str, port: str) -> None:
        point = self.evaluate(
            "([id, port]) => __designerCanvas.portPoint(id, port, 'output')", [node_id, port]
        )
        self.page.mouse.click(point["x"], point["y"])

    def run(self) -> None:
        self.page.get_by_role("button", name=re.compile("^Run")).first.click()

    def wait_for_status(self, status: str, timeout_s: float = 60) -> dict:
        """Wait until the run on the page has this status; gives its step runs."""
        self.page.wait_for_function(
            "s => window.__designerCanvas?.view.session.run?.status === s",
            arg=status,
            timeout=timeout_s * 1000,
        )
        return self.evaluate("Object.fromEntries(__designerCanvas.view.session.statuses)")

    def wait_until_saved(self) -> None:
        expect(self.page.locator(".ed-saved")).to_contain_text("Saved")
