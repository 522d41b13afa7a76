"""Docstrings become HTML with nothing of theirs as code."""

from designer.pages.docstring import draw_docstring

TEXT = """Divide the rows.

* **Split Rows**: a `share` of the rows,
  drawn at random.
* Others.

Args:
    dataset: The table.

Raises:
    DataError: D001 when a column
        does not exist.

Example:
    >>> split(frame)
    3
"""


def test_lists_code_and_strong_are_marked():
    drawn = draw_docstring(TEXT)
    assert "<li><strong>Split Rows</strong>: a <code>share</code> of the rows, drawn" in drawn


def test_sections_become_headings_with_their_items():
    drawn = draw_docstring(TEXT)
    assert "<h3>Raises</h3><dl><dt><code>DataError</code></dt>" in drawn
    assert "D001 when a column does not exist." in drawn


def test_sections_shown_elsewhere_are_left_out():
    assert "The table." not in draw_docstring(TEXT, without=("Args",))
    assert "The table." in draw_docstring(TEXT)


def test_examples_keep_their_lines():
    assert "<pre>&gt;&gt;&gt; split(frame)\n3</pre>" in draw_docstring(TEXT)


def test_html_in_a_docstring_is_text():
    drawn = draw_docstring("<script>x</script> `<b>` **<i>**\n\n* <img src=x onerror=y>")
    assert "<script" not in drawn and "<img" not in drawn and "<i>" not in drawn
    assert "<code>&lt;b&gt;</code>" in drawn


def test_odd_docstrings_are_drawn_whatever_they_hold():
    for text in ("", "Args:", "`", "**", "* ", "Args:\n\n\nReturns:", "a\x00b", "-" * 10_000):
        assert draw_docstring(text).startswith('<div class="pg-prose">')
