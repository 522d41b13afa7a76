"""One designer process for the pages' tests, with a pipeline that has run and one that failed."""

import pytest

from tests.profile import SharedDesigner, signed_in


@pytest.fixture(scope="session")
def studio(tmp_path_factory):
    designer = SharedDesigner(tmp_path_factory.mktemp("pages") / "studio")
    yield designer
    designer.stop()


@pytest.fixture
def visit(browser, studio):
    """Opens a page signed in; the test fails when a page raised an error."""
    screen = {"width": 1280, "height": 800}
    with signed_in(browser, studio, viewport=screen, color_scheme="light") as page:
        page.set_default_timeout(20_000)

        def go(path: str):
            page.goto(studio.url + path)
            page.wait_for_selector(".pg-main .pg-region *")
            return page

        yield go
