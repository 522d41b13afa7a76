"""A port that holds ten million rows: looked at whole in a browser that never gets more than pages."""

import re
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import expect

from tests.large_tables import orders
from tests.running_designer import RunningDesigner
from tests.stored_runs import StoredRuns

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROWS = 10_000_000
LONG_MS = 60_000
LARGEST_ANSWER = 16_000
"""A hundred rows of four columns, or the profile of four columns, as JSON."""
ALL_ANSWERS = 100_000
WHOLE_PAGE = 8_000_000
LARGEST_HEAP = 24_000_000
LARGEST_SERVER = 250_000_000
GRAPH = {
    "format": 1,
    "name": "Orders",
    "nodes": {
        "orders": {
            "module": "data_input_output.enter_data_manually",
            "version": "1.0.0",
            "parameters": {"data": "order,code,city,amount\n"},
        }
    },
}


@pytest.fixture
def table():
    return orders(ROWS)


@pytest.fixture
def designer(tmp_path, table):
    """A designer on a workspace in which the port of a node holds the table."""
    stored = StoredRuns(tmp_path / "workspace")
    stored.pipeline("orders", GRAPH)
    stored.run("orders", {"orders": {"dataset": stored.table(table)}})
    stored.close()
    process = RunningDesigner(tmp_path / "workspace")
    yield process
    process.stop()


def test_ten_million_rows_are_scrolled_found_sorted_filtered_and_profiled_by_the_page(
    page, designer, table
):
    received = Received(page)
    page.goto(f"{designer.url}/pipelines/orders?node=orders&port=dataset")
    facts = page.locator(".ed-view-facts")
    expect(facts).to_have_text("10,000,000 rows × 4 columns", timeout=20_000)

    grid = page.get_by_role("grid", name="Table rows")
    grid.focus()
    page.keyboard.press("Control+End")
    expect(cell(page, "1000000.00")).to_be_visible()
    page.keyboard.press("Control+Home")
    expect(cell(page, "C-0")).to_be_visible()
    grid.evaluate("element => { element.scrollTop = element.scrollHeight; }")
    expect(cell(page, "C-9999999")).to_be_visible()
    page.keyboard.press("Control+g")
    page.get_by_label("Go to row").fill("7,654,321")
    page.keyboard.press("Enter")
    expect(cell(page, "C-1234567")).to_be_visible()

    page.get_by_role("searchbox", name="Find in the table").fill("c-9999999")
    found = page.locator(".ed-table-find-count")
    expect(found).to_have_text("1 of 1 · row 9,999,999", timeout=LONG_MS)
    expect(cell(page, "C-9999999")).to_be_visible()

    choose(page, "amount", "Sort descending")
    expect_first(page, table.sort("amount", descending=True, nulls_last=True, maintain_order=True))

    choose(page, "city", "Filter…")
    page.get_by_role("checkbox", name="Dijon").check(timeout=LONG_MS)
    page.get_by_role("button", name="Apply", exact=True).click()
    left = table.filter(pl.col("city") == "Dijon")
    expect(facts).to_have_text(f"{left.height:,} rows of 10,000,000 × 4 columns", timeout=LONG_MS)
    expect_first(page, left.sort("amount", descending=True, nulls_last=True, maintain_order=True))

    page.get_by_role("radio", name="Profile").click()
    line = page.locator(".ed-overview-line", has_text="amount")
    missing = table["amount"].null_count() / ROWS
    expect(line).to_contain_text(f"{missing * 100:.1f} %", timeout=LONG_MS)

    received.check()
    assert heap_bytes(page) < LARGEST_HEAP
    assert resident_bytes(designer.process.pid) < LARGEST_SERVER


def cell(page, text: str):
    return page.get_by_role("gridcell", name=text, exact=True)


def choose(page, column: str, item: str) -> None:
    """An item of the menu of a column."""
    page.get_by_role("button", name=f"Column {column}", exact=True).click()
    page.locator(".ed-menu-item", has_text=item).click()


def expect_first(page, rows: pl.DataFrame) -> None:
    """The first rows that the page shows are the first of these."""
    codes = page.get_by_role("gridcell", name=re.compile("^C-"))
    for at, code in enumerate(rows["code"].head(5)):
        expect(codes.nth(at)).to_have_text(code, timeout=LONG_MS)


class Received:
    """The bytes of every answer that a page gets, as they are read by it."""

    def __init__(self, page) -> None:
        self.paths: dict[str, str] = {}
        self.sizes: dict[str, int] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._note)
        session.on("Network.dataReceived", self._count)

    def _note(self, event) -> None:
        self.paths[event["requestId"]] = event["request"]["url"]

    def _count(self, event) -> None:
        request = event["requestId"]
        self.sizes[request] = self.sizes.get(request, 0) + event["dataLength"]

    def check(self) -> None:
        """No answer about the table is longer than a page or a profile, nor are all together."""
        answers = [
            (size, path)
            for request, size in self.sizes.items()
            if "/artifacts/" in (path := self.paths.get(request, ""))
        ]
        kinds = {re.sub(r".*/artifacts/[^/]+/(\w+).*", r"\1", path) for _, path in answers}
        assert kinds == {"columns", "page", "find", "profile"}
        assert max(answers) < (LARGEST_ANSWER,)
        assert sum(size for size, _ in answers) < ALL_ANSWERS
        assert sum(self.sizes.values()) < WHOLE_PAGE


def heap_bytes(page) -> int:
    """What the page's script holds after everything unused was let go."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    return session.send("Runtime.getHeapUsage")["usedSize"]


def resident_bytes(pid: int) -> int:
    """What a process has in memory, files that it maps among it."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024
