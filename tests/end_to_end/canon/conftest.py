"""Every test of a gesture draws on a pipeline of its own."""

import pytest
from playwright.sync_api import expect

from tests.end_to_end.editor_driver import Editor


@pytest.fixture
def page(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return page


@pytest.fixture
def editor(page, designer):
    """The editor on a fresh copy of the breast-cancer sample."""
    editor = Editor(page)
    editor.open(designer.url, designer.api("POST", "/pipelines", {"sample": "breast_cancer"})["id"])
    expect(page.locator("[data-node=split]")).to_be_visible()
    return editor
