"""Every built-in keeps to the rules, and each rule notices a module that does not."""

from pathlib import Path
from textwrap import dedent

import msgspec
import pytest

from modules_library.registry import open_catalog
from modules_library.sdk.conformance import check_apart, check_module
from modules_library.sdk.example import has_example
from modules_library.sdk.source import spec_from_source

CATALOG = open_catalog(None)
BUILTINS = {spec.id: spec for spec in map(CATALOG.default, CATALOG.module_ids())}


@pytest.mark.parametrize("module_id", BUILTINS)
def test_a_builtin_keeps_to_every_rule(module_id):
    spec = BUILTINS[module_id]
    assert check_module(spec, Path(spec.entry.source)) == ()


@pytest.mark.parametrize("module_id", [i for i, spec in BUILTINS.items() if spec.inputs])
def test_a_builtin_with_inputs_has_an_example(module_id):
    assert has_example(Path(BUILTINS[module_id].entry.source))


HEADER = """\
from typing import Annotated
import itertools
import polars as pl
from modules_library.sdk import *
from runtime.errors import DataError
COUNTER = itertools.count()
"""
GOOD = '''
@module(version="1.0.0")
def thing(dataset: pl.DataFrame, *, rows: Annotated[int, Range(1)] = 2) -> pl.DataFrame:
    """Keep the first rows.

    Args:
        dataset: The rows.
        rows: How many.

    Returns:
        result: The first rows.
    """
    return dataset.head(rows)

def example():
    return {"inputs": {"dataset": pl.DataFrame({"a": [1, 2, 3]})}, "parameters": {"rows": 1}}
'''


@pytest.fixture
def findings(tmp_path):
    def check(*changes):
        text = dedent(HEADER + GOOD)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "thing.py"
        path.write_text(text)
        reading = spec_from_source(path, module_id="custom.thing", root=tmp_path)
        assert reading.spec, reading.diagnostics
        entry = msgspec.structs.replace(reading.spec.entry, source=str(path))
        spec = msgspec.structs.replace(reading.spec, entry=entry)
        return [(f.rule, f.message) for f in check_module(spec, path)]

    return check


def test_a_module_that_keeps_to_the_rules_has_no_findings(findings):
    assert findings() == []


BREACHES = {
    "no description": ("words", ("        rows: How many.\n", ""), "'rows' has no description"),
    "no summary": ("words", ("Keep the first rows.", "rows"), "is not a sentence"),
    "unknown code": (
        "codes",
        (
            "return dataset.head",
            "if rows > 9: raise DataError('D999', 'x')\n    return dataset.head",
        ),
        "the code D999 does not exist",
    ),
    "no output": (
        "outputs",
        (") -> pl.DataFrame:", ") -> None:"),
        "declares no output",
    ),
    "other signature": (
        "signature",
        ("@module(", "@(lambda f: lambda dataset, *, rows=3: f(dataset, rows=rows))\n@module("),
        "The default of 'rows' is another in Python",
    ),
    "import error": (
        "signature",
        ("import itertools\n", "import no_such_package\nimport itertools\n"),
        "cannot be imported: ModuleNotFoundError",
    ),
    "wrong example": (
        "example",
        ('"parameters": {"rows": 1}', '"parameters": {"row": 1}'),
        "'row', which is no parameter of the module. Did you mean 'rows'?",
    ),
    "failing example": (
        "example",
        ("dataset.head(rows)", "dataset.select('b')"),
        "The call failed",
    ),
    "other result": (
        "same result",
        ("dataset.head(rows)", "dataset.with_columns(n=next(COUNTER))"),
        "gave other artifacts",
    ),
    "raw traceback on small tables": (
        "small tables",
        ("dataset.head(rows)", "dataset.head(rows // len(dataset))"),
        "With 0 rows: ZeroDivisionError",
    ),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_each_rule_notices_its_breach(findings, breach):
    rule, change, words = BREACHES[breach]
    found = findings(change)
    assert any(name == rule and words in message for name, message in found), found


@pytest.mark.slow
def test_a_module_can_be_checked_in_a_process_of_its_own(tmp_path):
    def check(body):
        path = tmp_path / "thing.py"
        path.write_text(HEADER + GOOD.replace("return dataset.head(rows)", body))
        spec = spec_from_source(path, module_id="custom.thing", root=tmp_path).spec
        entry = msgspec.structs.replace(spec.entry, source=str(path))
        return check_apart(msgspec.structs.replace(spec, entry=entry))

    assert check("print('hello')\n    return dataset.head(rows)") == ()
    assert [finding.rule for finding in check("return 3")] == ["example"]
    assert "ended with 3" in check("import os; os._exit(3)")[0].message
