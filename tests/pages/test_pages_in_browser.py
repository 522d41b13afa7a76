"""The pages as people use them, in a real browser against a real designer."""

import json
import re
import time

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HOSTILE = "<img src=x onerror=\"document.title='owned'\">:x=alert(1)"
SMALL = {
    "format": 1,
    "name": "Small",
    "nodes": {
        "type": {
            "module": "data_input_output.enter_data_manually",
            "version": "1.0.0",
            "parameters": {"data": "a,b\n1,2\n3,4\n", "data_format": "CSV"},
        }
    },
}


def named(name: str, **nodes: object) -> dict:
    return {**SMALL, "name": name, "nodes": {**SMALL["nodes"], **nodes}}


def test_a_new_pipeline_opens_in_the_editor(visit):
    page = visit("/pipelines")
    page.get_by_role("button", name="New pipeline").click()
    page.get_by_label("Name").fill("Drawn by hand")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pipelines/drawn_by_hand")


def test_a_template_is_chosen_by_arrows_and_brings_its_name(visit):
    page = visit("/pipelines")
    page.get_by_role("button", name="New pipeline").click()
    gallery = page.get_by_role("radiogroup", name="Start from")
    expect(gallery.get_by_role("radio")).to_have_count(5)
    expect(gallery.get_by_role("radio", name="Empty")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(gallery.get_by_role("radio", name="Breast cancer")).to_be_checked()
    expect(page.locator("#new-name")).to_have_value("Breast cancer: two classifiers compared")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#new-name")).to_have_value("")
    page.locator("#new-name").fill("Mine")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#new-name")).to_have_value("Mine")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pipelines/breast_cancer")
    expect(page).to_have_title(re.compile("Mine"))


def test_a_double_click_on_a_template_makes_it(visit, studio):
    page = visit("/pipelines")
    page.get_by_role("button", name="New pipeline").click()
    page.locator(".pg-template", has_text="Wine").dblclick()
    page.wait_for_url("**/pipelines/wine_clusters")
    made = studio.api("GET", "/pipelines/wine_clusters")
    assert made["name"] == "Wine: groups without labels"


def test_a_deleted_pipeline_comes_back_by_undo(visit, studio):
    studio.api("POST", "/pipelines", {"graph": named("Thrown away")})
    page = visit("/pipelines")
    card = page.locator(".pg-card", has_text="Thrown away")
    card.get_by_role("button", name="Actions for Thrown away").click()
    page.get_by_role("button", name="Move to the bin").locator("visible=true").click()
    page.get_by_text("'Thrown away' is in the bin.").wait_for()
    expect(card).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    card.wait_for()


def test_a_pipeline_is_renamed_where_it_is_listed(visit, studio):
    studio.api("POST", "/pipelines", {"graph": named("Old words")})
    page = visit("/pipelines")
    page.get_by_role("button", name="Actions for Old words").click()
    page.get_by_role("button", name="Rename").locator("visible=true").first.click()
    page.locator("dialog[open] input").fill("New words")
    page.locator("dialog[open]").get_by_role("button", name="Rename").click()
    page.locator(".pg-card", has_text="New words").wait_for()
    assert page.locator(".pg-card", has_text="Old words").count() == 0


def test_the_search_is_in_the_address(visit, studio):
    studio.api("POST", "/pipelines", {"graph": named("Needle")})
    studio.api("POST", "/pipelines", {"graph": named("Haystack")})
    page = visit("/pipelines")
    page.keyboard.press("/")
    page.keyboard.type("needle")
    page.wait_for_url("**/pipelines?q=needle")
    page.locator(".pg-card", has_text="Haystack").wait_for(state="detached")
    assert page.locator(".pg-card", has_text="Needle").count() == 1


def test_a_broken_graph_is_refused_with_every_problem(visit):
    page = visit("/pipelines")
    page.get_by_role("button", name="Import").click()
    broken = {"format": 1, "name": "x", "nodes": {"a b": {"module": ""}}, "surprise": True}
    page.locator("#import-text").fill(json.dumps(broken))
    page.locator("#import").get_by_role("button", name="Import").click()
    page.get_by_text("The graph was not imported").wait_for()
    assert page.locator(".pg-problems li").count() >= 2
    assert page.get_by_text("surprise").count()


def test_a_graph_is_imported_from_its_text(visit):
    page = visit("/pipelines")
    page.get_by_role("button", name="Import").click()
    page.locator("#import-text").fill(json.dumps(named("Carried over")))
    page.locator("#import").get_by_role("button", name="Import").click()
    page.wait_for_url("**/pipelines/carried_over")


def test_names_are_text_and_never_code(visit, studio):
    created = studio.api("POST", "/pipelines", {"graph": named(HOSTILE)})
    run = studio.run(created["id"])
    for path in ("/pipelines", "/runs", f"/runs/{run['id']}?step=type"):
        page = visit(path)
        page.get_by_text("onerror=").locator("visible=true").first.wait_for()
        page.wait_for_timeout(200)
        assert "owned" not in page.title()
        assert page.locator("img[src='x']").count() == 0


def test_hostile_data_and_labels_are_text_in_a_step(visit, studio):
    node = {
        **SMALL["nodes"]["type"],
        "label": HOSTILE,
        "parameters": {"data": f'"{HOSTILE.replace(chr(34), chr(39))}",b\n{HOSTILE[:10]},2\n'},
    }
    created = studio.api("POST", "/pipelines", {"graph": named("Columns", type=node)})
    run = studio.run(created["id"])
    page = visit(f"/runs/{run['id']}?step=type")
    page.locator(".step-result").get_by_text("onerror=").first.wait_for()
    assert "owned" not in page.title()
    assert page.locator("img[src='x']").count() == 0


def test_a_run_is_followed_while_it_goes(visit, studio):
    enough = studio.workspace / "enough"
    (studio.workspace / "modules" / "slow_copy.py").write_text(
        "import time\nfrom pathlib import Path\nimport polars as pl\n"
        "from modules_library.sdk import module\n\n"
        '@module(version="1.0.0")\n'
        "def slow_copy(dataset: pl.DataFrame) -> pl.DataFrame:\n"
        '    """Copy slowly."""\n'
        "    for index in range(600):\n        print('line', index, '<img src=x onerror=1>', flush=True)\n"
        "        time.sleep(0.1)\n"
        f"        if Path({str(enough)!r}).exists():\n            break\n    return dataset\n"
    )
    wait_for_module(studio, "custom.slow_copy")
    slow = {"module": "custom.slow_copy", "version": "draft", "inputs": {"dataset": "type.dataset"}}
    created = studio.api("POST", "/pipelines", {"graph": named("Followed", slow=slow)})
    body = {"pipeline_id": created["id"], "options": {}}
    run = studio.api("POST", "/runs", body)["run"]
    page = visit(f"/runs/{run['id']}?step=slow")
    page.locator("h1 .pg-status-running").wait_for()
    page.get_by_role("tab", name="Log").click()
    page.get_by_text("line 3 <img src=x").wait_for()
    enough.touch()
    page.locator("h1 .pg-status-completed").wait_for()


def test_a_failed_step_shows_the_authors_own_lines(visit, studio):
    (studio.workspace / "modules" / "broken_heart.py").write_text(
        "import polars as pl\nfrom modules_library.sdk import module\n\n"
        '@module(version="1.0.0")\n'
        "def broken_heart(dataset: pl.DataFrame) -> pl.DataFrame:\n"
        '    """Always raise."""\n    raise ValueError("no love <b>left</b>")\n'
    )
    wait_for_module(studio, "custom.broken_heart")
    node = {
        "module": "custom.broken_heart",
        "version": "draft",
        "inputs": {"dataset": "type.dataset"},
    }
    created = studio.api("POST", "/pipelines", {"graph": named("Failing", heart=node)})
    run = studio.run(created["id"])
    assert run["status"] == "failed"
    page = visit(f"/runs/{run['id']}")
    page.get_by_role("table").get_by_role("button", name="heart").click()
    page.wait_for_url("**?step=heart")
    page.locator(".step-result").get_by_text("no love <b>left</b>").first.wait_for()
    assert "broken_heart.py" in page.locator(".ed-frames").inner_text()
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(r"/runs/[^?]+$"))


def test_a_draft_appears_is_published_and_steered_through_its_life(visit, studio):
    page = visit("/library?category=yours")
    (studio.workspace / "modules" / "keep_all.py").write_text(
        "import polars as pl\nfrom modules_library.sdk import module\n\n"
        '@module(version="1.0.0")\n'
        "def keep_all(dataset: pl.DataFrame) -> pl.DataFrame:\n"
        '    """Keep everything <script>document.title = 1</script>."""\n    return dataset\n'
    )
    page.get_by_role("link", name="Keep all", exact=False).click()
    page.wait_for_url("**/library/custom.keep_all")
    page.get_by_role("button", name="Publish").click()
    page.locator("#publish").get_by_role("button", name="Publish").click()
    page.get_by_text("Version 1.0.0 is published").wait_for()
    page.get_by_role("button", name="Actions for this version").click()
    page.get_by_role("button", name="Deprecate").locator("visible=true").click()
    page.locator("#deprecate").get_by_label("Message").fill("Use another one.")
    page.locator("#deprecate").get_by_role("button", name="Deprecate").click()
    page.locator(".pg-note-deprecated", has_text="Use another one.").wait_for()
    versions = studio.api("GET", "/modules/custom.keep_all")["versions"]
    assert {one["version"]: one["state"] for one in versions}["1.0.0"] == "deprecated"


def test_the_theme_is_remembered_and_the_editors_too(visit, studio):
    page = visit("/settings")
    page.get_by_role("radio", name="Dark").click()
    assert "body--dark" in page.locator("body").get_attribute("class")
    visit("/runs")
    assert "body--dark" in page.locator("body").get_attribute("class")
    assert page.evaluate("localStorage.getItem('designer.theme')") == "dark"


@pytest.mark.parametrize("path", ["/pipelines", "/runs", "/library", "/settings"])
def test_nothing_is_wider_than_a_small_screen(visit, path):
    page = visit(path)
    page.set_viewport_size({"width": 1024, "height": 768})
    assert page.evaluate("document.documentElement.scrollWidth") <= 1024


def wait_for_module(studio, module_id: str) -> None:
    deadline = time.monotonic() + 10
    while module_id not in {card["id"] for card in studio.api("GET", "/modules")["cards"]}:
        assert time.monotonic() < deadline, f"{module_id} did not appear"
        time.sleep(0.1)


def test_every_icon_of_the_pages_is_a_glyph_of_the_bundled_font(visit):
    """An unknown ligature would stand there as letters, wider than one em."""
    for path in ("/pipelines", "/runs", "/library", "/settings"):
        page = visit(path)
        page.wait_for_function("document.fonts.status === 'loaded'")
        widths = page.evaluate(
            "[...document.querySelectorAll('.pg-icon')].filter(i => i.offsetWidth)"
            ".map(i => [i.textContent, i.scrollWidth / parseFloat(getComputedStyle(i).fontSize)])"
        )
        assert [name for name, ems in widths if ems > 1.6] == []
