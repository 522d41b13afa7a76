"""Markup escapes every text and refuses what could run."""

import pytest

from designer.pages.markup import Markup, markup, tag


def test_text_and_attributes_are_escaped():
    made = tag("a.x", "<b>&", href='/runs?q="', title="<i>")
    assert made == '<a class="x" href="/runs?q=&quot;" title="&lt;i&gt;">&lt;b&gt;&amp;</a>'


def test_markup_inside_markup_is_kept_and_plain_text_beside_it_is_not():
    assert tag("p", tag("b", "bold"), "<i>") == "<p><b>bold</b>&lt;i&gt;</p>"


def test_nothing_gives_nothing_and_lists_are_joined():
    assert markup([None, "a", [1, tag("br")]]) == "a1<br>"


def test_flags_are_bare_and_unset_ones_absent():
    made = tag("input", disabled=True, required=False, value=None, name="n")
    assert made == '<input disabled name="n">'


@pytest.mark.parametrize("name", ["onclick", "onerror", "onload"])
def test_event_handlers_are_refused(name):
    with pytest.raises(ValueError, match="would run code"):
        tag("p", **{name: "alert(1)"})


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "//evil.test", "https://evil.test", "data:text/html,x", ""]
)
def test_addresses_that_lead_out_are_refused(address):
    with pytest.raises(ValueError, match="leads out"):
        tag("a", "x", href=address)


def test_svg_parts_are_closed_so_that_they_do_not_nest():
    assert tag("svg", tag("path", d="M0"), tag("path", d="M1")).count("</path>") == 2


def test_markup_is_a_string_that_says_so():
    assert isinstance(tag("p"), Markup)
