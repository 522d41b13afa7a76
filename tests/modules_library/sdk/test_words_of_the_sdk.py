"""Roles, column selections, versions and checks: the small values that modules are written with."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules_library.sdk import (
    ALL_COLUMNS,
    NO_COLUMNS,
    NUMERIC_COLUMNS,
    ColumnRole,
    ColumnSelection,
    Roles,
    StepContext,
    Table,
    require_column,
    require_numeric,
    require_rows,
)
from modules_library.sdk.version import SemanticVersion, newest_first, normal_version
from runtime.errors import DataError, ModuleError, RequestError

LABEL = ColumnRole(kind="label")
TABLE = Table(
    pl.DataFrame(
        {"age": [1], "name": ["a"], "flag": [True], "kind": ["x"]},
        schema_overrides={"kind": pl.Categorical},
    ),
    Roles({"name": LABEL, "flag": ColumnRole(categorical=True)}),
)


def rules(start, *given_rules):
    names = ("action", "by", "values")
    return {"start": start, "rules": [dict(zip(names, rule, strict=True)) for rule in given_rules]}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["name", "age"], ["name", "age"]),
        (rules("all"), ["age", "name", "flag", "kind"]),
        (rules("all", ("exclude", "roles", ["label"])), ["age", "flag", "kind"]),
        (rules("none", ("include", "types", ["numeric", "boolean"])), ["age", "flag"]),
        (rules("none", ("include", "types", ["categorical"])), ["flag", "kind"]),
        (rules("none", ("include", "pattern", ["^[an]"])), ["age", "name"]),
        (rules("none", ("include", "indexes", [4, "1-2"])), ["kind", "age", "name"]),
        (rules("none", ("include", "roles", ["feature"])), ["age", "flag", "kind"]),
        (
            rules("all", ("exclude", "names", ["age"]), ("include", "names", ["age"])),
            ["name", "flag", "kind", "age"],
        ),
        (None, []),
    ],
)
def test_rules_select_columns_one_after_the_other(value, expected):
    selection = ColumnSelection.from_json(value)
    assert selection.resolve(TABLE) == expected
    assert ColumnSelection.from_json(selection.to_json()) == selection


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (["agee"], "D001 Column 'agee' is not in 'dataset'. Did you mean 'age'?"),
        (rules("none", ("include", "indexes", [5])), "D001 Position 5"),
        (rules("none", ("include", "indexes", ["x"])), "D008 'x' is not a column position"),
        (rules("none", ("include", "types", ["numbers"])), "D008 'numbers' is not a column type"),
        (rules("none", ("include", "pattern", ["("])), "D008 The column pattern '('"),
    ],
)
def test_a_rule_that_finds_nothing_usable_says_so(value, words):
    with pytest.raises(DataError) as caught:
        ColumnSelection.from_json(value).resolve(TABLE)
    assert words in str(caught.value)


@pytest.mark.parametrize("value", [3, "age", [1], {"start": "some"}, {"rules": [{"by": "names"}]}])
def test_other_values_are_no_column_selection(value):
    with pytest.raises(RequestError, match="V002"):
        ColumnSelection.from_json(value)


def test_the_named_selections():
    assert ALL_COLUMNS.resolve(TABLE) == TABLE.columns
    assert NO_COLUMNS.resolve(TABLE) == []
    assert NUMERIC_COLUMNS.resolve(TABLE) == ["age"]


def test_roles_follow_renaming_and_selection():
    roles = Roles({"a": LABEL, "b": ColumnRole(kind="score")})
    assert roles.renamed({"a": "c"}) == {"c": LABEL, "b": ColumnRole(kind="score")}
    assert roles.keep(["b"]).label is None
    assert roles.label == "a"
    assert roles.with_role("a", ColumnRole()) == {"b": ColumnRole(kind="score")}
    assert roles.changed(["b"], categorical=True).of("b") == ColumnRole(
        kind="score", categorical=True
    )


def test_a_table_keeps_the_roles_of_the_columns_that_stay():
    assert TABLE.with_frame(TABLE.frame.select("name")).roles == {"name": LABEL}


@pytest.mark.parametrize(
    ("check", "code"),
    [
        (lambda: require_column(TABLE, "nam"), "D001"),
        (lambda: require_numeric(TABLE, ["age", "name"]), "D004"),
        (lambda: require_rows(TABLE, minimum=2), "D002"),
    ],
)
def test_the_usual_checks_refuse_with_a_code(check, code):
    with pytest.raises(DataError) as caught:
        check()
    assert caught.value.code == code


def test_the_usual_checks_let_good_tables_pass():
    require_column(TABLE, "name")
    require_numeric(TABLE, ["age", "flag"])
    require_rows(TABLE)


def test_versions_order_as_semantic_versioning_says():
    ordered = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2", "1.0.0-beta.11"]
    ordered += ["1.0.0-rc.1", "1.0.0", "1.9.0", "1.10.0", "2.0.0", "draft"]
    shuffled = ordered[1::2] + ordered[::2]
    assert sorted(shuffled, key=newest_first) == ordered
    assert normal_version("2") == "2.0.0"
    assert normal_version("draft") == "draft"


@given(st.lists(st.tuples(*[st.integers(0, 30)] * 3), max_size=8))
def test_versions_order_by_their_numbers(numbers):
    texts = [".".join(map(str, parts)) for parts in numbers]
    assert sorted(texts, key=SemanticVersion) == [
        ".".join(map(str, parts)) for parts in sorted(numbers)
    ]


@pytest.mark.parametrize("text", ["", "1.", "v1", "1.0.0.0", "01.0.0", "1.0.0-"])
def test_other_texts_are_no_versions(text):
    with pytest.raises(ValueError, match="not a semantic version"):
        SemanticVersion(text)


def test_a_context_without_an_engine_records_what_was_logged(tmp_path):
    context = StepContext(seed=3, folder=tmp_path)
    context.log_metric("loss", 0.5, index=1)
    context.log_metric("nan", float("nan"))
    context.log_table("head", pl.DataFrame({"a": [1.5]}))
    context.log_figure("my plot", "<svg/>")
    context.warn("Few rows.")
    assert context.metrics == {
        "loss": 0.5,
        "nan": None,
        "head": {"columns": ["a"], "rows": [[1.5]], "total": 1},
        "my plot": {"figure": "figures/my_plot.svg"},
        "warning_1": "Few rows.",
    }
    assert (tmp_path / "figures" / "my_plot.svg").read_text() == "<svg/>"
    assert not context.cancelled()
    with pytest.raises(ModuleError, match="Metric 'x' got 'y'"):
        context.log_metric("x", "y")


def test_progress_is_thinned_out_but_the_end_always_arrives():
    events = []
    context = StepContext(emit=events.append)
    for number in range(1000):
        context.progress(number / 1000)
    context.progress(1, "done")
    assert len(events) < 50
    assert events[-1].data == {"share": 1.0, "text": "done"}
