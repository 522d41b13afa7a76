"""A designer process on a fresh workspace, and a signed-in page in front of it."""

import pytest

from tests.running_designer import RunningDesigner


@pytest.fixture
def designer(tmp_path):
    process = RunningDesigner(tmp_path / "workspace")
    yield process
    process.stop()


@pytest.fixture
def page(browser, designer):
    """A signed-in page; the test fails when the page logged an error."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(designer.login_url)
    yield page
    context.close()
    assert errors == []
