"""What an output was in an earlier run, beside what it is: chosen, compared and read on the page."""

import re

import polars as pl
import pytest
from playwright.sync_api import expect

from tests.end_to_end.editor_driver import Editor
from tests.profile import SharedDesigner, signed_in
from tests.stored_runs import StoredRuns

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_scored_table_is_compared_with_the_run_before(page, designer):
    pipeline = designer.api("POST", "/pipelines", {"sample": "breast_cancer"})["id"]
    editor = Editor(page).open(designer.url, pipeline)
    editor.run()
    editor.wait_for_status("completed", 120)
    first = editor.evaluate("__designerCanvas.view.session.run.number")
    editor.evaluate("__designerCanvas.view.session.setParameter('split', 'fraction', 0.6)")
    editor.run()
    page.wait_for_function(
        "n => { const run = __designerCanvas.view.session.run;"
        " return run && run.number > n && run.status === 'completed'; }",
        arg=first,
        timeout=120_000,
    )

    editor.select("score_logistic")
    page.get_by_role("button", name="Show the result").click()
    page.get_by_role("button", name="Compare with another run").click()

    expect(page.locator(".ed-difference-summary")).to_have_text(
        "171 → 228 rows · 57 added · 171 changed"
    )
    expect(page.locator(".ed-difference-columns tbody tr")).to_have_count(30)
    expect(page.locator(".ed-difference-columns tbody .ed-mini path")).to_have_count(60)
    expect(page.locator(".ed-difference-cells tbody tr").first).to_contain_text("mean_radius")
    page.get_by_role("button", name=re.compile(rf"^Compare with: Run {first}\b")).click()
    expect(page.get_by_role("menuitemradio", name=re.compile(rf"Run {first}\b"))).to_be_visible()


GRAPH = {
    "format": 1,
    "name": "Orders",
    "nodes": {
        "orders": {
            "module": "data_input_output.enter_data_manually",
            "version": "1.0.0",
            "parameters": {"data": "order,city,amount\n"},
        }
    },
}
CITIES = ["Aachen", "Bern", "Cádiz"]


def bought(first: int, last: int, price: float) -> pl.DataFrame:
    """Orders by number; every second one costs more by a price."""
    order = list(range(first, last))
    cities = [CITIES[number % 3] for number in order]
    amounts = [float(number) if number % 2 else number + price for number in order]
    return pl.DataFrame({"order": order, "city": cities, "amount": amounts})


@pytest.fixture(scope="module")
def stored_designer(tmp_path_factory):
    """A designer whose pipeline ran three times, on other orders each time."""
    workspace = tmp_path_factory.mktemp("stored") / "workspace"
    stored = StoredRuns(workspace)
    stored.pipeline("orders", GRAPH)
    tables = [bought(0, 250, 0.5), bought(0, 260, 0.5), bought(40, 400, 0.25)]
    for age_s, table in zip((90, 60, 30), tables, strict=True):
        stored.run("orders", {"orders": {"dataset": stored.table(table)}}, age_s=age_s)
    stored.close()
    designer = SharedDesigner(workspace)
    yield designer
    designer.stop()


@pytest.fixture
def compared(browser, stored_designer):
    """A page that looks at the newest orders beside those of the run before."""
    with signed_in(browser, stored_designer) as page:
        page.goto(f"{stored_designer.url}/pipelines/orders?node=orders&port=dataset&view=compare")
        expect(summary(page)).to_have_text("260 → 360 rows · 140 added · 40 removed · 110 changed")
        yield page


def summary(page):
    return page.locator(".ed-difference-summary")


def choose_run(page, number: int) -> None:
    page.get_by_role("button", name=re.compile("^Compare with: ")).click()
    page.get_by_role("menuitemradio", name=re.compile(f"^Run {number}")).click()


def test_rows_that_came_and_went_are_listed_page_by_page(compared):
    page = compared
    kinds = page.get_by_role("radiogroup", name="Rows to list")
    kinds.get_by_role("radio", name="Added 140").click()
    rows = page.locator(".ed-difference-whole tbody tr")
    expect(rows).to_have_count(100)
    expect(rows.first).to_have_text("220260Cádiz260.25")
    page.get_by_role("button", name="Later rows").click()
    expect(rows).to_have_count(40)
    expect(rows.last).to_have_text("359399Aachen399.00")
    kinds.get_by_role("radio", name="Removed 40").click()
    expect(rows).to_have_count(40)
    expect(rows.first).to_have_text("00Aachen0.5")


def test_the_run_compared_with_and_the_key_columns_are_in_the_link(
    compared, browser, stored_designer
):
    page = compared
    choose_run(page, 1)
    expect(summary(page)).to_have_text("250 → 360 rows · 150 added · 40 removed · 105 changed")
    expect(page.get_by_text("Rows are matched by order.")).to_be_visible()
    page.get_by_role("button", name="Match rows by…").click()
    form = page.get_by_role("dialog", name="Match rows by")
    form.get_by_role("checkbox", name="city").check()
    form.get_by_role("checkbox", name="order").uncheck()
    form.get_by_role("button", name="Match", exact=True).click()
    by_city = page.get_by_text("Rows are matched by city; 604 rows repeat a key")
    expect(by_city).to_be_visible()
    link = page.url
    assert "&key=city" in link and "&against=" in link

    page.reload()
    expect(by_city).to_be_visible()
    expect(page.get_by_role("button", name="Compare with: Run 1")).to_be_visible()
    with signed_in(browser, stored_designer, "Bo") as sent:
        sent.goto(link)
        expect(sent.get_by_text("Rows are matched by city; 604 rows")).to_be_visible()
        expect(sent.get_by_role("button", name="Compare with: Run 1")).to_be_visible()


def test_rows_are_matched_by_their_place_or_by_what_is_found_again(compared):
    page = compared
    page.get_by_role("button", name="Match rows by…").click()
    page.get_by_role("button", name="By place").click()
    expect(page.get_by_text("Rows are matched by their place.")).to_be_visible()
    expect(page).to_have_url(re.compile("key=$"))
    page.get_by_role("button", name="Match rows by…").click()
    page.get_by_role("button", name="Find a key").click()
    expect(page.get_by_text("Rows are matched by order.")).to_be_visible()
    expect(page).not_to_have_url(re.compile("key="))
    page.get_by_role("button", name="Back to the result").click()
    expect(page).not_to_have_url(re.compile("view="))


def test_a_link_with_a_key_that_is_not_there_says_so_and_offers_another(compared):
    page = compared
    page.goto(f"{page.url}&key=colour")
    expect(page.get_by_text("D001 The table has no column 'colour'")).to_be_visible()
    page.get_by_role("button", name="Find a key").click()
    expect(page.get_by_text("Rows are matched by order.")).to_be_visible()
