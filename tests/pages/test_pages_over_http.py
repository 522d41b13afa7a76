"""Every page answers with its own words and status; what is gone says so; strangers sign in first."""

import re
import urllib.request

import pytest

pytestmark = pytest.mark.slow


def drawn(text: str) -> str:
    """What the page's regions draw, out of the element tree in the document."""
    tree = re.search(r"parseElements\(String\.raw`(.*?)`\)", text, re.DOTALL)
    assert tree is not None
    text = tree[1]
    for code, character in (("lt", "<"), ("gt", ">"), ("#96", "`"), ("#36", "$"), ("amp", "&")):
        text = text.replace(f"&{code};", character)
    return text.replace('\\"', '"')


@pytest.mark.parametrize(
    ("path", "words", "title"),
    [
        ("/pipelines", "New pipeline", "Pipelines"),
        ("/runs", "<h1>Runs</h1>", "Runs"),
        ("/library", "Split Data", "Library"),
        ("/library/data_transformation.split_data", "Randomized split", "Split Data"),
        ("/settings", "Wheel on the canvas", "Settings"),
    ],
)
def test_a_page_has_its_words_and_title(studio, path, words, title):
    status, text = studio.get(path)
    assert status == 200
    assert f"<title>{title} · Designer</title>" in text
    assert words in drawn(text)


@pytest.mark.parametrize(
    ("path", "words", "back"),
    [
        ("/runs/none", "There is no run &#x27;none&#x27;", "/runs"),
        ("/pipelines/none", "There is no pipeline &#x27;none&#x27;", "/pipelines"),
        ("/runs/none/canvas", "There is no run &#x27;none&#x27;", "/runs"),
        ("/library/none.at_all", "There is no module &#x27;none.at_all&#x27;", "/library"),
        ("/library/data_transformation.split_data?version=9.9.9", "has no version", "/library"),
        ("/nowhere", "There is nothing at this address", "/pipelines"),
    ],
)
def test_what_is_gone_says_so_and_leads_back(studio, path, words, back):
    status, text = studio.get(path)
    assert status == 404
    shown = drawn(text)
    assert words in shown
    assert f'href="{back}"' in shown


def test_a_pipeline_in_the_bin_says_so(studio):
    created = studio.api("POST", "/pipelines", {"name": "Binned"})
    studio.api("DELETE", f"/pipelines/{created['id']}")
    status, text = studio.get(f"/pipelines/{created['id']}")
    assert status == 404 and "is in the bin" in drawn(text)


def test_a_stranger_is_asked_to_sign_in_in_our_words(studio):
    request = urllib.request.Request(f"{studio.url}/runs", headers={"Accept": "text/html"})
    with urllib.request.urlopen(request) as answer:
        text = answer.read().decode()
        assert "/login?next=/runs" in answer.url
    assert "Sign in to Designer" in text
    for name in re.findall(r'href="(/theme/[^"]+)"', text):
        with urllib.request.urlopen(studio.url + name) as sheet:
            assert sheet.status == 200


def test_every_link_of_the_top_bar_leads_to_a_page(studio):
    _, text = studio.get("/settings")
    links = set(re.findall(r'href="(/[a-z]+)"', drawn(text)))
    assert {"/pipelines", "/runs", "/library", "/settings"} <= links
    assert [studio.get(link)[0] for link in sorted(links)] == [200] * len(links)
