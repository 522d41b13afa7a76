"""Generated files are what the code gives today."""

import pytest

from tests.generate import ROOT, generated


@pytest.mark.parametrize("path", generated(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_generated_file_is_up_to_date(path):
    assert path.read_text() == generated()[path](), "run `make generate`"
