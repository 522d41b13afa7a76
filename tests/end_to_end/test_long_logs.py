"""The log of a step in the browser: a long one is jumped through, searched and narrowed; colours shown."""

import re

import polars as pl
import pytest
from playwright.sync_api import expect

from tests.running_designer import RunningDesigner
from tests.stored_runs import StoredRuns

pytestmark = pytest.mark.browser

LINES = 300_000
GRAPH = {
    "format": 1,
    "name": "Long log",
    "nodes": {
        "load": {
            "module": "data_input_output.enter_data_manually",
            "version": "1.0.0",
            "parameters": {"data": "a\n1\n"},
        }
    },
}


@pytest.fixture
def run(tmp_path):
    """A designer with a run whose step printed a lot; gives the address of its log's page."""
    stored = StoredRuns(tmp_path / "workspace")
    stored.pipeline("p", GRAPH)
    run = stored.run("p", {"load": {"dataset": stored.table(pl.DataFrame({"a": [1]}))}})
    log = stored.workspace.log_file(run, "load", 1)
    log.parent.mkdir(parents=True)
    with log.open("wb") as file:
        for number in range(LINES):
            level = b"\x1b[31mERROR\x1b[0m" if number % 100_000 == 7 else b"INFO"
            file.write(b"%s line %d\n" % (level, number))
    stored.close()
    designer = RunningDesigner(stored.workspace.path)
    yield designer, f"/runs/{run}?step=load"
    designer.stop()


def test_a_long_log_is_jumped_through_searched_and_narrowed(browser, run):
    designer, address = run
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.goto(designer.sign_in(address))
        page.get_by_role("tab", name="Log").click()
        facts, lines = page.locator(".ed-log-bar .ed-view-facts"), page.locator(".ed-log-lines")
        expect(facts).to_have_text(re.compile(r"^300,000 lines"))
        expect(lines).to_contain_text("INFO line 0")
        lines.focus()
        page.keyboard.press("End")
        expect(lines).to_contain_text(f"INFO line {LINES - 1}")
        page.keyboard.press("Home")
        expect(lines).to_contain_text("INFO line 0")
        assert page.locator(".ed-log-line").count() < 120, "only what is on screen is drawn"

        search = page.get_by_label("Find in the log")
        search.fill("line 200007")
        expect(page.locator(".ed-table-find-count")).to_have_text("1 of 1 · line 200,008")
        expect(page.locator(".ed-log-hit")).to_contain_text("ERROR line 200007")
        red = page.locator(".ed-log-hit .ed-log-text > span").first
        expect(red).to_have_text("ERROR")
        assert red.evaluate("e => getComputedStyle(e).color") != lines.evaluate(
            "e => getComputedStyle(e).color"
        )

        page.get_by_label("Which lines").select_option("error")
        expect(facts).to_have_text(re.compile(r"^3 lines"))
        expect(page.locator(".ed-log-number")).to_have_text(["8", "100008", "200008"])
        with page.expect_download() as download:
            page.get_by_label("Download the whole log").click()
        assert download.value.suggested_filename == "load.log"
