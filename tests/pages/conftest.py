"""One designer process for the pages' tests, with a pipeline that has run and one that failed."""

import pytest

from tests.running_designer import RunningDesigner


@pytest.fixture(scope="session")
def studio(tmp_path_factory):
    designer = RunningDesigner(tmp_path_factory.mktemp("pages") / "studio")
    yield designer
    designer.stop()


@pytest.fixture
def visit(browser, studio):
    """Opens a page signed in; the test fails when a page raised an error."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(10_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def go(path: str):
        page.goto(studio.sign_in(path) if page.url == "about:blank" else studio.url + path)
        page.wait_for_selector(".pg-main .pg-region *")
        return page

    yield go
    context.close()
    assert errors == []
