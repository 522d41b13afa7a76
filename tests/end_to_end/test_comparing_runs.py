"""What an output was in an earlier run, beside what it is: chosen, compared and read on the page."""

import re

import pytest
from playwright.sync_api import expect

from tests.end_to_end.editor_driver import Editor

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
    page.get_by_role("button", name=re.compile("^Compare with: Run 1")).click()
    expect(page.get_by_role("menuitemradio", name=re.compile("Run 1"))).to_be_visible()
