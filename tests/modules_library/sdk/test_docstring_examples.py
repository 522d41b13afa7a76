"""The examples in docstrings are true."""

import doctest
import importlib

import pytest

MODULES = [
    "modules_library.sdk.annotations",
    "modules_library.sdk.column_selection",
    "modules_library.sdk.table",
    "modules_library.sdk.version",
    "modules_library.sdk.source.docstring",
    "modules_library.sdk.source.parameter",
    "modules_library.registry.drafts",
    "modules_library.registry.publishing",
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_are_true(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted
    assert not result.failed
