"""One designer for the gestures of a file; every test draws on a pipeline of its own."""

import pytest
from playwright.sync_api import expect

from tests.end_to_end.editor_driver import Editor
from tests.running_designer import RunningDesigner


@pytest.fixture(scope="module")
def designer(tmp_path_factory):
    process = RunningDesigner(tmp_path_factory.mktemp("canon") / "workspace")
    yield process
    process.stop()


@pytest.fixture
def page(browser, designer):
    """A signed-in page; the test fails when the page logged an error."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(designer.sign_in("/pipelines"))
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def editor(page, designer):
    """The editor on a fresh copy of the breast-cancer sample."""
    editor = Editor(page)
    editor.open(designer.url, designer.api("POST", "/pipelines", {"sample": "breast_cancer"})["id"])
    expect(page.locator("[data-node=split]")).to_be_visible()
    return editor
