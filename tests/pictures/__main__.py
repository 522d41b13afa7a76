"""`make pictures`: start the product on a fresh workspace, run the samples, photograph every page.

Usage: python -m tests.pictures [NAME …]
"""

import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.running_designer import RunningDesigner

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "assets" / "docs" / "pictures"
SIZE = {"width": 1440, "height": 900}
MOST_BYTES = 300_000
THEMES = ("light", "dark")
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
OWN_MODULE = '''"""Rows whose number is not negative."""

import polars as pl
from modules_library.sdk import Column, module


@module(version="1.0.0", icon="filter_alt")
def drop_negative(dataset: pl.DataFrame, *, column: Column) -> pl.DataFrame:
    """Keep the rows whose number is not negative."""
    return dataset.filter(pl.col(column) >= 0)
'''


FAILING = {
    "format": 1,
    "name": "Sales by region",
    "description": "A query that names a column that is not there.",
    "nodes": {
        "sales": {
            "label": "Sales",
            "module": "data_input_output.enter_data_manually",
            "version": "1.0.0",
            "parameters": {"data": "region,amount\nnorth,3\nsouth,4\n"},
        },
        "query": {
            "label": "Sum by region",
            "module": "data_transformation.apply_sql_transformation",
            "version": "1.0.0",
            "inputs": {"t1": "sales.dataset"},
            "parameters": {"sql_query_script": "select area, sum(amount) from t1 group by area"},
        },
    },
    "layout": {"nodes": {"sales": {"x": 40, "y": 40}, "query": {"x": 40, "y": 160}}},
}


class Picture(NamedTuple):
    """One page to photograph, and what is done in it before."""

    name: str
    path: str
    prepare: Callable[..., None]


def main(names: list[str]) -> int:
    """Take the pictures; with names only those."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        Product(Path(folder) / "studio", LOGNAME="ada") as product,
    ):
        pictures = [p for p in prepare(product) if not names or p.name in names]
        for theme in THEMES:
            photograph(product, pictures, theme)
    large = [p.name for p in PICTURES.glob("*.png") if p.stat().st_size > MOST_BYTES]
    print("\n".join(f"{name} is larger than {MOST_BYTES:,} bytes" for name in large) or "done")
    return 1 if large else 0


def prepare(product: "Product") -> list[Picture]:
    """Fill the workspace and say what to photograph."""
    modules = product.workspace / "modules"
    modules.mkdir(exist_ok=True)
    (modules / "drop_negative.py").write_text(OWN_MODULE)
    ids = {}
    for sample in ("breast_cancer", "diabetes", "orders_cleaning", "wine_clusters"):
        ids[sample] = product.pipeline(sample)
        product.run_to("completed", ids[sample])
    product.run_to("failed", product.import_graph(FAILING))
    product.change(
        ids["breast_cancer"], ["nodes", "forest", "parameters", "number_of_trees"], 100, 200
    )
    run = product.run_to("completed", ids["breast_cancer"])
    return [
        Picture("editor", f"/pipelines/{ids['breast_cancer']}", open_evaluation),
        Picture("pipelines", "/pipelines", settle),
        Picture("runs", "/runs", settle),
        Picture("run", f"/runs/{run}", settle),
        Picture("step", f"/runs/{run}?step=evaluate", wait_for_chart),
        Picture("library", "/library", settle),
        Picture("module", "/library/data_transformation.split_data", settle),
        Picture("targets", "/targets", test_this_machine),
        Picture("settings", "/settings", settle),
    ]


def photograph(product: "Product", pictures: list[Picture], theme: str) -> None:
    """Photograph the pages in one theme."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        page = browser.new_page(viewport=SIZE, color_scheme=theme)
        page.on("pageerror", lambda error: print("page error:", error, file=sys.stderr))
        page.goto(product.sign_in("/pipelines"))
        for picture in pictures:
            page.goto(product.url + picture.path)
            picture.prepare(page)
            page.mouse.move(SIZE["width"] - 4, SIZE["height"] - 4)
            page.wait_for_timeout(300)
            target = PICTURES / f"{picture.name}-{theme}.png"
            page.screenshot(path=target)
            print(f"{target.name}  {target.stat().st_size / 1000:.0f} kB")
        browser.close()


def settle(page) -> None:
    """Wait until a page is drawn."""
    page.wait_for_selector(".pg-main .pg-region *")
    page.wait_for_timeout(400)


def test_this_machine(page) -> None:
    """Ask this machine what it offers."""
    settle(page)
    page.locator("#local").get_by_role("button", name="Test").click()
    page.wait_for_selector(".pg-target-report")
    settle(page)


def wait_for_chart(page) -> None:
    """Wait until a report's charts are drawn."""
    settle(page)
    page.wait_for_selector(".step-result canvas")
    page.wait_for_timeout(1200)


def open_evaluation(page) -> None:
    """Open the report that Evaluate Model made, below the canvas."""
    page.wait_for_selector(".ed-canvas")
    page.wait_for_function("() => window.__designerCanvas?.nodeRect('evaluate')")
    page.wait_for_timeout(800)
    node = page.evaluate(
        "() => { const r = window.__designerCanvas.nodeRect('evaluate');"
        " return [r.x + r.width / 2, r.y + r.height / 2]; }"
    )
    page.mouse.click(*node)
    point = page.evaluate(
        "() => window.__designerCanvas.portPoint('evaluate', 'evaluation_results')"
    )
    page.mouse.click(point["x"], point["y"])
    page.wait_for_selector(".ed-area-results canvas")
    page.wait_for_timeout(1500)


class Product(RunningDesigner):
    """A designer on a workspace of its own, for the pictures."""

    def __enter__(self) -> "Product":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        time.sleep(1)

    def pipeline(self, sample: str) -> str:
        """The id of a new pipeline made from a sample."""
        return str(self.api("POST", "/pipelines", {"sample": sample})["id"])

    def import_graph(self, graph: dict) -> str:
        """The id of a new pipeline with that graph."""
        return str(self.api("POST", "/pipelines", {"graph": graph})["id"])

    def change(self, pipeline_id: str, path: list[str], before: object, after: object) -> None:
        """Change one value in a pipeline, as one gesture."""
        change = {"path": path, "before": before, "after": after}
        operation = {"id": str(uuid.uuid4()), "label": "Set a parameter", "changes": [change]}
        body = {"operations": [{**operation, "client": "pictures"}]}
        answer = self.api("POST", f"/pipelines/{pipeline_id}/operations", body)
        if answer["results"][0]["status"] != "accepted":
            raise SystemExit(f"the change was refused: {answer['results']}")

    def run_to(self, expected: str, pipeline_id: str) -> str:
        """The id of a run that has ended as expected."""
        run = self.run(pipeline_id)
        if run["status"] != expected:
            raise SystemExit(f"the run of '{pipeline_id}' {run['status']}")
        return str(run["id"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
