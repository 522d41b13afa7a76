"""A designer process, and a signed-in page in front of it.

Tests share one designer and each draws on a pipeline of its own. What ends the process, changes
its modules or looks at all of its workspace takes `own_designer`.
"""

import pytest

from tests.profile import SharedDesigner, signed_in
from tests.running_designer import RunningDesigner


@pytest.fixture(scope="session")
def shared_designer(tmp_path_factory):
    process = SharedDesigner(tmp_path_factory.mktemp("shared") / "workspace")
    yield process
    process.stop()


@pytest.fixture
def designer(shared_designer):
    return shared_designer


@pytest.fixture
def own_designer(tmp_path):
    """A designer of this test alone, on a fresh workspace."""
    process = RunningDesigner(tmp_path / "workspace")
    yield process
    process.stop()


@pytest.fixture
def page(browser, designer):
    with signed_in(browser, designer) as page:
        yield page


@pytest.fixture
def other_page(browser, designer):
    """The page of a second person, in a browser of their own."""
    with signed_in(browser, designer, "Bo") as page:
        yield page


@pytest.fixture
def own_page(browser, own_designer):
    with signed_in(browser, own_designer) as page:
        yield page
