"""Browser profiles: of one test, or kept for many, each of which finds it empty."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests.running_designer import RunningDesigner

STORES = "local_storage,indexeddb,service_workers,cache_storage,file_systems"
SCREEN = {"width": 1440, "height": 900}


class Profile:
    """A browser context of Playwright that can be emptied.

    Args:
        browser: The browser of the tests.
        url: Where its pages are.
        options: What the context is made with.
    """

    def __init__(self, browser: Browser, url: str, **options: object) -> None:
        self._url = url
        self.context: BrowserContext = browser.new_context(**{"viewport": SCREEN, **options})

    def page(self, path: str) -> Page:
        """A new page on an address."""
        page = self.context.new_page()
        page.goto(self._url + path)
        return page

    def empty(self) -> None:
        """Forget what a test has left: everything but cookies and the files that pages consist of.

        The files are what makes it worth while: the editor is some 250 of them.
        """
        self.context.unroute_all()
        self.context.set_offline(False)
        self.context.clear_permissions()
        last = self.context.new_page()
        for page in self.context.pages:
            if page is not last:
                page.close()
        forget = {"origin": self._url, "storageTypes": STORES}
        self.context.new_cdp_session(last).send("Storage.clearDataForOrigin", forget)
        last.close()

    def close(self) -> None:
        """End it, with all its pages."""
        self.context.close()


@contextlib.contextmanager
def page_of(browser: Browser, designer: RunningDesigner, path: str) -> Iterator[Page]:
    """A page of a designer of the test's own; no error of a script may go by unseen."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(30_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(designer.sign_in(path))
    yield page
    context.close()
    assert errors == []


def _signed_in_profile(browser: Browser, designer: RunningDesigner, **options: object) -> Profile:
    profile = Profile(browser, designer.url, **options)
    profile.context.request.get(designer.sign_in("/login"))
    return profile


class SharedDesigner(RunningDesigner):
    """A designer for every test that neither ends it nor looks at its whole workspace."""

    def __init__(self, workspace: Path) -> None:
        super().__init__(workspace)
        self._profiles: dict[str, Profile] = {}

    @contextlib.contextmanager
    def profile(self, browser: Browser, person: str, **options: object) -> Iterator[Profile]:
        """The lasting profile of a person, empty before and after."""
        if person not in self._profiles:
            self._profiles[person] = _signed_in_profile(browser, self, **options)
        profile = self._profiles[person]
        yield profile
        try:
            profile.empty()
        except Error:
            del self._profiles[person]  # a page that hangs is not the next test's trouble
            raise


@contextlib.contextmanager
def _profile(browser: Browser, designer: RunningDesigner, person: str, **options: object):
    if isinstance(designer, SharedDesigner):
        with designer.profile(browser, person, **options) as profile:
            yield profile
    else:
        profile = _signed_in_profile(browser, designer, **options)
        yield profile
        profile.close()


@contextlib.contextmanager
def signed_in(
    browser: Browser, designer: RunningDesigner, person: str = "Ada", **options: object
) -> Iterator[Page]:
    """A signed-in page of a person; it may raise no error.

    Args:
        browser: The browser of the tests.
        designer: Where to sign in; a shared one keeps the person's profile.
        person: People have a profile each.
        options: What the browser context is made with.
    """
    errors: list[str] = []
    with _profile(browser, designer, person, **options) as profile:
        page = profile.page("/login")  # signed in, on an address without a script
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
    assert errors == []
