"""What was stored is compared with what was foreseen; doubts cannot be contradicted."""

import pytest

from runtime.foresight import contradictions
from runtime.model import ColumnSchema, ModelSchema, TableSchema, TransformSchema


def column(name, type_="Int64", **facts):
    return ColumnSchema(name=name, type=type_, **facts)


def tables(foreseen, stored, **facts):
    return contradictions(
        TableSchema(columns=tuple(foreseen), **facts), TableSchema(columns=tuple(stored), rows=3)
    )


CASES = {
    "the same": ([column("a")], [column("a")], {}, ""),
    "another type": ([column("a")], [column("a", "String")], {}, "holds String instead of Int64"),
    "one of several types": (
        [column("a", other_types=("Float64",))],
        [column("a", "Float64")],
        {},
        "",
    ),
    "none of several types": (
        [column("a", other_types=("Float64",))],
        [column("a", "Date")],
        {},
        "instead of Int64 or Float64",
    ),
    "a type nobody knew": ([column("a", "")], [column("a", "Date")], {}, ""),
    "missing": ([column("a"), column("b")], [column("a")], {}, "'b' did not come"),
    "missing, as may be": ([column("a"), column("b", is_certain=False)], [column("a")], {}, ""),
    "not foreseen": ([column("a")], [column("a"), column("b")], {}, "'b' was not foreseen"),
    "one of more": ([column("a")], [column("a"), column("b 1")], {"more": ("b ",)}, ""),
    "none of more": ([column("a")], [column("a"), column("c")], {"more": ("b",)}, "'c' was not"),
    "another order": (
        [column("a"), column("b")],
        [column("b"), column("a")],
        {},
        "in the order b, a",
    ),
    "another role": ([column("a", role="label")], [column("a")], {}, "the role of column 'a'"),
    "categorical": ([column("a")], [column("a", categorical=True)], {}, "categorical of column"),
    "rows": ([column("a")], [column("a")], {"rows": 4}, "3 rows came instead of 4"),
    "rows as foreseen": ([column("a")], [column("a")], {"rows": 3}, ""),
}


@pytest.mark.parametrize("case", CASES)
def test_tables_are_compared_column_by_column(case):
    foreseen, stored, facts, words = CASES[case]
    found = tables(foreseen, stored, **facts)
    assert (words in " ".join(found)) and bool(found) == bool(words)


def test_models_are_compared_by_what_later_nodes_need():
    foreseen = ModelSchema(
        task="binary", label=column("y", "String"), features=(column("x"),), classes=("a", "b")
    )
    assert contradictions(foreseen, foreseen) == ()
    others = (
        ModelSchema(task="regression", label=column("y", "String"), features=(column("x"),)),
        ModelSchema(task="binary", label=column("z", "String"), features=(column("x"),)),
        ModelSchema(task="binary", label=column("y"), features=(column("x"),)),
        ModelSchema(task="binary", label=column("y", "String"), features=()),
    )
    for other in others:
        assert contradictions(foreseen, other)
    assert contradictions(ModelSchema(), others[0]) == ()


def test_something_else_altogether_is_a_contradiction():
    assert contradictions(TableSchema(), ModelSchema())
    assert contradictions(TransformSchema(), TransformSchema(transform="x")) == ()
